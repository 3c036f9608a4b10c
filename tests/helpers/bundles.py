"""A tiny model bundle, valid in every respect, made without torch.

Its network is a few ONNX nodes: the age is a smooth function of where the picture is bright and of
the sex, so that it is deterministic and follows what the film shows, but means nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import joints
from bone_age_gui.core.model.bundle import CARD_FILE, Bundle, load_bundle
from bone_age_gui.core.model.card import (
    SCHEMA_VERSION,
    AgeLimits,
    Card,
    GroupMetrics,
    Metrics,
    Parity,
    SexEncoding,
    Training,
)
from bone_age_gui.core.model.certainty_card import Calibration
from bone_age_gui.core.model.graph import ModelFile, Tensor
from bone_age_gui.core.model.quality_card import QualityRules
from bone_age_gui.core.stages.hand import CleaningSpec
from bone_age_gui.core.stages.joint_crop import JointCropSpec
from bone_age_gui.core.stages.preprocess import PreprocessingSpec, SharpeningSpec

SIZE = 280
MONTHS = 241
SIGMA = 6.0
"""Standard deviation in months of the tiny network's distribution."""
ALL_OUTPUTS = ("bone_age_months", "distribution", "features", "heat_map")
SPEC = PreprocessingSpec(
    film_long_side=299,
    cleaning=CleaningSpec(
        blur_sigma=1.0,
        bar_share=0.8,
        bar_limit=0.08,
        rectangularity=0.85,
        erosion=0.012,
        rounds=6,
        palm_reach=3.6,
        height_per_palm=6.6,
        tightest=1.04,
        widest=1.3,
        tilt_limit=30.0,
    ),
    equalisation_bins=256,
    sharpening=SharpeningSpec(sigma=0.8, strength=1.0),
    gamma=2.5,
    network_width=SIZE,
    network_height=SIZE,
    framing="pad",
    mean=0.197,
    deviation=0.28,
)


RULES = QualityRules(
    least_hand_score=0.5, least_score=0.1, sure_score=0.1, least_rays=3, whole_rays=4, whole_tips=3,
    least_joints_of_part=3, rival_share=0.6, most_two_score=0.9, most_clipped=1.0, most_novelty=1e9,
    measured="made up",
)  # fmt: skip


def make_bundle(
    directory: Path,
    *,
    name: str = "tiny",
    outputs: tuple[str, ...] = ALL_OUTPUTS,
    months: float | None = None,
    spec: PreprocessingSpec = SPEC,
    **changes: Any,
) -> Bundle:
    """Write a bundle into ``directory`` and open it.

    ``months`` fixes the answer (NaN and impossible ages too). ``outputs`` are those of the graph and
    of the card; without ``distribution`` there is no calibration. ``changes`` replace fields of the card.
    """
    write_bundle(directory, name=name, outputs=outputs, months=months, spec=spec, **changes)
    return load_bundle(directory)


def make_seeing_bundle(directory: Path) -> Bundle:
    """As ``make_bundle``, with a finder that sees one whole hand on every film, so that readable films are fine."""
    directory.mkdir(parents=True, exist_ok=True)
    length = joints.SPEC.close_length * joints.MAP
    hand = joints.placed_hand((joints.MAP / 2 - 0.5, joints.MAP / 2 - 0.5 + length / 2), length)
    finder = joints.finder_file(directory / "finder.onnx", joints.maps_of(hand))
    crop = JointCropSpec(height=1.85, middle=0.27, most_apart=0.35, most_scale=1.4, most_turned=50.0)
    return make_bundle(directory, name="seeing", finder=finder, quality=RULES, joint_crop=crop)


def write_bundle(
    directory: Path,
    *,
    name: str = "tiny",
    outputs: tuple[str, ...] = ALL_OUTPUTS,
    months: float | None = None,
    spec: PreprocessingSpec = SPEC,
    **changes: Any,
) -> Card:
    """As ``make_bundle``, without opening it: for cards that must be refused."""
    directory.mkdir(parents=True, exist_ok=True)
    content = tiny_graph(outputs, months, spec.network_shape).SerializeToString()
    (directory / "model.onnx").write_bytes(content)
    card = tiny_card(hashlib.sha256(content).hexdigest(), name, outputs, spec)
    card = replace(card, **changes)
    (directory / CARD_FILE).write_text(card.to_json(), encoding="utf-8")
    return card


def tiny_graph(
    outputs: tuple[str, ...] = ALL_OUTPUTS, months: float | None = None, size: tuple[int, int] = (SIZE, SIZE)
) -> onnx.ModelProto:
    """The tiny network: about 120 months +-60 by the picture, boys 6 months above girls, unknown between."""
    down = np.linspace(-1, 1, size[0], dtype=np.float32).reshape(1, 1, size[0], 1)
    constants = {
        "down": down,
        "scale": np.array([-60.0], np.float32),
        "sexes": np.array([[-3.0], [3.0]], np.float32),
        "middle": np.array([120.0 if months is None else months], np.float32),
        "zero": np.array([0.0], np.float32),
        "ages": np.arange(MONTHS, dtype=np.float32).reshape(1, MONTHS),
        "width": np.array([-1 / (2 * SIGMA**2)], np.float32),
        "flat": np.array([-1], np.int64),
        "row": np.array([-1, 1], np.int64),
        "heat_axis": np.array([1], np.int64),
    }
    tile, spot = ([side // 4 for side in size], [side // 8 for side in size])
    nodes = [
        helper.make_node("Mul", ["image", "down"], ["weighted"]),
        helper.make_node("ReduceMean", ["weighted"], ["pooled"], axes=[1, 2, 3], keepdims=0),
        helper.make_node("Mul", ["pooled", "scale"], ["by_picture"]),
        helper.make_node("MatMul", ["sex", "sexes"], ["sex_column"]),
        helper.make_node("Reshape", ["sex_column", "flat"], ["by_sex"]),
        helper.make_node("Add", ["by_picture", "by_sex"], ["deviation"]),
        helper.make_node("Mul", ["deviation", "zero"], ["nothing"]),
        helper.make_node("Add", ["deviation" if months is None else "nothing", "middle"], ["bone_age_months"]),
        helper.make_node("Reshape", ["bone_age_months", "row"], ["age_column"]),
        helper.make_node("Sub", ["ages", "age_column"], ["apart"]),
        helper.make_node("Mul", ["apart", "apart"], ["squared"]),
        helper.make_node("Mul", ["squared", "width"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["distribution"], axis=1),
        helper.make_node("AveragePool", ["image"], ["tiles"], kernel_shape=tile, strides=tile),
        helper.make_node("Flatten", ["tiles"], ["features"], axis=1),
        helper.make_node("AveragePool", ["image"], ["heat"], kernel_shape=spot, strides=spot),
        helper.make_node("Squeeze", ["heat", "heat_axis"], ["heat_map"]),
    ]
    shapes = output_shapes()
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 1, *size]),
            helper.make_tensor_value_info("sex", TensorProto.FLOAT, ["N", 2]),
        ],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shapes[name]) for name in outputs],
        [numpy_helper.from_array(value, key) for key, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def output_shapes() -> dict[str, tuple[int | str, ...]]:
    """Shapes of the tiny graph's outputs."""
    return {
        "bone_age_months": ("N",),
        "distribution": ("N", MONTHS),
        "features": ("N", 16),
        "heat_map": ("N", 8, 8),
    }


def tiny_card(sha256: str, name: str, outputs: tuple[str, ...], spec: PreprocessingSpec) -> Card:
    """A complete card for the tiny graph."""
    shapes = output_shapes()
    part = GroupMetrics(
        n=2,
        mae_months=9.0,
        mae_ci95=(8.0, 10.0),
        rmse_months=9.2,
        bias_months=1.0,
        limits_of_agreement=(-17.0, 19.0),
        within_6=0.0,
        within_12=100.0,
        within_24=100.0,
    )
    return Card(
        schema_version=SCHEMA_VERSION,
        name=name,
        version="0.1",
        created="2026-11-21",
        description="A tiny network for tests; its ages mean nothing.",
        model=ModelFile("model.onnx", sha256, "a few ONNX nodes", "float32"),
        inputs=(
            Tensor("image", "float32", ("N", 1, *spec.network_shape)),
            Tensor("sex", "float32", ("N", 2)),
        ),
        outputs=tuple(Tensor(output, "float32", shapes[output]) for output in outputs),
        sex_encoding=SexEncoding(female=(1.0, 0.0), male=(0.0, 1.0), unknown=(0.0, 0.0)),
        preprocessing=spec,
        finder=None,
        quality=None,
        joint_crop=None,
        legibility=None,
        growth_ends=None,
        limits=AgeLimits(output_months=(0.0, 240.0), covered_months=(24.0, 192.0)),
        training=Training(
            data_set="none",
            split_counts={"train": 0, "report": 4},
            held_out=(hashlib.sha256(b"1").hexdigest(),),
            seed=1,
            config={},
            budget={},
        ),
        calibration=Calibration(1.0, 2.0, 0.9, 1.7, "tune", 500) if "distribution" in outputs else None,
        parity=Parity(0.0, 4, 17, "none", "none"),
        metrics={
            "report": Metrics(
                n=4,
                mae_months=9.0,
                mae_ci95=(8.0, 10.0),
                rmse_months=9.2,
                bias_months=1.0,
                limits_of_agreement=(-17.0, 19.0),
                within_6=25.0,
                within_12=75.0,
                within_24=100.0,
                interval_coverage=90.0,
                by_sex={"female": part, "male": part},
                by_age_band={"7-11": part, "11-15": part},
                set_description="made up",
            )
        },
        evidence={},
        intended_use="Tests only.",
        limitations=("Its ages mean nothing.",),
        terms="None.",
    )
