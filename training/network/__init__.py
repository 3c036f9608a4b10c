"""Networks, losses and teachers."""
