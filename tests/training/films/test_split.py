"""``python -m training split``: sets that nothing is trained on, near-duplicates never on two sides."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from films import write_picture
from rsna import write_table
from training.__main__ import main


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Twelve films that differ, of which 11 and 12 are copies of 1 and 2."""
    random = np.random.default_rng(4)
    (tmp_path / "films").mkdir()
    for number in range(1, 11):
        coarse = random.uniform(0, 60000, (24, 20)).astype(np.float32)
        film = np.clip(cv2.resize(coarse, (200, 240), interpolation=cv2.INTER_CUBIC), 0, 65535).astype(np.uint16)
        write_picture(tmp_path / "films" / f"{number}.png", film)
        if number < 3:
            write_picture(tmp_path / "films" / f"{number + 10}.png", film)
    write_table(tmp_path / "labels.csv", ["id", "boneage", "male"], [[number, 60, True] for number in range(1, 13)])
    return tmp_path


def split(films: Path, *more: str) -> dict[str, set[str]]:
    words = ["--images", str(films / "films"), "--labels", str(films / "labels.csv"), "--out", str(films / "out")]
    assert main(["split", *words, "--report", "4", "--tune", "3", *more]) == 0
    return {name: set((films / "out" / f"{name}.txt").read_text().split()) for name in ("report", "tune")}


def test_copies_stay_together_and_the_sets_are_full(films: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = split(films)
    assert (len(parts["report"]), len(parts["tune"])) == (4, 3)
    assert not parts["report"] & parts["tune"]
    for one, copy in (("1", "11"), ("2", "12")):
        assert all((one in part) == (copy in part) for part in parts.values())
    assert "12 films, 2 near-duplicates; report 4, tune 3, train 5" in capsys.readouterr().out


@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_films_that_must_be_in_report_are(films: Path, seed: str) -> None:
    kept = write_table(films / "kept.csv", ["id", "boneage", "male"], [[number, 60, True] for number in (5, 9)])
    assert {"5", "9"} <= split(films, "--keep-for-report", str(kept), "--seed", seed)["report"]
