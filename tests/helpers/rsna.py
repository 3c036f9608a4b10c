"""A small folder in the official RSNA layout, drawn by the tests."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from films import hand_like, write_picture


@dataclass(frozen=True)
class RsnaFolder:
    """Paths of the pictures and tables, and the ids in them."""

    images: Path
    labels: Path
    sizes: Path
    ids: tuple[str, ...]

    def words(self, *, sizes: bool = True) -> list[str]:
        """Options by which the commands of the training package find the films."""
        words = ["--images", str(self.images), "--labels", str(self.labels)]
        return [*words, "--sizes", str(self.sizes)] if sizes else words


def write_rsna(
    folder: Path,
    count: int = 6,
    *,
    size: tuple[int, int] = (240, 300),
    stretch_to: int | None = None,
    first_id: int = 1,
) -> RsnaFolder:
    """Draw ``count`` films of ``size`` (width, height), girls and boys in turn, 36 months old and upwards.

    ``stretch_to`` stores them as squares of that side, as public copies do; the table of sizes tells how they were.
    """
    images = folder / "boneage-training-dataset"
    images.mkdir(parents=True)
    ids = tuple(str(first_id + number) for number in range(count))
    for number, film_id in enumerate(ids):
        film = hand_like(size[1], size[0], seed=number)
        if stretch_to:
            film = cv2.resize(film, (stretch_to, stretch_to), interpolation=cv2.INTER_LINEAR).astype(np.uint16)
        write_picture(images / f"{film_id}.png", film)
    labels = folder / "boneage-training-dataset.csv"
    rows = [[film_id, 36.0 + 120 * number / count, number % 2 == 1] for number, film_id in enumerate(ids)]
    write_table(labels, ["id", "boneage", "male"], rows)
    sizes = folder / "original_sizes.csv"
    write_table(sizes, ["id", "orig_width", "orig_height"], [[film_id, *size] for film_id in ids])
    return RsnaFolder(images, labels, sizes, ids)


def write_splits(folder: Path, report: Sequence[str], tune: Sequence[str]) -> Path:
    """Write the lists of held-out ids as ``training/splits`` holds them; returns ``folder``."""
    folder.mkdir()
    for name, ids in (("report", report), ("tune", tune)):
        (folder / f"{name}.txt").write_text("\n".join(ids) + "\n", encoding="ascii")
    return folder


def write_table(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    """A CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path
