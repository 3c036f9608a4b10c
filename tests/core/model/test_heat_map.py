"""The heat map follows what the network has learned: with its weights shuffled it is another one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import numpy_helper

from bone_age_gui import paths
from bone_age_gui.core.model.bundle import find_bundle
from bone_age_gui.core.pipeline import open_case
from bone_age_gui.core.stages.preprocess import network_input, run_stages
from trust_films import hand, save

SHUFFLED = 4096
"""Tensors of at least so many weights are shuffled, each within itself: its distribution stays."""


def heat_of(model: bytes | str, inputs: np.ndarray) -> np.ndarray:
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    (heat,) = session.run(["heat_map"], {"image": inputs, "sex": np.array([[1, 0]], np.float32)})
    return np.abs(np.asarray(heat[0], np.float64))


def test_the_heat_map_changes_when_weights_are_shuffled(tmp_path: Path) -> None:
    bundle = find_bundle(None, paths.model_search_path())
    film = open_case(save(tmp_path, hand=hand())["hand"]).radiograph
    assert film is not None
    inputs = network_input(run_stages(film.pixels, bundle.spec, None), bundle.spec)
    learned = heat_of(str(bundle.model_path), inputs)
    assert np.allclose(learned, heat_of(str(bundle.model_path), inputs))
    model = onnx.load(bundle.model_path)
    random = np.random.default_rng(1)
    shuffled = 0
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype in (np.float16, np.float32) and values.size >= SHUFFLED:
            mixed = random.permutation(values.ravel()).reshape(values.shape)
            tensor.CopyFrom(numpy_helper.from_array(mixed, tensor.name))
            shuffled += 1
    assert shuffled > 20
    other = heat_of(model.SerializeToString(), inputs)
    either_is_flat = min(learned.std(), other.std()) < 1e-9
    assert either_is_flat or np.corrcoef(learned.ravel(), other.ravel())[0, 1] < 0.7
    assert learned.std() > 0
