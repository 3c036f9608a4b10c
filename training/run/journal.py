"""What a training writes beside its checkpoints: a line for every epoch, and the best epoch's estimates of *tune*."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.errors import TrainingError
from training.films.data import Films
from training.tables import read_rows, write_table

COLUMNS = (
    "epoch",
    "size",
    "loss",
    "tune_mae_months",
    "tune_bias_months",
    "films_per_second",
    "tune_mse",
    "train_mae_months",
    "train_mse",
)
"""``mse`` in months squared. The errors in training are means over an epoch's films, changed as they are, while the
weights move, as Keras reports them."""


@dataclass(frozen=True)
class TrainFigures:
    """An epoch of training: mean loss, MAE (months) and MSE (months squared) over its films, films per second."""

    loss: float
    mae: float
    mse: float
    films_per_second: float


@dataclass(frozen=True)
class TuneFigures:
    """What *tune* says: MAE and bias in months, MSE in months squared."""

    mae: float
    bias: float
    mse: float


def append_epoch(path: Path, epoch: int, size: int, train: TrainFigures, tune: TuneFigures) -> None:
    """Add a line to ``history.csv``; an older one, with fewer columns, gets those that it lacks, empty.

    Raises ``BoneAgeError``: ``bad_table``, and those of ``write_table``.
    """
    try:
        rows = read_rows(path, ("epoch",), dict) if path.exists() else []
    except ValueError as error:
        raise TrainingError(
            "The history cannot be read",
            f"{path.name}: {error}. Move it out of the run folder; the same command goes on.",
            "bad_table",
        ) from error
    figures = {
        "epoch": str(epoch),
        "size": str(size),
        "loss": f"{train.loss:.5f}",
        "tune_mae_months": f"{tune.mae:.4f}",
        "tune_bias_months": f"{tune.bias:.4f}",
        "films_per_second": f"{train.films_per_second:.2f}",
        "tune_mse": f"{tune.mse:.3f}",
        "train_mae_months": f"{train.mae:.4f}",
        "train_mse": f"{train.mse:.3f}",
    }
    write_table(path, COLUMNS, [[row.get(name, "") for name in COLUMNS] for row in (*rows, figures)])


def write_estimates(path: Path, films: Films, estimates: np.ndarray) -> None:
    """Estimates (months, (n,)) of films, film by film, as ``python -m training agreement`` compares them."""
    rows = [
        (film_id, float(months), bool(male), f"{estimate:.4f}", f"{estimate - months:.4f}")
        for film_id, months, male, estimate in zip(films.ids, films.months, films.male, estimates, strict=True)
    ]
    write_table(path, ("id", "boneage", "male", "estimate", "error"), rows)
