"""How the command line ends, case by case: what the README promises to scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bone_age_gui.core.values.exit_codes import ExitCode, exit_code
from films import hand_like, write_picture

Run = Callable[..., object]


@pytest.fixture
def a_file(tmp_path: Path) -> Path:
    """Where a folder is wanted."""
    path = tmp_path / "file"
    path.write_text("no folder")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one film."""
    (tmp_path / "films").mkdir()
    write_picture(tmp_path / "films" / "a.png", hand_like())
    return tmp_path / "films"


def batch(run: Run, tiny_model: Path, folder: Path, out: Path, *more: object) -> tuple[int, str]:
    words = ("batch", folder, "--out", out, "--model", tiny_model, "--device", "cpu", "--workers", 1)
    answer = run(*words, *more)
    return answer.code, answer.err  # type: ignore[attr-defined]


@pytest.mark.parametrize("formats", ["pdf", "sr", "csv", "xlsx", "json", "summary"])
def test_a_report_that_cannot_be_written_ends_with_1(estimate: Run, film: Path, a_file: Path, formats: str) -> None:
    answer = estimate(film, "--report", a_file, "--formats", formats)
    assert answer.code == 1  # type: ignore[attr-defined]


def test_a_batch_without_a_place_to_write_ends_with_1(run: Run, tiny_model: Path, folder: Path, a_file: Path) -> None:
    assert batch(run, tiny_model, folder, a_file / "out")[0] == 1


def test_a_folder_that_cannot_be_opened_ends_with_2(run: Run, tiny_model: Path, a_file: Path, tmp_path: Path) -> None:
    for wrong in (a_file, tmp_path / "nowhere"):
        code, words = batch(run, tiny_model, wrong, tmp_path / "out")
        assert code == 2
        assert "The folder cannot be opened" in words


def test_a_run_that_is_there_already_ends_with_2(run: Run, tiny_model: Path, folder: Path, tmp_path: Path) -> None:
    assert batch(run, tiny_model, folder, tmp_path / "out")[0] == 0
    assert batch(run, tiny_model, folder, tmp_path / "out")[0] == 2


def test_a_folder_without_a_model_ends_with_2(run: Run, film: Path, tmp_path: Path) -> None:
    assert run("estimate", film, "--model", tmp_path).code == 2  # type: ignore[attr-defined]
    assert run("model-info", "--model", tmp_path).code == 2  # type: ignore[attr-defined]


def test_a_refused_film_ends_with_3(estimate: Run, film: Path, a_file: Path) -> None:
    assert estimate(film, a_file).code == 3  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("disk_full", ExitCode.NOT_WRITTEN),
        ("not_writable", ExitCode.NOT_WRITTEN),
        ("journal_gone", ExitCode.NOT_WRITTEN),
        ("archive_timeout", ExitCode.NOT_WRITTEN),
        ("archive_lacks_package", ExitCode.WRONG_USAGE),
        ("archive_cancelled", ExitCode.INTERRUPTED),
        ("unknown_node", ExitCode.WRONG_USAGE),
        ("all_refused", ExitCode.SOME_REFUSED),
        ("no_parity", ExitCode.CHECK_FAILED),
        ("model_not_found", ExitCode.WRONG_USAGE),
        ("a code that nobody knows", ExitCode.WRONG_USAGE),
    ],
)
def test_an_error_has_its_exit_code(error: str, code: ExitCode) -> None:
    assert exit_code(error) is code
