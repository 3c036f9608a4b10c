"""What lasts on this machine: the worklist, and whatever else has to forget a child with it."""
