"""Bone age estimation from a child's hand radiograph, for radiologists."""

import os

__version__ = "0.1.0"

DISCLAIMER = "For research and education. Not a medical device."

# ONNX Runtime 1.31 keeps a device id in the cache and reports to its maker, unless this is set before it is loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# NumPy's threads keep spinning for a while after a product of matrices (reduce_film) and take the cores from the
# network that runs next: 69 ms a film instead of 44 on two cores. Before NumPy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
