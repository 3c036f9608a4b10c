"""Give a bundle a finder, the limits between fine, doubtful and refused films, and the distance to its training films.

    python -m training trust --model models/densenet121 --finder runs/finder/out --images DIR --labels CSV \\
        --sizes CSV --finer-images DIR --finer-labels CSV --cache DIR --out models/new

Crop by joints and distance are fitted on films that are in no split, the limits of doubt on *tune*, sharpness and
roughness also on the finer films that are not in *report*, the ends of growth on the readings of the films that the
network learned from. The certainty is fitted on *tune* and *report*, of both sizes, and what it holds is measured on
each fifth of them with what the other four give. What is refused and doubted, and how good the estimates are, is
measured on both splits and both sizes and written to the card. --finder may be a bundle that has one. A bundle that
has all this already may be given again; --cache keeps what the networks made of each film.
"""

from __future__ import annotations

import argparse
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bone_age_gui.core.legibility import Measures
from bone_age_gui.core.model.bundle import CARD_FILE, Bundle, load_bundle
from bone_age_gui.core.model.card import Card, Metrics
from bone_age_gui.core.model.finder.card import FinderCard
from bone_age_gui.core.model.graph import Tensor
from bone_age_gui.core.model.onnx_file import check_file
from bone_age_gui.core.model.preparing import PreparingModel
from bone_age_gui.core.model.quality_card import QualityRules
from bone_age_gui.core.stages.joint_crop import JointCropSpec, UsualPose
from bone_age_gui.core.values.digest import file_sha256
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.strict_json import from_plain, parse_json
from bone_age_gui.core.values.whole_files import copy_whole
from training.configs.values import JointCrops
from training.errors import TrainingError
from training.export.card import WITH_FINDER, WITHOUT_FINDER
from training.films.by_joints import always_by_joints
from training.films.data import Label
from training.measure.scoring import FilmSet, Scored, describe, metrics_of
from training.options import short_text
from training.tables import write_text
from training.trust import novelty
from training.trust.certainty import coverage_lines, fit_certainty, left_out
from training.trust.limits import COMMAND, fit_ends, fit_legibility, novelty_limit
from training.trust.look_cache import LookCache
from training.trust.seen import Seen, film_measures, looks, see
from training.trust.sets import FINER, REPORT, TUNE, TrustFilms, add_set_options, chosen_sets

FINDER, FINDER_CARD = "finder.onnx", "finder.json"
FITTED_ON = "tune and report, measured by fifths left out"
RULES = QualityRules(
    least_hand_score=0.5,
    least_score=0.3,
    sure_score=0.4,
    least_rays=3,
    whole_rays=5,
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
"""How far thresholds may be from the joints; height, middle and pose are fitted."""
MOST_OFF = 15.0
"""Degrees off the usual pose up to which a hand stays as it lies: turning fewer or more hands of *tune* did not read
them better (EXPERIMENTS.md)."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``trust``."""
    parser.add_argument("--model", type=Path, required=True, help="folder of the bundle to begin with")
    parser.add_argument("--finder", type=Path, required=True, help="folder that 'finder' has written, or a bundle")
    add_set_options(parser)
    parser.add_argument("--version", type=short_text, help="version of the new bundle (default: as it was)")
    parser.add_argument("--cache", type=Path, help="folder to keep in what the networks made of each film")
    parser.add_argument("--out", type=Path, required=True, help="a new folder")
    parser.add_argument("--quiet", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Make the bundle and print what was measured. Raises ``BoneAgeError`` for a set-up that cannot be used."""
    source, finder, sets = load_bundle(options.model), _read_finder(options.finder), chosen_sets(options)
    options.out.mkdir(parents=True)
    try:
        _make(options, _with_finder(source, options.finder, finder, options.out, options.version), sets)
    except BaseException:  # a bundle without its limits is none
        shutil.rmtree(options.out, ignore_errors=True)
        raise
    return 0


def _make(options: argparse.Namespace, bundle: Bundle, sets: TrustFilms) -> None:
    """Fit, measure, write and print."""
    cache = LookCache(options.cache)
    bundle = _fitted(bundle, sets.learned, cache, options.quiet)
    seen = {each.name: list(see(each, bundle, cache, quiet=options.quiet)) for each in sets.held_out}
    finer = film_measures(sets.finer, PreparingModel(bundle, 2), quiet=options.quiet) if sets.finer else []
    card = _limited(bundle.card, seen, finer, sets.learned_labels)
    whole = [one for each in seen.values() for one in each if one.refusal(card) is None]
    fair = left_out(card, whole, FITTED_ON)
    words = [measured_words(name, each, card) for name, each in seen.items()]
    quality = replace(card.quality or RULES, measured=f"{COMMAND}: {'; '.join(words)}")
    card = replace(card, quality=quality, calibration=fit_certainty(card, whole, FITTED_ON))
    _write(bundle, replace(card, metrics={**card.metrics, **_metrics(sets.held_out, seen, fair)}))
    assert card.legibility is not None
    lines = [line for name, each in seen.items() for line in coverage_lines(name, each, fair)]
    print("\n".join([*words, *card.legibility.measured.split("; ")[1:], *lines]))


def _limited(
    card: Card, seen: Mapping[str, Sequence[Seen]], finer: Sequence[Measures], labels: Sequence[Label]
) -> Card:
    """The card with all limits but its certainty."""
    tunes = {name: each for name, each in seen.items() if name.startswith(TUNE)}
    kinds: dict[str, Sequence[Measures]] = {
        name: [one.measures for one in each if one.measures is not None] for name, each in tunes.items()
    }
    if finer:
        kinds["finer films in no split"] = finer
    return replace(
        card,
        quality=replace(RULES, most_novelty=max(novelty_limit(each) for each in tunes.values())),
        legibility=fit_legibility([one for each in tunes.values() for one in each], kinds),
        growth_ends=fit_ends(labels, card.limits.covered_months),
    )


def _metrics(
    sets: Sequence[FilmSet], seen: Mapping[str, Sequence[Seen]], fair: Callable[[Seen], Card]
) -> dict[str, Metrics]:
    """Scores of the films that are not refused, as ``evaluate`` has them; of *report* also without a sex."""
    scores = {}
    for films in sets:
        whole = [each for each in seen[films.name] if each.refusal(fair(each)) is None]
        known = Scored(tuple((each.label, each.under(fair(each))) for each in whole))
        shown = replace(films, name=films.name.replace(FINER, " at half size"))
        scores[films.name] = metrics_of(known, describe(shown, unknown_sex=False))
        if films.name == REPORT:
            blind = Scored(tuple((each.label, each.blind_under(fair(each))) for each in whole))
            scores[f"{films.name}_unknown_sex"] = metrics_of(blind, describe(films, unknown_sex=True))
    return scores


def _with_finder(bundle: Bundle, finder: Path, card: FinderCard, out: Path, version: str | None) -> Bundle:
    """The bundle, copied, with the finder in it and limits that nothing exceeds."""
    copy_whole(bundle.model_path, out / bundle.card.model.file)
    copy_whole(finder / FINDER, out / FINDER)
    metrics = {
        name: scores
        if "(measured with" in scores.set_description
        else replace(scores, set_description=f"{scores.set_description} (measured with {bundle.version})")
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
    write_text(bundle.directory / CARD_FILE, card.to_json())
    return load_bundle(bundle.directory)


def _fitted(bundle: Bundle, films: FilmSet, cache: LookCache, quiet: bool) -> Bundle:
    """The bundle with its crop by joints, and the distance to these films inside its graph."""
    features, seen = [], []
    for look in looks(films, bundle, cache, cropped=True, quiet=quiet):
        features.append(look.outputs["features"][0])
        if look.crop is not None:
            seen.append(look.crop)
    fitted = novelty.fit_novelty(np.array(features))
    if not seen:
        raise TrainingError("No hands", f"No hand is seen on any of {len(features)} training films.", "no_films")
    file = bundle.model_path
    novelty.add_to_graph(file, file, fitted)
    card = bundle.card
    model = replace(card.model, sha256=file_sha256(file))
    outputs = (*card.outputs, Tensor(novelty.NAME, "float32", ("N",)))
    height, middle, angle = (float(each) for each in np.median(seen, axis=0))
    crop = replace(AGREEMENT, height=height, middle=middle, pose=UsualPose(angle, MOST_OFF))
    if (learned := card.training.config.get("joint_crops")) is not None:
        crop = always_by_joints(from_plain(JointCrops, learned, "joint_crops"))
    return _write(bundle, replace(card, model=model, outputs=outputs, joint_crop=crop))


def measured_words(name: str, seen: Sequence[Seen], card: Card) -> str:
    """How many films of a set are refused and doubted, and why; what their intervals hold; how many are at an end."""
    count = len(seen)
    refused = Counter(code for each in seen if (code := each.refusal(card)) is not None)
    reasons = [each.codes(card) for each in seen if each.refusal(card) is None]
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
