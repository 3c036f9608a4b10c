"""The finder as one ONNX file with its part of a card, and the proof that both agree with the trained network."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper

from bone_age_gui.core.model.finder.card import FinderCard, FinderParity, FinderTraining
from bone_age_gui.core.model.finder.maps import KINDS
from bone_age_gui.core.model.finder.network import Finder
from bone_age_gui.core.model.graph import ModelFile
from bone_age_gui.core.values.digest import file_sha256
from training.errors import TrainingError
from training.export.onnx_file import OPSET, save_model, signature, store_half
from training.finder.config import SPEC
from training.finder.network import FinderNet, load_weights

FILE = "finder.onnx"
SCORE_LIMIT, OFFSET_LIMIT = 0.02, 0.5
"""Largest differences of heat and of offsets (map pixels, where heat is) from torch that a file may have."""


def read_network(path: Path) -> FinderNet:
    """The network of a checkpoint, in evaluation mode. Raises ``BoneAgeError`` (``bad_checkpoint``)."""
    network = FinderNet()
    load_weights(network, path)
    return network.eval()


def torch_maps(network: FinderNet, films: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Maps and hands, as ``FinderNet`` gives them, of films float32 (n, 1, s, s), 0..1."""
    with torch.inference_mode():
        maps, hands = network(torch.from_numpy(np.ascontiguousarray(films)))
    return maps.numpy(), hands.numpy()


def export_finder(network: FinderNet, path: Path) -> None:
    """Write the network with a free batch length; large weights are stored in 16 bits and widened on opening."""
    film = torch.zeros(2, 1, SPEC.side, SPEC.side)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter without dynamo is deprecated; it alone writes one file fast
        torch.onnx.export(
            network, (film,), str(path), input_names=["film"], output_names=["maps", "hands"],
            dynamic_axes={name: {0: "N"} for name in ("film", "maps", "hands")}, opset_version=OPSET, dynamo=False,
        )  # fmt: skip
        shapes = {name: value.shape for name, value in zip(("maps", "hands"), network(film), strict=True)}
    model = onnx.load(path)
    for output in model.graph.output:
        lengths = ["N", *shapes[output.name][1:]]
        output.CopyFrom(helper.make_tensor_value_info(output.name, TensorProto.FLOAT, lengths))
    store_half(model)
    helper.set_model_props(model, {"name": "finder"})
    onnx.checker.check_model(model, full_check=True)
    save_model(model, path)


def first_card(path: Path, training: FinderTraining) -> FinderCard:
    """The card of a written file before anything was compared or measured."""
    inputs, outputs = signature(path)
    return FinderCard(
        model=ModelFile(path.name, file_sha256(path), "U-Net", "float16"),
        inputs=inputs,
        outputs=outputs,
        spec=SPEC,
        training=training,
        parity=FinderParity(0.0, 0.0, 0, OPSET, torch.__version__, onnxruntime.__version__),
        metrics={},
    )


def compare(network: FinderNet, finder: Finder, films: Sequence[np.ndarray]) -> FinderParity:
    """Largest differences between both on squares of ``SPEC.side``, float32 0..1.

    Raises ``BoneAgeError`` (``no_parity``) where they are too large.
    """
    score = offset = 0.0
    for film in films:
        here, there = torch_maps(network, film[None, None])[0], finder.maps(film[None, None])[0]
        heat = [1 / (1 + np.exp(-maps[0, : len(KINDS)])) for maps in (here, there)]
        score = max(score, float(np.abs(heat[0] - heat[1]).max()))
        joints = heat[0].max(0) > SPEC.least_score
        if joints.any():
            step = np.abs(here[0, len(KINDS) :] - there[0, len(KINDS) :])[:, joints]
            offset = max(offset, float(step.max()) * here.shape[-1] / 16)
    if score > SCORE_LIMIT or offset > OFFSET_LIMIT:
        raise TrainingError(
            "The exported file differs from the trained network",
            f"Heat by {score:.4f}, offsets by {offset:.2f} map pixels. Report this as a fault.",
            "no_parity",
        )
    return FinderParity(score, offset, len(films), OPSET, torch.__version__, onnxruntime.__version__)
