"""Give a bundle a finder, the limits between fine, doubtful and refused films, and the distance to its training films.

    python -m training trust --model models/densenet121 --finder runs/finder/out --images DIR --labels CSV \\
        --sizes CSV --out models/new

Crop by joints and distance are fitted on films that are in no split, all limits and the certainty on *tune*, the ends
of growth on the readings of the films that the network learned from. What is refused and doubted of *report* and
*tune*, and how good the estimates are, is measured and written to the card. --finder may be a bundle that has one. A
bundle that has all this already may be given again.
"""

from __future__ import annotations

import argparse
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bone_age_gui.core.model.bundle import CARD_FILE, Bundle, load_bundle
from bone_age_gui.core.model.card import Card, Metrics
from bone_age_gui.core.model.finder.card import FinderCard
from bone_age_gui.core.model.graph import Tensor
from bone_age_gui.core.model.onnx_file import check_file
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.model.preparing import PreparingModel
from bone_age_gui.core.model.quality_card import QualityRules
from bone_age_gui.core.stages.joint_crop import JointCropSpec
from bone_age_gui.core.values.digest import file_sha256
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.strict_json import from_plain, parse_json
from training.errors import TrainingError
from training.export.card import WITH_FINDER, WITHOUT_FINDER
from training.films.data import Label, read_labels, read_split
from training.films.geometry import read_sizes
from training.measure.scoring import FilmSet, Scored, describe, labelled_films, metrics_of
from training.trust import novelty
from training.trust.films import Crops, Features, crops, prepared_films
from training.trust.limits import COMMAND, fit_certainty, fit_ends, fit_legibility, novelty_limit
from training.trust.seen import Seen, see

FINDER, FINDER_CARD = "finder.onnx", "finder.json"
SEED = 2026
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
    parser.add_argument("--finder", type=Path, required=True, help="folder that 'finder' has written, or a bundle")
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
    source, finder = load_bundle(options.model), _read_finder(options.finder)
    options.out.mkdir(parents=True)
    bundle = _with_finder(source, options.finder, finder, options.out, options.version)
    held_out = {name: read_split(options.splits, name) for name in ("report", "tune")}
    learned = _films(options, _drawn(options, [*held_out.values()]), "training films")
    bundle = _fitted(bundle, learned, options.quiet)
    tune, report = (_films(options, held_out[name][: options.limit], name) for name in ("tune", "report"))
    predictor = Predictor(bundle)
    seen = {
        "report": list(see(report, predictor, quiet=options.quiet)),
        "tune": list(see(tune, predictor, without_sex=True, quiet=options.quiet)),
    }
    card = _limited(bundle.card, seen["tune"], _learned_labels(options, held_out))
    words = "; ".join(measured_words(name, films, card) for name, films in seen.items())
    metrics = {films.name: _metrics(films, seen[films.name], card) for films in (report, tune)}
    quality = replace(card.quality or RULES, measured=f"{COMMAND}: {words}")
    _write(bundle, replace(card, quality=quality, metrics={**card.metrics, **metrics}))
    print(words.replace("; ", "\n"))
    return 0


def _limited(card: Card, tune: Sequence[Seen], labels: Sequence[Label]) -> Card:
    """The card with all limits and its certainty."""
    card = replace(
        card,
        quality=replace(RULES, most_novelty=novelty_limit(tune)),
        legibility=fit_legibility(tune),
        growth_ends=fit_ends(labels, card.limits.covered_months),
    )
    return replace(card, calibration=fit_certainty(card, tune))


def _learned_labels(options: argparse.Namespace, held_out: Mapping[str, Sequence[str]]) -> list[Label]:
    left_out = {film_id for ids in held_out.values() for film_id in ids}
    return [label for label in read_labels(options.labels) if label.film_id not in left_out]


def _metrics(films: FilmSet, seen: Sequence[Seen], card: Card) -> Metrics:
    """Scores of the films that are not refused, as ``evaluate`` has them."""
    scored = tuple((each.label, each.under(card)) for each in seen if each.refused is None)
    return metrics_of(Scored(scored), describe(films, unknown_sex=False))


def _with_finder(bundle: Bundle, finder: Path, card: FinderCard, out: Path, version: str | None) -> Bundle:
    """The bundle, copied, with the finder in it and limits that nothing exceeds."""
    shutil.copy(bundle.model_path, out / bundle.card.model.file)
    shutil.copy(finder / FINDER, out / FINDER)
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
        legibility=None,
        growth_ends=None,
        metrics=metrics,
        outputs=tuple(tensor for tensor in bundle.card.outputs if tensor.name != novelty.NAME),
        limitations=tuple(WITH_FINDER if text == WITHOUT_FINDER else text for text in bundle.card.limitations),
    )
    novelty.remove_from_graph(out / new.model.file)
    new = replace(new, model=replace(new.model, sha256=file_sha256(out / new.model.file)))
    return _write(Bundle(out, new), new)


def _read_finder(folder: Path) -> FinderCard:
    """The card of a folder that 'finder' has written, or of a bundle, whose file is whole."""
    card = _finder_card(folder)
    check_file(folder / FINDER, card.model)
    return card


def _finder_card(folder: Path) -> FinderCard:
    if (folder / CARD_FILE).exists() and (known := load_bundle(folder).card.finder) is not None:
        return known
    try:
        card: FinderCard = from_plain(FinderCard, parse_json((folder / FINDER_CARD).read_text("utf-8")), "finder")
    except (OSError, ValueError) as error:
        raise TrainingError(
            "The finder cannot be read",
            f"--finder takes the folder that python -m training finder has written ({FINDER}, {FINDER_CARD}), or a "
            "bundle with a finder.",
            "bad_finder",
        ) from error
    return card


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


def measured_words(name: str, seen: Sequence[Seen], card: Card) -> str:
    """How many films of a set are refused and doubted, and why; what their intervals hold; how many are at an end."""
    count = len(seen)
    refused = Counter(each.refused for each in seen if each.refused is not None)
    reasons = [each.codes(card) for each in seen if each.refused is None]
    doubts = Counter(code for codes in reasons for code in set(codes))
    ends = Counter(end for each in seen if (end := each.under(card).end) is not None)
    by_joints = sum(each.by_joints for each in seen)
    return (
        f"{name} (n {count}): refused {_share(sum(refused.values()), count)} {dict(refused)}, "
        f"doubtful {_share(sum(map(bool, reasons)), count)} {dict(doubts)}, crop by joints {_share(by_joints, count)}, "
        f"at least {_share(ends[GrowthEnd.AT_LEAST], count)}, at most {_share(ends[GrowthEnd.AT_MOST], count)}"
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / max(whole, 1):.1f} %"
