"""Pictures without a hand, drawn apart from those that the finder learned from, and parts cut out of real hands."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator

import cv2
import numpy as np

from bone_age_gui.core.values.joints import HandJoints
from training.finder.no_hand import no_hand

SIDE = 640
_FULL = 65535
Draw = Callable[[np.random.Generator], np.ndarray]


def plain(rng: np.random.Generator) -> np.ndarray:
    """One grey, a slope, or an empty exposure with a bright frame."""
    picture = np.full((SIDE, SIDE), rng.uniform(0, 1), np.float32)
    if rng.random() < 0.5:
        picture += np.linspace(-0.3, 0.3, SIDE, dtype=np.float32)[:, None] * rng.uniform(0, 1)
    if rng.random() < 0.5:
        cv2.rectangle(picture, (40, 40), (SIDE - 40, SIDE - 40), float(rng.uniform(0, 1)), int(rng.integers(2, 30)))
    return picture


def static(rng: np.random.Generator) -> np.ndarray:
    """Noise, fine or coarse."""
    count = int(rng.choice([SIDE, SIDE // 2, SIDE // 8, SIDE // 24]))
    small = rng.standard_normal((count, count)).astype(np.float32) * 0.2 + 0.5
    return cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)


def page(rng: np.random.Generator) -> np.ndarray:
    """A letter, a form or a screen of text."""
    paper, ink = (242, 25) if rng.random() < 0.7 else (13, 230)
    picture = np.full((SIDE, SIDE), paper, np.uint8)  # OpenCV writes on 8 bits only
    scale, margin = float(rng.uniform(0.4, 1.1)), int(rng.uniform(20, 90))
    font = int(rng.choice([cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX]))
    for line in range(margin, SIDE - 20, round(38 * scale) + 4):
        words = [
            "".join(rng.choice(list(string.ascii_lowercase), rng.integers(1, 10))) for _ in range(rng.integers(1, 12))
        ]
        cv2.putText(picture, " ".join(words), (margin, line), font, scale, ink, 1 + int(scale > 0.8), cv2.LINE_AA)
    for _ in range(int(rng.integers(0, 3))):
        corner = rng.integers(0, SIDE - 150, 2)
        cv2.rectangle(picture, corner.tolist(), (corner + rng.integers(60, 150, 2)).tolist(), ink, 2)
    return picture.astype(np.float32) / 255


def portrait(rng: np.random.Generator) -> np.ndarray:
    """A lit head with hair, eyes, nose and mouth before a wall."""
    picture = np.full((SIDE, SIDE), rng.uniform(0.1, 0.9), np.float32)
    centre, wide = np.array([SIDE / 2, SIDE * 0.45]) + rng.normal(0, 30, 2), rng.uniform(110, 170)
    tall, skin = wide * rng.uniform(1.2, 1.5), rng.uniform(0.35, 0.85)

    def oval(x: float, y: float, across: float, down: float, grey: float) -> None:
        at = (round(centre[0] + x * wide), round(centre[1] + y * tall))
        cv2.ellipse(picture, at, (round(across * wide), round(down * tall)), 0, 0, 360, float(grey), -1, cv2.LINE_AA)

    oval(0, 1.9, 2.0, 0.9, rng.uniform(0, 1))
    oval(0, -0.25, 1.15, 1.0, rng.uniform(0, 0.4))
    oval(0, 0, 1, 1, skin)
    for side in (-1, 1):
        oval(side * 0.4, -0.15, 0.2, 0.08, 0.95)
        oval(side * 0.4, -0.15, 0.08, 0.07, 0.05)
        oval(side * 0.4, -0.33, 0.25, 0.03, 0.15)
    oval(0, 0.15, 0.12, 0.2, skin * 0.8)
    oval(0, 0.55, 0.38, 0.08, skin * 0.55)
    light = np.linspace(-1, 1, SIDE, dtype=np.float32)[None, :] * rng.uniform(-0.25, 0.25)
    return cv2.GaussianBlur(picture + light, (0, 0), rng.uniform(1, 5))


def _shadow(thickness: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Brightness 0..1 behind a thickness, as a film shows it: what is thick is bright."""
    grain = cv2.GaussianBlur(rng.standard_normal(thickness.shape).astype(np.float32), (0, 0), rng.uniform(0.6, 2))
    soft = cv2.GaussianBlur(thickness.astype(np.float32), (0, 0), rng.uniform(0.8, 2.5))
    return 1 - np.exp(-soft) + 0.02 * grain


def _rod(thickness: np.ndarray, start: np.ndarray, end: np.ndarray, half: float, dense: float) -> None:
    """A bone with a dense shell, wider at both ends, and dark lines across where it grows."""
    along = (end - start) / (np.linalg.norm(end - start) + 1e-6)
    aside = np.array([-along[1], along[0]])
    for share, weight in ((1.0, 0.6), (0.62, -0.35)):
        at = np.linspace(0, 1, 24)
        widths = half * share * (0.6 + 0.5 * np.abs(2 * at - 1) ** 3)
        middle = start + at[:, None] * (end - start)
        outline = np.concatenate([middle + widths[:, None] * aside, (middle - widths[:, None] * aside)[::-1]])
        mask = np.zeros(thickness.shape, np.uint8)
        cv2.fillPoly(mask, [np.rint(outline).astype(np.int32)], 1)
        thickness += mask * np.float32(weight * dense)
    for place in (0.12, 0.88):
        spot = start + place * (end - start)
        a, b = (np.rint(spot + sign * half * aside).astype(int).tolist() for sign in (-1, 1))
        line = np.zeros(thickness.shape, np.uint8)
        cv2.line(line, a, b, 1, max(1, round(half * 0.08)))
        thickness -= line * np.float32(0.2 * dense)


def thorax(rng: np.random.Generator) -> np.ndarray:
    """Lungs, spine, pairs of ribs, heart, shoulders."""
    thickness = np.full((SIDE, SIDE), 0.9, np.float32)
    middle, reach = SIDE / 2 + rng.normal(0, 20), rng.uniform(110, 170)
    for side in (-1, 1):
        lung = np.zeros((SIDE, SIDE), np.uint8)
        at = (round(middle + side * reach), round(SIDE * 0.48))
        cv2.ellipse(lung, at, (round(reach * 0.72), round(reach * 1.5)), side * 6, 0, 360, 1, -1)
        thickness -= cv2.GaussianBlur(lung.astype(np.float32), (0, 0), 8) * 0.6
        for rib in range(int(rng.integers(6, 11))):
            line = np.zeros((SIDE, SIDE), np.uint8)
            top = round(SIDE * 0.16 + rib * reach * rng.uniform(0.26, 0.3))
            cv2.ellipse(line, (round(middle + side * reach * 0.7), top), (round(reach * 1.1), round(reach * 0.5)),
                        side * 18, 0, 170, 1, int(rng.integers(8, 16)))  # fmt: skip
            thickness += line * np.float32(0.25)
        collar = (np.array([middle, SIDE * 0.12]), np.array([middle + side * reach * 1.5, SIDE * 0.08]))
        _rod(thickness, *collar, half=rng.uniform(7, 12), dense=0.5)
    for block in range(12):
        y = round(block * SIDE / 12)
        left, right = round(middle - reach * 0.2), round(middle + reach * 0.2)
        cv2.rectangle(thickness, (left, y), (right, y + round(SIDE / 15)), float(rng.uniform(1.3, 1.6)), -1)
    heart = np.zeros((SIDE, SIDE), np.uint8)
    at, axes = (round(middle + reach * 0.35), round(SIDE * 0.62)), (round(reach * 0.7), round(reach * 0.6))
    cv2.ellipse(heart, at, axes, -35, 0, 360, 1, -1)
    return _shadow(thickness + cv2.GaussianBlur(heart.astype(np.float32), (0, 0), 6) * 0.5, rng)


def limb(rng: np.random.Generator) -> np.ndarray:
    """A knee, an elbow, a shin or an upper arm: flesh with one to four long bones."""
    thickness = np.zeros((SIDE, SIDE), np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    centre = SIDE / 2 + rng.normal(0, 40, 2)
    half = rng.uniform(18, 45)
    for part in range(int(rng.integers(1, 3))):
        turn = angle + part * (np.pi + rng.normal(0, 0.5))
        along, aside = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
        flesh = np.zeros((SIDE, SIDE), np.uint8)
        far = centre + along * SIDE
        cv2.line(flesh, np.rint(centre).astype(int).tolist(), np.rint(far).astype(int).tolist(), 1, round(half * 5))
        thickness = np.maximum(thickness, cv2.GaussianBlur(flesh.astype(np.float32), (0, 0), 6) * 0.35)
        for place in range(count := int(rng.integers(1, 3))):
            off = aside * (place - (count - 1) / 2) * half * 1.7
            start = centre + along * half * 0.35 + off
            _rod(thickness, start, start + along * rng.uniform(200, 600), half / (1 + 0.5 * (count - 1)), 1.0)
    return _shadow(thickness, rng)


def surface(rng: np.random.Generator) -> np.ndarray:
    """Bricks, planks, cloth, leaves or waves."""
    rows, columns = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    kind = int(rng.integers(0, 4))
    if kind == 0:
        high, wide = rng.uniform(25, 70), rng.uniform(50, 150)
        shift = np.floor(rows / high) % 2 * wide / 2
        picture = 0.6 - 0.4 * (((rows % high) < 4) | (((columns + shift) % wide) < 4))
    elif kind == 1:
        rings = np.hypot(rows * rng.uniform(0.05, 0.2), columns - SIDE * rng.uniform(0, 1))
        picture = 0.5 + 0.3 * np.sin(rings / rng.uniform(2, 9) + np.sin(rows / 50))
    elif kind == 2:
        pitch = rng.uniform(4, 20)
        picture = 0.5 + 0.25 * np.sin(rows / pitch) * np.sin(columns / pitch)
    else:
        picture = np.full((SIDE, SIDE), 0.3, np.float32)
        for _ in range(int(rng.integers(40, 300))):
            at, axes = rng.integers(0, SIDE, 2).tolist(), (int(rng.integers(8, 70)), int(rng.integers(3, 22)))
            cv2.ellipse(picture, at, axes, rng.uniform(0, 360), 0, 360, float(rng.uniform(0.1, 0.9)), -1)
    return (picture + 0.04 * rng.standard_normal((SIDE, SIDE))).astype(np.float32)


def tool(rng: np.random.Generator) -> np.ndarray:
    """A comb, a fork, a key, a ladder or a wheel, as a thing is pictured or as a film shows it."""
    thickness = np.zeros((SIDE, SIDE), np.float32)
    kind, wide = int(rng.integers(0, 4)), int(rng.integers(8, 30))
    if kind == 0:
        cv2.rectangle(thickness, (80, 120), (560, 120 + 3 * wide), 1.0, -1)
        for tooth in range(80, 560, 3 * wide):
            cv2.rectangle(thickness, (tooth, 120), (tooth + wide, int(rng.integers(380, 520))), 0.9, -1)
    elif kind == 1:
        cv2.line(thickness, (320, 600), (320, 330), 1.0, 2 * wide)
        for prong in range(-1, 3):
            cv2.line(thickness, (320 + prong * 2 * wide, 330), (320 + prong * 2 * wide, 60), 1.0, wide)
        cv2.line(thickness, (320 - 2 * wide, 330), (320 + 4 * wide, 330), 1.0, wide)
    elif kind == 2:
        cv2.circle(thickness, (200, 200), 110, 1.0, 2 * wide)
        cv2.line(thickness, (280, 280), (560, 560), 1.0, 2 * wide)
        for tooth in range(400, 560, 2 * wide):
            cv2.line(thickness, (tooth, tooth), (tooth + 60, tooth - 60), 1.0, wide)
    else:
        for spoke in np.linspace(0, 2 * np.pi, int(rng.integers(5, 14)), endpoint=False):
            end = np.rint(320 + 230 * np.array([np.cos(spoke), np.sin(spoke)])).astype(int).tolist()
            cv2.line(thickness, (320, 320), end, 0.8, wide)
        cv2.circle(thickness, (320, 320), 240, 1.0, wide)
    turn = cv2.getRotationMatrix2D((320, 320), rng.uniform(0, 360), rng.uniform(0.6, 1.1))
    return _shadow(cv2.warpAffine(thickness, turn, (SIDE, SIDE)), rng)


def learned_kind(rng: np.random.Generator) -> np.ndarray:
    """Of the kinds that the finder learned from, drawn anew."""
    return cv2.resize(no_hand(rng) / 255, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)


KINDS: tuple[Draw, ...] = (
    plain, static, page, portrait, thorax, thorax, limb, limb, surface, tool, learned_kind, learned_kind
)  # fmt: skip


def stranger(rng: np.random.Generator) -> tuple[str, np.ndarray]:
    """Kind and one picture without a hand, uint16 (h, w), of some shape, exposure and polarity."""
    draw = KINDS[rng.integers(len(KINDS))]
    picture = draw(rng).astype(np.float32)
    high, wide = (int(rng.uniform(0.6, 1) * SIDE) for _ in range(2))
    picture = np.clip(picture[:high, :wide], 0, 1) ** float(np.exp(rng.uniform(-0.7, 0.7)))
    if rng.random() < 0.3:
        picture = np.clip((picture - 0.5) * rng.uniform(0.15, 2.5) + rng.uniform(0.3, 0.7), 0, 1)
    if rng.random() < 0.2:
        picture = 1 - picture
    return draw.__name__, np.rint(picture * _FULL).astype(np.uint16)


PARTS = {
    "finger tips": (0.74, 1.2, -0.7, 0.7),
    "fingers": (0.52, 1.2, -0.7, 0.7),
    "carpus": (-0.3, 0.22, -0.5, 0.5),
    "left half": (-0.4, 1.2, -0.7, 0.0),
    "right half": (-0.4, 1.2, 0.0, 0.7),
    "one finger": (0.42, 1.2, -0.1, 0.1),
}
"""What is kept of a hand that stands upright: from and to along it, from the wrist, and across; in its lengths."""


def parts_of(film: np.ndarray, hand: HandJoints) -> Iterator[tuple[str, np.ndarray]]:
    """Name and picture of every part of a whole hand, cut out of its film, uint16."""
    length = hand.length
    up, aside = np.array(hand.direction), np.array([-hand.direction[1], hand.direction[0]])
    for name, (low, high, left, right) in PARTS.items():
        size = (max(8, round((right - left) * length)), max(8, round((high - low) * length)))
        corner = np.array(hand.wrist_at) + high * length * up + left * length * aside
        matrix = np.column_stack([aside, -up, corner])
        dark = float(np.percentile(film, 1))
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        yield name, np.asarray(cv2.warpAffine(film, matrix, size, flags=flags, borderValue=dark), np.uint16)
