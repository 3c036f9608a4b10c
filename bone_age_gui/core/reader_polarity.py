"""Is bone bright? Told from the picture alone.

A film in the right polarity has a textured hand (bones, trabeculae) that is brighter than the smooth
air touching it, and thin bright structures (fingers, cortical bone) rather than thin dark ones. Both are
measured on a thumbnail, at edges and ridges only, so that plain margins, collimator borders and the
level of the background count for little. Every measure changes its sign when the film is turned
round, and the score is their weighted sum without a constant: a film and its negative get opposite scores.

The weights are a logistic regression on 5,000 films of the RSNA Pediatric Bone Age training set and as
many altered copies (margins, rotations, gamma, crops).
"""

from __future__ import annotations

import cv2
import numpy as np

SIDE = 160
"""Longest side of the thumbnail in pixels."""
CERTAIN = 1.0
"""Score from which a film without tags is turned round."""
CERTAIN_AGAINST_TAGS = 2.5
"""Score from which a film is turned round although its tags call it right."""

_WEIGHTS = np.array([3.81, -3.91, 15.36, 168.57, 10.01, -7.82, -50.61, 15.34])


def is_inverted(pixels: np.ndarray, *, stated: bool) -> bool:
    """True if bone is dark on a bright background.

    Parameters
    ----------
    pixels : numpy.ndarray
        uint8 or uint16, shape (height, width).
    stated : bool
        True if tags vouch for the polarity: then more certainty is asked for.
    """
    return polarity_score(pixels) < -(CERTAIN_AGAINST_TAGS if stated else CERTAIN)


def polarity_score(pixels: np.ndarray) -> float:
    """Positive for bright bones, negative for dark ones; 0 where there is nothing to tell by."""
    small = _thumbnail(pixels)
    if small is None:
        return 0.0
    return float(_WEIGHTS @ measures(small))


def _thumbnail(pixels: np.ndarray) -> np.ndarray | None:
    """float32 from 0 to 1, longest side ``SIDE``; ``None`` for a flat picture."""
    height, width = pixels.shape
    factor = SIDE / max(height, width)
    size = (max(16, round(width * factor)), max(16, round(height * factor)))
    small = cv2.GaussianBlur(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.float32), (0, 0), 1.0)
    low, high = np.percentile(small, (2, 98))
    if high - low < 1e-6:
        return None
    return np.clip((small - low) / (high - low), 0, 1).astype(np.float32)


def measures(small: np.ndarray) -> np.ndarray:
    """The eight measures of a thumbnail, each odd: the negative has them with opposite signs."""
    blurred = {sigma: cv2.GaussianBlur(small, (0, 0), sigma) for sigma in (2, 4, 8, 16)}
    medium, coarse = blurred[4] - blurred[8], blurred[8] - blurred[16]
    near, far = _texture_across_edges(small, (4, 9))
    return np.array(
        [
            near,
            float(np.mean(_evened(coarse) * np.abs(_evened(coarse)))),
            _ridges(small, 9),
            float(np.mean(np.tanh(0.7 * _evened(medium)))),
            _texture_of_bright(small, blurred[2]),
            far,
            _lines(blurred[2]),
            float(np.sum(coarse * np.abs(coarse)) / (np.sum(coarse * coarse) + 1e-9)),
        ]
    )


def _evened(band: np.ndarray) -> np.ndarray:
    """A band-pass in units of its local strength, so that hard borders weigh no more than fingers."""
    return np.asarray(band / (cv2.GaussianBlur(np.abs(band), (0, 0), 12) + 0.01))


def _gradient(small: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Derivatives along x and y, and their length."""
    along_x, along_y = cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)
    return along_x, along_y, cv2.magnitude(along_x, along_y)


def _log_texture(length: np.ndarray, sigma: float) -> np.ndarray:
    """Logarithm of the local gradient, strong borders cut."""
    return np.log(cv2.GaussianBlur(np.minimum(length, 0.5), (0, 0), sigma) + 0.01)


def _texture_across_edges(small: np.ndarray, distances: tuple[int, int]) -> list[float]:
    """How much more texture lies on the bright side of edges than on the dark side, at each distance."""
    along_x, along_y, length = _gradient(small)
    texture = _log_texture(length, 1.5)
    along_x, along_y = cv2.GaussianBlur(along_x, (0, 0), 2), cv2.GaussianBlur(along_y, (0, 0), 2)
    strength = cv2.magnitude(along_x, along_y) + 1e-6
    some, strong = np.quantile(strength, (0.6, 0.9))
    weight = np.where(strength > some, np.minimum(strength, strong), 0)
    weight /= weight.sum() + 1e-9
    along_x, along_y = along_x / strength, along_y / strength
    rows, columns = np.mgrid[: small.shape[0], : small.shape[1]].astype(np.float32)

    def at(step: int) -> np.ndarray:
        return cv2.remap(
            texture, columns + step * along_x, rows + step * along_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )

    return [float(np.sum(weight * np.tanh(at(step) - at(-step)))) for step in distances]


def _texture_of_bright(small: np.ndarray, blurred: np.ndarray) -> float:
    """Correlation of brightness and texture, the smoothest tenth (plain margins) left out."""
    texture = _log_texture(_gradient(small)[2], 4)
    inside = texture > np.quantile(texture, 0.1)
    bright, texture = blurred[inside], texture[inside]
    if bright.size < 2 or bright.std() < 1e-6 or texture.std() < 1e-6:
        return 0.0
    return float(np.corrcoef(bright, texture)[0, 1])


def _balance(bright: np.ndarray, dark: np.ndarray, cut: float) -> float:
    """From -1, all dark, to 1, all bright; single strong values cut."""
    light, shade = float(np.minimum(bright, cut).sum()), float(np.minimum(dark, cut).sum())
    return (light - shade) / (light + shade + 1e-9)


def _ridges(small: np.ndarray, width: int) -> float:
    """Bright against dark structures narrower than ``width``, by top-hats."""
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    bright = small - cv2.morphologyEx(small, cv2.MORPH_OPEN, disc)
    dark = cv2.morphologyEx(small, cv2.MORPH_CLOSE, disc) - small
    return _balance(bright, dark, 0.1)


def _lines(blurred: np.ndarray) -> float:
    """Bright against dark lines, by the eigenvalues of the second derivatives."""
    across_x, across_y = cv2.Sobel(blurred, cv2.CV_32F, 2, 0), cv2.Sobel(blurred, cv2.CV_32F, 0, 2)
    mixed = cv2.Sobel(blurred, cv2.CV_32F, 1, 1)
    spread = np.sqrt(((across_x - across_y) / 2) ** 2 + mixed**2)
    middle = (across_x + across_y) / 2
    upper, lower = middle + spread, middle - spread
    bright = np.maximum(-lower - 2 * np.abs(upper), 0)
    dark = np.maximum(upper - 2 * np.abs(lower), 0)
    return _balance(bright, dark, float(np.quantile(bright + dark, 0.95)) + 1e-6)
