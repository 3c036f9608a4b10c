"""Making and measuring models: data, network, training, evaluation, export. Never shipped with the app."""
