"""The command line as a program of its own: pipes, signals, locales, odd file names, no Qt."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

import bone_age_gui

Program = Callable[..., "subprocess.CompletedProcess[bytes]"]
ROOT = Path(bone_age_gui.__file__).parents[1]
posix_only = pytest.mark.skipif(os.name != "posix", reason="signals, pipes and byte names of POSIX")

LIST_MODULES = """
import sys
from bone_age_gui.__main__ import command_line
code = command_line(sys.argv[1:])
wrong = sorted(name for name in sys.modules if name.split(".")[0] in {"PySide6", "shiboken6", "matplotlib", "torch"})
print(code, wrong, file=sys.stderr)
"""


def arguments(film: Path, model: Path) -> list[str]:
    return ["estimate", str(film), "--model", str(model), "--device", "cpu", "--json"]


def test_no_qt_no_matplotlib_and_no_torch(film: Path, tiny_model: Path, tmp_path: Path) -> None:
    for command in (arguments(film, tiny_model), ["model-info", "--model", str(tiny_model)]):
        answer = subprocess.run(
            [sys.executable, "-c", LIST_MODULES, *command],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert answer.stderr == "0 []\n"


def test_stdout_holds_records_only_and_stderr_is_empty(program: Program, film: Path, tiny_model: Path) -> None:
    answer = program(*arguments(film, tiny_model))
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["error"] is None
    assert answer.stderr == b""


def test_python_m_of_the_package_takes_commands_too(film: Path, tiny_model: Path, tmp_path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "bone_age_gui", *arguments(film, tiny_model)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=300,
    )
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["path"] == str(film)


@posix_only
@pytest.mark.parametrize("json_wanted", [True, False])
def test_file_names_with_odd_bytes_in_a_c_locale(
    program: Program, film: Path, tiny_model: Path, tmp_path: Path, json_wanted: bool
) -> None:
    odd = os.fsencode(tmp_path) + b"/\xff\xc3\xa9 \x1b[31m\n.dcm"
    try:
        with open(odd, "wb") as file:
            file.write(film.read_bytes())
    except OSError:
        pytest.skip("this file system refuses such names")
    options = arguments(film, tiny_model)[2:]
    environment = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    answer = program("estimate", odd, *(options if json_wanted else options[:-1]), env=environment)
    assert answer.returncode == 0, answer.stderr
    assert b"\x1b" not in answer.stdout
    if json_wanted:
        assert answer.stdout.count(b"\n") == 1
        assert os.path.basename(json.loads(answer.stdout)["path"]).endswith(" \x1b[31m\n.dcm")
    else:
        assert b"\\x1b[31m\\n.dcm" in answer.stdout


@posix_only
def test_a_closed_pipe_is_no_traceback(film: Path, tiny_model: Path) -> None:
    files = [str(film)] * 20
    command = [sys.executable, "-m", "bone_age_gui", "estimate", *files, *arguments(film, tiny_model)[2:]]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=300) == 141


@posix_only
def test_ctrl_c_stops_with_one_word(film: Path, tiny_model: Path) -> None:
    command = [sys.executable, "-m", "bone_age_gui", "estimate", *[str(film)] * 2000]
    command += arguments(film, tiny_model)[2:]
    # A shell in the background hands Ctrl+C down as ignored, and Python would keep it so.
    heed = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    piped = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=piped, stderr=piped, preexec_fn=heed) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=300)
    assert process.returncode == 130
    assert err == b"Stopped.\n"
    assert all(json.loads(line)["error"] is None for line in out.splitlines())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full to write to")
def test_a_full_disk_is_told(film: Path, tiny_model: Path) -> None:
    with open("/dev/full", "w") as full:
        answer = subprocess.run(
            [sys.executable, "-m", "bone_age_gui", *arguments(film, tiny_model)],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=300,
        )
    assert answer.returncode == 1
    assert answer.stderr.startswith(b"The output could not be written: ")
    assert b"Traceback" not in answer.stderr


@posix_only
def test_an_output_that_was_closed_before_the_start_is_nobodys_mistake(tiny_model: Path) -> None:
    command = [sys.executable, "-m", "bone_age_gui", "model-info", "--model", str(tiny_model)]
    answer = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *command], cwd=ROOT, stderr=subprocess.PIPE, timeout=300
    )
    assert (answer.returncode, answer.stderr) == (0, b"")
