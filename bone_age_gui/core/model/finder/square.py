"""What the finder's network sees: a film, or an upright part of it, as a square of 192 pixels."""

from __future__ import annotations

import cv2
import numpy as np

LOW_PERCENT, HIGH_PERCENT = 0.5, 99.5


def stretched_greys(pixels: np.ndarray) -> np.ndarray:
    """Any grey picture -> float32 of the same shape in 0..1: its 0.5th percentile is 0, its 99.5th 1."""
    values = pixels.astype(np.float32)
    low, high = np.percentile(values, (LOW_PERCENT, HIGH_PERCENT))
    return np.asarray(np.clip((values - low) / max(high - low, 1e-6), 0, 1), np.float32)


def whole_film_matrix(shape: tuple[int, int], side: int) -> np.ndarray:
    """Affine (2, 3) from film pixels (x, y) to a square of ``side`` that holds the whole film in its middle."""
    height, width = shape
    scale = side / max(height, width)
    shift = (side - 1) / 2 - scale * np.array([(width - 1) / 2, (height - 1) / 2])
    return np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])


def finder_square(pixels: np.ndarray, matrix: np.ndarray, side: int) -> np.ndarray:
    """The film under an affine as the network wants it; what lies beyond the film is 0.

    Parameters
    ----------
    pixels : numpy.ndarray
        uint8 or uint16, shape (height, width), bone bright.
    matrix : numpy.ndarray
        (2, 3), from film pixels to the square.

    Returns
    -------
    numpy.ndarray
        float32 (side, side), 0..1.
    """
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    small, inner = pixels, matrix
    if scale < 0.75:  # area averaging first: a warp alone would skip pixels
        share = min(1.0, scale * 1.2)
        size = tuple(max(1, round(length * share)) for length in pixels.shape[::-1])
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        ratio = np.array([size[0] / pixels.shape[1], size[1] / pixels.shape[0]])
        # Pixel centres: small = (film + 0.5) * ratio - 0.5
        inner = matrix.astype(float).copy()
        inner[:, :2] = matrix[:, :2] / ratio
        inner[:, 2] = matrix[:, 2] + inner[:, :2] @ (0.5 - 0.5 * ratio)
    warped = cv2.warpAffine(small, inner, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    held = cv2.warpAffine(np.ones(small.shape, np.uint8), inner, (side, side), flags=cv2.INTER_NEAREST) > 0
    if not held.any():
        return np.zeros((side, side), np.float32)
    values = np.zeros((side, side), np.float32)
    values[held] = stretched_greys(warped[held])
    return values
