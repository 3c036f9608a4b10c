"""What a training writes beside its checkpoints: a line for every epoch, and the best epoch's estimates of *tune*."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from training.films.data import Films
from training.tables import write_table

COLUMNS = ("epoch", "size", "loss", "tune_mae_months", "tune_bias_months", "films_per_second")


def note_epoch(path: Path, epoch: int, size: int, figures: tuple[float, float, float, float]) -> None:
    """Add a line to ``history.csv``: loss, MAE and bias on *tune* (months), films per second."""
    fresh = not path.exists()
    loss, error, bias, speed = figures
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if fresh:
            writer.writerow(COLUMNS)
        writer.writerow([epoch, size, f"{loss:.5f}", f"{error:.4f}", f"{bias:.4f}", f"{speed:.2f}"])


def write_estimates(path: Path, films: Films, estimates: np.ndarray) -> None:
    """Estimates (months, (n,)) of films, film by film, as ``python -m training agreement`` compares them."""
    rows = [
        (film_id, float(months), bool(male), f"{estimate:.4f}", f"{estimate - months:.4f}")
        for film_id, months, male, estimate in zip(films.ids, films.months, films.male, estimates, strict=True)
    ]
    write_table(path, ("id", "boneage", "male", "estimate", "error"), rows)
