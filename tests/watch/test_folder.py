"""A folder that is watched: every film once, fine ones reported, the others filed for a person."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bone_age_gui.watch import run as runs
from bone_age_gui.watch import sources
from bone_age_gui.watch.ledger import MOST_TRIES, Ledger
from bone_age_gui.watch.sources import FolderSource
from commands import Answer
from films import hand_like, write_dicom

Watch = Callable[..., Answer]
Program = Callable[..., "subprocess.Popen[bytes]"]


def make_film(folder: Path, number: int, **tags: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return write_dicom(folder / f"film-{number}.dcm", hand_like(300, 240, seed=number), **tags)


def results(out: Path) -> list[dict[str, Any]]:
    """The results that are whole: one that is being written has a name that begins with a dot."""
    files = sorted(path for path in (out / "results").glob("*.json") if not path.name.startswith("."))
    return [json.loads(path.read_text(encoding="utf-8")) for path in files]


def wait_until(condition: Callable[[], bool], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.1)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "SETTLE_SECONDS", 0.3)


def test_fine_films_get_reports_and_the_others_are_filed_for_a_person(watch: Watch, tmp_path: Path) -> None:
    films, out = tmp_path / "films", tmp_path / "out"
    make_film(films, 1)
    make_film(films / "below", 2)
    make_film(films, 3, body_part="CHEST")
    (films / "Doe Jane.dcm").write_bytes(make_film(tmp_path, 4).read_bytes()[:5000])
    (films / "notes.txt").write_text("no film", encoding="utf-8")
    assert watch("--folder", films, "--once").code == 0
    assert {Path(record["path"]).name for record in results(out)} == {"film-1.dcm", "film-2.dcm"}
    assert len(list((out / "reports").glob("*_sr.dcm"))) == 2
    kept = {json.loads(path.read_text())["path"]: path for path in (out / "for-a-person").glob("*.json")}
    assert set(kept) == {"film-3.dcm", "Doe Jane.dcm"}
    for name, record in kept.items():
        assert record.with_suffix(".dcm").read_bytes() == (films / name).read_bytes()
    state = watch("--status", "--json").record
    assert state["films"] == {"estimated": 2, "doubtful": 1, "refused": 1}
    assert state["codes"] == {"body_part": 1, "truncated": 1}
    assert state["running"] is False
    words = watch("--status").out
    assert "       2 estimated" in words
    assert "       1 The file is damaged or incomplete" in words
    assert "       1 tags name no hand" in words
    make_film(films, 5, sex=None)
    assert watch("--folder", films, "--once", "--demand-sex", "--threshold-sd", "1.5").code == 0
    make_film(films, 6)
    assert watch("--folder", films, "--once", "--threshold-sd", "1.5", "--firm-below", "10").code == 0
    assert watch("--status", "--json").record["codes"]["sex_demanded"] == 1, "filed for a person"
    assert {(each["threshold_sd"], each["normal_below"]) for each in results(out)} == {(2.0, 0.25), (1.5, 0.1)}


def test_a_film_is_known_by_its_bytes(watch: Watch, tmp_path: Path) -> None:
    films, out = tmp_path / "films", tmp_path / "out"
    film = make_film(films, 1)
    watch("--folder", films, "--once")
    (before,) = (out / "results").iterdir()
    written = before.stat().st_mtime_ns
    shutil.copyfile(film, films / "again.dcm")
    os.utime(film)
    make_film(films, 2)
    watch("--folder", films, "--once")
    assert watch("--status", "--json").record["films"] == {"estimated": 2}
    assert before.stat().st_mtime_ns == written
    source = FolderSource(films, Ledger(out), out, 600)
    assert not list(source.films())
    assert not source.is_settling(), "a file that has not changed is not looked into again"


def test_what_a_watch_puts_aside_below_its_folder_is_no_new_film(tmp_path: Path) -> None:
    film, out = make_film(tmp_path / "films", 1), tmp_path / "films" / "out"
    make_film(out / "for-a-person", 2)
    source = FolderSource(tmp_path / "films", Ledger(out), out, 600)
    assert not list(source.films())
    time.sleep(0.4)
    assert [candidate.path for candidate in source.films()] == [film]


def test_a_file_counts_when_it_no_longer_grows(tmp_path: Path) -> None:
    content = make_film(tmp_path, 1).read_bytes()
    folder = tmp_path / "films"
    folder.mkdir()
    source = FolderSource(folder, Ledger(tmp_path / "out"), tmp_path / "out", 600)
    (folder / "film.dcm").write_bytes(b"")
    assert not list(source.films())
    assert source.is_settling()
    time.sleep(0.4)
    assert not list(source.films()), "nothing has come yet"
    assert not source.is_settling(), "nobody waits for a file that stays empty"
    for end in range(10_000, len(content), len(content) // 6):
        (folder / "film.dcm").write_bytes(content[:end])
        assert not list(source.films())
        assert source.is_settling()
        time.sleep(0.1)
    (folder / "film.dcm").write_bytes(content)
    assert not list(source.films())
    time.sleep(0.4)
    (candidate,) = source.films()
    assert candidate.path.name == "film.dcm"


def test_the_log_names_no_patient_and_no_file(watch: Watch, tmp_path: Path) -> None:
    films = tmp_path / "Doe Jane 2014-03-02"
    make_film(films, 1, PatientName="Doe^Jane", PatientID="TEST-1")
    make_film(films, 2, body_part="CHEST")
    (films / "Doe^Jane.dcm").write_bytes(b"noise" * 100)
    answer = watch("--folder", films, "--once")
    log = (tmp_path / "out" / "watch.log").read_text(encoding="utf-8")
    assert log.count("film ") == 3
    status = watch("--status", "--json").out + watch("--status").out
    for secret in ("Doe", "Jane", "TEST-1", "2014", "film-1", str(tmp_path)):
        assert secret not in log + answer.out + answer.err + status


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
def test_nobody_else_reads_what_is_written(watch: Watch, tmp_path: Path) -> None:
    make_film(tmp_path / "films", 1)
    make_film(tmp_path / "films", 2, body_part="CHEST")
    watch("--folder", tmp_path / "films", "--once", "--formats", "sr,pdf,dicom-pdf")
    written = list((tmp_path / "out").rglob("*"))
    assert len(written) > 8
    assert {path.stat().st_mode & 0o077 for path in [*written, tmp_path / "out"]} == {0}
    os.umask(0)
    Ledger(tmp_path / "own")
    assert {path.stat().st_mode & 0o077 for path in [tmp_path / "own", *(tmp_path / "own").iterdir()]} == {0}


def test_films_are_taken_as_they_come_until_it_is_stopped(program: Program, watch: Watch, tmp_path: Path) -> None:
    films, out = tmp_path / "films", tmp_path / "out"
    films.mkdir()
    process = program("--folder", films)
    wait_until(lambda: (out / "watch.log").exists() and "watching" in (out / "watch.log").read_text())
    assert watch("--status", "--json").record["running"] is True
    second = watch("--folder", films, "--once")
    assert (second.code, "This folder is watched already." in second.err) == (2, True)
    make_film(films, 1)
    wait_until(lambda: len(results(out)) == 1)
    make_film(films, 2)
    wait_until(lambda: len(results(out)) == 2)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert watch("--status", "--json").record["films"] == {"estimated": 2}


def test_ended_anywhere_it_goes_on_and_does_nothing_twice(program: Program, watch: Watch, tmp_path: Path) -> None:
    films, out = tmp_path / "films", tmp_path / "out"
    for number in range(12):
        make_film(films, number)
    for wanted in (2, 5, 9):
        process = program("--folder", films)
        while len(results(out)) < wanted and process.poll() is None:
            time.sleep(0.05)
        process.kill()
        process.wait(30)
    assert watch("--folder", films, "--once").code == 0
    assert len(results(out)) == 12
    assert len(list((out / "reports").glob("*_sr.dcm"))) == 12
    assert not list(out.rglob("*.part*"))
    assert watch("--status", "--json").record["films"] == {"estimated": 12}


def test_a_film_at_which_the_program_ends_again_and_again_is_left_alone(watch: Watch, tmp_path: Path) -> None:
    film = make_film(tmp_path / "films", 1)
    ledger = Ledger(tmp_path / "out")
    source = FolderSource(film.parent, ledger, tmp_path / "out", 600)
    list(source.films())
    time.sleep(0.4)
    (candidate,) = source.films()
    assert [ledger.begin(candidate.key) for _ in range(4)] == [True, True, True, False]
    watch("--folder", film.parent, "--once")
    assert watch("--status", "--json").record["codes"] == {"ended_again": 1}
    assert len(list((tmp_path / "out" / "for-a-person").glob("*.json"))) == 1


def test_a_disk_that_takes_nothing_loses_nothing(watch: Watch, tmp_path: Path) -> None:
    film = make_film(tmp_path / "films", 1)
    ledger = Ledger(tmp_path / "out")
    key = ledger.key("content", hashlib.sha256(film.read_bytes()).digest())
    for _ in range(MOST_TRIES - 1):
        ledger.begin(key)
    (tmp_path / "out" / "results").write_text("in the way", encoding="utf-8")
    watch("--folder", film.parent, "--once")
    state = watch("--status", "--json").record
    assert (state["films"], state["facts"]["last_error"]["value"]) == ({"in_hand": 1}, "no_folder")
    (tmp_path / "out" / "results").unlink()
    watch("--folder", film.parent, "--once")
    assert watch("--status", "--json").record["films"] == {"estimated": 1}, "that try was no fault of the film"


def test_a_mistake_in_the_reports_of_one_film_does_not_stop_the_watch(
    watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("Doe^Jane")

    monkeypatch.setattr(runs, "complete_film", fail)
    make_film(tmp_path / "films", 1)
    answer = watch("--folder", tmp_path / "films", "--once")
    assert (answer.code, "Doe" in answer.err) == (0, False)
    assert watch("--status", "--json").record["codes"] == {"internal": 1}
    assert len(list((tmp_path / "out" / "for-a-person").glob("*.dcm"))) == 1


@contextmanager
def ended_when(condition: Callable[[], bool]) -> Iterator[None]:
    """A signal ends the watch in this process a moment after this is so."""

    def end() -> None:
        wait_until(condition)
        time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=end)
    thread.start()
    yield
    thread.join()


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_limits_of_rate_and_disk_are_kept(watch: Watch, tmp_path: Path) -> None:
    films, out = tmp_path / "films", tmp_path / "out"
    for number in range(3):
        make_film(films, number)
    with ended_when(lambda: len(results(out)) == 2):
        assert watch("--folder", films, "--films-per-hour", "2").code == 0
    assert len(results(out)) == 2
    with ended_when(lambda: "the disk is nearly full" in (out / "watch.log").read_text(encoding="utf-8")):
        assert watch("--folder", films, "--least-free-mb", str(10**7)).code == 0
    assert len(results(out)) == 2


def test_wrong_usage_is_said(watch: Watch, tmp_path: Path) -> None:
    assert "--folder DIR, --node NAME, or both" in watch("--once").err
    assert (watch("--node", "none", "--once").code, watch("--folder", tmp_path, "--send-to", "none").code) == (2, 2)
    (tmp_path / "out" / "watch-lock.sqlite").write_bytes(b"no lock" * 1000)
    damaged = watch("--folder", tmp_path, "--once")
    assert (damaged.code, "The ledger of the watch cannot be used." in damaged.err) == (2, True)
    assert watch("--status", "--json").record["running"] is False
    empty = watch("--out", tmp_path / "elsewhere", "--status")
    assert (empty.code, "There is no ledger of a watch in this folder." in empty.err) == (2, True)
