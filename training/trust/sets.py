"""Which films ``trust`` fits to and which it measures on, of films as they are given and of finer ones."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.errors import TrainingError
from training.films.data import Label, film_paths, read_labels, read_split
from training.films.geometry import read_sizes
from training.measure.scoring import FilmSet, labelled_films
from training.options import COUNT, whole_number_from

SEED = 2026
REPORT, TUNE, FINER = "report", "tune", "_native"


@dataclass(frozen=True)
class TrustFilms:
    """``learned``: films in no split, ``finer``: finer ones in no split, ``held_out``: report and tune, of both sizes.

    ``learned_labels`` are the readings of all films in no split.
    """

    learned: FilmSet
    learned_labels: tuple[Label, ...]
    finer: FilmSet | None
    held_out: tuple[FilmSet, ...]


def add_set_options(parser: argparse.ArgumentParser) -> None:
    """The options that ``chosen_sets`` reads."""
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--sizes", type=Path, help="CSV of original sizes, undoes the stretch")
    parser.add_argument("--finer-images", type=Path, help="films of a higher resolution, to fit and measure on too")
    parser.add_argument("--finer-labels", type=Path, help="CSV: id,boneage,male")
    parser.add_argument("--splits", type=Path, default=Path(__file__).parents[1] / "splits")
    parser.add_argument("--films", type=COUNT, default=1500, help="films in no split for crop and distance")
    parser.add_argument(
        "--finer-films", type=whole_number_from(0), default=300, help="finer films in no split for sharpness, roughness"
    )
    parser.add_argument("--limit", type=COUNT, help="only the first so many films of each split")


def chosen_sets(options: argparse.Namespace) -> TrustFilms:
    """The films that the options name. Raises ``BoneAgeError``: ``no_films no_split bad_labels``."""
    if (options.finer_images is None) != (options.finer_labels is None):
        raise TrainingError("No films", "--finer-images and --finer-labels go together.", "no_films")
    splits = {name: read_split(options.splits, name) for name in (REPORT, TUNE)}
    apart = {film_id for ids in splits.values() for film_id in ids}
    sizes = read_sizes(options.sizes) if options.sizes is not None else None
    given = options.images, options.labels
    labels = tuple(label for label in read_labels(options.labels) if label.film_id not in apart)
    drawn = _drawn([label.film_id for label in labels], options.films)
    held_out = [
        labelled_films(*given, ids=ids[: options.limit], sizes=sizes, name=name) for name, ids in splits.items()
    ]
    finer = None
    if options.finer_images is not None:
        folder = options.finer_images, options.finer_labels
        ids = _ids(*folder)
        for name, split in splits.items():
            if own := [film_id for film_id in split if film_id in ids][: options.limit]:
                held_out.append(labelled_films(*folder, ids=own, name=f"{name}{FINER}"))
        if others := _drawn(sorted(ids - apart), options.finer_films):
            finer = labelled_films(*folder, ids=others, name="finer films")
    learned = labelled_films(*given, ids=drawn, sizes=sizes, name="training films")
    return TrustFilms(learned, labels, finer, tuple(held_out))


def _ids(images: Path, labels: Path) -> set[str]:
    """Ids of a folder's labelled films."""
    return {label.film_id for label in read_labels(labels)}.intersection(film_paths(images))


def _drawn(ids: Sequence[str], count: int) -> list[str]:
    """So many ids, drawn at random."""
    order = np.random.default_rng(SEED).permutation(len(ids))[:count]
    return [ids[place] for place in order]
