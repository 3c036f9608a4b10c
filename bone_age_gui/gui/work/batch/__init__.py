"""A whole folder in the background, and what the window knows of it."""
