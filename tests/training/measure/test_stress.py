"""The table of changes: it sees what moves, and who says so."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.model.quality_card import QualityRules
from bone_age_gui.core.stages.joint_crop import JointCropSpec
from bone_age_gui.paths import models_dir
from bundles import make_bundle
from films import hand_like
from joints import finder_file, maps_of, placed_hand
from rsna import write_rsna
from training.__main__ import main
from training.films.changes import cut, every_change
from training.measure.stress import StressOutcome, changed_row, stress_table

EASY = QualityRules(
    least_hand_score=0.5, least_score=0.1, sure_score=0.1, least_rays=1, whole_rays=1, whole_tips=1,
    least_joints_of_part=1, rival_share=1.0, most_two_score=1.0, most_clipped=1.0, most_novelty=1e9, measured="",
)  # fmt: skip
"""Every hand that is seen is fine."""
CROP = JointCropSpec(height=2.0, middle=0.5, most_apart=10.0, most_scale=10.0, most_turned=180.0)


@pytest.mark.parametrize("name", list(every_change()))
def test_every_change_gives_a_film_and_leaves_the_original(name: str) -> None:
    film = hand_like(220, 180)
    kept = film.copy()
    changed = every_change()[name](film, np.random.default_rng(1))
    assert np.array_equal(film, kept)
    assert changed.dtype == np.uint16
    assert changed.ndim == 2
    assert changed.shape != film.shape or not np.array_equal(changed, film)


def test_a_cut_keeps_what_lies_between_two_lines() -> None:
    film = np.full((100, 60), 40000, np.uint16)
    film[:, :2] = 100
    left = cut(film, np.array([30, 80]), np.array([0.0, -1.0]), 50, -0.2, 0.8)
    assert (left[60, 30], left[5, 30], left[98, 30]) == (40000, left[5, 30], left[5, 30])
    assert left[5, 30] < 40000


def test_a_far_move_counts_as_silent_only_without_a_word() -> None:
    before = StressOutcome(100.0, False)
    answers = [
        ("near", before, {"x": StressOutcome(103.0, False)}),
        ("said", before, {"x": StressOutcome(130.0, True)}),
        ("silent", before, {"x": StressOutcome(80.0, False)}),
        ("refused", before, {"x": StressOutcome(None, True)}),
    ]
    row = changed_row("x", answers, 12.0)
    assert sorted(row.moves) == [3.0, 20.0, 30.0]
    assert (row.refused, row.doubtful, row.silent) == (1, 1, ("silent",))
    assert sorted(row.fine) == [3.0, 20.0]
    table = stress_table([row], 4, 12.0)
    assert "| x | 20.0 |" in table
    assert "| **fine: neither doubtful nor refused** | 11.5 | 19.1 | 20.0 |" in table


def test_the_command_prints_a_table_and_goes_on_where_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    films = write_rsna(tmp_path / "films", count=2)
    bundle = make_bundle(tmp_path / "bundle").directory
    out, kept = tmp_path / "stress.md", tmp_path / "stress.jsonl"
    words = ["stress", "--model", str(bundle), *films.words(), "--quiet", "--out", str(out), "--run-file", str(kept)]
    assert main([*words, "--far", "240", "--limit", "1"]) == 0  # no age of the model can move farther
    text = capsys.readouterr().out
    assert "| turned 180 degrees |" in text
    assert out.read_text(encoding="utf-8") in text
    first = kept.read_text(encoding="utf-8")
    assert len(first.splitlines()) == 1
    plain = json.loads(first)
    plain["after"]["mirrored"] = {"months": plain["before"]["months"] + 99, "is_doubtful": False}
    kept.write_bytes(b'{"broken off \xff\n' + json.dumps(plain).encode() + b"\n")
    assert main([*words, "--card"]) == 4
    lines = kept.read_bytes().splitlines()[1:]
    assert [json.loads(line)["id"] for line in lines] == list(films.ids)
    assert f"1 ({films.ids[0]})" in capsys.readouterr().out, "what was kept was asked again"
    evidence = load_bundle(bundle).card.evidence["stress"]
    assert (evidence.n, evidence.figures["moved_far_in_silence"] >= 1) == (2, True)


def test_films_that_are_refused_as_they_are_prove_nothing_and_another_file_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    films = write_rsna(tmp_path / "films", count=1)
    words = ["stress", "--model", str(models_dir() / "densenet121"), *films.words(), "--quiet"]
    assert main(words) == 3  # the finder sees no whole hand
    assert "All were refused" in capsys.readouterr().err
    before = films.sizes.read_bytes()
    assert main([*words, "--run-file", str(films.sizes)]) == 2
    assert "no file of outcomes" in capsys.readouterr().err
    assert films.sizes.read_bytes() == before


def test_a_far_move_without_a_doubt_ends_with_a_code_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A finder that sees a whole hand on whatever it is shown, so that nothing is said."""
    films = write_rsna(tmp_path / "films", count=1)
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    card = finder_file(bundle / "finder.onnx", maps_of(placed_hand((42, 64), 34)))
    seen_once = replace(card, spec=replace(card.spec, most_hands=0))
    make_bundle(bundle, finder=seen_once, quality=EASY, joint_crop=CROP)
    gamma = every_change()["gamma 2"]
    monkeypatch.setattr("training.measure.stress.every_change", lambda: {"gamma 2": gamma})
    words = ["stress", "--model", str(bundle), *films.words(), "--quiet"]
    assert main([*words, "--far", "0"]) == 4
    assert main([*words, "--far", "240"]) == 0
    printed = capsys.readouterr().out
    assert "| forearm cut |" in printed
    assert "| forearm cut | - |" not in printed  # the hand is seen, so that it can be cut
