"""What a user's film may go through that leaves the bone age as it is: turned, brightened, cut, noisy ...

All on uint16 (h, w), bone bright; a change may give another size. Each is a pure function of the film and a generator.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

Change = Callable[[np.ndarray, np.random.Generator], np.ndarray]
FULL = 65535


def turned_by(degrees: float) -> Change:
    """Turned about its middle, the canvas enlarged, its corners as dark as the film's darkest."""

    def change(film: np.ndarray, _: np.random.Generator) -> np.ndarray:
        height, width = film.shape
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
        wide = int(np.ceil(abs(matrix[0, 0]) * width + abs(matrix[0, 1]) * height))
        tall = int(np.ceil(abs(matrix[0, 1]) * width + abs(matrix[0, 0]) * height))
        matrix[:, 2] += ((wide - width) / 2, (tall - height) / 2)
        dark = float(np.percentile(film, 1))
        return cv2.warpAffine(film, matrix, (wide, tall), flags=cv2.INTER_LINEAR, borderValue=dark)

    return change


def resized(across: float, down: float) -> Change:
    """Made larger or smaller, or stretched."""

    def change(film: np.ndarray, _: np.random.Generator) -> np.ndarray:
        size = (max(32, round(film.shape[1] * across)), max(32, round(film.shape[0] * down)))
        shrinks = across * down < 1
        return np.asarray(
            cv2.resize(film, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR), np.uint16
        )

    return change


def regreyed(gain: float = 1.0, shift: float = 0.0, gamma: float = 1.0) -> Change:
    """Contrast, brightness (shares of the full range) and gamma; what leaves the range is clipped."""

    def change(film: np.ndarray, _: np.random.Generator) -> np.ndarray:
        greys = (film / FULL) ** gamma * gain + shift
        return np.asarray(np.clip(greys * FULL, 0, FULL).round(), np.uint16)

    return change


def mirrored(film: np.ndarray, _: np.random.Generator) -> np.ndarray:
    """Left and right exchanged."""
    return np.ascontiguousarray(film[:, ::-1])


def negative(film: np.ndarray, _: np.random.Generator) -> np.ndarray:
    """Bone dark on a bright background."""
    return np.asarray(FULL - film, np.uint16)


def bordered(grey: float, share: float = 0.12) -> Change:
    """A frame of one grey (0..1) around the film."""

    def change(film: np.ndarray, _: np.random.Generator) -> np.ndarray:
        width = round(share * max(film.shape))
        return cv2.copyMakeBorder(film, width, width, width, width, cv2.BORDER_CONSTANT, value=grey * FULL)

    return change


def collimated(film: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A tilted field inside a white surround that covers the corners."""
    height, width = film.shape
    box = cv2.boxPoints(((width / 2, height / 2), (1.02 * width, 1.02 * height), float(random.uniform(4, 10))))
    field = cv2.fillPoly(np.zeros(film.shape, np.uint8), [np.round(box).astype(np.int32)], 1)
    return np.where(field > 0, film, FULL).astype(np.uint16)


def marked(film: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A bright letter in a corner, as a side marker lies."""
    side = 0.08 * max(film.shape)
    at = (round(0.04 * film.shape[1]), round(0.12 * film.shape[0]))
    letter, width = str(random.choice(["L", "R"])), max(1, round(side / 10))
    ink = np.zeros(film.shape, np.uint8)  # OpenCV writes on 8 bits only
    cv2.putText(ink, letter, at, cv2.FONT_HERSHEY_SIMPLEX, side / 22, 255, width)
    return np.where(ink > 0, FULL, film).astype(np.uint16)


def noisy(share: float) -> Change:
    """Grey noise with this standard deviation, as a share of the film's range."""

    def change(film: np.ndarray, random: np.random.Generator) -> np.ndarray:
        low, high = np.percentile(film, [1, 99])
        noise = random.standard_normal(film.shape) * share * max(high - low, 1)
        return np.asarray(np.clip(film + noise, 0, FULL).round(), np.uint16)

    return change


def blurred(share: float) -> Change:
    """A Gaussian with a sigma of this share of the longer side."""

    def change(film: np.ndarray, _: np.random.Generator) -> np.ndarray:
        return np.asarray(cv2.GaussianBlur(film, (0, 0), share * max(film.shape)), np.uint16)

    return change


def jpeg(quality: int) -> Change:
    """Stored as an 8-bit JPEG."""

    def change(film: np.ndarray, _: np.random.Generator) -> np.ndarray:
        stored = cv2.imencode(".jpg", (film >> 8).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        read = np.asarray(cv2.imdecode(stored, cv2.IMREAD_GRAYSCALE), np.uint16)
        return read * 257

    return change


def bits(count: int) -> Change:
    """Stored with so many bits."""

    def change(film: np.ndarray, _: np.random.Generator) -> np.ndarray:
        levels = 2**count - 1
        return np.asarray(np.round(np.round(film / FULL * levels) / levels * FULL), np.uint16)

    return change


def every_change() -> dict[str, Change]:
    """All changes by name, in the order of the table."""
    changes: dict[str, Change] = {f"turned {degrees} degrees": turned_by(degrees) for degrees in range(30, 360, 30)}
    changes |= {"turned 50 degrees": turned_by(50), "turned 140 degrees": turned_by(140), "mirrored": mirrored}
    changes |= {f"size x {factor:g}": resized(factor, factor) for factor in (0.3, 0.5, 1.5, 3.0)}
    changes |= {"stretched across by 10 %": resized(1.1, 1.0), "stretched down by 10 %": resized(1.0, 1.1)}
    changes |= {f"brighter by {share:g}": regreyed(shift=share) for share in (0.1, 0.25, 0.4)}
    changes |= {f"darker by {share:g}": regreyed(shift=-share) for share in (0.1, 0.25)}
    changes |= {f"contrast x {gain:g}": regreyed(gain=gain) for gain in (0.4, 1.5, 2.5)}
    changes |= {f"gamma {gamma:g}": regreyed(gamma=gamma) for gamma in (0.5, 2.0)}
    changes |= {"negative": negative, "black border": bordered(0.0), "white border": bordered(1.0)}
    changes |= {"tilted collimator": collimated, "marker": marked}
    changes |= {f"noise {share:g}": noisy(share) for share in (0.03, 0.08)}
    changes |= {"blurred": blurred(0.004), "JPEG 20": jpeg(20), "8 bits": bits(8), "12 bits": bits(12)}
    return changes


def changed_at_random(film: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A film (uint16 (h, w)) as a user may bring it: moved, cut, in other greys, its detail spoilt, each by chance."""
    for chance, draw in ((0.6, _moved), (0.3, _surrounded), (0.3, _in_other_greys), (0.7, _spoilt)):
        if random.random() < chance:
            film = draw(random)(film, random)
    return film


def _moved(random: np.random.Generator) -> Change:
    """Turned within what cleaning undoes, of another size, stretched, or its lower end cut."""
    ways = (
        turned_by(random.uniform(-25, 25)),
        resized(factor := random.uniform(0.5, 1.6), factor),
        resized(random.uniform(1, 1.1), random.uniform(1, 1.1)),
        _lower_end_cut(random.uniform(0.05, 0.2)),
    )
    return ways[random.choice(len(ways), p=(0.5, 0.2, 0.15, 0.15))]


def _lower_end_cut(share: float) -> Change:
    """Without the lowest rows, where most films have the forearm."""

    def change(film: np.ndarray, _: np.random.Generator) -> np.ndarray:
        return film[: len(film) - round(share * len(film))]

    return change


def _surrounded(random: np.random.Generator) -> Change:
    ways = (bordered(float(random.random()), random.uniform(0.03, 0.15)), collimated, marked)
    return ways[random.integers(len(ways))]


def _in_other_greys(random: np.random.Generator) -> Change:
    ways = (
        regreyed(shift=random.uniform(-0.2, 0.2)),
        regreyed(gain=random.uniform(0.4, 1.4)),
        regreyed(gamma=float(np.exp(random.uniform(-0.7, 0.7)))),
    )
    return ways[random.integers(len(ways))]


def _spoilt(random: np.random.Generator) -> Change:
    ways = (
        jpeg(int(random.integers(15, 80))),
        noisy(random.uniform(0.003, 0.05)),
        blurred(random.uniform(0.001, 0.004)),
    )
    return ways[random.choice(len(ways), p=(0.45, 0.35, 0.2))]


def cut(
    film: np.ndarray, wrist: np.ndarray, direction: np.ndarray, length: float, low: float, high: float
) -> np.ndarray:
    """What lies between two lines across the hand, ``low`` and ``high`` lengths from the wrist; the rest goes dark."""
    rows, columns = np.mgrid[: film.shape[0], : film.shape[1]]
    along = ((columns - wrist[0]) * direction[0] + (rows - wrist[1]) * direction[1]) / length
    return np.where((along >= low) & (along <= high), film, np.percentile(film, 1)).astype(np.uint16)
