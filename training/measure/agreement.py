"""Two sets of estimates of the same films, side by side: two copies of each film, or two models.

    python -m training evaluate ... --predictions one.csv
    python -m training evaluate ... --predictions two.csv
    python -m training agreement one.csv two.csv

Prints how far the estimates lie apart, and the paired bootstrap of their errors.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from training.errors import TrainingError
from training.measure.metrics import paired_bootstrap
from training.tables import number, read_rows


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``agreement``."""
    parser.add_argument("first", type=Path, help="CSV written by evaluate --predictions")
    parser.add_argument("second", type=Path)


def run(options: argparse.Namespace) -> None:
    """Print the figures. Raises ``BoneAgeError`` where there is nothing to compare."""
    print("\n".join(agreement_lines(options.first, options.second)))


def agreement_lines(first: Path, second: Path) -> list[str]:
    """The figures as lines of text, over the films that are in both tables.

    Raises ``BoneAgeError``: ``no_films`` if they share none, ``bad_predictions`` if one cannot be read.
    """
    one, two = _read(first), _read(second)
    shared = [film_id for film_id in one if film_id in two]
    if not shared:
        raise TrainingError("Nothing to compare", "The two tables share no film. Check the files.", "no_films")
    estimates = np.array([[table[film_id][0] for film_id in shared] for table in (one, two)])
    errors = np.array([[table[film_id][1] for film_id in shared] for table in (one, two)])
    apart = np.abs(estimates[1] - estimates[0])
    result = paired_bootstrap(errors[0], errors[1])
    low, high = result.ci95
    return [
        f"films                 {len(shared)}",
        f"apart, median         {np.median(apart):.2f} months",
        f"apart, 90th percent   {np.percentile(apart, 90):.2f} months, largest {apart.max():.2f}",
        f"second less first     {float((estimates[1] - estimates[0]).mean()):+.2f} months on average",
        f"MAE                   {result.mae_first:.2f} and {result.mae_second:.2f} months",
        f"difference of MAE     {result.difference_months:+.2f} (95 % {low:+.2f} to {high:+.2f})",
        f"p                     {result.p_value:.4f}",
    ]


def _read(path: Path) -> dict[str, tuple[float, float]]:
    """Film id to (estimate, error) in months."""
    try:
        return dict(read_rows(path, ("id", "estimate", "error"), _estimate))
    except ValueError as error:
        raise TrainingError(
            "The estimates cannot be read",
            f"{path.name}: {error}. Give a table of python -m training evaluate --predictions.",
            "bad_predictions",
        ) from error


def _estimate(row: Mapping[str, str]) -> tuple[str, tuple[float, float]]:
    return row["id"], (number(row, "estimate"), number(row, "error"))
