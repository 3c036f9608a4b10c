"""Score a model bundle on labelled films through the app's own line; needs no torch.

    python -m training evaluate --model models/NAME --images DIR --labels CSV [--sizes CSV] [--json OUT]

CSV of labels: id,boneage,male (months; True or False). --sizes (id,orig_width,orig_height) undoes the
stretch of a square data set before the line begins.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from bone_age_gui.core.model.bundle import find_bundle
from bone_age_gui.core.model.card import GroupMetrics, Metrics
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.values.exit_codes import ExitCode
from bone_age_gui.core.values.strict_json import dump_json, to_plain
from bone_age_gui.paths import model_search_path
from bone_age_gui.wording.devices import device_note
from training.measure.evidence import write_metrics
from training.measure.film_options import add_measured_options, measured_films
from training.measure.scoring import (
    FilmSet,
    Scored,
    describe,
    held_out_count,
    metrics_of,
    score_films,
    write_predictions,
)
from training.options import CORES, file_path, short_text
from training.tables import write_text


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``evaluate``."""
    parser.add_argument("--model", required=True, help="folder or name of a bundle")
    add_measured_options(parser)
    parser.add_argument("--unknown-sex", action="store_true", help="do not tell the model the sex")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument("--threads", type=CORES, help="threads of the CPU session")
    parser.add_argument("--json", type=file_path, help="write all figures here")
    parser.add_argument(
        "--card", type=short_text, metavar="NAME", help="put the scores on the bundle's card under this name"
    )
    parser.add_argument("--predictions", type=file_path, help="write every film's estimate here (CSV)")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def run(options: argparse.Namespace) -> int:
    """Score and print; 3 if some films were refused, else 0. Raises ``BoneAgeError`` where none could be scored."""
    for out in (options.json, options.predictions):
        if out is not None:  # a folder that cannot be made ends it before the work, not after
            out.parent.mkdir(parents=True, exist_ok=True)
    films = measured_films(options)
    predictor = Predictor(find_bundle(options.model, model_search_path()), options.device, options.threads)
    if predictor.fallback_reason:
        print(f"On the CPU: {device_note(predictor.fallback_reason)}.", file=sys.stderr)
    started = time.perf_counter()
    scored = score_films(predictor, films, unknown_sex=options.unknown_sex, quiet=options.quiet)
    seconds = time.perf_counter() - started
    metrics = metrics_of(scored, describe(films, options.unknown_sex))
    result = record(predictor, films, scored, metrics, seconds)
    for line in metrics_lines(metrics, result):
        print(line)
    if options.card:
        write_metrics(predictor.bundle, options.card, metrics)
    if options.json:
        write_text(options.json, dump_json(result))
    if options.predictions:
        write_predictions(options.predictions, scored)
    return ExitCode.SOME_REFUSED if scored.refused else ExitCode.DONE


def record(predictor: Predictor, films: FilmSet, scored: Scored, metrics: Metrics, seconds: float) -> dict[str, Any]:
    """Everything about an evaluation as plain values; ``n`` and ``mae_months`` at the top."""
    bundle = predictor.bundle
    labels = [label for label, _ in scored.films]
    unsized = 0 if films.sizes is None else sum(label.film_id not in films.sizes for label in labels)
    inference = sorted(estimate.seconds for _, estimate in scored.films)
    return {
        **to_plain(metrics),
        "model": {"name": bundle.name, "version": bundle.version, "sha256": bundle.sha256},
        "device": predictor.device,
        "held_out": held_out_count(bundle.card, labels),
        "missing": list(films.missing),
        "refused": dict(scored.refused),
        "without_size": unsized,
        "seconds": seconds,
        "inference_seconds_median": inference[len(inference) // 2],
    }


def metrics_lines(metrics: Metrics, result: Mapping[str, Any]) -> list[str]:
    """The figures as lines of text."""
    low, high = metrics.mae_ci95
    lower, upper = metrics.limits_of_agreement
    model = result["model"]
    lines = [
        f"{model['name']} {model['version']} ({model['sha256'][:12]}) on {result['device']}: {metrics.set_description}",
        f"  films                {metrics.n}",
        f"  MAE                  {metrics.mae_months:.2f} months (95 % {low:.2f} to {high:.2f})",
        f"  RMSE                 {metrics.rmse_months:.2f} months",
        f"  bias                 {metrics.bias_months:+.2f} months",
        f"  limits of agreement  {lower:+.1f} to {upper:+.1f} months",
        f"  within 6/12/24       {metrics.within_6:.1f} / {metrics.within_12:.1f} / {metrics.within_24:.1f} %",
    ]
    if metrics.interval_coverage is not None:
        lines.append(f"  inside the interval  {metrics.interval_coverage:.1f} %")
    groups = {**metrics.by_sex, **{f"{band} years": part for band, part in metrics.by_age_band.items()}}
    lines += [_group_line(name, part) for name, part in groups.items()]
    return lines + _remarks(metrics.n, result)


def _group_line(name: str, part: GroupMetrics) -> str:
    if part.mae_months is None:
        return f"    {name:<18} n {part.n:>5}"
    held = "" if part.interval_coverage is None else f"   inside {part.interval_coverage:5.1f} %"
    return f"    {name:<18} n {part.n:>5}   MAE {part.mae_months:6.2f}   bias {part.bias_months:+6.2f}{held}"


def _remarks(n: int, result: Mapping[str, Any]) -> list[str]:
    remarks = [f"  {result['held_out']} of {n} films are listed on the card as never trained on."]
    if missing := len(result["missing"]):
        remarks.append(f"  {missing} films have no file or no label and are left out.")
    if refused := result["refused"]:
        counts = ", ".join(f"{count} {code}" for code, count in sorted(Counter(refused.values()).items()))
        remarks.append(f"  {len(refused)} films were refused and are left out ({counts}).")
    if result["without_size"]:
        remarks.append(f"  {result['without_size']} films are not in the table of sizes and were read as stored.")
    return remarks
