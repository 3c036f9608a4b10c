"""The shapes of the drawn hand: bones and soft tissue in millimetres, invented by us from plain anatomy.

x runs to the radial side (the thumb, at the right as in a PA film of a left hand), y to the fingertips; the
origin lies in the middle of the wrist. Nothing is traced from a film or an atlas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Profile = Sequence[tuple[float, float]]
"""Half-widths in mm at fractions 0..1 of a length."""


@dataclass(frozen=True)
class Bone:
    """One closed outline, (n, 2) in mm, with the frame that its cortex and its grain follow.

    ``body`` is the outline that gives the thickness. It runs on past a growth plate, where a bone does not
    round off but ends at its full thickness.
    ``cortex_mm`` is the thickness of the compact bone at the ends and at mid-shaft, ``depth_mm`` half the
    largest thickness towards the tube, ``grain`` the strength of the trabecular texture.
    """

    outline: np.ndarray
    body: np.ndarray
    start: tuple[float, float]
    end: tuple[float, float]
    cortex_mm: tuple[float, float]
    depth_mm: float
    grain: float = 0.13


@dataclass(frozen=True)
class Ray:
    """A finger: its metacarpal from base to head, the direction of the phalanges and their lengths, mm."""

    base: tuple[float, float]
    head: tuple[float, float]
    angle_deg: float
    lengths: tuple[float, ...]
    width: float
    """Half-width of the proximal metaphysis; all others follow from it."""


RAYS = (
    Ray((10.8, 29.0), (18.0, 82.5), 11.5, (32.0, 18.5, 14.0), 6.3),
    Ray((1.6, 29.3), (2.5, 82.5), 0.5, (35.5, 22.0, 15.0), 6.5),
    Ray((-8.0, 26.6), (-12.5, 75.0), -9.5, (32.5, 20.5, 15.0), 6.1),
    Ray((-16.2, 23.8), (-25.5, 67.0), -22.0, (25.5, 14.5, 13.0), 5.3),
)
THUMB = Ray((23.5, 19.5), (43.5, 50.5), 37.0, (24.0, 17.5), 6.2)

METACARPAL: Profile = (
    (0.0, 0.92), (0.1, 0.98), (0.22, 0.76), (0.42, 0.53), (0.6, 0.5), (0.78, 0.64), (0.93, 0.88), (1.0, 0.86),
)  # fmt: skip
THUMB_METACARPAL: Profile = (
    (0.0, 0.98), (0.08, 0.97), (0.25, 0.72), (0.5, 0.58), (0.72, 0.68), (0.88, 0.94), (1.0, 0.72),
)  # fmt: skip
PHALANX: Profile = (
    (0.0, 0.96), (0.07, 0.97), (0.25, 0.71), (0.5, 0.56), (0.7, 0.55), (0.86, 0.72), (0.94, 0.74), (1.0, 0.6),
)  # fmt: skip
TIP: Profile = ((0.0, 0.95), (0.1, 0.92), (0.35, 0.52), (0.62, 0.4), (0.78, 0.56), (0.9, 0.62), (1.0, 0.4))
RADIUS: Profile = ((0.0, 0.53), (0.35, 0.57), (0.6, 0.66), (0.8, 0.82), (0.93, 0.99), (1.0, 1.0))
ULNA: Profile = ((0.0, 0.78), (0.5, 0.74), (0.75, 0.78), (0.9, 0.93), (1.0, 1.0))

# Carpal bones: centre, half-axes, tilt in degrees, and cosine harmonics (order, size, phase in degrees).
CARPALS: tuple[tuple[tuple[float, float], tuple[float, float], float, tuple[tuple[int, float, float], ...]], ...] = (
    ((2.2, 18.4), (6.2, 9.8), 4.0, ((2, 0.05, 40), (3, 0.05, 90), (4, 0.035, 45))),  # capitate
    ((-9.1, 17.4), (6.3, 8.2), 18.0, ((3, 0.13, -62), (2, 0.05, 20))),  # hamate
    ((-16.0, 9.2), (5.0, 6.2), 24.0, ((3, 0.06, 200), (2, 0.05, 100))),  # triquetrum
    ((-4.9, 6.2), (5.9, 4.9), -12.0, ((3, 0.07, 95), (2, 0.05, 60))),  # lunate
    ((9.8, 8.4), (7.3, 5.1), 38.0, ((2, 0.06, 10), (3, 0.06, 150))),  # scaphoid
    ((19.8, 15.2), (5.4, 5.4), -35.0, ((3, 0.06, 20), (4, 0.05, 30))),  # trapezium
    ((12.7, 20.4), (5.1, 4.9), 20.0, ((3, 0.09, -88), (2, 0.04, 0))),  # trapezoid
)

# Points of smooth closed curves.
RADIUS_EPIPHYSIS = (
    (-2.6, -4.1), (3.0, -4.6), (9.0, -4.4), (15.0, -3.2), (18.6, -1.0), (19.0, 2.2), (16.6, 4.1), (12.0, 2.0),
    (6.5, 0.1), (1.0, -0.9), (-2.8, -1.6),
)  # fmt: skip
ULNA_EPIPHYSIS = (
    (-19.6, -5.4), (-15.5, -5.9), (-11.0, -5.6), (-8.6, -4.6), (-9.4, -3.0), (-13.0, -2.7), (-16.8, -2.3), (-19.0, 0.0),
    (-20.8, 0.3), (-21.0, -2.6),
)  # fmt: skip
PALM = (
    (-29.0, -95.0), (-26.0, -60.0), (-24.5, -30.0), (-24.0, -8.0), (-25.5, 6.0), (-28.5, 22.0), (-32.5, 44.0),
    (-35.0, 66.0), (-28.0, 80.0), (-13.0, 89.0), (3.0, 93.0), (18.0, 93.0), (26.0, 84.0), (28.5, 68.0), (34.0, 54.0),
    (44.0, 44.0), (42.0, 30.0), (35.0, 17.0), (28.0, 5.0), (25.5, -8.0), (26.5, -30.0), (29.0, -60.0), (32.0, -95.0),
)  # fmt: skip


def bones(random: np.random.RandomState) -> list[Bone]:
    """All bones; ``random`` makes each outline a little uneven, as bones are."""
    drawn = _forearm(random)
    for centre, axes, tilt, harmonics in CARPALS:
        drawn.append(_carpal(centre, axes, tilt, harmonics))
    for ray in RAYS:
        drawn += _metacarpal(ray, random) + _phalanges(ray, random)
    return drawn + _thumb_metacarpal(THUMB, random) + _phalanges(THUMB, random)


def soft_parts() -> list[np.ndarray]:
    """Outlines, (n, 2) in mm, whose union is the skin."""
    parts = [closed_curve(PALM)]
    for ray in (*RAYS, THUMB):
        direction = _direction(ray.angle_deg)
        head = np.array(ray.head)
        length = sum(ray.lengths) + 2.6 * len(ray.lengths) + 4.6
        start = head - 14.0 * direction
        width = ray.width + 2.6
        profile = ((0.0, 1.1), (0.3, 1.04), (0.55, 0.98), (0.75, 0.88), (0.9, 0.82), (0.97, 0.66), (1.0, 0.4))
        parts.append(_tube(start, start + (length + 14.0) * direction, width, profile))
    base, head = np.array(THUMB.base), np.array(THUMB.head)
    parts.append(_tube(base - (0, 4), head + 5.0 * _direction(37.0), 10.5, ((0.0, 0.9), (0.4, 1.12), (1.0, 0.95))))
    return parts


def closed_curve(points: Sequence[tuple[float, float]], per_segment: int = 16) -> np.ndarray:
    """A smooth closed curve (Catmull-Rom) through the points, (n, 2)."""
    ring = np.array(points, dtype=np.float64)
    before, after, later = np.roll(ring, 1, 0), np.roll(ring, -1, 0), np.roll(ring, -2, 0)
    t = (np.arange(per_segment) / per_segment)[None, :, None]
    p0, p1, p2, p3 = (p[:, None, :] for p in (before, ring, after, later))
    curve = 2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    return np.asarray(curve / 2).reshape(-1, 2)


def _direction(angle_deg: float) -> np.ndarray:
    angle = np.deg2rad(angle_deg)
    return np.array([np.sin(angle), np.cos(angle)])


def _tube(
    start: np.ndarray, end: np.ndarray, width: float, profile: Profile,
    bulges: tuple[float, float] = (0.0, 0.0), random: np.random.RandomState | None = None,
) -> np.ndarray:  # fmt: skip
    """Outline of a bone shaft or finger about the line from start to end, rounded by ``bulges`` mm beyond each."""
    along = np.linspace(0.0, 1.0, 121)
    fractions, widths = zip(*profile, strict=True)
    half = np.interp(along, fractions, widths)
    half = np.convolve(np.pad(half, 6, mode="edge"), np.full(13, 1 / 13), "valid") * width
    turn = np.linspace(0.1, np.pi / 2, 12)
    for bulge, at in zip(bulges, (0, -1), strict=True):
        reach = bulge / np.hypot(*(end - start)) * np.sin(turn)
        beyond = (1 + reach) if at else -reach
        along, half = np.append(along, beyond), np.append(half, half[at] * np.cos(turn))
    order = np.argsort(along, kind="stable")
    along, half = along[order], half[order]
    sides = []
    for side in (-1.0, 1.0):
        uneven = np.zeros_like(along)
        if random is not None:
            for wave in (1, 2, 3):
                uneven += 0.025 * random.uniform(-1, 1) * np.sin(np.pi * wave * along + random.uniform(0, 6.28))
        sides.append(side * half * (1 + uneven))
    axis = end - start
    normal = np.array([axis[1], -axis[0]]) / np.hypot(*axis)
    middle = start + along[:, None] * axis
    left, right = (middle + side[:, None] * normal for side in sides)
    return np.concatenate([left, right[::-1]])


def _prolong(outline: np.ndarray, step: np.ndarray, past_start: bool, past_end: bool) -> np.ndarray:
    """The outline of a tube drawn out by ``step`` beyond its start, its end or both."""
    half = len(outline) // 2
    left, right = outline[:half], outline[half:]
    if past_start:
        left, right = np.vstack([left[:1] - step, left]), np.vstack([right, right[-1:] - step])
    if past_end:
        left, right = np.vstack([left, left[-1:] + step]), np.vstack([right[:1] + step, right])
    return np.concatenate([left, right])


def _shaft(
    start: np.ndarray, end: np.ndarray, width: float, profile: Profile, cortex: tuple[float, float],
    random: np.random.RandomState, plate_at: str,
) -> Bone:  # fmt: skip
    """A long bone whose growth plate lies at its ``"start"`` or ``"end"``."""
    bulges = (0.25, 0.42 * width) if plate_at == "start" else (0.2 * width, 0.25)
    outline = _tube(start, end, width, profile, bulges, random)
    step = (end - start) / np.hypot(*(end - start)) * 1.2 * width
    body = _prolong(outline, step, plate_at == "start", plate_at == "end")
    return Bone(outline, body, (start[0], start[1]), (end[0], end[1]), cortex, depth_mm=0.9 * width)


def _cap(centre: np.ndarray, direction: np.ndarray, half: tuple[float, float, float], bend: float, flat: float) -> Bone:
    """An epiphysis: a rounded disc across the direction, of half-width, height above and height below the centre;
    ``bend`` mm curves its rim backwards."""
    across_mm, above, below = half
    turn = np.linspace(0.0, 2 * np.pi, 96, endpoint=False)
    across = across_mm * np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** flat
    height = np.where(turn < np.pi, above, below) * np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** 0.8
    height -= bend * (across / across_mm) ** 2
    normal = np.array([direction[1], -direction[0]])
    outline = centre + across[:, None] * normal + height[:, None] * direction
    return _slab(outline, centre - across_mm * normal, centre + across_mm * normal)


def _slab(outline: np.ndarray, left: np.ndarray, right: np.ndarray) -> Bone:
    """An epiphysis between two growth zones: as thick along the beam as it is broad."""
    across = right - left
    width = float(np.hypot(*across))
    rise = np.array([-across[1], across[0]])
    body = np.array([left - rise, left + rise, right + rise, right - rise])
    return Bone(outline, body, (left[0], left[1]), (right[0], right[1]), (0.45, 0.45), 0.42 * width, grain=0.08)


def _metacarpal(ray: Ray, random: np.random.RandomState) -> list[Bone]:
    base, head = np.array(ray.base), np.array(ray.head)
    direction = (head - base) / np.hypot(*(head - base))
    width = ray.width
    shaft = _shaft(base + 1.2 * direction, head - 7.6 * direction, width, METACARPAL, (0.42, 1.2), random, "end")
    dome = _cap(head - 4.2 * direction, direction, (0.92 * width, 4.2, 2.4), 0.5, 0.85)
    return [shaft, dome]


def _thumb_metacarpal(ray: Ray, random: np.random.RandomState) -> list[Bone]:
    base, head = np.array(ray.base), np.array(ray.head)
    direction = (head - base) / np.hypot(*(head - base))
    disc = _cap(base + 1.7 * direction, direction, (0.92 * ray.width, 1.6, 1.8), -0.5, 0.75)
    start, end = base + 4.5 * direction, head - 2.3 * direction
    return [disc, _shaft(start, end, ray.width, THUMB_METACARPAL, (0.42, 1.15), random, "start")]


def _phalanges(ray: Ray, random: np.random.RandomState) -> list[Bone]:
    direction = _direction(ray.angle_deg)
    place = np.array(ray.head) + 1.2 * direction
    width = ray.width
    drawn = []
    for index, length in enumerate(ray.lengths):
        last = index == len(ray.lengths) - 1
        plate = 1.45 if index == 0 else 1.15
        drawn.append(_cap(place + plate * direction, direction, (0.93 * width, plate, plate), -0.45, 0.75))
        start = place + (2 * plate + 0.7) * direction
        end = place + (length - 0.2 * width) * direction
        profile, compact = (TIP, 0.75) if last else (PHALANX, 1.1)
        drawn.append(_shaft(start, end, width, profile, (0.4, compact), random, "start"))
        place = place + (length + 1.15) * direction
        width *= 0.83 if index == 0 else 0.78
    return drawn


def _forearm(random: np.random.RandomState) -> list[Bone]:
    radius = _shaft(np.array((4.5, -100.0)), np.array((8.2, -5.2)), 11.4, RADIUS, (0.5, 2.1), random, "end")
    ulna = _shaft(np.array((-16.5, -100.0)), np.array((-14.6, -7.0)), 5.9, ULNA, (0.45, 1.9), random, "end")
    caps = []
    for points in (RADIUS_EPIPHYSIS, ULNA_EPIPHYSIS):
        outline = closed_curve(points)
        left, right = outline[outline[:, 0].argmin()], outline[outline[:, 0].argmax()]
        caps.append(_slab(outline, left, right))
    return [radius, ulna, *caps]


def _carpal(
    centre: tuple[float, float], axes: tuple[float, float], tilt: float, harmonics: tuple[tuple[int, float, float], ...]
) -> Bone:
    turn = np.linspace(0.0, 2 * np.pi, 120, endpoint=False)
    radius = np.ones_like(turn)
    for order, size, phase in harmonics:
        radius += size * np.cos(order * (turn - np.deg2rad(phase)))
    x, y = axes[0] * radius * np.cos(turn), axes[1] * radius * np.sin(turn)
    angle = np.deg2rad(tilt)
    outline = np.stack([x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle)], 1)
    outline += np.array(centre)
    far = (centre[0], centre[1] + axes[1])
    return Bone(outline, outline, centre, far, (0.5, 0.5), depth_mm=8.5, grain=0.15)
