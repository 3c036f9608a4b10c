"""Bone age estimation from a child's hand radiograph, for radiologists."""

from bone_age_gui.startup import be_quiet

__version__ = "0.1.0"

DISCLAIMER = "For research and education. Not a medical device."

be_quiet()
