"""Seed 1's Table 2: backbones, picture sizes, original against enhanced films.

    python -m training compare training/configs/table2.toml --images DIR --labels CSV --runs DIR [--out training/table2]
    python -m training compare ... --cells 2/3        one of three machines: every third cell, from the second on
    python -m training compare ... --cells none       the table alone, of what lies in --runs

Every cell has a run folder of its own: stopped midway, it goes on there; done, it is not trained again. ImageNet
weights come from --weights-dir or timm's download; where neither is there the cell begins with random weights, learns
with all layers on the small budget that the file names, and says so. The table is written as CSV and Markdown.
"""

from __future__ import annotations

import argparse
import re
from concurrent.futures import as_completed
from pathlib import Path

import torch

from bone_age_gui.core.machine import usable_cores
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.strict_json import dump_json, to_plain
from training.configs.differences import differing_tables
from training.configs.read import make_config
from training.configs.values import TrainingConfig
from training.errors import TrainingError, training_error_words
from training.films.source import add_film_options, training_films
from training.measure.cells import (
    COLUMNS,
    RANDOM_WEIGHTS,
    Cell,
    CellResult,
    ComparisonPlan,
    markdown,
    read_comparison,
    read_result,
    rows,
)
from training.network.bone_age import build_network
from training.options import CORES, file_path
from training.run.checkpoint import read_checkpoint
from training.run.distributed import add_device_option, usable_device
from training.run.pool import process_pool
from training.run.train import score_best, train_or_resume
from training.tables import write_table, write_text

_RESULT = "cell.json"
_KINDS = ("random", "imagenet")
"""Of first weights, the better one last: part of the name of a run folder."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``compare``."""
    parser.add_argument("table", type=Path, help="the comparison, for example training/configs/table2.toml")
    add_film_options(parser)
    parser.add_argument("--runs", type=Path, required=True, help="folder for run folders and prepared films")
    parser.add_argument("--out", type=file_path, help="the table without its suffix; RUNS/table if not given")
    parser.add_argument("--cells", help="a share of the cells, 1/3, or names with commas, or none; all if not given")
    parser.add_argument("--jobs", type=CORES, default=1, help="cells that are trained at the same time")
    parser.add_argument("--weights-dir", type=Path, help="folder with <timm's name>*.pth, .pt, .bin or .safetensors")
    parser.add_argument("--random-weights", action="store_true", help="do not look for ImageNet weights")
    add_device_option(parser)


def run(options: argparse.Namespace) -> None:
    """Train the chosen cells and write the table of all that are done. Raises ``BoneAgeError``."""
    comparison = read_comparison(options.table)
    chosen = [] if options.cells == "none" else comparison.chosen(options.cells)
    out = options.out or options.runs / "table"
    out.parent.mkdir(parents=True, exist_ok=True)
    usable_device(options.device)
    weights: dict[str, str] = {}
    for cell in chosen:  # asked once a backbone: without the internet a download takes a minute to give up
        if cell.backbone.name not in weights:
            weights[cell.backbone.name] = _first_weights(options, comparison, cell)
    failures = _train_all(options, [(cell.name, weights[cell.backbone.name]) for cell in chosen])
    results = [(cell, _best_result(options.runs, cell)) for cell in comparison.cells]
    write_table(out.with_suffix(".csv"), COLUMNS, rows(results))
    text = markdown(results, options.table.name)
    write_text(out.with_suffix(".md"), text)
    print(text)
    if failures:
        raise failures[0]


def _train_all(options: argparse.Namespace, cells: list[tuple[str, str]]) -> list[BoneAgeError]:
    """Train cells one by one or in a pool; one that cannot be trained does not stop the others."""
    failures = []
    if options.jobs == 1:
        for cell in cells:
            try:
                train_cell(options, *cell)
            except BoneAgeError as error:
                failures.append(error)
        return failures
    threads = max(1, usable_cores() // options.jobs)
    with process_pool(options.jobs, torch.set_num_threads, threads) as pool:
        for future in as_completed([pool.submit(train_cell, options, *cell) for cell in cells]):
            try:
                future.result()
            except BoneAgeError as error:
                failures.append(error)
    return failures


def train_cell(options: argparse.Namespace, name: str, weights: str) -> None:
    """Train one cell to its end, or go on with it, and keep its result. Raises ``BoneAgeError``."""
    comparison = read_comparison(options.table)
    [cell] = comparison.chosen(name)
    config = comparison.config(cell, weights)
    folder = options.runs / f"{name}-{_KINDS[weights != 'none']}"
    _need_same(folder, config)
    if read_result(folder / _RESULT) is not None:
        print(f"{name}: done before", flush=True)
        return
    films = training_films(options, config)
    assert films.test is not None  # a comparison's configurations have a split
    trainer = train_or_resume(config, films.train, films.tune, folder, usable_device(options.device), show=False)
    mae, mse = score_best(trainer, films.test, folder)
    result = CellResult(
        mae_months=mae,
        mse=mse,
        weights={"none": RANDOM_WEIGHTS, "imagenet": "ImageNet"}.get(weights, f"file {Path(weights).name}"),
        frozen="" in config.network.frozen,
        n_train=len(films.train),
        n_validation=len(films.tune),
        n_test=len(films.test),
        epochs=trainer.epoch,
        best_epoch=trainer.best_epoch,
    )
    write_text(folder / _RESULT, dump_json(to_plain(result)))
    print(f"{name}: MAE {mae:.2f}, MSE {mse:.1f}, {result.weights}", flush=True)


def _first_weights(options: argparse.Namespace, comparison: ComparisonPlan, cell: Cell) -> str:
    """A file in --weights-dir, ``"imagenet"`` if timm has them or can fetch them, else ``"none"``."""
    if options.random_weights:
        return "none"
    if options.weights_dir is not None:
        pattern = re.compile(rf"{re.escape(cell.backbone.name)}(?![a-z0-9_]).*\.(pth|pt|bin|safetensors)")
        try:
            files = sorted(path for path in options.weights_dir.iterdir() if pattern.fullmatch(path.name))
        except OSError as error:
            raise TrainingError(
                "No such folder", f"{options.weights_dir.name} cannot be read. Correct --weights-dir.", "no_weights"
            ) from error
        if files:
            return str(files[0])
    try:
        build_network(comparison.config(cell, "imagenet").network, load_weights=True)
    except BoneAgeError as error:
        print(f"{cell.backbone.title}: {RANDOM_WEIGHTS}. {training_error_words(error).message}", flush=True)
        return "none"
    return "imagenet"


def _need_same(folder: Path, config: TrainingConfig) -> None:
    """A run folder of another budget is refused: its epochs are not those of this table."""
    last = folder / "last.pt"
    if not last.exists():
        return
    if differing := differing_tables(make_config(read_checkpoint(last)["config"]), config):
        raise TrainingError(
            "This cell belongs to another comparison",
            f"{folder.name} was trained with other values in {', '.join(differing)}. Give another --runs folder, or "
            "delete it.",
            "other_run",
        )


def _best_result(runs: Path, cell: Cell) -> CellResult | None:
    """A cell's result, from ImageNet weights if there is one."""
    results = [read_result(runs / f"{cell.name}-{kind}" / _RESULT) for kind in _KINDS]
    return next((result for result in reversed(results) if result is not None), None)
