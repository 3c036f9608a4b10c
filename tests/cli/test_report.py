"""``bone-age estimate --report``: reports beside the answers."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom import dcmread

import bone_age_gui
from films import hand_like, write_dicom

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


def test_broken_times_and_numbers_of_a_film_stop_no_report(estimate: Run, tmp_path: Path) -> None:
    """Whatever stands in the tags that a report repeats, and of whatever kind the film's object is."""
    paths = []
    for name, keyword, text, broken in (
        ("a", "StudyTime", "101112", b"25:99 "),
        ("b", "StudyInstanceUID", "1.2.826.0.1.37", b"../../../../xx"),
        ("c", "SOPClassUID", "1.2.826.0.1.38", b"1.2.826.0.1.39"),
    ):
        paths.append(write_dicom(tmp_path / f"{name}.dcm", hand_like(), **{keyword: text}))
        paths[-1].write_bytes(paths[-1].read_bytes().replace(text.encode(), broken))
    answer = estimate(*paths, "--report", tmp_path / "out", "--formats", "sr,dicom-pdf,dicom-image")
    assert answer.code == 0  # type: ignore[attr-defined]
    assert "Warning" not in answer.err  # type: ignore[attr-defined]
    reports = [dcmread(path) for path in sorted((tmp_path / "out").iterdir())]
    assert len(reports) == 9
    assert {report.get("StudyTime") for report in reports[:3]} == {""}


@pytest.mark.parametrize("options", [["--formats", "csv"], ["--anonymise"], ["--report", "x", "--formats", "doc"]])
def test_wrong_use_is_told(estimate: Run, film: Path, options: list[str]) -> None:
    assert estimate(film, *options).code == 2  # type: ignore[attr-defined]


def test_a_folder_that_cannot_be_made_is_told(estimate: Run, film: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = estimate(film, "--report", tmp_path / "file")
    assert answer.code == 1  # type: ignore[attr-defined]
    assert "Report not written" in answer.err  # type: ignore[attr-defined]
    assert answer.out == ""  # type: ignore[attr-defined]


@pytest.mark.parametrize("as_json", [True, False])
def test_anonymised_answers_hold_no_path_and_no_text_of_tags(
    run: Run, tiny_model: Path, tmp_path: Path, as_json: bool
) -> None:
    secret = write_dicom(tmp_path / "Doe_Jane.dcm", hand_like(), body_part="JANES KNEE")
    answer = run(  # type: ignore[call-arg]
        "estimate", secret, "--report", tmp_path / "out", "--anonymise", "--model", tiny_model, "--device", "cpu",
        *(["--json"] if as_json else []),
    )  # fmt: skip
    assert answer.code == 0  # type: ignore[attr-defined]
    for word in ("Jane", "JANE", "Doe", str(tmp_path), "2014-03-02", "2026-11-20"):
        assert word not in answer.out  # type: ignore[attr-defined]
    assert "film-0001" in answer.out  # type: ignore[attr-defined]
    assert "no hand or wrist" in answer.out.replace("\n", " ").replace("  ", " ")  # type: ignore[attr-defined]


@pytest.mark.skipif(os.name != "posix", reason="closes streams as a shell of POSIX does")
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_mistake(film: Path, tiny_model: Path, tmp_path: Path, closed: str) -> None:
    command = [
        sys.executable,
        "-m",
        "bone_age_gui",
        "estimate",
        film,
        "--model",
        tiny_model,
        "--device",
        "cpu",
        "--json",
    ]
    shell = f"{shlex.join(map(str, command))} --report out {closed}"
    environment = {**os.environ, "PYTHONPATH": str(Path(bone_age_gui.__file__).parents[1])}
    done = subprocess.run(shell, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out" / "0001_film.pdf").read_bytes().startswith(b"%PDF-")
