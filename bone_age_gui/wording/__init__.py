"""Turns codes and values into sentences, for all faces."""
