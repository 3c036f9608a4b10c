"""One look answers as the whole graph does, with the child's sex and without it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed (extra 'train')")
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.values.types import Sex
from bundles import make_bundle
from training.trust.both_sexes import BothSexes


@pytest.mark.parametrize("sex", [Sex.FEMALE, Sex.MALE])
def test_both_answers_are_those_of_the_graph(tmp_path: Path, sex: Sex) -> None:
    bundle = make_bundle(tmp_path)
    picture = np.random.default_rng(1).random((1, 1, 280, 280), np.float32)
    answers = BothSexes(bundle).answers(picture, sex)
    assert set(answers) == {"bone_age_months", "distribution", "features"}
    predictor = Predictor(bundle, "cpu")
    for row, given in enumerate((sex, None)):
        estimate = predictor.estimate(picture, given)
        assert answers["bone_age_months"][row] == pytest.approx(estimate.bone_age_months, abs=1e-4)
        assert estimate.distribution is not None
        assert answers["distribution"][row] == pytest.approx(estimate.distribution, abs=1e-6)
    assert answers["features"].shape == (2, 16)
    assert answers["bone_age_months"][0] != answers["bone_age_months"][1]
