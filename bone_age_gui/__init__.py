"""Bone age estimation from a child's hand radiograph, for radiologists."""

import os

__version__ = "0.1.0"

DISCLAIMER = "For research and education. Not a medical device."

# ONNX Runtime 1.31 keeps a device id in the cache and reports to its maker, unless this is set before it is loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
