"""Bone age estimation from a child's hand radiograph, for radiologists."""

__version__ = "0.1.0"

DISCLAIMER = "For research and education. Not a medical device."
