"""The written-down split of the films: report, tune, train; near-duplicates never on two sides.

python -m training split --images DIR --labels CSV [--keep-for-report CSV] --out training/splits
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from bone_age_gui.core.reader.read import read_radiograph
from training.films.data import Label, film_paths, labelled, no_films, read_labels
from training.options import SEED, whole_number_from
from training.tables import write_text

HASH_SIDE = 16
NEAR_BITS = 20
"""Hashes of 256 bits that differ in so few are taken for the same film twice."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``split``."""
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--keep-for-report", type=Path, help="CSV whose ids must all be in report")
    parser.add_argument("--out", type=Path, default=Path("training/splits"))
    parser.add_argument("--seed", type=SEED, default=2017)
    parser.add_argument("--report", type=whole_number_from(0), default=1000)
    parser.add_argument("--tune", type=whole_number_from(0), default=500)


def run(options: argparse.Namespace) -> None:
    """Write report.txt and tune.txt; what is in neither is for training. Raises ``BoneAgeError``."""
    paths = film_paths(options.images)
    labels = labelled(paths, options.labels)
    if not labels:
        raise no_films(options.images)
    kept = options.keep_for_report
    reserved = {label.film_id for label in read_labels(kept)} if kept else set()
    hashes = np.stack([perceptual_hash(read_radiograph(paths[label.film_id]).pixels) for label in labels])
    group = near_duplicate_groups(hashes)
    parts = split_films(labels, group, reserved, options.seed, options.report, options.tune)
    options.out.mkdir(parents=True, exist_ok=True)
    for name in ("report", "tune"):
        write_text(options.out / f"{name}.txt", "\n".join(parts[name]) + "\n")
    repeated = len(labels) - len(set(group.tolist()))
    print(f"{len(labels)} films, {repeated} near-duplicates; " + ", ".join(f"{k} {len(v)}" for k, v in parts.items()))


def perceptual_hash(pixels: np.ndarray) -> np.ndarray:
    """256 signs of the lowest frequencies of a 64 x 64 copy, packed into four uint64."""
    small = cv2.resize(pixels, (64, 64), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:HASH_SIDE, :HASH_SIDE].ravel()
    return np.packbits(low > np.median(low)).view(np.uint64)


def near_duplicate_groups(hashes: np.ndarray, limit: int = NEAR_BITS) -> np.ndarray:
    """Group number of each film (int, shape (n,)) for hashes (uint64, (n, 4)): linked pairs share one."""
    group = np.arange(len(hashes))
    for row in range(len(hashes)):
        distance = np.bitwise_count(hashes[row + 1 :] ^ hashes[row]).sum(axis=1)
        for other in np.flatnonzero(distance <= limit) + row + 1:
            group[group == group[other]] = group[row]
    return group


def split_films(
    labels: list[Label], group: np.ndarray, reserved: set[str], seed: int, n_report: int, n_tune: int
) -> dict[str, list[str]]:
    """Draw whole groups: first those that hold a reserved id, then at random, until each set is full.

    A group that would overfill a held-out set goes to the next one, so the counts are exact as long as single
    films are left.
    """
    members: dict[int, list[str]] = {}
    for label, number in zip(labels, group, strict=True):
        members.setdefault(int(number), []).append(label.film_id)
    order = list(members)
    np.random.default_rng(seed).shuffle(order)
    order.sort(key=lambda number: not reserved.intersection(members[number]))  # stable: the rest stays shuffled
    parts: dict[str, list[str]] = {"report": [], "tune": [], "train": []}
    for number in order:
        films = members[number]
        room = {"report": n_report - len(parts["report"]), "tune": n_tune - len(parts["tune"])}
        name = next((part for part, free in room.items() if len(films) <= free), "train")
        parts[name].extend(films)
    return {name: sorted(ids, key=_natural) for name, ids in parts.items()}


def _natural(film_id: str) -> tuple[int, str]:
    return (int(film_id) if film_id.isdigit() else 0, film_id)
