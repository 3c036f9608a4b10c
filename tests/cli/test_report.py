"""``bone-age estimate --report``: reports beside the answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom import dcmread

Run = Callable[..., object]


def test_a_pdf_of_each_film_is_the_default(estimate: Run, film: Path, picture: Path, tmp_path: Path) -> None:
    answer = estimate(film, picture, "--report", tmp_path / "out", "--sex", "F")
    assert answer.code == 0  # type: ignore[attr-defined]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["0001_film.pdf", "0002_film.pdf"]


def test_formats_and_anonymising(estimate: Run, film: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_text("no picture")
    answer = estimate(film, broken, "--report", tmp_path / "out", "--formats", "SR, csv,json", "--anonymise")
    assert answer.code == 3  # type: ignore[attr-defined]
    assert "burnt into a film" in answer.err  # type: ignore[attr-defined]
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["0001_sr.dcm", "bone-age.csv", "bone-age.jsonl"]
    report = dcmread(tmp_path / "out" / "0001_sr.dcm")
    assert "Doe" not in str(report)
    table = (tmp_path / "out" / "bone-age.csv").read_text(encoding="utf-8-sig")
    assert "not_an_image" in table
    assert "broken" not in table


@pytest.mark.parametrize("options", [["--formats", "csv"], ["--anonymise"], ["--report", "x", "--formats", "doc"]])
def test_wrong_use_is_told(estimate: Run, film: Path, options: list[str]) -> None:
    assert estimate(film, *options).code == 2  # type: ignore[attr-defined]


def test_a_folder_that_cannot_be_made_is_told(estimate: Run, film: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = estimate(film, "--report", tmp_path / "file")
    assert answer.code == 2  # type: ignore[attr-defined]
    assert "Report not written" in answer.err  # type: ignore[attr-defined]
    assert answer.out == ""  # type: ignore[attr-defined]
