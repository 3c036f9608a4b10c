"""The model bundle, the network and its estimate."""
