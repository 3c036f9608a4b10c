"""The finder of joints: its films, network, training, measure and export."""
