"""A training between two epochs: network, averaged weights, optimiser, and the checkpoint that keeps them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from bone_age_gui.core.values.errors import BoneAgeError
from training.network.bone_age import BoneAgeNetwork, build_network
from training.network.distil import Distiller
from training.run.config import Optimisation, Phase, TrainingConfig, bad_config
from training.run.distributed import ALONE, Engine
from training.run.step import TrainingStep


@dataclass(frozen=True)
class Teacher:
    """A trained network and the configuration that it was trained by."""

    network: BoneAgeNetwork
    config: TrainingConfig


@dataclass
class Trainer:
    """All that a training needs between two epochs, and so all that a checkpoint keeps."""

    config: TrainingConfig
    network: BoneAgeNetwork
    distiller: Distiller | None
    step: TrainingStep
    spread: nn.Module
    averaged: AveragedModel | None
    optimiser: torch.optim.Optimizer
    plateau: torch.optim.lr_scheduler.ReduceLROnPlateau | None
    device: torch.device
    engine: Engine
    epoch: int = 0
    steps: int = 0
    averaged_steps: int = 0
    best: float = math.inf
    best_epoch: int = -1

    def enter(self, phase: Phase) -> None:
        """Get ready for an epoch: what rests in its phase, rests."""
        if phase.frozen != self.network.resting:
            self.network.rest(phase.frozen)
            self.spread = self.engine.spread(self.step)  # it settles at its start whose gradients it averages
        self.spread.train()

    def judged(self) -> BoneAgeNetwork:
        """The weights that count: averaged ones if there are any."""
        return self.averaged.module if self.averaged is not None else self.network  # type: ignore[return-value]


def make_trainer(
    config: TrainingConfig,
    device: torch.device,
    *,
    load_weights: bool,
    teacher: Teacher | None = None,
    engine: Engine = ALONE,
) -> Trainer:
    """A training before its first epoch.

    A configuration with a distillation and no ``teacher`` raises BoneAgeError (``bad_config``).
    """
    torch.manual_seed(config.seed)
    network = build_network(config.raw, load_weights=load_weights).to(device)
    network.to(memory_format=torch.channels_last)
    for phase in config.phases:  # a name that is wrong is told before the training, not in its last phase
        network.rest(phase.frozen)
    network.rest(())
    distiller = None
    if config.distillation is not None:
        if teacher is None:  # trained without, it would be another system than its configuration says
            raise bad_config(
                "It names a teacher, and there is none here", "Use training.run.train or leave [distillation] out"
            )
        distiller = Distiller(teacher.network, teacher.config, network, config.distillation).to(device)
    step = TrainingStep(network, config, distiller, engine)
    optimiser = _optimiser(step, config.optimisation)
    how = config.optimisation
    averaged = None
    if how.ema > 0:
        averaged = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(how.ema), use_buffers=True)
    plateau = None
    if how.schedule == "plateau":
        plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(
            optimiser, factor=how.plateau_factor, patience=how.plateau_patience
        )
    return Trainer(config, network, distiller, step, engine.spread(step), averaged, optimiser, plateau, device, engine)


def _optimiser(step: TrainingStep, how: Optimisation) -> torch.optim.Optimizer:
    free = [(name, weight) for name, weight in step.named_parameters() if weight.requires_grad]
    if how.kind == "adam":  # the seeds: L2 on the dense layers' kernels alone
        decays = {name for name, weight in free if name.startswith("network.head.") and weight.ndim > 1}
        make: Any = torch.optim.Adam
    else:
        decays = {name for name, weight in free if weight.ndim > 1}
        make = torch.optim.AdamW
    groups = [
        {"params": [weight for name, weight in free if name in decays], "weight_decay": how.decay},
        {"params": [weight for name, weight in free if name not in decays], "weight_decay": 0.0},
    ]
    return make([group for group in groups if group["params"]], lr=how.rate)


def save_checkpoint(trainer: Trainer, path: Path) -> None:
    """Write to a temporary name, then rename: a killed training leaves the last whole checkpoint."""
    state = {
        "config": dict(trainer.config.raw),
        "model": trainer.network.state_dict(),
        "ema": trainer.averaged.module.state_dict() if trainer.averaged is not None else None,
        "distiller": trainer.distiller.learned() if trainer.distiller is not None else None,
        "optimiser": trainer.optimiser.state_dict(),
        "plateau": trainer.plateau.state_dict() if trainer.plateau is not None else None,
        "epoch": trainer.epoch,
        "steps": trainer.steps,
        "averaged_steps": trainer.averaged_steps,
        "metrics": {"tune_mae_months": trainer.best, "best_epoch": trainer.best_epoch},
        "seed": trainer.config.seed,
    }
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    partial.replace(path)


def _shape(network: Mapping[str, Any]) -> dict[str, Any]:
    """What a checkpoint must have in common: all but where the first weights came from."""
    return {name: value for name, value in network.items() if name != "weights"}


def load_checkpoint(trainer: Trainer, path: Path) -> None:
    """Go on where ``path`` stopped; a checkpoint of another configuration is refused."""
    state = torch.load(path, map_location=trainer.device, weights_only=True)
    same = _shape(state["config"]["network"]) == _shape(trainer.config.network)
    taught = trainer.distiller.learned() if trainer.distiller is not None else {}
    if not same or taught.keys() != (state.get("distiller") or {}).keys():
        raise BoneAgeError(
            "This run belongs to another network",
            "The run folder holds a checkpoint of a different configuration. Give another --run folder.",
            "other_run",
        )
    trainer.network.load_state_dict(state["model"])
    if trainer.averaged is not None and state["ema"] is not None:
        trainer.averaged.module.load_state_dict(state["ema"])
        trainer.averaged.n_averaged.fill_(max(state["averaged_steps"], 1))
    if trainer.distiller is not None:
        trainer.distiller.load_state_dict(state["distiller"], strict=False)  # the teacher comes from its own run
    trainer.optimiser.load_state_dict(state["optimiser"])
    if trainer.plateau is not None and state["plateau"] is not None:
        trainer.plateau.load_state_dict(state["plateau"])
    trainer.epoch, trainer.steps = state["epoch"], state["steps"]
    trainer.averaged_steps = state["averaged_steps"]
    trainer.best, trainer.best_epoch = state["metrics"]["tune_mae_months"], state["metrics"]["best_epoch"]
