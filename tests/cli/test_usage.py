"""Wrong usage ends with code 2 and plain words, before any model is loaded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bone_age_gui import DISCLAIMER, __version__
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.wording.errors import error_line

NO_DRIVER = Fact("no_driver", {"library": "libcuda.so.1"})

Run = Callable[..., Any]


def test_no_command_prints_the_help(run: Run) -> None:
    answer = run()
    assert answer.code == 2
    assert "usage: bone-age" in answer.out
    assert "estimate" in answer.out
    assert "model-info" in answer.out


@pytest.mark.parametrize("arguments", [("--help",), ("estimate", "--help")])
def test_help_tells_the_exit_codes_and_the_disclaimer(run: Run, arguments: tuple[str, ...]) -> None:
    answer = run(*arguments)
    assert answer.code == 0
    words = " ".join(answer.out.split())
    assert "0 all estimated, 3 some films were refused, 2 wrong usage" in words
    assert DISCLAIMER in words


def test_version(run: Run) -> None:
    assert run("--version") == type(run())(0, f"bone-age {__version__}\n", "")


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("estimate",), "FILE"),
        (("guess", "film.png"), "guess"),
        (("estimate", "film.png", "--sex", "X"), "'X' is not F (female) or M (male)"),
        (("estimate", "film.png", "--sex", "girl"), "'girl' is not F (female) or M (male)"),
        (("estimate", "film.png", "--birth-date", "02.03.2014"), "is not a date like 2014-03-02"),
        (("estimate", "film.png", "--birth-date", "20140302"), "is not a date like 2014-03-02"),
        (("estimate", "film.png", "--study-date", "2014-02-30"), "'2014-02-30' is a day that does not exist"),
        (("estimate", "film.png", "--study-date", "1214-02-03"), "lies before 1900"),
        (("estimate", "film.png", "--age-months", "-3"), "'-3' is not an age in months"),
        (("estimate", "film.png", "--age-months", "nan"), "'nan' is not an age in months"),
        (("estimate", "film.png", "--age-months", "twelve"), "'twelve' is not an age in months"),
        (("estimate", "film.png", "--age-months", "2000"), "from 0 to 1440"),
        (("estimate", "film.png", "--device", "gpu"), "gpu"),
        (("estimate", "film.png", "--jso"), "--jso"),
        (("estimate", "film.png", "--birth-date", "2014-03-02", "--age-months", "152"), "not allowed with"),
        (
            ("estimate", "film.png", "--birth-date", "2014-03-02", "--study-date", "2013-03-02"),
            "the study date lies before the birth date",
        ),
    ],
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...], words: str) -> None:
    answer = run(*arguments)
    assert answer.code == 2
    assert words in answer.err
    assert answer.out == ""


def test_a_date_in_the_future(run: Run) -> None:
    future = (date.today() + timedelta(days=400)).isoformat()
    answer = run("estimate", "film.png", "--birth-date", future)
    assert answer.code == 2
    assert "lies in the future" in answer.err


@pytest.mark.parametrize("command", ["estimate", "model-info"])
def test_an_unknown_model(run: Run, command: str, film: Path) -> None:
    files = [film] if command == "estimate" else []
    answer = run(command, *files, "--model", "no-such-model", "--json")
    assert answer.code == 2
    assert "no-such-model" in answer.err
    assert answer.out == ""


def test_cuda_demanded_but_not_there(run: Run, film: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bone_age_gui.core.model.predictor.missing_driver", lambda: NO_DRIVER)
    answer = run("estimate", film, "--model", tiny_model, "--device", "cuda", "--json")
    assert answer.code == 2
    assert "CUDA is not available" in answer.err
    assert answer.out == ""


def test_a_folder_is_refused_and_pointed_to_the_batch(run: Run, tiny_model: Path, tmp_path: Path) -> None:
    answer = run("estimate", tmp_path, "--model", tiny_model, "--device", "cpu")
    assert answer.code == 3
    assert "This is a folder, not a file." in answer.err
    assert "bone-age batch FOLDER --out DIR" in answer.err
    missing = run("estimate", tmp_path / "none.dcm", "--model", tiny_model, "--device", "cpu")
    assert "batch" not in missing.err


def test_where_nothing_was_watched_the_option_is_named_on_the_command_line_alone(run: Run, tmp_path: Path) -> None:
    answer = run("watch", "--status", "--out", tmp_path)
    assert answer.code == 2
    assert answer.err.rstrip().endswith("Choose the folder that a watch writes to. Check --out.")
    assert "--out" not in error_line(BoneAgeError("no_watch"))
