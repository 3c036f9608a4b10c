"""The window reads films in worker processes: a file that ends or stops its reader leaves the window as it was."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bone_age_gui.core.growth import DEFAULT_THRESHOLD_SD
from bone_age_gui.core.workers import reading as workers
from bone_age_gui.core.workers.limits import WorkerLimits
from bone_age_gui.gui.work import film_loader
from bone_age_gui.gui.work.film import FilmState
from bone_age_gui.gui.work.line import core_backend
from bone_age_gui.gui.work.session import Session
from films import hand_like, write_dicom
from harmful import reads_or_misbehaves
from windows import WAIT_MS


@pytest.fixture
def session(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, nothing_left_running: None) -> Iterator[Session]:
    """A session on the real line, whose workers do what the name of a file says."""
    misbehaving = partial(workers.FilmReader, limits=WorkerLimits(seconds=8.0), read=reads_or_misbehaves)
    monkeypatch.setattr(workers, "FilmReader", misbehaving)
    made = Session(core_backend(), DEFAULT_THRESHOLD_SD)
    yield made
    made.shutdown()
    assert not multiprocessing.active_children()


def states(session: Session) -> dict[str, str]:
    return {film.name: film.case.error.code if film.case.error else str(film.state) for film in session.films}


def test_films_that_end_or_stop_their_reader_are_refused_and_the_others_read(
    qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    good = write_dicom(tmp_path / "good.dcm", hand_like(300, 240))
    for name in ("ends", "hangs"):
        (tmp_path / f"{name}.dcm").write_bytes(good.read_bytes())
    session.open([tmp_path / "hangs.dcm", tmp_path / "ends.dcm", good])
    qtbot.waitUntil(lambda: all(film.state is not FilmState.READING for film in session.films), timeout=WAIT_MS)
    assert states(session) == {"hangs.dcm": "too_slow", "ends.dcm": "worker_ended", "good.dcm": "ready"}


def test_closing_ends_a_film_that_never_comes_back(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    write_dicom(tmp_path / "hangs.dcm", hand_like(300, 240))
    session.open([tmp_path / "hangs.dcm"])
    qtbot.waitUntil(lambda: bool(multiprocessing.active_children()), timeout=WAIT_MS)
    session.shutdown()
    assert session.is_idle


@pytest.mark.parametrize("name", ["1.2.840.113619.2.55", "IM0001", "IMG.2026"])
def test_a_dicom_film_in_a_folder_is_opened_whatever_it_is_called(
    qtbot: QtBot, session: Session, tmp_path: Path, name: str
) -> None:
    write_dicom(tmp_path / name, hand_like(300, 240))
    (tmp_path / "notes.55").write_text("no film", encoding="utf-8")
    session.open([tmp_path])
    qtbot.waitUntil(lambda: states(session) == {name: "ready"}, timeout=WAIT_MS)


def test_a_film_that_was_deleted_says_so_when_it_is_shown_again(
    qtbot: QtBot, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = write_dicom(tmp_path / "00.dcm", hand_like(120, 100)).read_bytes()
    (tmp_path / "01.dcm").write_bytes(film)
    monkeypatch.setattr(film_loader, "KEPT", 1)
    session.open([tmp_path])
    qtbot.waitUntil(lambda: bool(session.films) and session.is_idle, timeout=2 * WAIT_MS)
    last = session.films[-1]
    assert last.lacks_pixels
    (tmp_path / last.name).unlink()
    session.select(last.number)
    qtbot.waitUntil(lambda: session.current is not None and session.current.problem is not None, timeout=WAIT_MS)
    assert session.current is not None
    assert session.current.lacks_pixels
    assert session.current.case.patient == last.case.patient
