"""The stress_table of changes: it sees what moves, and who says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bundles import make_bundle
from films import hand_like
from rsna import write_rsna
from training.__main__ import main
from training.measure.changes import cut, every_change
from training.measure.stress import Verdict, _row, stress_table


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
    before = Verdict(100.0, False)
    answers = [
        ("near", before, {"x": Verdict(103.0, False)}),
        ("said", before, {"x": Verdict(130.0, True)}),
        ("silent", before, {"x": Verdict(80.0, False)}),
        ("refused", before, {"x": Verdict(None, True)}),
    ]
    row = _row("x", answers, 12.0)
    assert sorted(row.moves) == [3.0, 20.0, 30.0]
    assert (row.refused, row.doubtful, row.silent) == (1, 1, ("silent",))
    assert "| x | 20.0 |" in stress_table([row], 4, 12.0)


def test_the_command_prints_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    films = write_rsna(tmp_path / "films", count=1)
    bundle = make_bundle(tmp_path / "bundle").directory
    out = tmp_path / "stress.md"
    code = main(["stress", "--model", str(bundle), *films.words(), "--quiet", "--out", str(out)])
    text = capsys.readouterr().out
    assert code in (0, 3)
    assert "| turned 180 degrees |" in text
    assert out.read_text(encoding="utf-8") in text
