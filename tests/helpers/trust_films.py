"""Pictures with and without a hand, all made from the drawn phantom or drawn here."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from bone_age_gui import paths

SAMPLE = paths.sample_files()[0].parent / "phantom_hand.png"


def hand() -> np.ndarray:
    """The drawn hand as bare pixels, uint8 (h, w): nothing says that it is a phantom."""
    pixels = cv2.imread(str(SAMPLE), cv2.IMREAD_GRAYSCALE)
    assert pixels is not None
    return np.asarray(pixels, np.uint8)


def half_hand() -> np.ndarray:
    """The same, cut through the palm: fingers without wrist."""
    film = hand()
    return film[: int(0.45 * film.shape[0])]


def two_hands() -> np.ndarray:
    """A hand beside its mirror image."""
    film = hand()
    return np.hstack([film, film[:, ::-1]])


def chest() -> np.ndarray:
    """Two dark lungs under ribs beside a bright spine, uint8 (900, 900)."""
    rows, columns = np.mgrid[0:900, 0:900].astype(np.float32)
    film = np.full((900, 900), 150, np.float32)
    for centre in (290, 610):
        film -= 110 * (((columns - centre) / 130) ** 2 + ((rows - 430) / 300) ** 2 < 1)
    film[:, 420:480] += 60
    picture = np.clip(film, 0, 255).astype(np.uint8)
    for rib in range(8):
        top = 180 + 70 * rib
        for centre in (290, 610):
            cv2.ellipse(picture, (centre, top), (150, 60), 0, 20, 160, 170, 14)
    noise = np.random.default_rng(5).normal(0, 4, picture.shape)
    return np.clip(cv2.GaussianBlur(picture, (0, 0), 3) + noise, 0, 255).astype(np.uint8)


def letter() -> np.ndarray:
    """A typed page, uint8 (1000, 720)."""
    page = np.full((1000, 720), 245, np.uint8)
    words = "Dear colleague, thank you for sending this child to us. The film"
    for line in range(22):
        text = words[line % 7 :] if line % 5 else words[:24]
        cv2.putText(page, text, (60, 120 + 36 * line), cv2.FONT_HERSHEY_COMPLEX, 0.55, 20, 1, cv2.LINE_AA)
    return page


def small_hand() -> np.ndarray:
    """The drawn hand with as few pixels as films of the training have, uint8."""
    return cv2.resize(hand(), None, fx=0.35, fy=0.35, interpolation=cv2.INTER_AREA)


def noisy(deviation: float) -> np.ndarray:
    """The same with grey noise of this deviation."""
    film = small_hand()
    noise = np.random.default_rng(3).normal(0, deviation, film.shape)
    return np.clip(film + noise, 0, 255).astype(np.uint8)


def compressed() -> np.ndarray:
    """The same from a JPEG file of the lowest quality: its blocks lie over the bones."""
    stored = cv2.imencode(".jpg", small_hand(), [cv2.IMWRITE_JPEG_QUALITY, 5])[1]
    return np.asarray(cv2.imdecode(stored, cv2.IMREAD_GRAYSCALE), np.uint8)


def darkened() -> np.ndarray:
    """The drawn hand, so much darker that its bones are cut off at black."""
    return np.asarray(cv2.subtract(hand(), np.full_like(hand(), 100)), np.uint8)


def save(folder: Path, **films: np.ndarray) -> dict[str, Path]:
    """Each as PNG under its name."""
    saved = {}
    for name, film in films.items():
        saved[name] = folder / f"{name}.png"
        assert cv2.imwrite(str(saved[name]), film)
    return saved
