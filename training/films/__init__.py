"""Films for the training: data, splits, augmentation, batches."""
