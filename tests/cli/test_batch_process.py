"""A batch as a program of its own: ended, stopped, out of room, and continued."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import bone_age_gui
from batches import journal_files, make_films
from films import hand_like, write_picture

ROOT = Path(bone_age_gui.__file__).parents[1]
posix_only = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")
FILMS = 12


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Six films and six more."""
    folder = make_films(tmp_path / "films")
    for number in range(FILMS - 6):
        write_picture(folder / f"z{number}.png", hand_like(300, 240, seed=number))
    return folder


def command(folder: Path, out: Path, model: Path, *more: str) -> list[str]:
    head = [sys.executable, "-m", "bone_age_gui", "batch", str(folder), "--out", str(out), "--model", str(model)]
    return [*head, "--device", "cpu", "--workers", "2", "--json", *more]


def begin(*arguments: str, **options: object) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
        arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


def wait_for_lines(out: Path, count: int) -> None:
    limit = time.monotonic() + 120
    while time.monotonic() < limit:
        try:
            if (out / "journal.jsonl").read_bytes().count(b"\n") > count:
                return
        except OSError:
            pass
        time.sleep(0.01)
    raise AssertionError("the batch does not come on")


def children(pid: int) -> list[int]:
    """Of all its threads: the one that feeds the workers has started them."""
    pids: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # a thread has just ended
            pids += map(int, path.read_text(encoding="ascii").split())
    return pids


def gone(pid: int) -> bool:
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        try:
            if Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


@posix_only
@pytest.mark.slow
def test_ended_at_several_points_and_resumed_every_film_is_there_once(
    films: Path, tiny_model: Path, tmp_path: Path
) -> None:
    out, seen = tmp_path / "out", 0
    for done in (0, 2, 7):
        process = begin(*command(films, out, tiny_model, *(["--resume"] if done else [])))
        wait_for_lines(out, done)
        workers = children(process.pid)
        seen += len(workers)  # none where it is ended before they start
        process.kill()
        process.communicate()
        assert all(gone(worker) for worker in workers)
        assert not (out / "results.csv").exists()
    assert seen or not sys.platform.startswith("linux")
    with (out / "journal.jsonl").open("ab") as file:
        file.write(b'{"key": "torn')
    answer = subprocess.run(
        command(films, out, tiny_model, "--resume"), env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True
    )
    assert answer.returncode == 3
    summary = json.loads(answer.stdout)
    assert summary["films"] == FILMS
    assert summary["from_earlier_run"] >= 7
    names = journal_files(out)
    assert len(names) == len(set(names)) == FILMS


@posix_only
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl+C", "polite end"])
def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(
    films: Path, tiny_model: Path, tmp_path: Path, number: signal.Signals
) -> None:
    process = begin(*command(films, tmp_path / "out", tiny_model), start_new_session=True)
    wait_for_lines(tmp_path / "out", 2)
    (os.killpg if number is signal.SIGINT else os.kill)(process.pid, number)
    printed, errors = process.communicate(timeout=60)
    assert (process.returncode, printed) == (130, "")
    assert "--resume" in errors
    assert "Traceback" not in errors
    assert not (tmp_path / "out" / "results.csv").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="children are listed in /proc")
@pytest.mark.slow
def test_ctrl_c_while_the_workers_start_leaves_no_traceback(films: Path, tiny_model: Path, tmp_path: Path) -> None:
    process = begin(*command(films, tmp_path / "out", tiny_model, "--workers", "3"), start_new_session=True)
    limit = time.monotonic() + 120
    while len(children(process.pid)) < 4:  # three workers and their resource tracker
        assert time.monotonic() < limit
        time.sleep(0.005)
    time.sleep(0.2)  # until they import their modules
    os.killpg(process.pid, signal.SIGINT)
    printed, errors = process.communicate(timeout=60)
    assert (process.returncode, printed) == (130, "")
    assert "Traceback" not in errors


@posix_only
@pytest.mark.slow
def test_a_full_disk_is_told_and_the_run_can_go_on(films: Path, tiny_model: Path, tmp_path: Path) -> None:
    import resource

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    process = begin(*command(films, tmp_path / "out", tiny_model), preexec_fn=small_files)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "The disk is full" in errors
    kept = journal_files(tmp_path / "out")
    assert 0 < len(kept) < FILMS
    answer = subprocess.run(
        command(films, tmp_path / "out", tiny_model, "--resume"),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
    )
    assert json.loads(answer.stdout)["from_earlier_run"] == len(kept)


@posix_only
@pytest.mark.slow
def test_a_worker_that_the_system_ends_costs_no_film(films: Path, tiny_model: Path, tmp_path: Path) -> None:
    process = begin(*command(films, tmp_path / "out", tiny_model))
    wait_for_lines(tmp_path / "out", 1)
    for worker in children(process.pid)[-1:]:
        os.kill(worker, signal.SIGKILL)
    printed, _ = process.communicate(timeout=120)
    assert process.returncode == 3
    assert json.loads(printed)["refused"] == 1
    assert sorted(journal_files(tmp_path / "out")) == sorted(set(journal_files(tmp_path / "out")))
