"""One command, many verbs: help, one path of errors and the program's exit codes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from training.__main__ import VERBS, main

ROOT = Path(__file__).parents[2]
NUMBERS = {
    *("--limit", "--jobs", "--workers", "--threads", "--steps", "--more-steps", "--answers", "--batch", "--seed"),
    *("--report", "--tune", "--films", "--finer-films", "--count", "--far"),
}
WITHOUT_NUMBERS = {"agreement", "pictures"}


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
    with pytest.raises(SystemExit) as caught:
        main([verb, "--help"])
    assert caught.value.code == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"usage: python -m training {verb} ")
    assert f"python -m training {verb}" in printed.split("options:")[0].partition("\n\n")[2]  # how it is used


def test_help_lists_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    printed = capsys.readouterr().out
    assert all(re.search(rf"^    {verb}\b", printed, re.MULTILINE) for verb in VERBS)


@pytest.mark.parametrize("words", [[], ["bake"], ["evaluate"], ["agreement", "one.csv", "two.csv", "three.csv"]])
def test_wrong_usage_is_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2
    assert "usage: python -m training" in capsys.readouterr().err


@pytest.mark.parametrize("verb", VERBS)
def test_a_number_that_makes_no_sense_is_wrong_usage(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
    with pytest.raises(SystemExit):
        main([verb, "--help"])
    words = re.findall(r"^  (--[a-z-]+) [A-Z]", capsys.readouterr().out, re.MULTILINE)
    numbers = [word for word in words if word in NUMBERS]
    assert numbers or verb in WITHOUT_NUMBERS
    for option in numbers:
        for value in ("-1", "many", "nan", "1e99"):
            with pytest.raises(SystemExit) as caught:
                main([verb, option, value])
            assert caught.value.code == 2
            assert f"argument {option}: {value} is no " in capsys.readouterr().err


@pytest.mark.parametrize("value", ["", "."])
def test_a_file_to_write_has_a_name(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
    options = {"evaluate": ("--json", "--predictions"), "stress": ("--out", "--run-file"), "compare": ("--out",)}
    for verb, option in ((verb, option) for verb, several in options.items() for option in several):
        with pytest.raises(SystemExit) as caught:
            main([verb, option, value])
        assert caught.value.code == 2
        assert f"argument {option}" in capsys.readouterr().err


def test_a_mistake_in_the_program_is_a_line_that_says_where(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failures = {"ZeroDivisionError at test_command.py": ZeroDivisionError("secret"), "Not enough memory": MemoryError()}
    for said, failure in failures.items():

        def fail(*_: object, failure: Exception = failure) -> None:
            raise failure

        monkeypatch.setattr("training.measure.agreement.agreement_lines", fail)
        assert main(["agreement", "one.csv", "two.csv"]) == 1
        printed = capsys.readouterr().err
        assert said in printed
        assert "secret" not in printed
        assert len(printed.splitlines()) == 1


def test_a_failure_is_a_line_on_stderr(tmp_path: Path) -> None:
    words = ["agreement", str(tmp_path / "one.csv"), str(tmp_path / "two.csv")]
    done = subprocess.run(
        [sys.executable, "-m", "training", *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("training: The estimates cannot be read. one.csv")
    assert len(done.stderr.splitlines()) == 1


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "training.run.train", None)
    assert main(["train"]) == 2
    assert "is not installed" in capsys.readouterr().err


def test_ctrl_c_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("training.measure.agreement.agreement_lines", stop)
    assert main(["agreement", "one.csv", "two.csv"]) == 130
    assert capsys.readouterr().err == "Stopped.\n"


@pytest.mark.skipif(os.name == "nt", reason="pipes close otherwise there")
def test_a_reader_that_goes_away_is_141(tmp_path: Path) -> None:
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text("id,estimate,error\n1,100,1\n", encoding="utf-8")
    command = [sys.executable, "-m", "training", "agreement", str(tmp_path / "one.csv"), str(tmp_path / "two.csv")]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        command, cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, timeout=120
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


def test_what_cannot_be_written_is_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history = tmp_path / "history.csv"
    history.write_text("epoch,size,loss,tune_mae_months\n1,32,9,9\n", encoding="utf-8")
    (tmp_path / "file").write_bytes(b"")
    assert main(["pictures", "--history", str(history), "--out", str(tmp_path / "file")]) == 1
    assert "training: file could not be written or read (file exists). Name another place" in capsys.readouterr().err
