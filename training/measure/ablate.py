"""What each choice is worth: variants of one configuration, trained alike and compared on *tune*.

    python -m training ablate --config training/ablations.toml --images DIR --labels CSV --runs DIR

Every variant has a run folder of its own (stopped midway, it goes on there). ``ablations.csv`` holds MAE on
*tune* and the paired bootstrap against the first variant. *report* is not looked at.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bone_age_gui.core.values.bounds import Name, Prose
from bone_age_gui.core.values.strict_json import from_plain
from bone_age_gui.wording.fields import problem_words
from training.configs.read import bad_config, make_config, merged, read_config, read_toml
from training.configs.values import Named, TrainingConfig
from training.errors import TrainingError
from training.films.source import add_film_options, training_films
from training.measure.metrics import paired_bootstrap
from training.run.distributed import add_device_option, usable_device
from training.run.loop import estimate_months
from training.run.train import train_or_resume
from training.tables import write_table


@dataclass(frozen=True)
class Variant:
    """A configuration with one thing changed. ``stretched`` leaves a data set's stretch in place."""

    name: str
    why: str
    config: TrainingConfig
    stretched: bool


@dataclass(frozen=True)
class _Entry:
    """A variant as its file has it: ``change`` is merged into the base, places in ``without`` are taken out."""

    name: Name
    why: Prose
    change: Mapping[str, Any]
    without: tuple[Named, ...]
    stretched: bool


@dataclass(frozen=True)
class _Plan:
    """The file: the base configuration beside it, what all variants change, and the variants."""

    base: Named
    common: Mapping[str, Any]
    variants: tuple[_Entry, ...]


def read_variants(path: Path) -> list[Variant]:
    """The variants of an ablation file; ``BoneAgeError`` (``bad_config``) if it is wrong."""
    table = read_toml(path)
    try:
        entries = from_plain(tuple[Mapping[str, Any], ...], table.get("variants"), "variants")
        full = [{"change": {}, "without": [], "stretched": False, **entry} for entry in entries]
        plan: _Plan = from_plain(_Plan, {"common": {}, **table, "variants": full}, path.name)
        base = merged(read_config(path.parent / plan.base).raw, plan.common)
        names = [entry.name for entry in plan.variants]
        if not names or len(set(names)) < len(names):
            raise ValueError("variants should name at least one, and each by a name of its own")
        return [_variant(base, entry) for entry in plan.variants]
    except ValueError as error:
        raise bad_config(f"{path.name}: {problem_words(error)}", "Compare it with training/ablations.toml") from error


def _variant(base: Mapping[str, Any], entry: _Entry) -> Variant:
    raw = merged(base, entry.change)
    for place in entry.without:
        *tables, name = place.split(".")
        inner: Any = raw
        for step in tables:
            inner = inner.get(step) if isinstance(inner, dict) else None
        if not isinstance(inner, dict) or name not in inner:
            raise ValueError(f"the variant {entry.name} is without {place}, which is not there")
        del inner[name]
    return Variant(entry.name, entry.why, make_config({**raw, "name": entry.name}), entry.stretched)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``ablate``."""
    parser.add_argument("--config", type=Path, required=True)
    add_film_options(parser)
    parser.add_argument("--runs", type=Path, required=True, help="folder for run folders, films and ablations.csv")
    parser.add_argument("--only", nargs="+", help="names of variants; the first one of the file is always trained")
    add_device_option(parser)


def run(options: argparse.Namespace) -> None:
    """Train all variants and write the table. Raises ``BoneAgeError``."""
    first, *rest = read_variants(options.config)
    names = [item.name for item in (first, *rest)]
    if unknown := [name for name in options.only or () if name not in names]:
        raise TrainingError(
            "No such variants",
            f"There is none that is called {', '.join(unknown)}; there are {', '.join(names)}. Correct --only.",
            "bad_variants",
        )
    chosen = [first, *(item for item in rest if options.only is None or item.name in options.only)]
    base: np.ndarray | None = None
    rows = []
    for item in chosen:
        errors = _errors(options, item)
        base = errors if base is None else base
        row = _row(item, errors, base)
        rows.append(row)
        write_table(options.runs / "ablations.csv", list(row), [list(each.values()) for each in rows])
        print(_markdown(row), flush=True)


def _errors(options: argparse.Namespace, item: Variant) -> np.ndarray:
    """Errors on *tune* (months, (n,)) of a variant, trained to its end."""
    device = usable_device(options.device)
    films = training_films(options, item.config, stretched=item.stretched)
    trainer = train_or_resume(item.config, films.train, films.tune, options.runs / item.name, device)
    size = item.config.phases[-1].size
    return estimate_months(trainer.weights_to_use(), films.tune, item.config, size, device) - films.tune.months


def _row(item: Variant, errors: np.ndarray, base: np.ndarray) -> dict[str, Any]:
    result = paired_bootstrap(errors, base)
    return {
        "name": item.name,
        "why": item.why,
        "seed": item.config.seed,
        "tune_mae_months": round(result.mae_first, 3),
        "difference": round(result.difference_months, 3),
        "low": round(result.ci95[0], 3),
        "high": round(result.ci95[1], 3),
        "p": round(result.p_value, 4),
        "n": result.n,
    }


def _markdown(row: Mapping[str, Any]) -> str:
    apart = f"{row['difference']:+.2f} ({row['low']:+.2f} to {row['high']:+.2f})"
    return f"| {row['name']} | {row['why']} | {row['seed']} | {row['tune_mae_months']:.2f} | {apart} |"
