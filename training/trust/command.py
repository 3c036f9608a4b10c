"""Give a bundle a finder, the limits between fine, doubtful and refused films, and the distance to its training films.

    python -m training trust --model models/densenet121 --finder runs/finder/out --images DIR --labels CSV \\
        --sizes CSV --out models/new

Crop by joints and distance are fitted on films that are in no split, the limit of the distance on *tune*; what is
refused and doubted of *report* and *tune* is measured and written to the card.
"""

from __future__ import annotations

import argparse
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bone_age_gui.core.model.bundle import CARD_FILE, Bundle, load_bundle
from bone_age_gui.core.model.card import Card
from bone_age_gui.core.model.finder.card import FinderCard
from bone_age_gui.core.model.graph import Tensor
from bone_age_gui.core.model.onnx_file import file_sha256
from bone_age_gui.core.model.preparing import PreparingModel
from bone_age_gui.core.model.quality_card import QualityRules
from bone_age_gui.core.stages.joint_crop import JointCropSpec
from bone_age_gui.core.values.strict_json import from_plain, parse_json
from bone_age_gui.core.values.types import Case
from training.export.card import WITH_FINDER, WITHOUT_FINDER
from training.films.data import read_labels, read_split
from training.films.geometry import read_sizes
from training.measure.scoring import FilmSet, labelled_films
from training.trust import novelty
from training.trust.films import Crops, Features, crops, prepared_films

FINDER, FINDER_CARD = "finder.onnx", "finder.json"
SEED = 2026
MORE_THAN_TUNE = 1.1
"""The limit of the distance lies so far above the largest distance of nearly all films of *tune*."""
NEARLY_ALL = 99.5
RULES = QualityRules(
    least_hand_score=0.5,
    least_score=0.3,
    sure_score=0.4,
    least_rays=3,
    whole_rays=4,
    whole_tips=3,
    least_joints_of_part=3,
    rival_share=0.6,
    most_two_score=0.9,
    most_clipped=0.5,
    most_novelty=float(np.finfo(np.float32).max),
    measured="",
)
"""What a whole hand is; the distance and the words are measured."""
AGREEMENT = JointCropSpec(height=2.0, middle=0.5, most_apart=0.35, most_scale=1.4, most_turned=50.0)
"""How far thresholds may be from the joints; height and middle are fitted."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``trust``."""
    parser.add_argument("--model", type=Path, required=True, help="folder of the bundle to begin with")
    parser.add_argument("--finder", type=Path, required=True, help="folder that 'finder' has written")
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--sizes", type=Path, help="CSV of original sizes, undoes the stretch")
    parser.add_argument("--splits", type=Path, default=Path(__file__).parents[1] / "splits")
    parser.add_argument("--films", type=int, default=1500, help="films in no split for crop and distance")
    parser.add_argument("--limit", type=int, help="only the first so many films of each split")
    parser.add_argument("--version", help="version of the new bundle (default: as it was)")
    parser.add_argument("--out", type=Path, required=True, help="a new folder")
    parser.add_argument("--quiet", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Make the bundle and print what was measured. Raises ``BoneAgeError`` for a set-up that cannot be used."""
    options.out.mkdir(parents=True)
    bundle = _with_finder(options.model, options.finder, options.out, options.version)
    held_out = {name: read_split(options.splits, name) for name in ("report", "tune")}
    learned = _films(options, _drawn(options, [*held_out.values()]), "training films")
    bundle = _fitted(bundle, learned, options.quiet)
    tune, report = (_films(options, held_out[name][: options.limit], name) for name in ("tune", "report"))
    seen = {films.name: list(_seen(films, bundle, options.quiet)) for films in (tune, report)}
    limit = MORE_THAN_TUNE * float(np.percentile([distance for _, distance in seen["tune"]], NEARLY_ALL))
    words = "; ".join(_measured(name, cases, limit) for name, cases in seen.items())
    command = "python -m training trust --model DIR --finder DIR --images DIR --labels CSV --sizes CSV --out DIR"
    rules = replace(RULES, most_novelty=limit, measured=f"{command}: {words}")
    _write(bundle, replace(bundle.card, quality=rules))
    print(words.replace("; ", "\n"))
    return 0


def _with_finder(source: Path, finder: Path, out: Path, version: str | None) -> Bundle:
    """The bundle, copied, with the finder in it and limits that nothing exceeds."""
    bundle = load_bundle(source)
    shutil.copy(bundle.model_path, out / bundle.card.model.file)
    shutil.copy(finder / FINDER, out / FINDER)
    card: FinderCard = from_plain(FinderCard, parse_json((finder / FINDER_CARD).read_text("utf-8")), "finder")
    metrics = {
        name: replace(scores, set_description=f"{scores.set_description} (measured with {bundle.version})")
        for name, scores in bundle.card.metrics.items()
    }
    new = replace(
        bundle.card,
        version=version or bundle.version,
        created=datetime.now(UTC).date().isoformat(),
        finder=card,
        quality=RULES,
        joint_crop=AGREEMENT,
        metrics=metrics,
        limitations=tuple(WITH_FINDER if text == WITHOUT_FINDER else text for text in bundle.card.limitations),
    )
    return _write(Bundle(out, new), new)


def _write(bundle: Bundle, card: Card) -> Bundle:
    (bundle.directory / CARD_FILE).write_text(card.to_json(), encoding="utf-8")
    return load_bundle(bundle.directory)


def _drawn(options: argparse.Namespace, held_out: Sequence[Sequence[str]]) -> list[str]:
    """Ids in no split, drawn at random."""
    left_out = {film_id for ids in held_out for film_id in ids}
    every = [label.film_id for label in read_labels(options.labels) if label.film_id not in left_out]
    order = np.random.default_rng(SEED).permutation(len(every))[: options.films]
    return [every[place] for place in order]


def _films(options: argparse.Namespace, ids: Sequence[str], name: str) -> FilmSet:
    sizes = read_sizes(options.sizes) if options.sizes is not None else None
    return labelled_films(options.images, options.labels, ids=ids, sizes=sizes, name=name)


def _fitted(bundle: Bundle, films: FilmSet, quiet: bool) -> Bundle:
    """The bundle with its crop by joints, and the distance to these films inside its graph."""
    network = Features(bundle)
    both, features = [], []
    for _, case in prepared_films(films, PreparingModel(bundle, 2), quiet=quiet):
        features.append(network.of(case))
        both.append(crops(case, bundle))
    seen = [pair for pair in both if pair is not None]
    file = bundle.model_path
    novelty.add_to_graph(file, file, novelty.fit_novelty(np.array(features)))
    card = bundle.card
    model = replace(card.model, sha256=file_sha256(file))
    outputs = (*card.outputs, Tensor(novelty.NAME, "float32", ("N",)))
    return _write(bundle, replace(card, model=model, outputs=outputs, joint_crop=_crop(seen)))


def _crop(seen: Sequence[Crops]) -> JointCropSpec:
    """Height and middle of the crops that thresholds make, by the median film."""
    heights = [pair.by_thresholds.height / pair.hand.length for pair in seen]
    middles = [
        float(np.dot(np.array(pair.by_thresholds.centre) - pair.hand.wrist_at, pair.hand.direction)) / pair.hand.length
        for pair in seen
    ]
    return replace(AGREEMENT, height=float(np.median(heights)), middle=float(np.median(middles)))


def _seen(films: FilmSet, bundle: Bundle, quiet: bool) -> list[tuple[Case, float]]:
    """Every film with its distance; it is doubted and refused as the program would, but for the distance."""
    network = Features(bundle, novelty.NAME)
    return [
        (case, float(network.of(case))) for _, case in prepared_films(films, PreparingModel(bundle, 2), quiet=quiet)
    ]


def _measured(name: str, cases: Sequence[tuple[Case, float]], limit: float) -> str:
    """How many films of a set are refused and doubted, and why."""
    count = len(cases)
    refused = Counter(case.error.code for case, _ in cases if case.error is not None)
    doubts: Counter[str] = Counter()
    doubtful = by_joints = 0
    for case, distance in cases:
        if case.error is not None or case.quality is None:
            continue
        codes = {doubt.code for doubt in case.quality.doubts} | ({"unlike_training"} if distance > limit else set())
        doubts.update(codes)
        doubtful += bool(codes)
        by_joints += case.stages[0].parameters.get("by") == "joints"
    return (
        f"{name} (n {count}): refused {_share(sum(refused.values()), count)} {dict(refused)}, "
        f"doubtful {_share(doubtful, count)} {dict(doubts)}, crop by joints {_share(by_joints, count)}"
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.1f} %"
