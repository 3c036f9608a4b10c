"""The distance to the training films: inside the graph the same as outside, small for their like, large for others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest

from bundles import make_bundle
from training.errors import TrainingError
from training.trust import novelty


def features(count: int, seed: int = 1) -> np.ndarray:
    """As from a network: a few directions carry nearly all."""
    random = np.random.default_rng(seed)
    directions = np.random.default_rng(0).standard_normal((6, 40))
    return (random.standard_normal((count, 6)) @ directions + 0.05 * random.standard_normal((count, 40)) + 3).astype(
        np.float32
    )


def test_training_films_lie_near_one_and_others_far_away() -> None:
    fitted = novelty.fit_novelty(features(400), axes=8)
    like = fitted.distance(features(200, seed=2))
    assert like.mean() == pytest.approx(1, abs=0.15)
    other = np.random.default_rng(3).standard_normal((50, 40)) * 5
    assert fitted.distance(other).min() > 2 * like.max()


def test_too_few_films_are_a_mistake() -> None:
    with pytest.raises(TrainingError, match="needs 32 films"):
        novelty.fit_novelty(features(20), axes=16)


def test_the_graph_computes_the_same_distance(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "bundle")
    session = ort.InferenceSession(bundle.model_path, providers=["CPUExecutionProvider"])
    shape = session.get_inputs()[0].shape
    random = np.random.default_rng(4)
    feed = {
        "image": random.random((3, *shape[1:]), np.float32),
        "sex": np.array([[0, 0], [1, 0], [0, 1]], np.float32),
    }
    (values,) = session.run(["features"], feed)
    spread = random.standard_normal((64, values.shape[1])).astype(np.float32) + values.mean(axis=0)
    fitted = novelty.fit_novelty(spread, axes=min(4, values.shape[1] - 1))
    target = tmp_path / "more.onnx"
    novelty.add_to_graph(bundle.model_path, target, fitted)
    more = ort.InferenceSession(target, providers=["CPUExecutionProvider"])
    (distance,) = more.run([novelty.NAME], feed)
    assert distance == pytest.approx(fitted.distance(values), rel=1e-3)
    with pytest.raises(ValueError, match="already"):
        novelty.add_to_graph(target, tmp_path / "twice.onnx", fitted)
