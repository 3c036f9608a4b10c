"""A training's configuration: one TOML file, checked when it is read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bone_age_gui.core.stages.preprocess import PreprocessingSpec
from bone_age_gui.core.values.bounds import Count, Name, Prose
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.strict_json import BadFieldError, from_plain
from bone_age_gui.wording.fields import problem_words
from training.configs.choices import check_choices, check_sense
from training.configs.values import (
    AugmentSpec,
    Changed,
    Distillation,
    Finer,
    Head,
    JointCrops,
    Lessons,
    Loss,
    NetworkSpec,
    Optimisation,
    Phase,
    Sampling,
    Split,
    TrainingConfig,
)
from training.errors import TrainingError, file_reason

_TABLES = {
    "name", "description", "seed", "preprocessing", "augment", "network", "loss", "distillation", "optimisation",
    "sampling", "phases", "split", "finer", "lessons", "changed", "joint_crops",
}  # fmt: skip


def read_config(path: Path) -> TrainingConfig:
    """Read a TOML file; what is missing, unknown or of the wrong shape raises BoneAgeError (``bad_config``)."""
    return make_config(read_toml(path), path.name)


def read_toml(path: Path) -> dict[str, Any]:
    """A file's plain values; BoneAgeError (``bad_config``) if it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise bad_config(f"{path.name}: {file_reason(error)}", "Give the path of a configuration") from error
    except UnicodeDecodeError as error:
        raise bad_config(f"{path.name}: it is no text in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise bad_config(f"{path.name}: it is no TOML ({error})") from error


def with_teachers(path: Path, config: TrainingConfig) -> list[TrainingConfig]:
    """``config``, read from ``path``, its teacher's, that one's teacher's and so on, by the files' names beside it.

    A file that would become its own teacher raises BoneAgeError (``bad_config``).
    """
    files, configs = [path.resolve()], [config]
    while (settings := configs[-1].distillation) is not None:
        file = (files[-1].parent / settings.teacher).resolve()
        if file in files:
            raise bad_config(f"{file.name} is named as a teacher of its own", "Name another in distillation.teacher")
        files.append(file)
        configs.append(read_config(file))
    return configs


def with_weights(config: TrainingConfig, weights: str | None) -> TrainingConfig:
    """The configuration with other starting weights; ``None`` leaves it as it is."""
    return config if weights is None else make_config(merged(config.raw, {"network": {"weights": weights}}))


def merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of ``base`` with the values of ``change`` in place, table by table."""
    result: dict[str, Any] = thawed(base)
    for name, value in change.items():
        old = result.get(name)
        both = isinstance(value, Mapping) and isinstance(old, Mapping)
        result[name] = merged(old, value) if both else thawed(value)  # type: ignore[arg-type]  # just tested
    return result


def thawed(value: Any) -> Any:
    """A copy of plain values that may be changed: dicts and lists all the way down."""
    if isinstance(value, Mapping):
        return {name: thawed(item) for name, item in value.items()}
    return [thawed(item) for item in value] if isinstance(value, (list, tuple)) else value


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return MappingProxyType({name: _frozen(item) for name, item in value.items()})
    return tuple(_frozen(item) for item in value) if isinstance(value, (list, tuple)) else value


def make_config(values: Mapping[str, Any], file: str = "") -> TrainingConfig:
    """A configuration from plain values, those of a ``file`` to train by or those that a checkpoint keeps.

    Later changes of ``values`` do not reach it. Raises BoneAgeError (``bad_config``), which names the file.
    """
    where = f"{file}: " if file else ""
    raw = thawed(values)
    try:
        if unknown := sorted(raw.keys() - _TABLES):
            raise ValueError(f"it has unknown tables or values: {', '.join(unknown)}")
        distillation = _distillation(raw.get("distillation"))
        config = TrainingConfig(
            name=from_plain(Name, raw["name"], "name"),
            description=from_plain(Prose, raw["description"], "description"),
            seed=from_plain(Count, raw["seed"], "seed"),
            preprocessing=_preprocessing(raw["preprocessing"]),
            network=_network(raw["network"]),
            loss=from_plain(Loss, raw["loss"], "loss"),
            optimisation=from_plain(Optimisation, raw["optimisation"], "optimisation"),
            sampling=from_plain(Sampling, raw["sampling"], "sampling"),
            phases=_phases(raw, distillation),
            distillation=distillation,
            split=from_plain(Split | None, raw.get("split"), "split"),
            finer=from_plain(Finer | None, raw.get("finer"), "finer"),
            lessons=from_plain(Lessons | None, raw.get("lessons"), "lessons"),
            changed=from_plain(Changed | None, raw.get("changed"), "changed"),
            joint_crops=from_plain(JointCrops | None, raw.get("joint_crops"), "joint_crops"),
            raw=_frozen(raw),
        )
        check_choices(config)
        if file:
            check_sense(config)
    except KeyError as error:
        raise bad_config(f"{where}it lacks {error}") from error
    except (TypeError, ValueError) as error:
        raise bad_config(f"{where}{problem_words(error)}") from error
    return config


def make_network_spec(values: Any) -> NetworkSpec:
    """The ``[network]`` table alone, as ``make_config`` reads it."""
    try:
        return _network(thawed(values))
    except ValueError as error:
        raise bad_config(problem_words(error)) from error


def _network(values: Any) -> NetworkSpec:
    """A distribution needs no layers and always sees the sex; a dense head must say both."""
    values = {"norm_momentum": None, **from_plain(Mapping[str, Any], values, "network")}
    if isinstance(frozen := values.get("frozen"), bool):  # torch's name of a module itself is ""
        values["frozen"] = [""] if frozen else []
    if from_plain(Head, values.get("head"), "network.head") == "distribution":
        if dense := sorted({"hidden", "use_sex"} & values.keys()):
            raise ValueError(f"network has values of a dense head beside a distribution: {', '.join(dense)}")
        values |= {"hidden": [], "use_sex": True}
    return from_plain(NetworkSpec, values, "network")


def _distillation(values: Any) -> Distillation | None:
    if isinstance(values, Mapping):
        values = {"depths": [], **values}
    settings: Distillation | None = from_plain(Distillation | None, values, "distillation")
    if settings is not None and list(settings.depths) != sorted(set(settings.depths)):
        raise ValueError("distillation.depths should go from small to large")
    return settings


def _phases(raw: Mapping[str, Any], distillation: Distillation | None) -> tuple[Phase, ...]:
    """What a phase leaves out is as the configuration's other tables say."""
    augment, hint = raw.get("augment"), distillation.hint if distillation is not None else 0.0
    general: dict[str, Any] = {"frozen": [], "hint": hint, "augment": augment}
    written = from_plain(tuple[Mapping[str, Any], ...], raw["phases"], "phases")
    if not written:
        raise ValueError("phases should name at least one")
    if distillation is None and any("hint" in phase for phase in written):
        raise ValueError("a phase has a hint, but there is no [distillation] that names a teacher")
    phases = [merged(general, phase) for phase in written]
    if augment is None:  # then no phase has changes of its own either
        for place, phase in enumerate(phases):
            _check_names(AugmentSpec, phase["augment"], f"phases[{place}].augment")
        phases = [phase | {"augment": None} for phase in phases]
    return from_plain(tuple[Phase, ...], phases, "phases")


def _check_names(kind: type, values: Any, where: str) -> None:
    """Refuse a table, if it is there, that has names which the kind has not. Raises ``ValueError``."""
    table = from_plain(Mapping[str, Any] | None, values, where) or {}
    if unknown := sorted(table.keys() - {item.name for item in fields(kind)}):
        raise BadFieldError("unknown", where, names=tuple(unknown))


def _preprocessing(values: Any) -> PreprocessingSpec:
    """TOML has no null: a stage that is not named is left out, which a card must say outright."""
    values = from_plain(Mapping[str, Any], values, "preprocessing")
    optional = ("cleaning", "equalisation_bins", "sharpening", "gamma")
    assert set(optional) < {item.name for item in fields(PreprocessingSpec)}
    try:
        return PreprocessingSpec.from_dict({**dict.fromkeys(optional), **values})
    except BoneAgeError as error:  # it speaks of a model's card
        why = problem_words(error.__cause__) if error.__cause__ else "preprocessing has a value out of its range"
        raise ValueError(why) from error


def bad_config(why: str, advice: str = "Compare it with training/configs/shipped.toml") -> TrainingError:
    """A configuration that cannot be used: why not, and what to do; neither ends with a full stop."""
    return TrainingError("The configuration cannot be used", f"{why}. {advice}.", "bad_config")
