"""The smoke test: every part that a build could have lost."""
