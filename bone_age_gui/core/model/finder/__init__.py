"""The finder: the small network that finds the joints of the hands on a film."""
