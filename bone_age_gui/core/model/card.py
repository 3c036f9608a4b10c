"""The card of a model bundle: what training promises and the app relies on.

One set of frozen dataclasses is written by training and read by the app. Reading is strict: a
field that is missing, unknown or of another type is refused, so that nothing is ever filled in
by a default that differs from what the model was trained with.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from bone_age_gui.core.model.certainty_card import Calibration, GrowthEnds
from bone_age_gui.core.model.finder.card import FinderCard
from bone_age_gui.core.model.graph import ModelFile, Tensor
from bone_age_gui.core.model.quality_card import Legibility, QualityRules
from bone_age_gui.core.stages.joint_crop import JointCropSpec
from bone_age_gui.core.stages.preprocess import PreprocessingSpec
from bone_age_gui.core.values.bounds import Count, Months, Name, Percent, Prose, Within
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.strict_json import dump_json, from_plain, parse_json, problem_of, to_plain

SCHEMA_VERSION = 8
_OLDEST = 3
_LATER: Mapping[int, Mapping[str, Any]] = {
    4: {"finder": None, "quality": None, "joint_crop": None},
    5: {"legibility": None, "growth_ends": None, "evidence": {}},
}
"""By version: the fields that earlier cards lack. A bundle without a finder checks no film for a hand, one without
``legibility`` none for sharpness and noise, and one without ``growth_ends`` gives an age at either end."""
_CALIBRATION_LATER: Mapping[str, Any] = {"tails": [], "holds": ""}
_LIMITS_OF_DOUBT = ("least_sharpness", "most_roughness", "least_levels", "most_unsteadiness")
"""What ``legibility`` held beside one another before version 8, and nothing else but what it holds now."""
Code = Annotated[float, Within(-1000, 1000)]
Difference = Annotated[float, Within(-1440, 1440)]


@dataclass(frozen=True)
class SexEncoding:
    """What the graph's ``sex`` input gets."""

    female: tuple[Code, Code]
    male: tuple[Code, Code]
    unknown: tuple[Code, Code]


@dataclass(frozen=True)
class Parity:
    """Largest difference between the ONNX file and the trained network, over ``n`` inputs."""

    max_abs_difference_months: Months
    n: Count
    opset: Count
    torch_version: Name
    onnxruntime_version: Name


@dataclass(frozen=True)
class AgeLimits:
    """``output_months``: estimates outside are refused. ``covered_months``: ages with enough training films."""

    output_months: tuple[Months, Months]
    covered_months: tuple[Months, Months]


@dataclass(frozen=True)
class Training:
    """How the weights came to be. ``held_out`` are SHA-256 digests of the ids (UTF-8 text) never trained on."""

    data_set: Prose
    split_counts: Mapping[str, Count]
    held_out: tuple[Name, ...]
    seed: int
    config: Mapping[str, Any]
    budget: Mapping[str, Any]


@dataclass(frozen=True)
class GroupMetrics:
    """Scores of a part of a set, as in ``Metrics``; all but ``n`` are ``None`` where the part is empty."""

    n: Count
    mae_months: Months | None
    mae_ci95: tuple[Months, Months] | None
    rmse_months: Months | None
    bias_months: Difference | None
    limits_of_agreement: tuple[Difference, Difference] | None
    within_6: Percent | None
    within_12: Percent | None
    within_24: Percent | None
    interval_coverage: Percent | None = None


@dataclass(frozen=True)
class Metrics:
    """Scores of one evaluated set. Error = estimate - reading, in months; ``within_*`` in percent.

    ``mae_ci95`` is a bootstrap interval, ``limits_of_agreement`` bias -+ 1.96 SD of the errors and
    ``interval_coverage`` the percentage of readings inside the stated interval (``None`` without one).
    """

    n: Count
    mae_months: Months
    mae_ci95: tuple[Months, Months]
    rmse_months: Months
    bias_months: Difference
    limits_of_agreement: tuple[Difference, Difference]
    within_6: Percent
    within_12: Percent
    within_24: Percent
    interval_coverage: Percent | None
    by_sex: Mapping[str, GroupMetrics]
    by_age_band: Mapping[str, GroupMetrics]
    set_description: Prose


@dataclass(frozen=True)
class Evidence:
    """What a command of ``training`` measured with this bundle: ``figures`` by name over ``n`` films, in words too."""

    command: Prose
    n: Count
    figures: Mapping[str, float]
    about: Prose


@dataclass(frozen=True)
class Card:
    """Everything about a model that is not its weights (``card.json``)."""

    schema_version: int
    name: Name
    version: Name
    created: Name
    description: Prose
    model: ModelFile
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    sex_encoding: SexEncoding
    preprocessing: PreprocessingSpec
    finder: FinderCard | None
    quality: QualityRules | None
    joint_crop: JointCropSpec | None
    legibility: Legibility | None
    growth_ends: GrowthEnds | None
    limits: AgeLimits
    training: Training
    calibration: Calibration | None
    parity: Parity
    metrics: Mapping[str, Metrics]
    evidence: Mapping[str, Evidence]
    intended_use: Prose
    limitations: tuple[Prose, ...]
    terms: Prose

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    @classmethod
    def from_dict(cls, values: Any) -> Card:
        """Read plain values; ``BoneAgeError`` (``bad_card``, ``card_schema``) names the field at fault."""
        version = values.get("schema_version") if isinstance(values, dict) else None
        if isinstance(version, int) and _OLDEST <= version < SCHEMA_VERSION:
            values = _upgraded(values, version)
        elif isinstance(version, int) and version != SCHEMA_VERSION:
            raise BoneAgeError("card_schema", version=version, own=SCHEMA_VERSION)
        try:
            card: Card = from_plain(cls, values, "card")
        except ValueError as error:
            raise BoneAgeError("bad_card", "field", problem=problem_of(error)) from error
        return card

    def to_json(self) -> str:
        """JSON text with a newline at its end. ``ValueError`` if a number is not finite."""
        return dump_json(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> Card:
        """Read JSON text. ``BoneAgeError`` (``bad_card``), also for NaN, infinities and a key that occurs twice."""
        try:
            values = parse_json(text)
        except ValueError as error:
            raise BoneAgeError("bad_card", "json", problem=problem_of(error)) from error
        return cls.from_dict(values)


def _upgraded(values: dict[str, Any], version: int) -> dict[str, Any]:
    """A card of an earlier version with the fields that it could not hold; wrong ones stay wrong."""
    for since, fields in _LATER.items():
        if version < since:
            values = {**fields, **values}
    if version < 6 and isinstance(metrics := values.get("metrics"), dict):
        values = {**values, "metrics": {name: _with_coverage(block) for name, block in metrics.items()}}
    if isinstance(crop := values.get("joint_crop"), dict):  # before version 7 thresholds alone told how a hand lies
        values = {**values, "joint_crop": {"pose": None, **crop}}
    if version < 8 and isinstance(legibility := values.get("legibility"), dict):
        values = {**values, "legibility": _with_two_limits(legibility)}
    calibration = values.get("calibration")
    if version < 6 and isinstance(calibration, dict):
        values = {**values, "calibration": {**_CALIBRATION_LATER, **_with_tails(calibration)}}
    return {**values, "schema_version": SCHEMA_VERSION}


def _with_two_limits(legibility: dict[str, Any]) -> dict[str, Any]:
    """Before version 8 no film was refused by its legibility, and neither blocks nor clipped greys were measured."""
    rest = {name: value for name, value in legibility.items() if name not in _LIMITS_OF_DOUBT}
    doubt = {name: legibility[name] for name in _LIMITS_OF_DOUBT if name in legibility}
    later = {"most_blocks": None, "most_clipped": None, "least_length": None}
    return {"doubt": {**later, **doubt}, "refusal": None, **rest}


def _with_tails(calibration: dict[str, Any]) -> dict[str, Any]:
    """Version 5 had one factor for both sides, at estimates."""
    if not isinstance(factors := calibration.get("factors"), list):
        return calibration
    rest = {name: value for name, value in calibration.items() if name != "factors"}
    return {**rest, "tails": [_as_tails(each) for each in factors]}


def _as_tails(factor: Any) -> Any:
    if not isinstance(factor, dict) or {"estimate_months", "interval_factor"} - set(factor):
        return factor
    rest = {name: value for name, value in factor.items() if name not in ("estimate_months", "interval_factor")}
    half = factor["interval_factor"]
    return {**rest, "reading_months": factor["estimate_months"], "below": half, "above": half}


def _with_coverage(block: Any) -> Any:
    """Scores of an earlier version, whose parts do not say how many readings lie inside the interval."""
    if not isinstance(block, dict):
        return block
    for name in ("by_sex", "by_age_band"):
        if isinstance(parts := block.get(name), dict):
            known = {key: {"interval_coverage": None, **part} for key, part in parts.items() if isinstance(part, dict)}
            block = {**block, name: {**parts, **known}}
    return block
