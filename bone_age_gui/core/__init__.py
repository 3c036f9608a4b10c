"""The line from file to assessment: no Qt, no torch."""
