"""Make the finder: learn from boxes, learn again from what it is sure of, measure, export.

    python -m training finder --images DIR [--more-images DIR] --boxes CSV --sizes CSV --run runs/finder --out DIR

Films of *report* and *tune* and those of the eval part are never learned from. Every part may be broken off; the same
command goes on where it was. --out gets finder.onnx and finder.json, its part of a bundle's card.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from bone_age_gui.core.model.finder.looks import Network
from training.errors import TrainingError
from training.films.data import film_paths, read_ids, read_labels
from training.films.geometry import read_sizes
from training.finder.export import read_network, torch_maps
from training.finder.films import JointFilm, boxed_films, read_boxes
from training.finder.make_card import Source, make_finder
from training.finder.phantom import phantom_film
from training.finder.pseudo_labels import pseudo_labelled_films, read_joint_films, write_joint_films
from training.finder.train import FinderTrainer, Plan
from training.options import COUNT, SEED, whole_number_from

ROOT = Path(__file__).parents[2]
PHANTOM = ROOT / "resources" / "sample" / "phantom_hand.png"
PHANTOM_WEIGHT = 3.0
PSEUDO_LABELLED_SHARE = 0.5
"""Share of the second round's films that have pseudo-labels."""
PSEUDO_LABEL_LONG_SIDE = 320
YOUNG_MONTHS = 42


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``finder``."""
    parser.add_argument("--images", type=Path, required=True, help="folder of films, <id>.png or the like")
    parser.add_argument("--more-images", type=Path, help="the same films with more detail, as far as there are any")
    parser.add_argument("--boxes", type=Path, required=True, help="CSV: part,id,...,joint,xmin,ymin,xmax,ymax")
    parser.add_argument("--sizes", type=Path, required=True, help="CSV: id,orig_width,orig_height")
    parser.add_argument("--labels", type=Path, help="CSV: id,boneage,male: small children first")
    parser.add_argument("--splits", type=Path, default=ROOT / "training" / "splits")
    parser.add_argument("--run", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--out", type=Path, required=True, help="folder for finder.onnx and finder.json")
    parser.add_argument("--steps", type=COUNT, default=3600, help="of the first round, the first half on small films")
    parser.add_argument(
        "--more-steps", type=whole_number_from(0), default=400, help="of the second round; 0: there is none"
    )
    parser.add_argument("--answers", type=COUNT, default=1200, help="films on which the second round's are looked for")
    parser.add_argument("--batch", type=COUNT, default=32)
    parser.add_argument("--seed", type=SEED, default=2018)


def run(options: argparse.Namespace) -> None:
    """Learn, measure and export. Raises ``BoneAgeError``."""
    source = find_source(options)
    card = make_finder(learn(options, source), source, options.out)
    for name, block in card.metrics.items():
        shares = ", ".join(f"{kind} {share:.1f}" for kind, share in block.joints_within_5_percent.items())
        print(f"{name}: {shares}; false {block.false_joints:.2f}; direction {block.direction_within_10_degrees:.1f} %")


def find_source(options: argparse.Namespace) -> Source:
    """All films and who may learn from which. ``BoneAgeError`` (``no_films``) if none has boxes."""
    files = film_paths(options.images)
    if options.more_images is not None:
        files |= film_paths(options.more_images)
    held_out = {film_id for part in ("report", "tune") for film_id in read_ids(options.splits / f"{part}.txt")}
    for part in ("eval/expert", "eval/nonexpert"):
        held_out |= set(read_boxes(options.boxes, part))
    sizes = read_sizes(options.sizes)
    boxed = list(boxed_films(options.boxes, "train", files, sizes, held_out))
    if not boxed:
        raise TrainingError("No films", "No film of --boxes lies in --images. Give other folders.", "no_films")
    return Source(files, sizes, options.boxes, frozenset(held_out), boxed, options.seed)


def learn(options: argparse.Namespace, source: Source) -> Path:
    """Both rounds; the path of the last checkpoint of averaged weights."""
    films = [*source.boxed, phantom_film(PHANTOM)]
    weights = np.array([1.0] * len(source.boxed) + [PHANTOM_WEIGHT])
    plan = Plan(steps=options.steps, coarse=options.steps // 2, batch=options.batch, seed=options.seed)
    FinderTrainer(plan, options.run / "first").run(films, weights)
    first: Path = options.run / "first" / "average.pt"
    source.steps = options.steps + options.more_steps
    if options.more_steps == 0:
        return first
    pseudo_labelled = _pseudo_labels(options, source, first)
    source.pseudo_labels = len(pseudo_labelled)
    share = PSEUDO_LABELLED_SHARE / (1 - PSEUDO_LABELLED_SHARE) * weights.sum() / max(1, len(pseudo_labelled))
    again = Plan(steps=options.more_steps, batch=options.batch, rate=1e-3, warm_up=50, seed=options.seed + 1)
    FinderTrainer(again, options.run / "second", first).run(
        [*films, *pseudo_labelled], np.concatenate([weights, np.full(len(pseudo_labelled), share)])
    )
    return Path(options.run / "second" / "average.pt")


def _pseudo_labels(options: argparse.Namespace, source: Source, checkpoint: Path) -> list[JointFilm]:
    """The first round's pseudo-labels, kept beside the checkpoints; made anew where their file is broken."""
    kept: Path = options.run / "answers.npz"
    if (films := read_joint_films(kept)) is not None:
        return films
    known = source.held_out | {film.film_id for film in source.boxed}
    free = sorted(film_id for film_id in source.files if film_id not in known and film_id in source.sizes)
    wanted = np.random.default_rng(options.seed).permutation(free)
    if options.labels is not None:  # few films have boxes of a hand whose carpus is not there yet
        young = {label.film_id for label in read_labels(options.labels) if label.months < YOUNG_MONTHS}
        wanted = np.array(sorted(wanted, key=lambda film_id: film_id not in young))
    chosen = wanted[: options.answers].tolist()
    network = _network(checkpoint)
    films = list(pseudo_labelled_films(network, source.files, source.sizes, chosen, PSEUDO_LABEL_LONG_SIDE))
    write_joint_films(films, kept)
    return films


def _network(checkpoint: Path) -> Network:
    network = read_network(checkpoint)
    network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return lambda films: torch_maps(network, films)
