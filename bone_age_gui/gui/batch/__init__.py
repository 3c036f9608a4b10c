"""A whole folder in the window."""
