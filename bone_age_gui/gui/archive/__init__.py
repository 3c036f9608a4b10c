"""Films from the archive and reports back into it, in the window."""
