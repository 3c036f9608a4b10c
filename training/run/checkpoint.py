"""The checkpoint that keeps a training: written after each epoch, read to go on, and to export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from bone_age_gui.core.values.whole_files import whole_file
from training.configs.read import make_network_spec, thawed
from training.errors import TrainingError
from training.run.trainer import Trainer


def save_checkpoint(trainer: Trainer, path: Path) -> None:
    """A training that is ended midway leaves the last whole checkpoint."""
    state = {
        "config": thawed(trainer.config.raw),
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
    with whole_file(path) as temporary:
        torch.save(state, temporary)


def load_checkpoint(trainer: Trainer, path: Path) -> None:
    """Go on where ``path`` stopped; a checkpoint of another configuration is refused.

    Raises ``BoneAgeError``: ``other_run``, ``bad_checkpoint``.
    """
    state = read_checkpoint(path, trainer.device)
    # All must be alike but where the first weights came from.
    written = replace(make_network_spec(state["config"]["network"]), weights=trainer.config.network.weights)
    learned = trainer.distiller.learned() if trainer.distiller is not None else {}
    if written != trainer.config.network or learned.keys() != (state.get("distiller") or {}).keys():
        raise TrainingError(
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
    decays = [group["weight_decay"] for group in trainer.optimiser.param_groups]
    trainer.optimiser.load_state_dict(state["optimiser"])
    for group, decay in zip(trainer.optimiser.param_groups, decays, strict=True):
        group["weight_decay"] = decay  # older checkpoints of Adam keep one that is a term of the loss now
    if trainer.plateau is not None and state["plateau"] is not None:
        trainer.plateau.load_state_dict(state["plateau"])
    trainer.epoch, trainer.steps = state["epoch"], state["steps"]
    trainer.averaged_steps = state["averaged_steps"]
    trainer.best, trainer.best_epoch = state["metrics"]["tune_mae_months"], state["metrics"]["best_epoch"]


def read_checkpoint(path: Path, device: torch.device | str = "cpu") -> dict[str, Any]:
    """Contents of a checkpoint; nothing in it is executed. Raises ``BoneAgeError`` (``bad_checkpoint``)."""
    try:
        content = torch.load(path, map_location=device, weights_only=True)
        missing = {"config", "model", "epoch"} - content.keys()
    except Exception as error:  # torch reports a broken file in many ways
        raise _bad_checkpoint(path, f"it cannot be read ({type(error).__name__})") from error
    if missing:
        raise _bad_checkpoint(path, f"it lacks {', '.join(sorted(missing))}")
    return dict(content)


def _bad_checkpoint(path: Path, why: str) -> TrainingError:
    return TrainingError(
        "The checkpoint cannot be used",
        f"{path.name}: {why}. Give a checkpoint, or a run folder, of python -m training train.",
        "bad_checkpoint",
    )
