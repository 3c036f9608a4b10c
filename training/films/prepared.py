"""Prepared films in files, to be carried to a machine that has neither the films nor the program's readers.

    python -m training prepare --config training/configs/shipped.toml --images DIR --labels CSV --out DIR
    python -m training train --config training/configs/shipped.toml --prepared DIR --run runs/mine      (there)

Parts are compressed; several configurations may share a folder.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from bone_age_gui.core.values.whole_files import whole_file
from training.configs.read import bad_config, read_config
from training.errors import TrainingError
from training.films.arrays import read_arrays
from training.films.data import Films, film_paths, labelled, load_films, pixels_key
from training.options import COUNT

FILMS_PER_FILE = 256
"""Films that are compressed together."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``prepare``."""
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--sizes", type=Path, help="CSV: id,orig_width,orig_height, undoes a stretch")
    parser.add_argument("--cache", type=Path, help="folder for prepared films, as train uses it")
    parser.add_argument("--limit", type=COUNT, help="only the first so many films of the labels, for a trial")
    parser.add_argument("--out", type=Path, required=True)


def run(options: argparse.Namespace) -> None:
    """Prepare a folder of films. Raises ``BoneAgeError``."""
    config = read_config(options.config)
    if config.joint_crops is not None:  # each look of the finder is another picture than these files could name
        raise bad_config(
            f"{options.config.name}: crops by joints are not carried over", "Train on the films themselves (--images)"
        )
    spec = config.preprocessing
    ids = None
    if options.limit is not None:
        ids = {label.film_id for label in labelled(film_paths(options.images), options.labels)[: options.limit]}
    options.out.mkdir(parents=True, exist_ok=True)  # a folder that cannot be made ends it before the work, not after
    films = load_films(options.images, options.labels, options.sizes, spec, options.cache, ids=ids)
    written = write_prepared(films, options.out, pixels_key(spec, options.sizes is not None))
    size = sum(path.stat().st_size for path in written)
    print(f"{len(films)} films in {len(written)} files, {size / 1e6:.0f} MB")


def write_prepared(films: Films, folder: Path, key: str) -> list[Path]:
    """Write films, 256 to a file; each file appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, start in enumerate(range(0, len(films), FILMS_PER_FILE)):
        part = films.subset(range(start, min(start + FILMS_PER_FILE, len(films))))
        path = folder / f"films-{key}-{number:04d}.npz"
        ids, total = np.array(part.ids), len(films)
        with whole_file(path) as temporary:
            np.savez_compressed(temporary, ids=ids, pixels=part.pixels, months=part.months, male=part.male, total=total)
        written.append(path)
    return written


def is_prepared(folder: Path, key: str) -> bool:
    """Whether films that were prepared in this way lie there."""
    return any(folder.glob(f"films-{key}-*.npz"))


def read_prepared(folder: Path, key: str) -> Films:
    """The films that were prepared in this way; ``BoneAgeError`` (``no_films``) if any are missing or broken."""
    parts, total = [], 0
    for path in sorted(folder.glob(f"films-{key}-[0-9]*.npz")):
        part = read_arrays(path, ("ids", "pixels", "months", "male", "total"))
        if part is not None:  # one that arrived broken counts as missing
            total = int(part.pop("total"))
            parts.append(part)
    present = sum(len(part["ids"]) for part in parts)
    if not parts or present < total:
        raise TrainingError(
            "The prepared films are incomplete",
            f"{present} of {total or 'the'} films of this preprocessing lie in {folder.name}. Carry all parts over, or "
            "make them again with python -m training prepare.",
            "no_films",
        )
    pixels, months, male, ids = (
        np.concatenate([part[name] for part in parts]) for name in ("pixels", "months", "male", "ids")
    )
    return Films(tuple(map(str, ids)), pixels, months, male)
