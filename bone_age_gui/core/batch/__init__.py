"""A whole folder in parallel processes, with a journal."""
