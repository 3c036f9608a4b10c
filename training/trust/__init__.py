"""What lets a bundle refuse and doubt: a finder, limits of quality, and the distance to the training films."""
