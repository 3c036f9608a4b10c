"""What libjpeg says of a stream while it decodes it: on standard error alone, so in a process that owns it."""

from __future__ import annotations

import os
import tempfile
from typing import IO

import cv2
import numpy as np

_ear: IO[bytes] | None = None
_WORDS = (b"Corrupt JPEG data", b"Premature end", b"Inconsistent progression")
"""How its warnings of values begin that are missing, left over, or none."""
_MOST_BYTES = 4096


def listen() -> None:
    """From now on standard error of this process is the decoder's. ``OSError`` where no file can be made."""
    global _ear
    _ear = tempfile.TemporaryFile()  # noqa: SIM115  open for as long as the process lives


def are_made_of(stream: bytes) -> bool:
    """True if libjpeg complains of the coded values of an 8-bit stream; false where nobody listens.

    The stream comes without its side segments: libjpeg says but one thing, which is to be of the values.
    """
    if _ear is None:
        return False
    before = os.dup(2)
    try:
        _ear.seek(0)
        _ear.truncate()
        os.dup2(_ear.fileno(), 2)
        # At an eighth all values are read, and hardly a pixel is made.
        cv2.imdecode(np.frombuffer(stream, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_8 | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error:
        return True
    finally:
        os.dup2(before, 2)
        os.close(before)
    _ear.seek(0)
    said = _ear.read(_MOST_BYTES)
    return any(words in said for words in _WORDS)
