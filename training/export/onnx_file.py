"""A trained network as one ONNX file that the app can run, and the proof that both agree."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from bone_age_gui.core.model.bundle import OUTPUTS
from bone_age_gui.core.model.graph import Tensor
from bone_age_gui.core.values.types import Estimate, Sex
from bone_age_gui.core.values.whole_files import whole_file
from training.configs.read import make_network_spec
from training.network.bone_age import build_network

OPSET = 17
HALF_FROM = 1024
"""Tensors with fewer values stay float32: they hold biases and norms and save nothing."""


class _Ordered(torch.nn.Module):
    """The network with its dictionary of outputs laid out in the bundle's order."""

    def __init__(self, network: torch.nn.Module, names: Sequence[str]) -> None:
        super().__init__()
        self.network = network
        self.names = tuple(names)

    def forward(self, image: torch.Tensor, sex: torch.Tensor) -> tuple[torch.Tensor, ...]:
        outputs = self.network(image, sex)
        return tuple(outputs[name] for name in self.names)


def trained_network(checkpoint: Mapping[str, Any]) -> torch.nn.Module:
    """Network of a checkpoint in evaluation mode, with its averaged weights if it has any."""
    network = build_network(make_network_spec(checkpoint["config"]["network"]))
    network.load_state_dict(checkpoint.get("ema") or checkpoint["model"])
    return network.eval()


def export_onnx(
    network: torch.nn.Module, size: tuple[int, int], path: Path, metadata: Mapping[str, str], half: bool
) -> None:
    """Write the network as one file with a free batch length and fixed other lengths.

    Parameters
    ----------
    size : tuple of int
        Height and width of the input picture in pixels.
    half : bool
        Store large weights as float16; they are widened to float32 when the file is opened, so that it
        computes in float32 and is half as large.
    """
    image, sex = torch.zeros(2, 1, *size), torch.zeros(2, 2)
    with torch.no_grad():
        outputs = network(image, sex)
    names = [name for name in OUTPUTS if name in outputs]
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter without dynamo is deprecated; it alone writes one file fast
        torch.onnx.export(
            _Ordered(network, names).eval(),
            (image, sex),
            str(path),
            input_names=["image", "sex"],
            output_names=names,
            dynamic_axes={name: {0: "N"} for name in ("image", "sex", *names)},
            opset_version=OPSET,
            dynamo=False,
        )
    model = onnx.load(path)
    for output in model.graph.output:
        lengths = ["N", *outputs[output.name].shape[1:]]
        output.CopyFrom(helper.make_tensor_value_info(output.name, TensorProto.FLOAT, lengths))
    if half:
        store_half(model)
    helper.set_model_props(model, dict(metadata))
    onnx.checker.check_model(model, full_check=True)
    save_model(model, path)


def save_model(model: onnx.ModelProto, path: Path) -> None:
    """Write a network, whole or not at all. ``OSError`` if the file system fails."""
    with whole_file(path) as temporary:
        onnx.save(model, temporary)


def store_half(model: onnx.ModelProto) -> None:
    """Replace large float32 weights by float16 ones behind a cast, in place."""
    casts = []
    for weight in model.graph.initializer:
        if weight.data_type != TensorProto.FLOAT or np.prod(weight.dims) < HALF_FROM:
            continue
        name = weight.name
        weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight).astype(np.float16), f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], to=TensorProto.FLOAT))
    for position, node in enumerate(casts):
        model.graph.node.insert(position, node)


def signature(path: Path) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
    """Inputs and outputs of a file as the card lists them."""
    graph = onnx.load(path, load_external_data=False).graph
    return tuple(map(_tensor, graph.input)), tuple(map(_tensor, graph.output))


def _tensor(value: onnx.ValueInfoProto) -> Tensor:
    kind = value.type.tensor_type
    dtype = helper.tensor_dtype_to_np_dtype(kind.elem_type).name
    return Tensor(value.name, dtype, tuple(length.dim_param or length.dim_value for length in kind.shape.dim))


def largest_difference(
    network: torch.nn.Module, inputs: np.ndarray, sexes: Sequence[Sex | None], estimates: Sequence[Estimate]
) -> float:
    """Largest difference in months between torch in float32 and the estimates of the ONNX file.

    ``inputs`` float32 (n, 1, h, w), as both saw them.
    """
    codes = {Sex.FEMALE: (1.0, 0.0), Sex.MALE: (0.0, 1.0), None: (0.0, 0.0)}
    with torch.inference_mode():
        outputs = network(torch.from_numpy(inputs), torch.tensor([codes[sex] for sex in sexes]))
    months = outputs["bone_age_months"].double().numpy()
    return float(np.abs(months - [estimate.bone_age_months for estimate in estimates]).max())
