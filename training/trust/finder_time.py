"""How long the finder takes for one film on so many cores, its own input included.

python -m training finder-time --model models/densenet121 --images DIR --threads 2 --card
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from bone_age_gui.core.model.bundle import find_bundle
from bone_age_gui.core.model.finder.network import open_finder
from bone_age_gui.core.pipeline import open_case
from bone_age_gui.paths import model_search_path
from training.errors import TrainingError
from training.films.data import film_paths, no_films
from training.measure.evidence import add_card_option, write_evidence
from training.options import CORES, COUNT

WARM_UP = 3
COMMAND = "python -m training finder-time --model DIR --images DIR --threads 2 --card"


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``finder-time``."""
    parser.add_argument("--model", required=True, help="folder or name of a bundle")
    parser.add_argument("--images", type=Path, required=True, help="films of hands")
    parser.add_argument("--limit", type=COUNT, default=40, help="so many films")
    parser.add_argument("--threads", type=CORES, default=2)
    add_card_option(parser)


def run(options: argparse.Namespace) -> int:
    """Print the times. Raises ``BoneAgeError`` (``no_finder``)."""
    bundle = find_bundle(options.model, model_search_path())
    finder = open_finder(bundle.finder_path, bundle.card.finder, options.threads)
    if finder is None:
        raise TrainingError("No finder", "The bundle of --model has none. Give one that has.", "no_finder")
    paths = list(film_paths(options.images).values())[: options.limit]
    if not paths:
        raise no_films(options.images)
    films = [case.radiograph.pixels for case in map(open_case, paths) if case.radiograph is not None]
    for film in films[:WARM_UP]:
        finder.find(film)
    seconds, looks = [], []
    for film in films:
        started = time.perf_counter()
        finder.find(film)
        seconds.append(time.perf_counter() - started)
        square = np.zeros((1, 1, finder.card.spec.side, finder.card.spec.side), np.float32)
        started = time.perf_counter()
        finder.maps(square)
        looks.append(time.perf_counter() - started)
    film_ms, look_ms = (1000 * float(np.median(each)) for each in (seconds, looks))
    print(f"{len(films)} films, {options.threads} threads: {film_ms:.1f} ms a film, {look_ms:.1f} ms one look (median)")
    if options.card:
        figures = {"film_ms": film_ms, "look_ms": look_ms, "threads": float(options.threads)}
        write_evidence(bundle, "finder_time", len(films), figures, COMMAND, "median; a film takes two looks or three")
    return 0
