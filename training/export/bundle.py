"""Make a whole model bundle from a checkpoint: ONNX file, parity, calibration, figures, card.

    python -m training export --checkpoint runs/NAME/best.pt --out models/densenet121 \\
        --images DIR --labels CSV --sizes CSV [--native-images DIR --native-labels CSV]

The uncertainty is calibrated on *tune*; *report* is scored through the app's own line for the card. The bundle
in --out is replaced only when everything has succeeded.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch

from bone_age_gui.core.model.bundle import CARD_FILE, Bundle, load_bundle
from bone_age_gui.core.model.card import Card, Metrics, Parity
from bone_age_gui.core.model.certainty_card import Calibration
from bone_age_gui.core.model.estimate import standard_deviation
from bone_age_gui.core.model.graph import ModelFile
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.values.digest import file_sha256
from training.configs.read import make_config
from training.configs.values import TrainingConfig
from training.errors import TrainingError
from training.export.card import make_card, training_record
from training.export.onnx_file import (
    OPSET,
    export_onnx,
    largest_difference,
    signature,
    trained_network,
)
from training.films.data import read_labels, read_split
from training.films.geometry import read_sizes
from training.measure.calibrate import fit_calibration
from training.measure.scoring import (
    FilmSet,
    Scored,
    describe,
    film_input,
    label_sex,
    labelled_films,
    metrics_of,
    score_films,
)
from training.network.bone_age import MirroredAverage
from training.network.from_bundle import is_bundle
from training.network.two_looks import quick_config, two_looks
from training.options import COUNT, short_text
from training.run.checkpoint import read_checkpoint
from training.tables import write_text

MODEL_FILE = "model.onnx"
_MIRRORED = "each film is looked at twice, once mirrored, and the answers are averaged"
_TWO_LOOKS = (
    "a second network of its kind looks at the whole picture made smaller, and at its mirror image; both networks' "
    "answers are averaged"
)
PARITY_FILMS = 16
PARITY_LIMITS = {"float32": 0.01, "float16": 0.1}
"""Largest difference from torch in months that a bundle may have, by the storage of its weights."""


@dataclass(frozen=True)
class Sets:
    """The films that make a bundle; ``native`` are films of *report* at another resolution."""

    tune: FilmSet
    report: FilmSet
    native: FilmSet | None


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``export``."""
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the bundle, for example models/densenet121")
    parser.add_argument("--name", type=short_text, help="name of the model; the folder's if not given")
    parser.add_argument("--model-version", type=short_text, default="1.0")
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--sizes", type=Path, help="CSV of original sizes, undoes the stretch")
    parser.add_argument("--splits", type=Path, default=Path(__file__).parents[1] / "splits")
    parser.add_argument("--native-images", type=Path, help="films of report at another resolution")
    parser.add_argument("--native-labels", type=Path)
    parser.add_argument("--half", action="store_true", help="store the weights in 16 bits: half the file")
    parser.add_argument(
        "--mirrored", action="store_true", help="average over the film and its mirror image: twice the time"
    )
    parser.add_argument(
        "--quick",
        type=Path,
        help="a bundle whose network looks at the picture made smaller (mirrored too) beside the checkpoint's",
    )
    parser.add_argument("--budget", default="", help="hardware and time of the training, in words, for the card")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto", help="where to score")
    parser.add_argument("--limit", type=COUNT, help="only so many films of each set, for trials")
    parser.add_argument("--quiet", action="store_true", help="no progress bars")


def run(options: argparse.Namespace) -> None:
    """Make a bundle and print its figures. Raises ``BoneAgeError``; an old bundle then stays as it was."""
    card = export(options)
    for name, block in card.metrics.items():
        low, high = block.mae_ci95
        print(f"{name:<20} n {block.n:>5}   MAE {block.mae_months:.2f} months (95 % {low:.2f} to {high:.2f})")
    print(f"{options.out}: {card.name} {card.version}, {card.model.sha256}")


def export(options: argparse.Namespace) -> Card:
    """Make the bundle that the options ask for. Raises ``BoneAgeError``."""
    sets = _find_sets(options)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f"{options.out.name}.", suffix=".partial", dir=options.out.parent))
    try:
        card = _build(work, options, sets)
        _check_parity(card)
        options.out.mkdir(exist_ok=True)
        for name in (MODEL_FILE, CARD_FILE):
            (work / name).replace(options.out / name)
    finally:
        shutil.rmtree(work)
    return card


def _find_sets(options: argparse.Namespace) -> Sets:
    if (options.native_images is None) != (options.native_labels is None):
        raise TrainingError("No films", "--native-images and --native-labels go together.", "no_films")
    sizes = read_sizes(options.sizes) if options.sizes else None

    def part(name: str) -> FilmSet:
        ids = read_split(options.splits, name)
        return labelled_films(options.images, options.labels, ids=ids, limit=options.limit, sizes=sizes, name=name)

    native = None
    if options.native_images is not None:
        ids = set(read_split(options.splits, "report"))
        known = [label.film_id for label in read_labels(options.native_labels) if label.film_id in ids]
        native = labelled_films(
            options.native_images, options.native_labels, ids=known, limit=options.limit, name="report at native size"
        )
    return Sets(part("tune"), part("report"), native)


def _build(work: Path, options: argparse.Namespace, sets: Sets) -> Card:
    """Write file and card into ``work``, in three rounds: the card alone, calibrated, with figures."""
    checkpoint = read_checkpoint(options.checkpoint)
    card, network = _uncalibrated(work, options, checkpoint)
    bundle = _write(work, card)
    predictor = Predictor(bundle, options.device)
    card = replace(card, parity=_parity(network, predictor, sets.tune))
    del network
    tuned = score_films(predictor, sets.tune, quiet=options.quiet)
    if "distribution" in bundle.output_names:
        card = replace(card, calibration=_calibration(tuned))
    predictor = Predictor(_write(work, card), options.device)
    card = replace(card, metrics=_figures(predictor, sets, options.quiet))
    return _write(work, card).card


def _uncalibrated(work: Path, options: argparse.Namespace, checkpoint: dict[str, Any]) -> tuple[Card, torch.nn.Module]:
    config = make_config(checkpoint["config"])
    name = options.name or options.out.name
    network, trained, description = _network(options, checkpoint, config)
    metadata = {"name": name, "version": options.model_version}
    export_onnx(network, config.preprocessing.network_shape, work / MODEL_FILE, metadata, options.half)
    weights = "float16" if options.half else "float32"
    training, covered = training_record(
        read_labels(options.labels),
        {part: read_split(options.splits, part) for part in ("report", "tune")},
        seed=config.seed,
        config=trained,
        budget={"epochs": checkpoint["epoch"], "steps": checkpoint.get("steps"), "spent": options.budget},
    )
    card = make_card(
        name=name,
        version=options.model_version,
        description=description,
        model=ModelFile(MODEL_FILE, file_sha256(work / MODEL_FILE), config.network.backbone, weights),
        tensors=signature(work / MODEL_FILE),
        preprocessing=config.preprocessing,
        training=training,
        covered_months=covered,
        parity=Parity(0.0, 0, OPSET, torch.__version__, onnxruntime.__version__),
    )
    return card, network


def _network(
    options: argparse.Namespace, checkpoint: Mapping[str, Any], config: TrainingConfig
) -> tuple[torch.nn.Module, dict[str, Any], str]:
    """The network to export, alone, mirrored or beside a quick one; its training for the card; its description."""
    network, trained, description = (
        trained_network(checkpoint),
        _without_folders(checkpoint["config"]),
        config.description,
    )
    if options.quick is not None:
        card = load_bundle(options.quick).card
        trained["quick"] = {"name": f"{card.name} {card.version}", "config": quick_config(card)}
        looks = two_looks(network, config.preprocessing, options.quick, mirrored=options.mirrored)
        return looks, trained, f"{description}; {_TWO_LOOKS}"
    if options.mirrored:
        return MirroredAverage(network).eval(), trained, f"{description}; {_MIRRORED}"
    return network, trained, description


def _without_folders(config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration for the card: weights and teachers go by the file's or the model's name, not the place."""
    named = {**config, "network": {**config["network"], "weights": _name_of(Path(config["network"]["weights"]))}}
    if (taught := config.get("distillation")) is not None:
        named["distillation"] = {**taught, "teacher": _name_of(Path(taught["teacher"]))}
    for table, value in (("lessons", "model"), ("joint_crops", "finder")):
        if (bundle := config.get(table)) is not None:
            named[table] = {**bundle, value: _name_of(Path(bundle[value]))}
    return named


def _name_of(source: Path) -> str:
    if not is_bundle(source):
        return source.name
    card = load_bundle(source).card
    return f"{card.name} {card.version}"


def _write(work: Path, card: Card) -> Bundle:
    write_text(work / CARD_FILE, card.to_json())
    return load_bundle(work)


def _parity(network: torch.nn.Module, predictor: Predictor, films: FilmSet) -> Parity:
    """Compare both on real films, with the sex given and withheld in turn."""
    chosen = films.films[:PARITY_FILMS]
    sizes = films.sizes or {}
    inputs = np.concatenate([film_input(path, predictor, sizes.get(label.film_id)) for label, path in chosen])
    sexes = [None if place % 3 == 2 else label_sex(label) for place, (label, _) in enumerate(chosen)]
    difference = largest_difference(network, inputs, sexes, predictor.estimate_batch(inputs, sexes))
    known = predictor.bundle.card.parity
    return replace(known, max_abs_difference_months=difference, n=len(chosen))


def _check_parity(card: Card) -> None:
    allowed = PARITY_LIMITS[card.model.weights]
    if not card.parity.max_abs_difference_months <= allowed:
        raise TrainingError(
            "The exported file differs from the trained network",
            f"By {card.parity.max_abs_difference_months:.4f} months, allowed are {allowed}. "
            "Export without --half, or report this as a fault.",
            "no_parity",
        )


def _calibration(tuned: Scored) -> Calibration:
    pairs = [
        (standard_deviation(estimate.distribution), estimate.bone_age_months - label.months)
        for label, estimate in tuned.films
        if estimate.distribution is not None
    ]
    try:
        sd, errors = zip(*pairs, strict=True)
        return fit_calibration(sd, errors, "tune")
    except ValueError as error:
        raise TrainingError(
            "The uncertainty cannot be calibrated",
            f"Too few films of tune could be estimated ({len(pairs)}). Check --images and --splits.",
            "no_calibration",
        ) from error


def _figures(predictor: Predictor, sets: Sets, quiet: bool) -> dict[str, Metrics]:
    """A block for each set; *tune*, on which choices were made, stands beside for comparison."""
    rounds = [
        ("report", sets.report, False),
        ("report_unknown_sex", sets.report, True),
        ("report_native", sets.native, False),
        ("tune", sets.tune, False),
    ]
    return {
        name: metrics_of(score_films(predictor, films, unknown_sex=unknown, quiet=quiet), describe(films, unknown))
        for name, films, unknown in rounds
        if films is not None
    }
