"""The checkpoint that keeps a training: written after each epoch, read to go on, and to export."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from bone_age_gui.core.values.whole_files import write_content
from training.configs.differences import differing_tables
from training.configs.read import make_config, thawed
from training.errors import TrainingError
from training.run.trainer import Trainer


def save_checkpoint(trainer: Trainer, path: Path) -> None:
    """A training that is ended midway leaves the last whole checkpoint.

    Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``.
    """
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
        "films": trainer.films,
    }
    write_state(path, state)


def write_state(path: Path, state: Mapping[str, Any]) -> None:
    """Write what torch keeps, whole or not at all.

    Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``.
    """
    content = io.BytesIO()  # torch itself says of a full disk that it failed, and not why
    torch.save(dict(state), content)
    write_content(path, content.getvalue(), "data")


def load_checkpoint(trainer: Trainer, path: Path) -> None:
    """Go on where ``path`` stopped; one of another configuration, or that learned from other films, is refused.

    Raises ``BoneAgeError``: ``other_run``, ``bad_checkpoint``.
    """
    state = read_checkpoint(path, trainer.device)
    if differing := _differing(trainer, state):
        raise TrainingError(
            "The run folder holds another training",
            f"It differs in {', '.join(differing)}. Give another --run folder, or what it began with.",
            "other_run",
        )
    try:
        _take_over(trainer, state)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:  # torch's for other shapes
        raise _bad_checkpoint(path, f"it lacks a part of a training ({type(error).__name__})") from error


def _differing(trainer: Trainer, state: Mapping[str, Any]) -> list[str]:
    """In what a checkpoint is of another training: tables of its configuration, its teacher, its films."""
    differing = differing_tables(make_config(state["config"]), trainer.config, state["epoch"])
    learned = trainer.distiller.learned() if trainer.distiller is not None else {}
    if not differing and learned.keys() != (state.get("distiller") or {}).keys():
        differing.append("its teacher")
    if state.get("films", trainer.films) != trainer.films:  # older checkpoints do not say
        differing.append("the films (--images, --labels, --sizes, --splits, --limit or --fold)")
    return differing


def _take_over(trainer: Trainer, state: Mapping[str, Any]) -> None:
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
