"""What each choice is worth: variants of one configuration, trained alike and compared on *tune*.

    python -m training.measure.ablate --config training/ablations.toml --images DIR --labels CSV --runs DIR

Every variant has a run folder of its own (killed, it goes on where it stopped). ``ablations.csv`` holds MAE on
*tune* and the paired bootstrap against the first variant. *report* is not looked at.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.strict_json import from_plain
from training.films.film_source import add_film_options, training_films
from training.measure.metrics import compare
from training.measure.tables import write_table
from training.run.config import TrainingConfig, make_config, merged, read_config
from training.run.train import answers, train_or_resume


@dataclass(frozen=True)
class Variant:
    """A configuration with one thing changed. ``stretched`` leaves a data set's stretch in place."""

    name: str
    why: str
    config: TrainingConfig
    stretched: bool


def read_variants(path: Path) -> list[Variant]:
    """The variants of an ablation file; ``BoneAgeError`` (``bad_config``) if it is wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        base = read_config(path.parent / table["base"]).raw
        common = table.get("common", {})
        return [_variant(merged(base, common), entry) for entry in table["variants"]]
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise BoneAgeError(
            "The ablations cannot be used",
            f"{path.name}: {error}. Compare it with training/ablations.toml.",
            "bad_config",
        ) from error


def _variant(base: dict[str, Any], entry: Mapping[str, Any]) -> Variant:
    known = {"name", "why", "change", "without", "stretched"}
    if unknown := sorted(entry.keys() - known):
        raise ValueError(f"a variant has unknown fields: {', '.join(unknown)}")
    raw = merged(base, entry.get("change", {}))
    for place in entry.get("without", ()):
        *tables, name = place.split(".")
        inner = raw
        for step in tables:
            inner = inner[step]
        del inner[name]
    raw["name"] = from_plain(str, entry["name"], "name")
    return Variant(entry["name"], entry["why"], make_config(raw), bool(entry.get("stretched", False)))


def main(argv: list[str] | None = None) -> int:
    """Train all variants and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, required=True)
    add_film_options(parser)
    parser.add_argument("--runs", type=Path, required=True, help="folder for run folders, films and ablations.csv")
    parser.add_argument("--only", nargs="+", help="names of variants; the first one of the file is always trained")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args(argv)
    try:
        first, *rest = read_variants(args.config)
        chosen = [first, *(item for item in rest if args.only is None or item.name in args.only)]
        base: np.ndarray | None = None
        rows = []
        for item in chosen:
            errors = _errors(args, item)
            base = errors if base is None else base
            row = _row(item, errors, base)
            rows.append(row)
            write_table(args.runs / "ablations.csv", list(row), [list(each.values()) for each in rows])
            print(_told(row), flush=True)
    except BoneAgeError as error:
        print(f"{error.title}. {error.message}")
        return 2
    return 0


def _errors(args: argparse.Namespace, item: Variant) -> np.ndarray:
    """Errors on *tune* (months, (n,)) of a variant, trained to its end."""
    train, tune = training_films(args, item.config.preprocessing, stretched=item.stretched)
    device = torch.device(args.device)
    trainer = train_or_resume(item.config, train, tune, args.runs / item.name, device)
    size = item.config.phases[-1].size
    return answers(trainer.judged(), tune, item.config, size, device) - tune.months


def _row(item: Variant, errors: np.ndarray, base: np.ndarray) -> dict[str, Any]:
    found = compare(errors, base)
    return {
        "name": item.name,
        "why": item.why,
        "seed": item.config.seed,
        "tune_mae_months": round(found.mae_first, 3),
        "difference": round(found.difference_months, 3),
        "low": round(found.ci95[0], 3),
        "high": round(found.ci95[1], 3),
        "p": round(found.p_value, 4),
        "n": found.n,
    }


def _told(row: Mapping[str, Any]) -> str:
    apart = f"{row['difference']:+.2f} ({row['low']:+.2f} to {row['high']:+.2f})"
    return f"| {row['name']} | {row['why']} | {row['seed']} | {row['tune_mae_months']:.2f} | {apart} |"


if __name__ == "__main__":
    raise SystemExit(main())
