"""The pictures of models/README.md: learning curves, and Bland and Altman's plot of estimates against readings.

    python -m training pictures --history runs/mine/history.csv --predictions report.csv --out models/pictures

--history may be given several times (a teacher's, a student's); each run also gets a picture of its own,
``errors_NAME.png``: MAE and MSE of training and validation, as in figure 2 of seed 1. python -m training evaluate
writes --predictions.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, MultipleLocator

from bone_age_gui.core.values.whole_files import whole_file
from training.errors import TrainingError
from training.measure.metrics import limits_of_agreement
from training.tables import number, read_rows, whole_number

SEXES = {"False": ("female", "tab:red"), "True": ("male", "tab:blue")}
"""Values of the predictions' column ``male``."""
_HISTORY = ("epoch", "size", "loss", "tune_mae_months")
_WHOLE = ("epoch", "size")
_LATER = ("train_mae_months", "train_mse", "tune_mse")
"""Columns that older runs did not keep."""
_TICKS = (6, 7, 8, 9, 10, 12, 15, 20, 30)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``pictures``."""
    parser.add_argument("--history", type=Path, action="append", default=[], help="history.csv of a run folder")
    parser.add_argument("--predictions", type=Path, help="CSV written by evaluate --predictions")
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")


def run(options: argparse.Namespace) -> None:
    """Draw the pictures that are asked for. Raises ``BoneAgeError``."""
    figures: dict[str, Figure] = {}
    if not options.history and options.predictions is None:
        raise TrainingError("Nothing to draw", "Give --history, --predictions or both.", "no_table")
    if options.history:
        runs = {Path(os.path.abspath(path)).parent.name: _read(path, _HISTORY) for path in options.history}
        figures["learning.png"] = learning_curves(runs)
        for name, rows in runs.items():
            if kept := [row for row in rows if row.get("train_mse")]:  # older runs did not keep them
                figures[f"errors_{name}.png"] = error_curves(kept)
    if options.predictions:
        figures["bland_altman.png"] = bland_altman(_read(options.predictions, ("estimate", "boneage"), ("male",)))
    options.out.mkdir(parents=True, exist_ok=True)
    for name, figure in figures.items():
        with whole_file(options.out / name) as temporary:
            figure.savefig(temporary, dpi=110, metadata={"Software": None})


def learning_curves(runs: Mapping[str, list[dict[str, str]]]) -> Figure:
    """Loss in training and MAE on *tune* by epoch: a line a run, named at its end, coloured by picture size."""
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    sizes = sorted({int(row["size"]) for rows in runs.values() for row in rows})
    panels = (("loss", "Loss in training (of the run's own kind)"), ("tune_mae_months", "MAE on tune (months)"))
    for axes, (column, title) in zip(figure.subplots(1, 2), panels, strict=True):
        for name, rows in runs.items():
            epochs, values = [int(row["epoch"]) for row in rows], [float(row[column]) for row in rows]
            axes.plot(epochs, values, lw=1, color="0.6", zorder=1)
            axes.annotate(name, (epochs[-1], values[-1]), (0, -12), textcoords="offset points", ha="center", fontsize=8)
            colours = [f"C{sizes.index(int(row['size']))}" for row in rows]
            axes.scatter(epochs, values, s=16, c=colours, zorder=2)
        axes.set(title=title, xlabel="epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.margins(x=0.12, y=0.12)
        axes.grid(alpha=0.3)
    axes.set_yscale("log")
    axes.set_yticks(_TICKS, _TICKS)
    axes.minorticks_off()
    axes.legend(
        handles=[Line2D([], [], ls="", marker="o", color=f"C{i}", label=f"{v} px") for i, v in enumerate(sizes)]
    )
    return figure


def error_curves(rows: list[dict[str, str]]) -> Figure:
    """MAE and MSE of training and validation by epoch."""
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    epochs = [int(row["epoch"]) for row in rows]
    panels = (("mae_months", "MAE (months)"), ("mse", "MSE (months squared)"))
    for axes, (column, title) in zip(figure.subplots(1, 2), panels, strict=True):
        for part, name in (("train", "training"), ("tune", "validation")):
            axes.plot(epochs, [float(row[f"{part}_{column}"]) for row in rows], marker=".", label=name)
        axes.set(title=title, xlabel="epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        axes.legend()
    return figure


def bland_altman(rows: list[dict[str, str]]) -> Figure:
    """Difference over mean of estimate and reading, with bias and 95 % limits of agreement."""
    figure = Figure(figsize=(9, 4.5), layout="constrained")
    axes = figure.subplots()
    estimates, readings = (np.array([float(row[name]) for row in rows]) for name in ("estimate", "boneage"))
    errors, means = estimates - readings, (estimates + readings) / 24
    for male, (name, colour) in SEXES.items():
        chosen = np.array([row["male"] == male for row in rows])
        axes.scatter(means[chosen], errors[chosen], s=9, alpha=0.6, color=colour, label=name)
    low, high = limits_of_agreement(errors)
    for value, style in ((float(errors.mean()), "-"), (low, "--"), (high, "--")):
        axes.axhline(value, color="0.3", ls=style, lw=1)
        axes.annotate(f"{value:+z.1f}", (1, value), xycoords=("axes fraction", "data"), ha="right", va="bottom")
    axes.set(
        title=f"{len(rows)} films: bias and 95 % limits of agreement",
        xlabel="mean of estimate and reading (years)",
        ylabel="estimate - reading (months)",
    )
    axes.xaxis.set_major_locator(MultipleLocator(2))
    axes.grid(alpha=0.3)
    axes.legend()
    return figure


def _read(path: Path, numbers: Sequence[str], texts: Sequence[str] = ()) -> list[dict[str, str]]:
    """Rows of a table that has these columns. Raises ``BoneAgeError`` (``bad_table``)."""

    def checked(row: Mapping[str, str]) -> dict[str, str]:
        for name in (*numbers, *(name for name in _LATER if row.get(name))):
            number(row, name)
        return {**row, **{name: str(whole_number(row, name, 0, 1_000_000)) for name in _WHOLE if name in numbers}}

    try:
        if rows := read_rows(path, (*numbers, *texts), checked):
            return rows
        raise ValueError("it has no line beside its header")
    except ValueError as error:
        raise TrainingError(
            "The table cannot be read",
            f"{path.name}: {error}. --history takes a run's history.csv, --predictions a table of "
            "python -m training evaluate --predictions.",
            "bad_table",
        ) from error
