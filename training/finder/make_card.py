"""From a checkpoint to finder.onnx and its card: exported, compared, measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bone_age_gui.core.model.finder.card import FinderCard, FinderMetrics, FinderTraining
from bone_age_gui.core.model.finder.network import Finder
from bone_age_gui.core.model.finder.square import finder_square, whole_film_matrix
from bone_age_gui.core.values.strict_json import dump_json, to_plain
from training.finder.config import SPEC
from training.finder.export import FILE, compare, export_finder, first_card, read_network
from training.finder.films import JointFilm, boxed_films
from training.finder.joints import CLASS_NAMES
from training.finder.measure import Tally, measure
from training.measure.scoring import hash_id
from training.tables import write_text

CARD_FILE = "finder.json"
COMMAND = "python -m training finder --images DIR --boxes CSV --sizes CSV --run DIR --out DIR"
DATA_SET = (
    "Boxes around joints on films of the RSNA Pediatric Bone Age Challenge (Koitka et al., PLOS ONE 2018;13:e0207496, "
    "MIT), the part named train without films of report and tune; one drawn phantom; made pictures without a hand"
)
PSEUDO_LABELS = "; and its own confident answers on other training films"
ANGLES: dict[str, tuple[float, ...]] = {"upright": (0.0,), "turned": tuple(float(at) for at in range(30, 360, 30))}
PARITY_FILMS = 16


@dataclass
class Source:
    """Films by id with their sizes, who is held out, those with boxes; and what a training did with them."""

    files: dict[str, Path]
    sizes: dict[str, tuple[int, int]]
    boxes: Path
    held_out: frozenset[str]
    boxed: list[JointFilm]
    seed: int
    steps: int = 0
    pseudo_labels: int = 0


def make_finder(checkpoint: Path, source: Source, folder: Path) -> FinderCard:
    """Write both files into a folder. Raises ``BoneAgeError`` (``no_parity``)."""
    folder.mkdir(parents=True, exist_ok=True)
    network = read_network(checkpoint)
    export_finder(network, folder / FILE)
    held_out = tuple(sorted(hash_id(film_id) for film_id in source.held_out))
    learned = DATA_SET + (PSEUDO_LABELS if source.pseudo_labels else "")
    training = FinderTraining(
        learned, len(source.boxed), source.pseudo_labels, held_out, source.seed, source.steps, COMMAND
    )
    card = first_card(folder / FILE, training)
    finder = Finder(folder / FILE, card)
    readers = [
        list(boxed_films(source.boxes, part, source.files, source.sizes)) for part in ("eval/expert", "eval/nonexpert")
    ]
    card = replace(
        card,
        parity=compare(network, finder, [_square(film) for film in readers[0][:PARITY_FILMS]]),
        metrics={name: measured(finder, readers, angles) for name, angles in ANGLES.items()},
    )
    write_text(folder / CARD_FILE, dump_json(to_plain(card)))
    return card


def _square(film: JointFilm) -> np.ndarray:
    height, width = film.pixels.shape
    return finder_square(film.pixels, whole_film_matrix((height, width), SPEC.side), SPEC.side)


def measured(finder: Finder, readers: Sequence[Sequence[JointFilm]], angles: Sequence[float]) -> FinderMetrics:
    """Figures of the first reader's films over all angles; a joint is right if it is near either reader's point."""
    tally = Tally()
    for degrees in angles:
        measure(finder.maps, readers[0], readers[1], degrees, tally)
    figures = tally.shares()
    return FinderMetrics(
        n=len(readers[0]),
        degrees=tuple(angles),
        joints_within_5_percent={name: 100 * figures[name] for name in (*CLASS_NAMES, "all")},
        false_joints=figures["false_per_film"],
        loose_joints=figures["loose_per_film"],
        direction_within_10_degrees=100 * figures["direction_within_10_degrees"],
        all_joints_right=100 * figures["all_17"],
        set_description="89 films with boxes by two people (eval part of the boxes), truth: the nearer of the two",
        command=COMMAND,
    )
