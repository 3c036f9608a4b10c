"""Short trainings of small networks on drawn films."""

import tomllib
from typing import Any

import numpy as np
import pytest

from configs import SHIPPED

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.configs.values import TrainingConfig  # noqa: E402
from training.films.data import Films  # noqa: E402
from training.run.trainer import Trainer, make_trainer  # noqa: E402

CPU = torch.device("cpu")


def small_config(**changes: Any) -> dict[str, Any]:
    """The shipped configuration with a small network and two short phases."""
    raw = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    raw["network"] |= {"backbone": "resnet10t", "dropout": 0.0}
    raw["optimisation"] |= {"batch": 4, "ema": 0.9}
    del raw["distillation"]
    raw["phases"] = [{"size": 32, "epochs": 2, "share": 1.0}, {"size": 48, "epochs": 2, "share": 1.0}]
    for table, values in changes.items():
        raw[table] = raw[table] | values if isinstance(values, dict) else values
    return raw


def drawn_films(count: int = 16) -> Films:
    """Films whose grey tells their age."""
    random = np.random.default_rng(5)
    months = random.uniform(24, 216, count).astype(np.float32)
    pixels = np.clip(random.normal(months[:, None, None] + 20, 12, (count, 96, 64)), 0, 255).astype(np.uint8)
    return Films(tuple(map(str, range(count))), pixels, months, np.arange(count) % 2 == 0)


def weights(trainer: Trainer) -> dict[str, Any]:
    return {name: value.clone() for name, value in trainer.weights_to_use().state_dict().items()}


def fresh(config: TrainingConfig) -> Trainer:
    return make_trainer(config, CPU, load_weights=True)
