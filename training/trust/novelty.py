"""How unlike the training films a film is: a distance of the age network's features, computed inside the graph.

The features of the training films are taken for a normal distribution: their main axes, each in its own standard
deviations, and one common deviation for all that lies beside these axes. The distance of a film is the root of the mean
square over the axes and that remainder, so that a film like those of the training lies near one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from training.errors import TrainingError
from training.export.onnx_file import save_model

AXES = 64
NAME = "novelty"


@dataclass(frozen=True)
class Novelty:
    """``mean`` (n,), ``basis`` (n, k) orthonormal, ``axes`` (n, k) the same with each column divided by its standard
    deviation, and ``rest`` the mean squared length beside them."""

    mean: np.ndarray
    axes: np.ndarray
    basis: np.ndarray
    rest: float

    def distance(self, features: np.ndarray) -> np.ndarray:
        """float64 (films,) of features (films, n): what the graph computes too."""
        centred = features.astype(np.float64) - self.mean
        along = ((centred @ self.axes) ** 2).sum(axis=1)
        beside = (centred**2).sum(axis=1) - ((centred @ self.basis) ** 2).sum(axis=1)
        count = self.axes.shape[1]
        return np.sqrt((along + count * np.clip(beside, 0, None) / self.rest) / (2 * count))


def fit_novelty(features: np.ndarray, axes: int = AXES) -> Novelty:
    """From features (films, n) of training films.

    Raises ``BoneAgeError`` (``too_few_films``) unless there are twice as many films as axes.
    """
    if len(features) < 2 * axes:
        raise TrainingError(
            "Too few films",
            f"The distance to the training films needs {2 * axes} films that are in no split, and there are "
            f"{len(features)}: give more films, or shorter splits (--splits).",
            "too_few_films",
        )
    values = features.astype(np.float64)
    mean = values.mean(axis=0)
    _, lengths, rows = np.linalg.svd(values - mean, full_matrices=False)
    basis = rows[:axes].T
    deviations = lengths[:axes] / np.sqrt(len(values) - 1)
    centred = values - mean
    beside = (centred**2).sum(axis=1) - ((centred @ basis) ** 2).sum(axis=1)
    return Novelty(mean, basis / deviations, basis, float(beside.mean()))


_STEPS = (
    ("Sub", ["features", f"{NAME}.mean"], "centred"),
    ("MatMul", [f"{NAME}.centred", f"{NAME}.axes"], "along"),
    ("Mul", [f"{NAME}.along", f"{NAME}.along"], "along2"),
    ("ReduceSum", [f"{NAME}.along2", f"{NAME}.last"], "sum"),
    ("Mul", [f"{NAME}.centred", f"{NAME}.centred"], "square"),
    ("ReduceSum", [f"{NAME}.square", f"{NAME}.last"], "length"),
    ("MatMul", [f"{NAME}.centred", f"{NAME}.basis"], "inside"),
    ("Mul", [f"{NAME}.inside", f"{NAME}.inside"], "inside2"),
    ("ReduceSum", [f"{NAME}.inside2", f"{NAME}.last"], "inner"),
    ("Sub", [f"{NAME}.length", f"{NAME}.inner"], "outer"),
    ("Max", [f"{NAME}.outer", f"{NAME}.zero"], "beside"),
    ("Mul", [f"{NAME}.beside", f"{NAME}.share"], "weighed"),
    ("Add", [f"{NAME}.sum", f"{NAME}.weighed"], "both"),
    ("Mul", [f"{NAME}.both", f"{NAME}.count"], "mean2"),
)
"""Operator, inputs and output, in order: the squared distance along the axes, and what lies beside them."""


def remove_from_graph(file: Path) -> None:
    """Take the output ``novelty`` out of a file, if it has one."""
    model = onnx.load(file)
    graph = model.graph
    kept = [output for output in graph.output if output.name != NAME]
    if len(kept) == len(graph.output):
        return
    for part, names in (
        (graph.node, lambda node: node.output[0]),
        (graph.initializer, lambda tensor: tensor.name),
        (graph.output, lambda output: output.name),
    ):
        rest = [each for each in part if names(each) != NAME and not names(each).startswith(f"{NAME}.")]
        del part[:]
        part.extend(rest)
    onnx.checker.check_model(model, full_check=True)
    save_model(model, file)


def add_to_graph(source: Path, target: Path, novelty: Novelty) -> None:
    """Write the network of ``source`` with one more output ``novelty`` (N,), made from its features.

    ``ValueError`` if it has one already.
    """
    model = onnx.load(source)
    graph = model.graph
    if NAME in [output.name for output in graph.output]:
        raise ValueError("the graph has a distance already")
    for name, value in _constants(novelty).items():
        stored = value if value.dtype == np.int64 else value.astype(np.float32)
        graph.initializer.append(numpy_helper.from_array(np.asarray(stored), f"{NAME}.{name}"))
    for operator, inputs, output in _STEPS:
        node = helper.make_node(operator, inputs, [f"{NAME}.{output}"])
        if operator == "ReduceSum":
            node.attribute.append(helper.make_attribute("keepdims", 0))
        graph.node.append(node)
    graph.node.append(helper.make_node("Sqrt", [f"{NAME}.mean2"], [NAME]))
    graph.output.append(helper.make_tensor_value_info(NAME, TensorProto.FLOAT, ["N"]))
    onnx.checker.check_model(model, full_check=True)
    save_model(model, target)


def _constants(novelty: Novelty) -> dict[str, np.ndarray]:
    """What the steps take beside the features, by name."""
    count = novelty.axes.shape[1]
    return {
        "mean": novelty.mean[None],
        "axes": novelty.axes,
        "basis": novelty.basis,
        "share": np.array(count / novelty.rest),
        "count": np.array(1 / (2 * count)),
        "zero": np.array(0.0),
        "last": np.array([1], np.int64),
    }
