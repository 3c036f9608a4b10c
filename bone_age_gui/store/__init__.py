"""What lasts on this machine, in one place, so that a child can be forgotten."""
