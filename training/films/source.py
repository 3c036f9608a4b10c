"""Where a training command gets its films from: the same options everywhere."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

from bone_age_gui.core.stages.preprocess import PreprocessingSpec
from training.configs.read import bad_config
from training.configs.values import JointCrops, Split, TrainingConfig
from training.errors import TrainingError
from training.films.data import (
    Films,
    film_paths,
    labelled,
    limited,
    load_films,
    pixels_key,
    read_split,
    split_films_by_id,
)
from training.films.draw import draw_split
from training.films.folds import is_folds, left_out_lessons
from training.films.lessons import lessons_for
from training.films.prepared import is_prepared, read_prepared
from training.options import COUNT


@dataclass(frozen=True)
class FilmSets:
    """Films to learn from and to choose on; ``test`` are those of a configuration's own random split."""

    train: Films
    tune: Films
    test: Films | None


def add_film_options(parser: argparse.ArgumentParser) -> None:
    """The options that ``training_films`` reads."""
    parser.add_argument("--images", type=Path, help="folder of films, <id>.png or the like")
    parser.add_argument("--labels", type=Path, help="CSV: id,boneage,male")
    parser.add_argument("--sizes", type=Path, help="CSV: id,orig_width,orig_height, undoes a stretch")
    parser.add_argument("--finer-images", type=Path, help="films of a higher resolution, to learn from them too")
    parser.add_argument("--finer-labels", type=Path, help="CSV: id,boneage,male")
    parser.add_argument(
        "--prepared", type=Path, help="folder written by python -m training prepare, instead of the films"
    )
    parser.add_argument("--finer-prepared", type=Path, help="the same of the films of a higher resolution")
    parser.add_argument("--cache", type=Path, help="folder to keep prepared films in")
    parser.add_argument("--splits", type=Path, default=Path(__file__).parents[1] / "splits")
    parser.add_argument("--limit", type=COUNT, help="only so many films of each kind, for a trial")


def training_films(options: argparse.Namespace, config: TrainingConfig, *, stretched: bool = False) -> FilmSets:
    """Films by the written-down split, or by the configuration's own; ``stretched`` leaves a data set's stretch.

    Raises ``BoneAgeError`` if neither films nor prepared films are named, or they cannot be used.
    """
    if options.prepared is None and (options.images is None or options.labels is None):
        raise TrainingError("No films", "Give --images and --labels, or --prepared.", "no_films")
    if config.joint_crops is not None and (options.prepared is not None or options.finer_prepared is not None):
        raise bad_config(
            "Crops by joints are made from the films themselves",
            "Give --images and --finer-images, and nothing prepared",
        )
    finer = options.finer_images, options.finer_labels, options.finer_prepared
    if config.finer is None and any(each is not None for each in finer):
        raise bad_config(
            "There is no [finer] that says how many films of a higher resolution are drawn",
            "Add it, or leave the options --finer-... out",
        )
    films = (
        _by_own_split(options, config, config.split, stretched)
        if config.split
        else _as_written(options, config, stretched)
    )
    test = None if films.test is None else limited(films.test, options.limit)
    train = limited(films.train, options.limit)
    if config.split is None:
        train = _with_lessons_and_copies(
            options, config, _Source(options.images, options.labels, None if stretched else options.sizes), train
        )
    if config.finer is not None:
        train = train.with_finer(_finer(options, config))
    if not (len(train) and len(films.tune)):
        raise TrainingError(
            "No films",
            f"{len(train)} films are left to learn from and {len(films.tune)} of tune: both need some. Check --labels "
            "and --splits.",
            "no_films",
        )
    return FilmSets(train, limited(films.tune, options.limit), test)


def _finer(options: argparse.Namespace, config: TrainingConfig) -> Films:
    """Films of a higher resolution that may be learned from."""
    if options.finer_prepared is not None:
        every = _prepared(options.finer_prepared, config.preprocessing, stretched=True)
        films = limited(split_films_by_id(every, options.splits)[0], options.limit)
        return _with_lessons_and_copies(options, config, _Source(None, None, None), films)
    if options.finer_images is None or options.finer_labels is None:
        raise TrainingError(
            "No films", "The configuration needs --finer-images and --finer-labels, or --finer-prepared.", "no_films"
        )
    return _with_lessons_and_copies(options, config, _Source(options.finer_images, options.finer_labels, None))


@dataclass(frozen=True)
class _Source:
    """Where films lie; no ``images`` and ``labels`` for prepared ones."""

    images: Path | None
    labels: Path | None
    sizes: Path | None


def _with_lessons_and_copies(
    options: argparse.Namespace, config: TrainingConfig, source: _Source, films: Films | None = None
) -> Films:
    """The films of a folder that may be learned from (``films`` if they have been read), with their lessons and their
    changed copies."""

    def read(spec: PreprocessingSpec, copy: int = 0, crops: JointCrops | None = None) -> Films:
        if source.images is None or source.labels is None:
            raise bad_config(
                "A bundle's lessons and changed copies are made from the films themselves",
                "Give --images instead of --prepared",
            )
        ids = _wanted(options, source.images, source.labels)
        every = load_films(
            source.images, source.labels, source.sizes, spec, _cache(options), ids=ids, copy=copy, crops=crops
        )
        return limited(split_films_by_id(every, options.splits)[0], options.limit)

    if films is None:
        films = read(config.preprocessing, crops=config.joint_crops)
    if config.lessons is not None:
        folder = Path(config.lessons.model)
        known = left_out_lessons(folder, films.ids) if is_folds(folder) else None
        films = replace(films, lessons=lessons_for(config.lessons, read, _cache(options)) if known is None else known)
    copies = config.changed.copies if config.changed is not None else 0
    every = films
    for copy in range(1, copies + 1):
        every = every.with_more(replace(read(config.preprocessing, copy, config.joint_crops), lessons=films.lessons))
    return every


def _as_written(options: argparse.Namespace, config: TrainingConfig, stretched: bool) -> FilmSets:
    if options.prepared:
        films = _prepared(options.prepared, config.preprocessing, stretched=stretched)
    else:
        ids = _wanted(options, options.images, options.labels)
        films = _loaded(options, config.preprocessing, stretched, ids, config.joint_crops)
    train, tune = split_films_by_id(films, options.splits)
    return FilmSets(train, tune, None)


def _by_own_split(options: argparse.Namespace, config: TrainingConfig, split: Split, stretched: bool) -> FilmSets:
    """Of a folder only the films that are drawn are read."""
    prepared = _prepared(options.prepared, config.preprocessing, stretched=stretched) if options.prepared else None
    known = labelled(film_paths(options.images), options.labels) if prepared is None else ()
    ids = [label.film_id for label in known] if prepared is None else prepared.ids
    drawn = draw_split(ids, read_split(options.splits, "report"), split, config.seed)
    drawn = {name: part[: options.limit] for name, part in drawn.items()}
    chosen = {film_id for part in drawn.values() for film_id in part}
    films = _loaded(options, config.preprocessing, stretched, chosen) if prepared is None else prepared
    place = {film_id: position for position, film_id in enumerate(films.ids)}
    parts = (films.subset([place[film_id] for film_id in drawn[name]]) for name in ("train", "validation", "test"))
    return FilmSets(*parts)


def _prepared(folder: Path, spec: PreprocessingSpec, *, stretched: bool) -> Films:
    isotropic = pixels_key(spec, unstretched=True)  # what was never stretched lies under the other key
    undone = not stretched and is_prepared(folder, isotropic)
    return read_prepared(folder, isotropic if undone else pixels_key(spec, unstretched=False))


def _loaded(
    options: argparse.Namespace,
    spec: PreprocessingSpec,
    stretched: bool,
    ids: set[str] | None = None,
    crops: JointCrops | None = None,
) -> Films:
    sizes = None if stretched else options.sizes
    return load_films(options.images, options.labels, sizes, spec, _cache(options), ids=ids, crops=crops)


def _wanted(options: argparse.Namespace, images: Path, labels: Path) -> set[str] | None:
    """Ids of the films that ``--limit`` leaves to be read, ``None`` for all."""
    if options.limit is None:
        return None
    report, tune = (set(read_split(options.splits, name)) for name in ("report", "tune"))
    ids = [label.film_id for label in labelled(film_paths(images), labels)]
    train = [film_id for film_id in ids if film_id not in report and film_id not in tune]
    return {*train[: options.limit], *[film_id for film_id in ids if film_id in tune][: options.limit]}


def _cache(options: argparse.Namespace) -> Path | None:
    """A command that trains many systems keeps their films beside their runs unless --cache says otherwise."""
    runs: Path | None = getattr(options, "runs", None)
    return options.cache or (runs / "cache" if runs is not None else None)
