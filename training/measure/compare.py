"""The comparison of seed 1: backbones, picture sizes, original against enhanced films.

    python -m training.measure.compare --config CONFIG --images DIR --labels CSV --runs DIR

Trains every combination in a run folder of its own (killed, it goes on where it stopped) and writes
``comparison.csv``: the smallest error of each on *tune*. *report* is not looked at.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from bone_age_gui.core.values.errors import BoneAgeError
from training.films.film_source import add_film_options, training_films
from training.measure.tables import write_table
from training.run.config import TrainingConfig, make_config, merged, read_config
from training.run.train import train_or_resume

BACKBONES = ("densenet121", "resnet50", "vgg16", "legacy_xception", "inception_v3")
SIZES = (256, 280)
ENHANCED = (True, False)


def variant(raw: Mapping[str, Any], backbone: str, size: int, enhanced: bool) -> TrainingConfig:
    """The configuration with another backbone and picture size, and with or without seed 1's enhancement."""
    name = variant_name(backbone, size, enhanced)
    change = {
        "name": name,
        "network": {"backbone": backbone},
        "preprocessing": {"network_width": size, "network_height": size},
    }
    changed = merged(raw, change)
    if not enhanced:
        for stage in ("equalisation_bins", "sharpening", "gamma"):
            changed["preprocessing"].pop(stage, None)
    for phase in changed["phases"]:
        phase["size"] = size
    return make_config(changed)


def variant_name(backbone: str, size: int, enhanced: bool) -> str:
    """Name of a combination, also of its run folder."""
    return f"{backbone}-{size}-{'enhanced' if enhanced else 'original'}"


def arguments() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, required=True)
    add_film_options(parser)
    parser.add_argument("--runs", type=Path, required=True, help="folder for the run folders and comparison.csv")
    parser.add_argument("--backbones", nargs="+", default=list(BACKBONES))
    parser.add_argument("--picture-sizes", nargs="+", type=int, default=list(SIZES))
    parser.add_argument("--weights", help="starting weights instead of the configuration's: imagenet or none")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Train all combinations and write the table."""
    args = arguments().parse_args(argv)
    try:
        rows = [_train_variant(args, *choice) for choice in _choices(args)]
        rows.sort(key=lambda row: row["tune_mae_months"])
        write_table(args.runs / "comparison.csv", list(rows[0]), [list(row.values()) for row in rows])
    except BoneAgeError as error:
        print(f"{error.title}. {error.message}")
        return 2
    for row in rows:
        print(f"{row['name']:<40} {row['tune_mae_months']:7.2f}")
    return 0


def _choices(args: argparse.Namespace) -> list[tuple[str, int, bool]]:
    return list(itertools.product(args.backbones, args.picture_sizes, ENHANCED))


def _train_variant(args: argparse.Namespace, backbone: str, size: int, enhanced: bool) -> dict[str, Any]:
    raw = read_config(args.config).raw
    if args.weights:
        raw = merged(raw, {"network": {"weights": args.weights}})
    config = variant(raw, backbone, size, enhanced)
    train, tune = training_films(args, config.preprocessing)
    trainer = train_or_resume(config, train, tune, args.runs / config.name, torch.device(args.device))
    return {
        "name": config.name,
        "backbone": backbone,
        "size": size,
        "films": "enhanced" if enhanced else "original",
        "tune_mae_months": round(trainer.best, 3),
        "best_epoch": trainer.best_epoch,
        "n_train": len(train),
        "n_tune": len(tune),
    }


if __name__ == "__main__":
    raise SystemExit(main())
