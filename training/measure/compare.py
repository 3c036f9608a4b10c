"""The comparison of seed 1: backbones, picture sizes, original against enhanced films.

    python -m training compare --config CONFIG --images DIR --labels CSV --runs DIR

Trains every combination in a run folder of its own (stopped midway, it goes on there) and writes
``comparison.csv``: the smallest error of each on *tune*. *report* is not looked at.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from training.configs.read import make_config, merged, read_config, with_weights
from training.configs.values import TrainingConfig
from training.films.source import add_film_options, training_films
from training.run.distributed import add_device_option, known_device
from training.run.train import train_or_resume
from training.tables import write_table

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


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``compare``."""
    parser.add_argument("--config", type=Path, required=True)
    add_film_options(parser)
    parser.add_argument("--runs", type=Path, required=True, help="folder for the run folders and comparison.csv")
    parser.add_argument("--backbones", nargs="+", default=list(BACKBONES))
    parser.add_argument("--picture-sizes", nargs="+", type=int, default=list(SIZES))
    parser.add_argument("--weights", help="starting weights instead of the configuration's: imagenet or none")
    add_device_option(parser)


def run(options: argparse.Namespace) -> None:
    """Train all combinations and write the table. Raises ``BoneAgeError``."""
    choices = itertools.product(options.backbones, options.picture_sizes, ENHANCED)
    rows = [_train_variant(options, *choice) for choice in choices]
    rows.sort(key=lambda row: row["tune_mae_months"])
    write_table(options.runs / "comparison.csv", list(rows[0]), [list(row.values()) for row in rows])
    for row in rows:
        print(f"{row['name']:<40} {row['tune_mae_months']:7.2f}")


def _train_variant(options: argparse.Namespace, backbone: str, size: int, enhanced: bool) -> dict[str, Any]:
    config = variant(with_weights(read_config(options.config), options.weights).raw, backbone, size, enhanced)
    device = known_device(options.device)
    train, tune = training_films(options, config.preprocessing)
    trainer = train_or_resume(config, train, tune, options.runs / config.name, device)
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
