"""A place on the film is drawn where it came to lie in the stage."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from bone_age_gui import paths
from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.stages.preprocess import run_stages
from bone_age_gui.core.values.crop_frame import film_to_stage
from films import hand_like


@pytest.mark.parametrize("turn", [0, 35, 90])
def test_the_matrix_makes_the_stage_out_of_the_film(turn: int) -> None:
    spec = load_bundle(paths.models_dir() / "densenet121").spec
    film = cv2.copyMakeBorder(hand_like(600, 480), 60, 60, 120, 120, cv2.BORDER_CONSTANT)
    height, width = film.shape
    turned = cv2.warpAffine(film, cv2.getRotationMatrix2D((width / 2, height / 2), turn, 1), (width, height))
    stages = run_stages(turned, replace(spec, film_long_side=8192))
    matrix = film_to_stage(stages, stages[0], (height, width))
    assert matrix is not None
    stage = stages[0].pixels
    mapped = cv2.warpAffine(turned, matrix, (stage.shape[1], stage.shape[0]), flags=cv2.INTER_LINEAR)
    seen = stage > 0
    apart = np.abs(mapped[seen].astype(np.float64) - stage[seen])
    assert seen.mean() > 0.3
    assert np.mean(apart) < 50  # of 65535


def test_nothing_is_said_where_nothing_was_cut_out() -> None:
    spec = replace(load_bundle(paths.models_dir() / "densenet121").spec, cleaning=None)
    stages = run_stages(hand_like(600, 480), spec)
    assert film_to_stage(stages, stages[0], (600, 480)) is None
