"""A training's configuration: one TOML file, checked when it is read."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from bone_age_gui.core.stages.preprocess import PreprocessingSpec
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.strict_json import from_plain
from training.films.augment import AugmentSpec


@dataclass(frozen=True)
class Phase:
    """Some epochs under the same conditions.

    Attributes
    ----------
    size : int
        Height of the pictures, pixels; their width is in proportion.
    epochs : int
    share : float
        Of the films, drawn in each epoch.
    frozen : tuple of str
        Parts of the backbone that rest, beside those that the network keeps for good; none if left out.
    augment : AugmentSpec or None
        The configuration's, but for the values that a phase gives itself.
    hint : float
        The distillation's, unless a phase gives its own; 0 where there is no teacher.
    """

    size: int
    epochs: int
    share: float
    frozen: tuple[str, ...]
    augment: AugmentSpec | None
    hint: float


@dataclass(frozen=True)
class Optimisation:
    """How the weights are found.

    Attributes
    ----------
    kind : str
        ``"adam"`` or ``"adamw"``; ``decay`` is L2 of the head's weights for the first (Keras' kernel regulariser) and
        decoupled weight decay for the second.
    rate : float
        (Largest) learning rate.
    schedule : str
        ``"cosine"`` with ``warm_up`` (share of the training), or ``"plateau"`` (times ``plateau_factor`` after
        ``plateau_patience`` epochs without progress on *tune*).
    batch : int
    ema : float
        Decay of the averaged weights per step; 0 switches them off.
    patience : int
        Epochs without progress on *tune* after which training stops; 0 never.
    clip : float
        Largest norm of the gradient; 0 does not clip.
    """

    kind: str
    rate: float
    decay: float
    schedule: str
    warm_up: float
    plateau_factor: float
    plateau_patience: int
    batch: int
    ema: float
    patience: int
    clip: float


@dataclass(frozen=True)
class Loss:
    """``"mse"``, ``"l1"``, ``"huber"`` (months), or ``"distribution"``: cross-entropy against a bell of
    ``sigma`` months about the reading, plus ``l1`` times the absolute error of the expectation in months."""

    kind: str
    sigma: float
    l1: float


@dataclass(frozen=True)
class Sampling:
    """``unknown_sex``: chance that the sex is withheld. ``balance``: 0 draws films evenly, 1 ages evenly."""

    unknown_sex: float
    balance: float


@dataclass(frozen=True)
class Distillation:
    """``teacher``: configuration file of the teacher, beside this one; it is trained first. ``share``: weight of the
    teacher's distribution, the rest is the label's. ``hint``: weight of the distance between the feature maps, the last
    ones and those at ``depths`` (8: an eighth of the picture's height and width; none if left out)."""

    teacher: str
    share: float
    hint: float
    depths: tuple[int, ...]


@dataclass(frozen=True)
class TrainingConfig:
    """One system, as a file in ``training/configs`` describes it."""

    name: str
    description: str
    seed: int
    preprocessing: PreprocessingSpec
    network: Mapping[str, Any]
    loss: Loss
    optimisation: Optimisation
    sampling: Sampling
    phases: tuple[Phase, ...]
    distillation: Distillation | None
    raw: Mapping[str, Any]

    @property
    def epochs(self) -> int:
        """Epochs of all phases together."""
        return sum(phase.epochs for phase in self.phases)

    def phase_at(self, epoch: int) -> Phase:
        """The phase of an epoch, counted from 0."""
        for phase in self.phases:
            if epoch < phase.epochs:
                return phase
            epoch -= phase.epochs
        raise IndexError(epoch)

    def progress(self, epoch: int, done_of_epoch: float) -> float:
        """Share of the whole training's pixels seen (0..1) when ``done_of_epoch`` of an epoch is behind."""
        cost = [phase.size**2 * phase.share for phase in self.phases for _ in range(phase.epochs)]
        return (sum(cost[:epoch]) + done_of_epoch * cost[epoch]) / sum(cost)


def read_config(path: Path) -> TrainingConfig:
    """Read a TOML file; what is missing, unknown or of the wrong shape raises BoneAgeError (``bad_config``)."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise bad_config(f"{path.name} cannot be read: {error}") from error
    return make_config(raw)


def with_teachers(path: Path, config: TrainingConfig) -> list[TrainingConfig]:
    """``config``, read from ``path``, its teacher's, that one's teacher's and so on, by the files' names beside it.

    A file that comes up again raises BoneAgeError (``bad_config``): nobody teaches himself.
    """
    files, configs = [path.resolve()], [config]
    while (how := configs[-1].distillation) is not None:
        file = (files[-1].parent / how.teacher).resolve()
        if file in files:
            raise bad_config(f"{file.name} is named as a teacher of its own", "Name another in distillation.teacher")
        files.append(file)
        configs.append(read_config(file))
    return configs


def merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``base`` with the values of ``change`` in place, table by table."""
    result = copy.deepcopy(dict(base))
    for name, value in change.items():
        old = result.get(name)
        both = isinstance(value, Mapping) and isinstance(old, Mapping)
        result[name] = merged(old, value) if both else copy.deepcopy(value)  # type: ignore[arg-type]  # just tested
    return result


def make_config(raw: Mapping[str, Any]) -> TrainingConfig:
    """A configuration from the plain values that a checkpoint keeps."""
    try:
        distillation = _distillation(raw.get("distillation"))
        return TrainingConfig(
            name=raw["name"],
            description=raw["description"],
            seed=raw["seed"],
            preprocessing=_preprocessing(raw["preprocessing"]),
            network=raw["network"],
            loss=from_plain(Loss, raw["loss"], "loss"),
            optimisation=from_plain(Optimisation, raw["optimisation"], "optimisation"),
            sampling=from_plain(Sampling, raw["sampling"], "sampling"),
            phases=_phases(raw, distillation),
            distillation=distillation,
            raw=raw,
        )
    except KeyError as error:
        raise bad_config(f"it lacks {error}") from error
    except (TypeError, ValueError) as error:
        raise bad_config(str(error)) from error


def _distillation(values: Any) -> Distillation | None:
    if isinstance(values, Mapping):
        values = {"depths": [], **values}
    how: Distillation | None = from_plain(Distillation | None, values, "distillation")
    if how is not None and list(how.depths) != sorted(set(how.depths)):
        raise ValueError("distillation.depths should go from small to large")
    return how


def _phases(raw: Mapping[str, Any], distillation: Distillation | None) -> tuple[Phase, ...]:
    """What a phase leaves out is as the configuration's other tables say."""
    augment, hint = raw.get("augment"), distillation.hint if distillation is not None else 0.0
    general: dict[str, Any] = {"frozen": [], "hint": hint, "augment": augment}
    told = from_plain(tuple[Mapping[str, Any], ...], raw["phases"], "phases")
    if distillation is None and any("hint" in phase for phase in told):
        raise ValueError("a phase has a hint, but there is no [distillation] that names a teacher")
    phases = [merged(general, phase) for phase in told]
    if augment is None:  # then no phase has changes of its own either
        phases = [phase | {"augment": None} for phase in phases]
    return from_plain(tuple[Phase, ...], phases, "phases")


def _preprocessing(values: Mapping[str, Any]) -> PreprocessingSpec:
    """TOML has no null: a stage that is not named is left out, which a card must say outright."""
    optional = ("cleaning", "equalisation_bins", "sharpening", "gamma")
    assert set(optional) < {item.name for item in fields(PreprocessingSpec)}
    return PreprocessingSpec.from_dict({**dict.fromkeys(optional), **values})


def bad_config(why: str, advice: str = "Compare it with training/configs/shipped.toml") -> BoneAgeError:
    """A configuration that cannot be used: why not, and what to do; neither ends with a full stop."""
    return BoneAgeError("The configuration cannot be used", f"{why}. {advice}.", "bad_config")
