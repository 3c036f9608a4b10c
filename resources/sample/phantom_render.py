"""From shapes in millimetres to a film: thickness, attenuation, lead marker, noise; 12 bits, bone bright.

Everything is counted in double precision with numpy's frozen RandomState, so that every machine draws the same.
"""

from __future__ import annotations

import cv2
import numpy as np
from phantom_anatomy import Bone, bones, soft_parts

HEIGHT, WIDTH = 2000, 1500
SPACING_MM = 0.12
WHITE = 4095
_LEFT_MM, _TOP_MM = -90.0, 186.0
_SEED = 20241120
_SUBPIXEL_BITS = 4
_MARGIN = 12
_BELOW = 160
"""Rows drawn below the film, so that the forearm runs out of it and does not end at its edge."""

# Grey levels (of 4096) per mm of tissue along the beam, and of clear film.
_SOFT, _COMPACT, _SPONGY, _AIR = 66.0, 390.0, 150.0, 74.0

# Strokes of the lead letters on a grid 4 wide and 6 high, y upwards.
_LETTERS: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "L": (((0, 6), (0, 0), (4, 0)),),
    "P": (((0, 0), (0, 6), (3, 6), (4, 5), (4, 4), (3, 3), (0, 3)),),
    "H": (((0, 0), (0, 6)), ((4, 0), (4, 6)), ((0, 3), (4, 3))),
    "A": (((0, 0), (2, 6), (4, 0)), ((0.8, 2), (3.2, 2))),
    "N": (((0, 0), (0, 6), (4, 0), (4, 6)),),
    "T": (((2, 0), (2, 6)), ((0, 6), (4, 6))),
    "O": (((1, 0), (0, 1.2), (0, 4.8), (1, 6), (3, 6), (4, 4.8), (4, 1.2), (3, 0), (1, 0)),),
    "M": (((0, 0), (0, 6), (2, 2.6), (4, 6), (4, 0)),),
}


def render() -> np.ndarray:
    """The film: uint16 (2000, 1500), 0 to 4095."""
    random = np.random.RandomState(_SEED)
    grey = _soft_tissue(random)
    for bone in bones(random):
        _add_bone(grey, bone, random)
    grey = _film(grey, random)
    return np.clip(np.rint(grey), 0, WHITE).astype(np.uint16)


def _to_pixels(points_mm: np.ndarray) -> np.ndarray:
    """(n, 2) x, y in mm -> column, row, counted from the centre of the first pixel."""
    return np.stack([points_mm[:, 0] - _LEFT_MM, _TOP_MM - points_mm[:, 1]], 1) / SPACING_MM - 0.5


def _fill(shape: tuple[int, int], outlines: list[np.ndarray], smooth_mm: float) -> np.ndarray:
    """Union of filled outlines (in pixels) with corners rounded, bool."""
    mask = np.zeros(shape, np.uint8)
    for outline in outlines:
        fixed = np.rint(outline * (1 << _SUBPIXEL_BITS)).astype(np.int32)
        cv2.fillPoly(mask, [fixed], 1, shift=_SUBPIXEL_BITS)
    blurred = cv2.GaussianBlur(mask.astype(np.float64), (0, 0), smooth_mm / SPACING_MM)
    return np.asarray(blurred >= 0.5)


def _inflate(mask: np.ndarray, depth_mm: float | np.ndarray, finest: int = 1) -> np.ndarray:
    """Half-thickness in mm of a rounded body with this silhouette, at most about ``depth_mm``.

    Its square is the solution of ``laplace(f) = 2 f / depth^2 - 2`` with f = 0 at the rim, found from coarse to
    fine: a long strip gets the cross-section of a round rod, a broad plate becomes flat.
    """
    height, width = mask.shape
    depth = np.broadcast_to(np.asarray(depth_mm, np.float64), mask.shape)
    squared: np.ndarray = np.zeros((1, 1))
    for step, rounds in ((16, 400), (8, 120), (4, 80), (2, 60), (1, 40)):
        if step < finest:
            break
        size = (max(-(-width // step), 2), max(-(-height // step), 2))
        inside = cv2.resize(mask.astype(np.float64), size, interpolation=cv2.INTER_AREA) >= 0.5
        pixel = SPACING_MM * step
        local = cv2.resize(np.ascontiguousarray(depth), size, interpolation=cv2.INTER_AREA)
        weight = inside / (4 + 2 * pixel**2 / local**2)
        squared = cv2.resize(squared, size, interpolation=cv2.INTER_LINEAR) * inside
        for _ in range(rounds):
            padded = np.pad(squared, 1)
            around = padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]
            squared = (around + 2 * pixel**2) * weight
    if finest > 1:
        squared = np.asarray(cv2.resize(squared, (width, height), interpolation=cv2.INTER_LINEAR), np.float64)
    return np.sqrt(squared)


def _soft_tissue(random: np.random.RandomState) -> np.ndarray:
    tall = (HEIGHT + _BELOW, WIDTH)
    mask = _fill(tall, [_to_pixels(part) for part in soft_parts()], smooth_mm=2.2)
    rows = (_TOP_MM - np.arange(tall[0]) * SPACING_MM)[:, None]
    columns = (_LEFT_MM + np.arange(WIDTH) * SPACING_MM)[None, :]
    nodes = (-60, 0, 40, 90, 150)
    depth = np.interp(rows, nodes, (19.0, 15.5, 13.0, 10.0, 8.0)) * np.ones((1, WIDTH))
    half = cv2.GaussianBlur(_inflate(mask, depth, finest=2), (0, 0), 2.0)
    thenar = np.exp(-((columns - 30) ** 2 + (rows - 34) ** 2) / (2 * 10.0**2))
    flesh = cv2.GaussianBlur(random.standard_normal(tall), (0, 0), 22)
    thickness = 2 * half * (1 + 0.16 * thenar + 0.018 * flesh / flesh.std())
    return np.asarray(_SOFT * thickness[:HEIGHT])


def _grain(shape: tuple[int, int], bone: Bone, random: np.random.RandomState) -> np.ndarray:
    """Trabeculae: noise drawn out along the bone, mean 0 and deviation 1."""
    reach = np.arange(-14, 15, dtype=np.float64)
    dx, dy = bone.end[0] - bone.start[0], bone.start[1] - bone.end[1]
    dx, dy = dx / np.hypot(dx, dy), dy / np.hypot(dx, dy)
    along = reach[None, :] * dx + reach[:, None] * dy
    across = reach[:, None] * dx - reach[None, :] * dy
    noise = random.standard_normal(shape)
    fibres = cv2.filter2D(noise, -1, np.exp(-((along / 5.0) ** 2 + (across / 1.2) ** 2) / 2))
    mesh = cv2.GaussianBlur(noise, (0, 0), 1.7)
    mixed = fibres / fibres.std() + 0.7 * mesh / mesh.std()
    mixed -= cv2.GaussianBlur(mixed, (0, 0), 9)
    return np.asarray(mixed / mixed.std())


def _add_bone(grey: np.ndarray, bone: Bone, random: np.random.RandomState) -> None:
    """Add the attenuation of one bone to the film, in place."""
    outline, body = _to_pixels(bone.outline), _to_pixels(bone.body)
    low = np.floor(body.min(0)).astype(int) - _MARGIN
    high = np.ceil(body.max(0)).astype(int) + _MARGIN
    shape = (int(high[1] - low[1]), int(high[0] - low[0]))
    mask = _fill(shape, [outline - low], smooth_mm=0.45)
    whole = _fill(shape, [body - low], smooth_mm=0.45)
    middle = _nearness_to_middle(bone, shape, low)
    thin, thick = bone.cortex_mm
    marrow_part = _depth_below(whole) > thin + (thick - thin) * middle
    outer = _inflate(whole, bone.depth_mm)
    marrow = np.minimum(_inflate(marrow_part, bone.depth_mm), outer)
    dense_rim = 1 + 0.75 * np.exp(-((_depth_below(mask) / 0.55) ** 2))
    grain = 1 + bone.grain * _grain(shape, bone, random)
    if thick > thin:  # a long bone is hollow at mid-shaft
        grain *= 1 - 0.45 * middle
    level = 2 * (_COMPACT * (outer - marrow) + _SPONGY * marrow * grain * dense_rim) * mask
    x, y = (max(int(start), 0) for start in low)
    on_film = level[y - low[1] :, x - low[0] :][: HEIGHT - y, : WIDTH - x]
    grey[y : y + on_film.shape[0], x : x + on_film.shape[1]] += on_film


def _depth_below(mask: np.ndarray) -> np.ndarray:
    """Distance of each inner pixel from the rim, mm."""
    return np.asarray(cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE) * SPACING_MM)


def _nearness_to_middle(bone: Bone, shape: tuple[int, int], low: np.ndarray) -> np.ndarray:
    """0 at the ends of a bone and beyond them, 1 at mid-shaft."""
    start, end = _to_pixels(np.array([bone.start, bone.end])) - low
    axis = end - start
    x, y = np.meshgrid(np.arange(shape[1]) - start[0], np.arange(shape[0]) - start[1])
    along = np.clip((x * axis[0] + y * axis[1]) / (axis @ axis), 0, 1)
    return np.asarray(np.sin(np.pi * along) ** 2)


def _film(grey: np.ndarray, random: np.random.RandomState) -> np.ndarray:
    """What the detector makes of it: saturation, unsharpness, scatter, marker, uneven field, quantum noise."""
    bright = 4300 * (1 - np.exp(-grey / 4300)) * 1.05
    bright = np.asarray(cv2.GaussianBlur(bright, (0, 0), 1.1), np.float64)
    scatter = cv2.resize(bright, None, fx=0.05, fy=0.05, interpolation=cv2.INTER_AREA)
    scatter = cv2.resize(cv2.GaussianBlur(scatter, (0, 0), 12), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    x = np.linspace(-1, 1, WIDTH)[None, :]
    y = np.linspace(-1, 1, HEIGHT)[:, None]
    field = _AIR + 30 * (x**2 + y**2) + 55 * np.maximum(y, 0) ** 2
    film = field + 0.97 * bright + 0.05 * scatter
    card, lead = _marker()
    film = film + 150 * card
    film = film + lead * (0.985 * WHITE - film)
    return np.asarray(film + _noise(random) * (2.4 + 2.6 * np.clip(film, 0, WHITE) / WHITE))


def _noise(random: np.random.RandomState) -> np.ndarray:
    """Quantum noise and, slower, the mottle of the imaging plate; deviation about 1."""
    white = random.standard_normal((HEIGHT, WIDTH))
    noise = 0.7 * white + 0.9 * cv2.GaussianBlur(white, (0, 0), 0.8)
    for step, strength in ((4, 0.6), (16, 0.8), (64, 1.0)):
        coarse = random.standard_normal((HEIGHT // step + 1, WIDTH // step + 1))
        noise = noise + strength * cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return np.asarray(noise)


def _marker() -> tuple[np.ndarray, np.ndarray]:
    """The plastic card and the lead letters upon it, each 0..1."""
    card = np.zeros((HEIGHT, WIDTH), np.uint8)
    lead = np.zeros((HEIGHT, WIDTH), np.uint8)
    corners = np.array([(-2.5, -2.5), (32.5, -2.5), (32.5, 21.5), (-2.5, 21.5)])
    _draw(card, [corners], filled=True, width_mm=0)
    _draw(lead, _word("L", (11.0, 9.0), 1.75), filled=False, width_mm=2.0)
    _draw(lead, _word("PHANTOM", (0.0, 0.0), 0.8), filled=False, width_mm=0.95)
    soft = [cv2.GaussianBlur(layer.astype(np.float64), (0, 0), 1.3) for layer in (card, lead)]
    return soft[0], soft[1]


def _word(text: str, at: tuple[float, float], scale: float) -> list[np.ndarray]:
    return [
        np.array(stroke) * scale + (at[0] + index * 5.8 * scale, at[1])
        for index, letter in enumerate(text)
        for stroke in _LETTERS[letter]
    ]


def _draw(layer: np.ndarray, strokes: list[np.ndarray], filled: bool, width_mm: float) -> None:
    """Draw strokes of the marker's own frame (mm) where the card lies on the film, slightly turned."""
    turn = np.deg2rad(5.0)
    rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    for stroke in strokes:
        points = _to_pixels(stroke @ rotation + (-76.0, -34.0))
        fixed = np.rint(points * (1 << _SUBPIXEL_BITS)).astype(np.int32)
        if filled:
            cv2.fillPoly(layer, [fixed], 1, shift=_SUBPIXEL_BITS)
        else:
            cv2.polylines(layer, [fixed], False, 1, round(width_mm / SPACING_MM), cv2.LINE_8, _SUBPIXEL_BITS)
