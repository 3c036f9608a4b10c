"""What exposure, processing and a person's pen do to a made film: grey levels, negatives, noise, letters, borders."""

from __future__ import annotations

import string

import cv2
import numpy as np

NEGATIVE_SHARE = 0.125
PLAIN_SHARE = 0.3
"""Films that only may be made negative."""
_FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_PLAIN, cv2.FONT_HERSHEY_TRIPLEX)


def expose(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Float32 (s, s) in 0..255 -> the same after a chain of changes drawn by chance."""
    pixels = np.clip(pixels, 0, 255).astype(np.float32)
    if rng.random() < PLAIN_SHARE:
        return 255 - pixels if rng.random() < NEGATIVE_SHARE else pixels
    if rng.random() < 0.5:
        pixels = _stretched(pixels)
    if rng.random() < 0.5:
        pixels = 255 * (pixels / 255) ** np.exp(rng.uniform(-0.9, 0.9))
    if rng.random() < 0.2:
        pixels = _uneven(pixels, rng)
    if rng.random() < 0.35:
        pixels = _marked(pixels, rng)
    if rng.random() < 0.4:
        pixels = _clipped(pixels, rng)
    if rng.random() < NEGATIVE_SHARE:
        pixels = 255 - pixels
    if rng.random() < 0.2:
        pixels = _bordered(pixels, rng)
    if rng.random() < 0.15:
        pixels = _shrunk_contrast(pixels, rng)
    return pixels


def _stretched(pixels: np.ndarray) -> np.ndarray:
    low, high = np.percentile(pixels[::2, ::2], (1, 99))
    return np.clip((pixels - low) * (255 / max(high - low, 1)), 0, 255)


def _uneven(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    slope = cv2.resize(rng.uniform(-60, 60, (2, 2)).astype(np.float32), pixels.shape[::-1])
    return np.clip(pixels + slope, 0, 255)


def _clipped(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Brightness and contrast about the film's own middle, up to clipping."""
    middle = np.percentile(pixels[::3, ::3], rng.uniform(20, 80))
    contrast, shift = np.exp(rng.uniform(-0.3, 1.1)), rng.uniform(-90, 90)
    return np.clip((pixels - middle) * contrast + middle + shift, 0, 255)


def _shrunk_contrast(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    room = rng.uniform(0.06, 0.4)
    return np.round(pixels * room + rng.uniform(0, 255 * (1 - room)))


def degrade(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Blur, noise and lossy coding by chance; float32 (s, s) in 0..255."""
    spread = float(pixels.std()) + 1
    if rng.random() < 0.25:
        pixels = cv2.GaussianBlur(pixels, (0, 0), rng.uniform(0.4, 1.8))
    if rng.random() < 0.35:
        noise = rng.standard_normal(pixels.shape, np.float32)
        pixels = pixels + noise * spread * rng.uniform(0.02, 0.35)
    if rng.random() < 0.2:
        quality = int(rng.integers(10, 80))
        coded = cv2.imencode(".jpg", np.clip(pixels, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        pixels = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE))
    return np.clip(pixels, 0, 255).astype(np.float32)


def _marked(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Letters, a plate behind them, a ruler or a wire."""
    for _ in range(rng.integers(1, 4)):
        value = float(rng.choice([255.0, 230.0, 0.0, rng.uniform(0, 255)]))
        x, y = (int(v) for v in rng.integers(0, pixels.shape[0], 2))
        kind = rng.random()
        if kind < 0.6:
            words = "".join(rng.choice(list(string.ascii_uppercase + string.digits), rng.integers(1, 9)))
            words = str(rng.choice(["L", "R", "LEFT", words, words]))
            scale, thick = rng.uniform(0.25, 1.4), int(rng.integers(1, 4))
            if rng.random() < 0.4:
                box = cv2.getTextSize(words, _FONTS[0], scale, thick)[0]
                cv2.rectangle(pixels, (x - 3, y + 3), (x + box[0] + 3, y - box[1] - 3), float(rng.uniform(0, 255)), -1)
            pixels = write_words(pixels, words, (x, y), int(rng.choice(_FONTS)), scale, thick, value)
        elif kind < 0.8:
            end = rng.integers(0, pixels.shape[0], 2)
            cv2.line(pixels, (x, y), (int(end[0]), int(end[1])), value, int(rng.integers(1, 4)), cv2.LINE_AA)
        else:
            far = rng.integers(4, 50, 2)
            thick = int(rng.choice([-1, 1, 2]))
            cv2.rectangle(pixels, (x, y), (x + int(far[0]), y + int(far[1])), value, thick)
    return pixels


def write_words(
    pixels: np.ndarray, words: str, at: tuple[int, int], font: int, scale: float, thick: int, value: float
) -> np.ndarray:
    """Words on a picture of any depth (OpenCV writes on bytes only)."""
    mask = np.zeros(pixels.shape, np.uint8)
    cv2.putText(mask, words, at, font, scale, 255, thick, cv2.LINE_AA)
    ink = mask.astype(np.float32) / 255
    return pixels * (1 - ink) + value * ink


def _bordered(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A border along the film's edges; thin, so that hardly a joint lies under it."""
    pixels = pixels.copy()
    widths = rng.integers(0, 10, 4)
    value = float(rng.choice([0.0, 255.0, rng.uniform(0, 255)]))
    pixels[: widths[0]] = value
    pixels[len(pixels) - widths[1] :] = value
    pixels[:, : widths[2]] = value
    pixels[:, len(pixels) - widths[3] :] = value
    return pixels
