"""Films with known joints as small pictures: those with boxes drawn by people, and the drawn phantom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from bone_age_gui.core.model.finder.square import stretched_greys
from training.errors import TrainingError
from training.finder.joints import order_joints
from training.tables import number, read_rows

_COLUMNS = ("part", "id", "orig_width", "orig_height", "joint", "xmin", "ymin", "xmax", "ymax")
LONG_SIDE = 320
"""Longer side of a film in memory, pixels: a hand that fills it is shrunk to the network's 192, rarely enlarged."""


@dataclass(frozen=True)
class JointFilm:
    """One film: pixels uint8 (height, width), bone bright; joints float32 (17, 2) x, y in its pixels."""

    film_id: str
    pixels: np.ndarray
    joints: np.ndarray


def read_boxes(path: Path, part: str) -> dict[str, dict[str, np.ndarray]]:
    """Film id -> class -> centres (n, 2) as shares of the film's width and height.

    Raises ``BoneAgeError`` (``bad_boxes``) where the table cannot be read.
    """
    held: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))
    try:
        for film_part, film_id, joint, centre in read_rows(path, _COLUMNS, _box):
            if film_part == part:
                held[film_id][joint].append(centre)
    except ValueError as error:
        raise TrainingError(
            "The boxes cannot be read",
            f"{path.name}: {error}. Give a table with the columns {', '.join(_COLUMNS)}.",
            "bad_boxes",
        ) from error
    return {film_id: {joint: np.array(points) for joint, points in joints.items()} for film_id, joints in held.items()}


def _box(row: Mapping[str, str]) -> tuple[str, str, str, tuple[float, float]]:
    width, height = (number(row, name, 1) for name in ("orig_width", "orig_height"))
    xmin, ymin, xmax, ymax = (number(row, name) for name in ("xmin", "ymin", "xmax", "ymax"))
    return row["part"], row["id"], row["joint"], ((xmin + xmax) / 2 / width, (ymin + ymax) / 2 / height)


def read_small(path: Path, size: tuple[int, int], long_side: int = LONG_SIDE) -> np.ndarray:
    """The film as uint8 grey, greys stretched, with the original's aspect ratio and ``long_side`` pixels along it.

    Raises ``BoneAgeError`` (``bad_film``) if OpenCV reads no picture.
    """
    pixels = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        raise TrainingError(
            "A film cannot be read", f"{path.name} holds no picture. Replace it, or take it away.", "bad_film"
        )
    scale = long_side / max(size)
    wanted = (max(8, round(size[0] * scale)), max(8, round(size[1] * scale)))
    smaller = wanted[0] < pixels.shape[1]
    small = cv2.resize(pixels, wanted, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
    return np.rint(255 * stretched_greys(small)).astype(np.uint8)


def boxed_films(
    boxes: Path, part: str, files: dict[str, Path], sizes: dict[str, tuple[int, int]], without: Iterable[str] = ()
) -> Iterator[JointFilm]:
    """The films of one part of ``boxes.csv`` whose size is known and whose boxes make a whole hand, without some ids.

    Raises ``BoneAgeError``: ``bad_boxes``, ``bad_film``.
    """
    left_out = set(without)
    for film_id, shares in read_boxes(boxes, part).items():
        if film_id in left_out or film_id not in files or film_id not in sizes:
            continue
        pixels = read_small(files[film_id], sizes[film_id])
        side = np.array(pixels.shape[::-1], float)
        joints = order_joints({joint: points * side - 0.5 for joint, points in shares.items()})
        if joints is not None:
            yield JointFilm(film_id, pixels, joints.astype(np.float32))
