"""Is bone bright? Judged by the picture alone, and put right.

A film in the right polarity has a textured hand (bones, trabeculae) that is brighter than the smooth
air touching it, and narrow bright structures (fingers, bones) rather than narrow dark ones. Both are
measured on the middle of a thumbnail without its margins, at edges and ridges only, so that collimator
borders and the level of the background count for little. Every measure changes its sign when the film
is turned round, and the score is their weighted sum without a constant: a film and its negative get
opposite scores.

The weights are a logistic regression on 3,000 films of the RSNA Pediatric Bone Age training set and 6,000
altered copies (margins, collimator borders, rotations, gamma, crops). Of 2,500 other films one (twice collimated)
was taken for a negative, and 2,498 of their negatives were recognised.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.types import GreyUnits, Radiograph

SIDE = 160
"""Longest side of the thumbnail in pixels."""
CERTAIN = 1.0
"""Score from which a film without tags is turned round."""
CERTAIN_AGAINST_TAGS = 3.5
"""Score from which a film is turned round although its tags call it right."""

_WEIGHTS = {
    0.75: (1.96, -28.49, 24.09, 0.0, 6.14, 3.24, 1.35),
    0.5: (6.1, -10.3, 41.73, -5.15, 9.96, -16.73, 3.45),
}
"""By share of the thumbnail that is looked at, in the order of ``_measures``."""
_PLAIN = 0.012
"""Standard deviation of a plain row or column, as a share of the range of the film."""
_EDGE = 3
_LEAST = 16


def put_right(film: Radiograph) -> Radiograph:
    """The film with bone bright on dark, and a notice if it was turned round.

    Only hands were used to learn what a right polarity looks like: a film whose tags name another part stays as it is.
    """
    other_part = any(notice.code == "body_part" for notice in film.notices)
    if other_part or not is_inverted(film.pixels, stated=film.source == "dicom"):
        return film
    against = Notice("inverted", "against_tags", loud=True) if film.source == "dicom" else Notice("inverted")
    return replace(
        film,
        pixels=np.asarray(65535 - film.pixels, np.uint16),
        inverted=True,
        made_by=(*film.made_by, Fact("bright_background")),
        units=GreyUnits(film.units.white, film.units.black) if film.units is not None else None,
        notices=(against, *film.notices),
    )


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
    small = _without_margins(_thumbnail(pixels))
    score = 0.0
    for share, weights in _WEIGHTS.items():
        part = _stretched(_middle(small, share))
        if part is not None:
            score += float(np.dot(weights, _measures(part)))
    return score


def _thumbnail(pixels: np.ndarray) -> np.ndarray:
    """float32, longest side ``SIDE``, slightly blurred."""
    height, width = pixels.shape
    block = max(1, max(height, width) // (2 * SIDE))
    if block > 1:  # whole blocks first: ten times faster than the same at once
        even = pixels[: height // block * block, : width // block * block]
        pixels = cv2.resize(even, (width // block, height // block), interpolation=cv2.INTER_AREA)
    factor = SIDE / max(height, width)
    size = (max(_LEAST, round(width * factor)), max(_LEAST, round(height * factor)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    return cv2.GaussianBlur(small, (0, 0), 1.0)


def _without_margins(small: np.ndarray) -> np.ndarray:
    """The thumbnail without plain rows and columns at its sides: margins, and air that touches nothing."""
    for _ in range(2):  # a faint film shows only when a bright margin around it is gone
        height, width = small.shape
        low, high = np.percentile(small, (2, 98))
        plain = _PLAIN * (high - low)
        top, bottom = _busy(small[:, width // 20 : width - width // 20].std(axis=1) > plain)
        left, right = _busy(small[height // 20 : height - height // 20].std(axis=0) > plain)
        if bottom - top < height // 3 or right - left < width // 3:
            break
        small = small[top:bottom, left:right]
    return small


def _busy(lively: np.ndarray) -> tuple[int, int]:
    """From the first to the last lively line, without the blurred edge of what is cut away."""
    size = lively.size
    if not lively.any():
        return 0, size
    first, last = int(np.argmax(lively)), size - int(np.argmax(lively[::-1]))
    return (first + _EDGE if first else 0), (last - _EDGE if last < size else size)


def _middle(small: np.ndarray, share: float) -> np.ndarray:
    """The middle of the thumbnail, ``share`` of its height and width."""
    height, width = small.shape
    rows, columns = round(height * (1 - share) / 2), round(width * (1 - share) / 2)
    return small[rows : height - rows, columns : width - columns]


def _stretched(part: np.ndarray) -> np.ndarray | None:
    """float32 from 0 to 1; ``None`` for a flat part."""
    low, high = np.percentile(part, (2, 98))
    if high - low < 1e-6:
        return None
    return np.clip((part - low) / (high - low), 0, 1).astype(np.float32)


def _measures(part: np.ndarray) -> np.ndarray:
    """The seven measures of a part, each odd: the negative has them with opposite signs."""
    blurred = {sigma: cv2.GaussianBlur(part, (0, 0), sigma) for sigma in (2, 4, 8, 16)}
    medium, coarse = blurred[4] - blurred[8], blurred[8] - blurred[16]
    evened = _evened(coarse)
    near, far = _texture_across_edges(part, (4, 9))
    return np.array(
        [
            near,
            np.mean(evened * np.abs(evened)),
            np.mean(np.tanh(0.7 * _evened(medium))),
            _texture_of_bright(part, blurred[2]),
            far,
            _lines(blurred[2]),
            np.sum(coarse * np.abs(coarse)) / (np.sum(coarse * coarse) + 1e-9),
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
