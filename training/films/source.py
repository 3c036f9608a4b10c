"""Where a training command gets its films from: the same options everywhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from bone_age_gui.core.stages.preprocess import PreprocessingSpec
from bone_age_gui.core.values.errors import BoneAgeError
from training.films.data import Films, limited, load_films, pixels_key, split_films_by_id
from training.films.prepared import is_prepared, read_prepared


def add_film_options(parser: argparse.ArgumentParser) -> None:
    """The options that ``training_films`` reads."""
    parser.add_argument("--images", type=Path, help="folder of films, <id>.png or the like")
    parser.add_argument("--labels", type=Path, help="CSV: id,boneage,male")
    parser.add_argument("--sizes", type=Path, help="CSV: id,orig_width,orig_height, undoes a stretch")
    parser.add_argument(
        "--prepared", type=Path, help="folder written by python -m training prepare, instead of the films"
    )
    parser.add_argument("--cache", type=Path, help="folder to keep prepared films in")
    parser.add_argument("--splits", type=Path, default=Path(__file__).parents[1] / "splits")
    parser.add_argument("--limit", type=int, help="only so many films of each kind, for a trial")


def training_films(
    args: argparse.Namespace, spec: PreprocessingSpec, *, stretched: bool = False
) -> tuple[Films, Films]:
    """Films to train on and *tune*; ``stretched`` leaves a stretch of the data set in place.

    Raises ``BoneAgeError`` if neither films nor prepared films are named, or they cannot be used.
    """
    if args.prepared is not None:
        isotropic = pixels_key(spec, unstretched=True)  # what was never stretched lies under the other key
        undone = not stretched and is_prepared(args.prepared, isotropic)
        films = read_prepared(args.prepared, isotropic if undone else pixels_key(spec, unstretched=False))
    elif args.images is None or args.labels is None:
        raise BoneAgeError("No films", "Give --images and --labels, or --prepared.", "no_films")
    else:
        films = load_films(args.images, args.labels, None if stretched else args.sizes, spec, _cache(args))
    train, tune = split_films_by_id(films, args.splits)
    return limited(train, args.limit), limited(tune, args.limit)


def _cache(args: argparse.Namespace) -> Path | None:
    """A command that trains many systems keeps their films beside their runs unless --cache says otherwise."""
    runs: Path | None = getattr(args, "runs", None)
    return args.cache or (runs / "cache" if runs is not None else None)
