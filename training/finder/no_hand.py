"""Made pictures without a hand: letters, faces, textures, things, and radiographs of other parts, simply drawn."""

from __future__ import annotations

import string
from collections.abc import Callable

import cv2
import numpy as np

from training.finder.exposure import write_words
from training.finder.placing import SIDE


def _point(rng: np.random.Generator, low: float = 0.0, high: float = 1.0) -> tuple[int, int]:
    x, y = rng.uniform(low, high, 2) * SIDE
    return int(x), int(y)


def _grey(rng: np.random.Generator) -> float:
    return float(rng.uniform(0, 255))


def _canvas(rng: np.random.Generator) -> np.ndarray:
    return np.full((SIDE, SIDE), float(rng.choice([0.0, 255.0, _grey(rng)])), np.float32)


def clouds(rng: np.random.Generator, finest: int = 7) -> np.ndarray:
    """Noise of several sizes, float32 (192, 192), about -1..1."""
    noise = np.zeros((SIDE, SIDE), np.float32)
    fall = rng.uniform(0.35, 0.9)
    for octave in range(1, finest + 1):
        coarse = rng.standard_normal((2**octave + 1, 2**octave + 1)).astype(np.float32)
        noise += fall**octave * cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return noise / (np.abs(noise).max() + 1e-6)


def blank_film(rng: np.random.Generator) -> np.ndarray:
    """One grey, or a slow slope of it."""
    corners = np.clip(_grey(rng) + rng.uniform(-60, 60, (2, 2)) * rng.integers(0, 2), 0, 255)
    return cv2.resize(corners.astype(np.float32), (SIDE, SIDE))


def noise(rng: np.random.Generator) -> np.ndarray:
    """White, coloured or sparse noise."""
    white: np.ndarray = rng.standard_normal((SIDE, SIDE)).astype(np.float32)
    if rng.random() < 0.4:
        soft = np.asarray(cv2.GaussianBlur(white, (0, 0), rng.uniform(0.5, 6)))
        white = soft / (soft.std() + 1e-6)
    if rng.random() < 0.2:
        white = (white > rng.uniform(1.5, 3)) * 4.0
    return _grey(rng) + white.astype(np.float32) * rng.uniform(5, 80)


def page_of_text(rng: np.random.Generator) -> np.ndarray:
    """A page of words, sometimes with a frame or a table."""
    page = _canvas(rng)
    ink = 0.0 if page[0, 0] > 128 else 255.0
    scale, step = rng.uniform(0.2, 1.0), int(rng.uniform(7, 30))
    fonts = [*range(8)]
    font, thick = int(rng.choice(fonts)), int(rng.integers(1, 3))
    for y in range(int(rng.uniform(5, 40)), SIDE, step):
        count = int(rng.integers(3, 40))
        words = "".join(rng.choice(list(string.ascii_letters + string.digits + "      .,:-"), count))
        page = write_words(page, words, (int(rng.uniform(0, 30)), y), font, scale, thick, ink)
        if rng.random() < 0.1:
            cv2.line(page, (0, y), (SIDE, y), ink, 1)
    return page


def face(rng: np.random.Generator) -> np.ndarray:
    """A head of simple shapes with shoulders and hair."""
    canvas = _canvas(rng)
    x, y = _point(rng, 0.35, 0.65)
    wide, high = rng.uniform(22, 60), rng.uniform(28, 75)
    skin, dark = _grey(rng), _grey(rng)

    def oval(dx: float, dy: float, rx: float, ry: float, value: float, start: int = 0, end: int = 360) -> None:
        cv2.ellipse(canvas, (int(x + dx), int(y + dy)), (max(1, int(rx)), max(1, int(ry))), 0, start, end, value, -1)

    oval(0, high * 1.9, wide * 2, high, _grey(rng))
    oval(0, -high * 0.15, wide * 1.2, high * 1.1, dark)
    oval(0, 0, wide, high, skin)
    for sign in (-1, 1):
        oval(sign * wide * 0.4, -high * 0.2, wide * 0.18, high * 0.1, 255.0)
        oval(sign * wide * 0.4, -high * 0.2, wide * 0.08, high * 0.08, 0.0)
        oval(sign * wide, 0, wide * 0.15, high * 0.2, skin)
    oval(0, high * 0.1, wide * 0.1, high * 0.18, dark)
    oval(0, high * 0.5, wide * 0.4, high * 0.13, dark, 0, 180)
    return cv2.GaussianBlur(canvas, (0, 0), rng.uniform(0.3, 3))


def texture(rng: np.random.Generator) -> np.ndarray:
    """Clouds, stripes, tiles, dots or rings."""
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    warp = clouds(rng, 4) * rng.uniform(0, 30)
    angle, wave = rng.uniform(0, np.pi), rng.uniform(3, 40)
    along = x * np.cos(angle) + y * np.sin(angle) + warp
    across = y * np.cos(angle) - x * np.sin(angle) + warp
    kind = rng.integers(0, 5)
    values = (
        clouds(rng),
        np.sin(along * 2 * np.pi / wave),
        np.sign(np.sin(along * 2 * np.pi / wave) * np.sin(across * 2 * np.pi / wave)),
        np.sin(along * 2 * np.pi / wave) + np.sin(across * 2 * np.pi / wave),
        np.sin(np.hypot(x - rng.uniform(0, SIDE), y - rng.uniform(0, SIDE)) * 2 * np.pi / wave + warp / 5),
    )[kind]
    return (_grey(rng) + values * rng.uniform(10, 120)).astype(np.float32)


def things(rng: np.random.Generator) -> np.ndarray:
    """Polygons, discs, rings, boxes and stars upon each other."""
    canvas = _canvas(rng)
    for _ in range(rng.integers(1, 9)):
        centre, value, thick = _point(rng), _grey(rng), int(rng.choice([-1, -1, 2, 5]))
        kind = rng.integers(0, 4)
        if kind == 0:
            axes = (int(rng.uniform(3, 70)), int(rng.uniform(3, 70)))
            cv2.ellipse(canvas, centre, axes, rng.uniform(0, 180), 0, 360, value, thick)
        elif kind == 1:
            cv2.rectangle(canvas, centre, _point(rng), value, thick)
        else:
            corners = int(rng.integers(3, 12))
            angles = np.sort(rng.uniform(0, 2 * np.pi, corners))
            reach = rng.uniform(5, 70) * (1 if kind == 2 else rng.uniform(0.3, 1, corners))
            outline = np.stack([np.cos(angles), np.sin(angles)], 1) * np.reshape(reach, (-1, 1)) + centre
            cv2.fillPoly(canvas, [outline.astype(np.int32)], value)
    return cv2.GaussianBlur(canvas, (0, 0), rng.uniform(0.3, 2.5))


def tree(rng: np.random.Generator) -> np.ndarray:
    """Branches, forks and combs: tubes that part as fingers do, without joints."""
    mask = np.zeros((SIDE, SIDE), np.uint8)

    def grow(start: np.ndarray, angle: float, length: float, width: float, depth: int) -> None:
        end = start + length * np.array([np.cos(angle), np.sin(angle)])
        cv2.line(mask, start.astype(int).tolist(), end.astype(int).tolist(), 255, max(1, int(width)))
        if depth:
            for turn in rng.uniform(-1.1, 1.1, rng.integers(2, 6)):
                grow(end, angle + turn, length * rng.uniform(0.5, 1.0), width * rng.uniform(0.4, 0.9), depth - 1)

    grow(rng.uniform(0.2, 0.8, 2) * SIDE, rng.uniform(0, 2 * np.pi), rng.uniform(20, 80), rng.uniform(2, 30),
         int(rng.integers(1, 4)))  # fmt: skip
    return _shade(mask, rng)


def _shade(mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A body from its silhouette: thick in the middle, with a bright rim as bone has it or without."""
    depth = np.sqrt(cv2.distanceTransform(mask, cv2.DIST_L2, 3))
    body = depth / (depth.max() + 1e-6)
    rim = ((depth > 0) & (depth < rng.uniform(1, 2))) * rng.uniform(0, 0.6)
    lit = body * rng.uniform(0.3, 1) + rim
    return _grey(rng) * 0.3 + lit.astype(np.float32) * rng.uniform(60, 200)


def _tube(mask: np.ndarray, start: np.ndarray, end: np.ndarray, width: float, flare: float) -> None:
    """A long bone: a shaft with two wider ends."""
    along = end - start
    aside = np.array([-along[1], along[0]]) / (np.linalg.norm(along) + 1e-6)
    at = np.array([0, 0.06, 0.2, 0.5, 0.8, 0.94, 1])
    half = width * np.array([0.8, 1, 0.7, 0.55, 0.7, 1, 0.8]) * np.where(np.abs(at - 0.5) > 0.25, flare, 1)
    middle, wide = start + at[:, None] * along, half[:, None] * aside
    cv2.fillPoly(mask, [np.vstack([middle + wide, (middle - wide)[::-1]]).astype(np.int32)], 255)


def long_bones(rng: np.random.Generator) -> np.ndarray:
    """One to three long bones in flesh, with or without a joint between them."""
    flesh, bone = np.zeros((SIDE, SIDE), np.uint8), np.zeros((SIDE, SIDE), np.uint8)
    angle = rng.uniform(0, 2 * np.pi)
    axis = np.array([np.cos(angle), np.sin(angle)])
    aside = np.array([-axis[1], axis[0]])
    middle = rng.uniform(0.3, 0.7, 2) * SIDE
    width = rng.uniform(5, 32)
    bend = rng.normal(0, 0.5)
    second = np.array([np.cos(angle + bend), np.sin(angle + bend)])
    for direction, count in ((-axis, rng.integers(1, 3)), (second, rng.integers(0, 3))):
        length = rng.uniform(60, 250)
        start = middle + direction * width * 0.5
        cv2.line(flesh, middle.astype(int).tolist(), (start + direction * length).astype(int).tolist(), 255,
                 int(width * rng.uniform(2.5, 5)))  # fmt: skip
        for index in range(count):
            off = aside * (index - (count - 1) / 2) * width * 1.6
            _tube(bone, start + off, start + off + direction * length, width / count * 1.3, rng.uniform(1, 1.8))
    for _ in range(rng.integers(0, 4)):
        spot = (middle + rng.normal(0, width, 2)).astype(int).tolist()
        cv2.circle(bone, spot, int(width * rng.uniform(0.2, 0.7)), 255, -1)
    return np.maximum(_shade(flesh, rng) * 0.6, 0) + _shade(bone, rng) * (bone > 0)


def chest(rng: np.random.Generator) -> np.ndarray:
    """Lungs, ribs, spine, collar bones and a heart."""
    canvas = np.full((SIDE, SIDE), rng.uniform(100, 200), np.float32)
    x, y = SIDE / 2 + rng.normal(0, 8, 2)
    wide, high = rng.uniform(28, 42), rng.uniform(50, 80)
    for sign in (-1, 1):
        at = (int(x + sign * wide * 1.15), int(y))
        cv2.ellipse(canvas, at, (int(wide), int(high)), sign * rng.uniform(0, 8), 0, 360, rng.uniform(10, 60), -1)
    over = np.zeros_like(canvas)
    for step in np.linspace(-1, 1, int(rng.integers(7, 13))):
        for sign in (-1, 1):
            at = (int(x + sign * wide * 0.9), int(y + step * high))
            axes = (int(wide * 1.35), int(high * rng.uniform(0.2, 0.3)))
            thick = int(rng.integers(2, 6))
            cv2.ellipse(over, at, axes, sign * rng.uniform(5, 20), 180, 360, rng.uniform(20, 60), thick)
    for step in range(-8, 9):
        corner = (int(x - 7), int(y + step * 12))
        cv2.rectangle(over, corner, (corner[0] + 14, corner[1] + 9), rng.uniform(40, 80), -1)
    cv2.ellipse(over, (int(x + wide * 0.5), int(y + high * 0.4)), (int(wide), int(high * 0.5)), 20, 0, 360, 80.0, -1)
    return cv2.GaussianBlur(canvas + over, (0, 0), rng.uniform(0.8, 2.5))


def blocks(rng: np.random.Generator) -> np.ndarray:
    """A row of rounded blocks: a spine from the side, or teeth."""
    mask = np.zeros((SIDE, SIDE), np.uint8)
    count, wide = int(rng.integers(5, 15)), rng.uniform(5, 24)
    bend, angle = rng.uniform(-0.012, 0.012), rng.uniform(0, 2 * np.pi)
    for row in range(int(rng.integers(1, 3))):
        for index in range(count):
            s = (index - count / 2) * wide * 1.25
            spot = np.array([s, s * s * bend + row * wide * rng.uniform(1.5, 2.5)])
            turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
            at = turn @ spot + SIDE / 2
            size = (float(wide), float(wide * rng.uniform(0.8, 2)))
            box = cv2.boxPoints(((float(at[0]), float(at[1])), size, float(np.degrees(angle))))
            cv2.fillConvexPoly(mask, box.astype(np.int32), 255)
    mask = (cv2.GaussianBlur(mask, (0, 0), 2) > 120).astype(np.uint8) * 255
    return _shade(mask, rng) + clouds(rng, 4) * 20


def pelvis(rng: np.random.Generator) -> np.ndarray:
    """Two rings, two heads with shafts and a block between."""
    mask = np.zeros((SIDE, SIDE), np.uint8)
    x, y = SIDE / 2 + rng.normal(0, 10, 2)
    size = rng.uniform(22, 45)
    for sign in (-1, 1):
        for at, axes, turn, thick in (
            ((1.0, -0.5), (0.8, 1.0), sign * 30, rng.uniform(0.15, 0.5)),
            ((0.5, 0.7), (0.4, 0.5), 0, 0.2),
        ):
            centre = (int(x + sign * size * at[0]), int(y + size * at[1]))
            reach = (int(size * axes[0]), int(size * axes[1]))
            cv2.ellipse(mask, centre, reach, turn, 0, 360, 255, int(size * thick))
        head = np.array([x + sign * size * 1.5, y + size * 0.5])
        cv2.circle(mask, head.astype(int).tolist(), int(size * 0.35), 255, -1)
        _tube(mask, head, head + np.array([sign * size * 0.4, size * 3]), size * 0.3, 1.2)
    cv2.rectangle(mask, (int(x - size * 0.3), 0), (int(x + size * 0.3), int(y)), 255, -1)
    return _shade(mask, rng) + clouds(rng, 5) * 15


KINDS: tuple[Callable[[np.random.Generator], np.ndarray], ...] = (
    blank_film, noise, page_of_text, face, texture, things, tree, long_bones, long_bones, chest, chest, blocks, pelvis,
)  # fmt: skip


def no_hand(rng: np.random.Generator) -> np.ndarray:
    """One made picture without a hand, float32 (192, 192) in 0..255, turned now and then."""
    picture: np.ndarray = KINDS[rng.integers(len(KINDS))](rng).astype(np.float32)
    if rng.random() < 0.15:
        picture = np.maximum(picture, KINDS[rng.integers(len(KINDS))](rng)).astype(np.float32)
    if rng.random() < 0.3:
        picture = picture + clouds(rng) * rng.uniform(3, 30)
    if rng.random() < 0.5:
        turn = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), rng.uniform(0, 360), rng.uniform(0.6, 1.6))
        picture = cv2.warpAffine(picture, turn, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    return np.clip(picture, 0, 255)
