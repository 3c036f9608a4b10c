"""Which labelled films a measurement takes: the same options for every verb that measures."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from training.films.data import read_ids
from training.films.geometry import read_sizes
from training.measure.scoring import FilmSet, labelled_films
from training.options import COUNT


def add_measured_options(parser: argparse.ArgumentParser) -> None:
    """The options that ``measured_films`` reads."""
    parser.add_argument("--images", type=Path, required=True, help="folder of films named by their ids")
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--sizes", type=Path, help="CSV of original sizes, undoes the stretch")
    parser.add_argument("--ids", type=Path, help="only these ids, one a line")
    parser.add_argument("--limit", type=COUNT, help="only the first so many films")


def measured_films(options: argparse.Namespace) -> FilmSet:
    """The films that the options name. Raises ``BoneAgeError``: ``bad_ids``, and those of the tables and the folder."""
    name = Path(os.path.abspath(options.images)).name
    return labelled_films(
        options.images,
        options.labels,
        ids=read_ids(options.ids) if options.ids is not None else None,
        limit=options.limit,
        sizes=read_sizes(options.sizes) if options.sizes is not None else None,
        name=f"{name} ({options.ids.stem})" if options.ids is not None else name,
    )
