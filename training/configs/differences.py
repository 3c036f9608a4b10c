"""In which tables two configurations describe different trainings: a run folder goes on with its own only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from training.configs.values import Phase, TrainingConfig

_INDIFFERENT = ("name", "description", "raw", "phases")


def differing_tables(before: TrainingConfig, now: TrainingConfig, epochs: int | None = None) -> list[str]:
    """Names of tables and values that differ; of the phases the first ``epochs`` count, or all.

    Where the first weights came from does not count, nor where a folder that is named lies.
    """
    old, new = _decisive(before), _decisive(now)
    names = [name for name in new if old[name] != new[name]]
    if epochs is None:
        other_phases = before.phases != now.phases
    else:
        behind = range(min(epochs, before.epochs, now.epochs))
        other_phases = any(_conditions(before, epoch) != _conditions(now, epoch) for epoch in behind)
    return [*names, *(["phases"] if other_phases else [])]


def _conditions(config: TrainingConfig, epoch: int) -> Phase:
    """The phase of an epoch, whatever its length."""
    return replace(config.phase_at(epoch), epochs=1)


def _decisive(config: TrainingConfig) -> dict[str, Any]:
    values = {name: value for name, value in vars(config).items() if name not in _INDIFFERENT}
    values["network"] = replace(config.network, weights="")
    for table, name in (("distillation", "teacher"), ("lessons", "model"), ("joint_crops", "finder")):
        if (settings := values[table]) is not None:
            values[table] = replace(settings, **{name: Path(getattr(settings, name)).name})
    return values
