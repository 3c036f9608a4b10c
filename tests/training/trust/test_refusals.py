"""Pictures without a hand and parts of one: drawn, cut, counted, and put on the card."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from bone_age_gui import paths
from bone_age_gui.core.model.bundle import find_bundle, load_bundle
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.pipeline import open_case, prepare
from training.__main__ import main
from training.trust.heat_map import hand_mask, share_on_hand
from training.trust.strangers import KINDS, PARTS, parts_of, stranger
from trust_films import hand, save


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the shipped bundle, whose card may be written to."""
    folder = tmp_path_factory.mktemp("models") / "densenet121"
    shutil.copytree(find_bundle(None, paths.model_search_path()).directory, folder)
    return folder


def test_every_kind_is_drawn_and_one_seed_always_draws_the_same() -> None:
    for draw in dict.fromkeys(KINDS):
        assert np.isfinite(draw(np.random.default_rng(1))).all(), draw.__name__
    first, again, other = (stranger(np.random.default_rng(seed)) for seed in ([1, 2], [1, 2], [1, 3]))
    assert np.array_equal(first[1], again[1])
    assert first[1].dtype == np.uint16
    assert first[1].shape != other[1].shape or not np.array_equal(first[1], other[1])


def test_what_is_no_hand_is_refused_and_counted_on_the_card(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["non-hands", "--model", str(shipped), "--count", "8", "--card", "--quiet"])
    assert (code, "non_hands (n 8): 100.0 % refused" in capsys.readouterr().out) == (0, True)
    evidence = load_bundle(shipped).card.evidence["non_hands"]
    assert (evidence.n, evidence.figures["refused_percent"]) == (8, 100.0)
    assert "python -m training non-hands" in evidence.command


def test_parts_and_the_mask_follow_the_joints(shipped: Path, tmp_path: Path) -> None:
    path = save(tmp_path, hand=hand())["hand"]
    predictor = Predictor(load_bundle(shipped), "cpu")
    case = prepare(open_case(path), predictor)
    assert case.quality is not None
    assert case.radiograph is not None
    seen = case.quality.hand
    assert seen is not None
    parts = dict(parts_of(case.radiograph.pixels, seen))
    assert set(parts) == set(PARTS)
    assert parts["carpus"].shape[0] < parts["left half"].shape[0]
    mask = hand_mask(seen, case.radiograph.pixels.shape)
    assert all(mask[round(joint.y), round(joint.x)] for joint in seen.joints)
    assert 0.1 < mask.mean() < 0.6
    heat = np.zeros((9, 6), np.float32)
    heat[4, 3] = 1.0
    shares = share_on_hand(case, heat)
    assert shares is not None
    assert shares[0] > 0.5
    assert share_on_hand(case, None) is None
