"""Two estimates of a film for the time of one: with the child's sex and without it.

The sex enters an age network behind all that it sees in the picture. The graph is cut there, so that the picture, which
takes nearly all of the time, is looked at once.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import onnx
import onnxruntime as ort
from onnx import ModelProto, TypeProto, ValueInfoProto

from bone_age_gui.core.model.bundle import Bundle
from bone_age_gui.core.values.types import Sex

PICTURE, SEX = "image", "sex"


class BothSexes:
    """A bundle's age network on the CPU, without its heat map."""

    def __init__(self, bundle: Bundle, threads: int = 2) -> None:
        self._encoding = bundle.card.sex_encoding
        self._names = [tensor.name for tensor in bundle.card.outputs if tensor.name != "heat_map"]
        first, second = cut_at_sex(onnx.load(bundle.model_path), self._names)
        self._picture, self._sex = _session(first, threads), _session(second, threads)
        self._between = [output.name for output in self._picture.get_outputs()]

    def answers(self, inputs: np.ndarray, sex: Sex) -> dict[str, np.ndarray]:
        """Outputs of the graph by name, with two rows: of that sex, and of none; ``inputs`` float32 (1, 1, h, w)."""
        seen = dict(zip(self._between, self._picture.run(None, {PICTURE: inputs}), strict=True))
        known = self._encoding.male if sex is Sex.MALE else self._encoding.female
        rows = [self._of(seen, code) for code in (known, self._encoding.unknown)]
        return {name: np.concatenate([row[name] for row in rows]) for name in self._names}

    def _of(self, seen: dict[str, np.ndarray], code: tuple[float, float]) -> dict[str, np.ndarray]:
        wanted = {each.name for each in self._sex.get_inputs()}
        feed = {name: value for name, value in seen.items() if name in wanted}
        values = self._sex.run(None, {**feed, **({SEX: np.array([code], np.float32)} if SEX in wanted else {})})
        named = dict(zip([output.name for output in self._sex.get_outputs()], values, strict=True))
        return {name: np.asarray(named.get(name, seen.get(name))) for name in self._names}


def cut_at_sex(model: ModelProto, outputs: Iterable[str]) -> tuple[ModelProto, ModelProto]:
    """What of a graph needs the picture only, and the rest, which takes what the first gives and the sex."""
    wanted = list(outputs)
    graph = onnx.shape_inference.infer_shapes(model).graph
    constants = [node for node in graph.node if node.op_type == "Constant"]
    behind = {SEX}
    for node in graph.node:
        if behind.intersection(node.input):
            behind.update(node.output)
    free = {name for node in constants for name in node.output} | {tensor.name for tensor in graph.initializer}
    late = _needed(
        [name for name in wanted if name in behind], [n for n in graph.node if behind.intersection(n.output)]
    )
    made = {name for node in graph.node for name in node.output} - behind - free
    between = sorted({name for node in late for name in node.input if name in made} | made.intersection(wanted))
    early = _needed(between, [node for node in graph.node if not behind.intersection(node.output)])
    kinds = {each.name: each.type for each in (*graph.value_info, *graph.output, *graph.input)}
    first = _part(model, early, [PICTURE], between, kinds)
    last = [name for name in wanted if name in behind]
    uses_picture = any(PICTURE in node.input for node in late)
    return first, _part(model, [*constants, *late], [*between, SEX, *([PICTURE] if uses_picture else [])], last, kinds)


def _needed(outputs: list[str], nodes: list[onnx.NodeProto]) -> list[onnx.NodeProto]:
    """The nodes that these outputs come from, in order."""
    names, chosen = set(outputs), []
    for node in reversed(nodes):
        if names.intersection(node.output):
            names.update(node.input)
            chosen.append(node)
    return chosen[::-1]


def _part(
    model: ModelProto, nodes: list[onnx.NodeProto], inputs: list[str], outputs: list[str], kinds: dict[str, TypeProto]
) -> ModelProto:
    used = {name for node in nodes for name in node.input}
    part = ModelProto()
    part.CopyFrom(model)
    del part.graph.node[:], part.graph.input[:], part.graph.output[:], part.graph.value_info[:]
    part.graph.node.extend(nodes)
    part.graph.input.extend(ValueInfoProto(name=name, type=kinds[name]) for name in inputs if name in used)
    part.graph.output.extend(ValueInfoProto(name=name, type=kinds[name]) for name in outputs)
    kept = [tensor for tensor in part.graph.initializer if tensor.name in used]
    del part.graph.initializer[:]
    part.graph.initializer.extend(kept)
    return part


def _session(model: ModelProto, threads: int) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3  # constants that one part does not use are no news
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
