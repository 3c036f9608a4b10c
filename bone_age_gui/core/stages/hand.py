"""Where the X-rays fell and where the hand lies: collimator borders, margins and markers set aside.

Classical and explainable: Otsu's threshold splits the film into a bright and a dark class again and
again. A bright class that fills a rectangle is the exposed field inside a dark border; one that
runs round the film is a bright border; a strip along an edge is a bar; what remains is the hand. The
largest circle inside it is the palm, whose radius gives the hand's size whatever the length of forearm
on the film (fingertips reach 2.8 to 3.5 palm radii in 90 % of the RSNA training films).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import cv2
import numpy as np

from bone_age_gui.core.stages.tilt import tilt_of_hand
from bone_age_gui.core.values.bounds import Share, Within
from bone_age_gui.core.values.crop_frame import turning


@dataclass(frozen=True)
class CleaningSpec:
    """Parameters of the cleaning stage; lengths are shares of the film's longer side unless said.

    Attributes
    ----------
    blur_sigma : float
        Gaussian blur before the analysis, pixels of the reduced film.
    bar_share, bar_limit : float
        A border line counts as a bar if this share of it is bright; bars are at most this share of the side wide.
    rectangularity : float
        Area over its tightest rectangle above which a bright region is an exposed field, not a hand.
    erosion : float
        Width taken off a field's edge, where the collimator's shadow is unsharp.
    rounds : int
        How often the analysis may look inside what it has found.
    palm_reach : float
        Palm radii from the palm's centre within which the hand ends (beyond: forearm).
    height_per_palm : float
        Height of the crop in palm radii.
    tightest, widest : float
        Bounds of the crop's height in units of the smallest box of its shape around the hand.
    tilt_limit : float
        Degrees off upright above which a hand is turned until its fingers point up; 180: never.
    """

    blur_sigma: Annotated[float, Within(0.05, 100)]
    bar_share: Share
    bar_limit: Share
    rectangularity: Share
    erosion: Annotated[float, Within(0, 0.5)]
    rounds: Annotated[int, Within(1, 100)]
    palm_reach: Annotated[float, Within(0.5, 100)]
    height_per_palm: Annotated[float, Within(0.5, 100)]
    tightest: Annotated[float, Within(0.5, 10)]
    widest: Annotated[float, Within(0.5, 10)]
    tilt_limit: Annotated[float, Within(0, 180)]


@dataclass(frozen=True)
class HandRegion:
    """The exposed field (bool mask, shape of the film) and the box around the hand.

    ``centre`` (x, y), ``width`` and ``height`` are in pixels of the film analysed. The box stands upright, or, where
    ``tilt`` is not 0, is turned about its centre by so many degrees clockwise. ``is_hand`` is False where no hand could
    be told apart; then field and box are the whole film.
    """

    field: np.ndarray
    centre: tuple[float, float]
    width: float
    height: float
    tilt: float
    is_hand: bool


def find_hand(film: np.ndarray, spec: CleaningSpec, aspect: float = 1.0, tilt: float | None = None) -> HandRegion:
    """Find the exposed field and the hand on a small film (uint16, (h, w), bone bright).

    ``aspect`` is the width over the height of the box to lay around the hand, ``tilt`` by how many degrees clockwise
    that box lies turned; ``None`` where only the hand's outline can tell.
    """
    smooth = cv2.GaussianBlur(film.astype(np.float32), (0, 0), spec.blur_sigma)
    field = np.ones(film.shape, np.uint8)
    hand: np.ndarray | None = None
    for _ in range(spec.rounds):
        bright = _bright_class(smooth, field)
        inner = _without_bars(bright, field, spec) if hand is None else None
        if inner is None:
            hand = _largest(cv2.morphologyEx(bright, cv2.MORPH_OPEN, _disc(3)))
            if hand is None:
                break
            inner = _field_inside(hand, bright, field, spec)
        if inner is None:
            return _around_hand(hand, field, spec, aspect, tilt)  # type: ignore[arg-type]  # a hand is found wherever inner was looked for
        field, hand = inner, None
    return _whole_film(field, aspect)


def _disc(diameter: int) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (diameter, diameter))


def _bright_class(smooth: np.ndarray, field: np.ndarray) -> np.ndarray:
    """Otsu's upper class within the field; the square root keeps dim fingertips in it."""
    values = smooth[field > 0]
    low, high = np.percentile(values, [1, 99])
    scaled = (np.sqrt(np.clip((smooth - low) / max(high - low, 1.0), 0, 1)) * 255).astype(np.uint8)
    threshold, _ = cv2.threshold(scaled[field > 0].reshape(1, -1), 0, 255, cv2.THRESH_OTSU)
    return ((scaled > threshold) & (field > 0)).astype(np.uint8)


def _bounds(mask: np.ndarray) -> tuple[int, int, int, int]:
    """Top, bottom, left, right (ends exclusive) of what is set."""
    x, y, width, height = cv2.boundingRect(mask)
    return y, y + height, x, x + width


def _bar_width(lines: np.ndarray, spec: CleaningSpec) -> int:
    """Number of leading lines that are bright nearly throughout; 0 where there is no end to them."""
    limit = int(spec.bar_limit * len(lines))
    dark = np.flatnonzero(lines[: limit + 1].mean(axis=1) <= spec.bar_share)
    return int(dark[0]) if dark.size else 0


def _without_bars(bright: np.ndarray, field: np.ndarray, spec: CleaningSpec) -> np.ndarray | None:
    """The field less bright strips along its edges, or None if there are none."""
    top, bottom, left, right = _bounds(field)
    window = bright[top:bottom, left:right]
    widths = [_bar_width(lines, spec) for lines in (window, window[::-1], window.T, window.T[::-1])]
    if not any(widths):
        return None
    edge = [width + 2 if width else 0 for width in widths]  # two more: the blurred flank
    inner = np.zeros_like(field)
    inner[top + edge[0] : bottom - edge[1], left + edge[2] : right - edge[3]] = 1
    inner &= field
    return inner if _large_enough(inner) else None


def _largest(mask: np.ndarray) -> np.ndarray | None:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return None
    return (labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))).astype(np.uint8)


def _outline(mask: np.ndarray) -> np.ndarray:
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return max(contours, key=cv2.contourArea)


def _filled(outline: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    mask = np.zeros(shape, np.uint8)
    cv2.drawContours(mask, [outline], -1, 1, -1)
    return mask


def _hull_of_dark(dark: np.ndarray) -> np.ndarray:
    """Convex hull of the larger dark parts: the hand may part the air around it in two."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.morphologyEx(dark, cv2.MORPH_OPEN, _disc(5)))
    parts = [part for part in range(1, count) if stats[part, cv2.CC_STAT_AREA] > 0.03 * dark.sum()]
    points = cv2.findNonZero(np.isin(labels, parts).astype(np.uint8))
    return dark if points is None else _filled(cv2.convexHull(points), dark.shape)


def _large_enough(field: np.ndarray) -> bool:
    top, bottom, left, right = _bounds(field)
    return int(field.sum()) > 0.02 * field.size and min(bottom - top, right - left) > 0.15 * max(field.shape)


def _corners_covered(region: np.ndarray, field: np.ndarray) -> int:
    """In how many corners of the field the region lies; a forearm reaches one, a surround two or more."""
    top, bottom, left, right = _bounds(field)
    reach = max(2, round(0.03 * max(field.shape)))
    rows, columns = (
        (slice(top, top + reach), slice(bottom - reach, bottom)),
        (
            slice(left, left + reach),
            slice(right - reach, right),
        ),
    )
    return sum(bool(region[row, column].mean() > 0.5) for row in rows for column in columns)


def _field_inside(region: np.ndarray, bright: np.ndarray, field: np.ndarray, spec: CleaningSpec) -> np.ndarray | None:
    """The smaller exposed field that ``region`` gives away, or None if it is no field but a hand."""
    outline = _outline(region)
    area, whole = cv2.contourArea(outline), int(field.sum())
    rectangle = max(float(np.prod(cv2.minAreaRect(outline)[1])), 1.0)
    surround = _corners_covered(region, field) >= 2
    if not surround and (area / rectangle < spec.rectangularity or area < 0.03 * field.size):
        return None
    if int(region.sum()) > 0.9 * whole:  # bright nearly everywhere: only dark scraps to drop
        inner = region
    elif surround or area > 0.9 * whole:  # bright all round a darker field
        inner = _hull_of_dark(((field > 0) & (bright == 0)).astype(np.uint8))
    else:  # a bright field in a dark border
        inner = _filled(cv2.convexHull(outline), field.shape)
    width = 2 * max(1, round(spec.erosion * max(field.shape))) + 1
    inner = cv2.erode(inner, _disc(width), borderValue=0) & field
    return inner if _large_enough(inner) and int(inner.sum()) < whole else None


def _whole_film(field: np.ndarray, aspect: float) -> HandRegion:
    """Where no hand can be told apart nothing is cut off: a wrong cut loses the film, a wide one only detail."""
    height, width = field.shape
    tall = max(float(height), width / aspect)
    return HandRegion(np.ones(field.shape, bool), (width / 2, height / 2), aspect * tall, tall, 0.0, False)


def _around_hand(
    hand: np.ndarray, field: np.ndarray, spec: CleaningSpec, aspect: float, tilt: float | None
) -> HandRegion:
    solid = _filled(_outline(hand), hand.shape)
    depth = cv2.distanceTransform(cv2.copyMakeBorder(solid, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0), cv2.DIST_L2, 5)
    _, radius, _, (x, y) = cv2.minMaxLoc(depth)
    palm = (x - 1, y - 1)
    if radius < 0.03 * max(field.shape):  # a thread, not a palm
        return _whole_film(field, aspect)
    # Thin frames joined to the hand go, fingers (a third of a palm radius wide) stay.
    solid = cv2.morphologyEx(solid, cv2.MORPH_OPEN, _disc(max(3, round(0.16 * radius))))
    reach = np.zeros_like(solid)
    cv2.circle(reach, palm, round(spec.palm_reach * radius), 1, -1)
    solid = cv2.bitwise_and(solid, reach)
    _, labels = cv2.connectedComponents(solid)
    part = (labels == labels[palm[1], palm[0]]).astype(np.uint8)
    if tilt is None:
        tilt = tilt_of_hand(part, palm, radius)
        tilt = tilt if abs(tilt) > spec.tilt_limit else 0.0
    centre, wide, tall = _box_around(part, tilt)
    box = max(tall, wide / aspect)
    tall = float(np.clip(spec.height_per_palm * radius, spec.tightest * box, spec.widest * box))
    return HandRegion(field > 0, centre, aspect * tall, tall, tilt, True)


def _box_around(part: np.ndarray, tilt: float) -> tuple[tuple[float, float], float, float]:
    """Centre, width and height of the tightest box around what is set, turned by ``tilt`` degrees clockwise."""
    turn = turning(tilt)
    turned = (cv2.findNonZero(part).reshape(-1, 2) + 0.5) @ turn.T  # pixel centres
    low, high = turned.min(axis=0) - 0.5, turned.max(axis=0) + 0.5
    x, y = turn.T @ ((low + high) / 2)
    wide, tall = high - low
    return (float(x), float(y)), float(wide), float(tall)
