"""Geometry of stretched data sets, without torch."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np

from training.errors import TrainingError
from training.tables import read_rows, whole_number

_LONGEST_SIDE = 100_000
"""Pixels."""


def unstretched_size(width: int, height: int, orig_width: int, orig_height: int) -> tuple[int, int]:
    """Largest (width, height) with the original's aspect ratio that exceeds the stored size on no side.

    Both sides are at least 1. Raises ``ValueError`` for a side below 1.
    """
    if min(width, height, orig_width, orig_height) < 1:
        raise ValueError(f"sides must be at least 1: {width}x{height} from {orig_width}x{orig_height}")
    scale = min(width / orig_width, height / orig_height)
    return max(1, round(orig_width * scale)), max(1, round(orig_height * scale))


def undo_stretch(pixels: np.ndarray, orig_width: int, orig_height: int) -> np.ndarray:
    """Give a picture that was stretched to another shape its original aspect ratio back.

    Undone by shrinking the side that was stretched (area averaging), never by enlarging: a 299x299
    copy of a 1514x2044 film becomes 221x299, and no detail is invented.

    Parameters
    ----------
    pixels : numpy.ndarray
        uint8 or uint16, shape (height, width).
    orig_width, orig_height : int
        Size of the picture before it was stretched, in pixels. Only their ratio counts.

    Returns
    -------
    numpy.ndarray
        Same dtype; the input itself (not a copy) where nothing is to be undone.
    """
    height, width = pixels.shape
    size = unstretched_size(width, height, orig_width, orig_height)
    if size == (width, height):
        return pixels
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def read_sizes(path: Path) -> dict[str, tuple[int, int]]:
    """Read ``id,orig_width,orig_height`` into id -> (width, height).

    Raises ``BoneAgeError`` (``bad_sizes``) if a column is missing or a value is no positive whole number.
    """
    try:
        return dict(read_rows(path, ("id", "orig_width", "orig_height"), _size))
    except ValueError as error:
        raise TrainingError(
            "The table of sizes cannot be read",
            f"{path.name}: {error}. Give a table with the columns id, orig_width and orig_height (pixels) with "
            "--sizes, or leave the option out if the films are not stretched.",
            "bad_sizes",
        ) from error


def _size(row: Mapping[str, str]) -> tuple[str, tuple[int, int]]:
    width, height = (whole_number(row, name, 1, _LONGEST_SIDE) for name in ("orig_width", "orig_height"))
    return row["id"].strip(), (width, height)
