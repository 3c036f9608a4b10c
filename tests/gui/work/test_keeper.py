"""What is entered goes into the worklist; where that fails, it is said once and nothing else stops."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.reading import Examination, Reading
from bone_age_gui.core.values.reported import ReportedExamination
from bone_age_gui.core.values.types import Case, Radiograph
from bone_age_gui.gui.work.session import Session
from bone_age_gui.store.worklist import FILE, open_worklist
from windows import FakeLine
from worklists import GIRL


@pytest.fixture
def worklist(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The worklist of a session in which nobody waits for long."""
    monkeypatch.setattr("bone_age_gui.store.worklist.WAIT_SECONDS", 0.01)
    session.keeper.open(tmp_path / FILE)
    return tmp_path / FILE


def test_the_same_trouble_is_said_once(qtbot: QtBot, session: Session, worklist: Path) -> None:
    film = worklist.parent / "a.png"
    film.write_bytes(b"a film")
    session.open([film])
    qtbot.waitUntil(lambda: bool(session.films) and session.films[0].sha256 != "")
    said: list[BoneAgeError] = []
    session.keeper.failed.connect(said.append)
    other = sqlite3.connect(worklist, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    for months in (130.0, 131.0, 132.0):
        session.set_reading(1, Reading(months, None))
    assert [error.code for error in said] == ["worklist_not_written"]
    other.execute("ROLLBACK")
    session.set_reading(1, Reading(133.0, None))
    kept, _ = open_worklist(worklist)
    assert kept.entered(session.films[0].sha256).reading.age_months == 133.0
    kept.close()
    other.execute("BEGIN EXCLUSIVE")
    session.set_reading(1, Reading(134.0, None))
    other.close()
    assert len(said) == 2, "a new trouble after it went well again"


@pytest.fixture
def girls_film(qtbot: QtBot, session: Session, worklist: Path, line: FakeLine) -> Path:
    """An open film of a girl who is known by her tags."""

    def open_case(path: Path) -> Case:
        film = Radiograph(np.full((120, 100), 30_000, np.uint16), patient=GIRL)
        return Case(path=path, patient=GIRL, radiograph=film)

    line.open_case = open_case  # type: ignore[method-assign]
    film = worklist.parent / "a.png"
    film.write_bytes(b"a film")
    session.open([film])
    qtbot.waitUntil(lambda: bool(session.films) and session.films[0].sha256 != "")
    return film


def earlier_months(session: Session) -> list[float]:
    return [each.bone_age_months for each in session.films[0].case.earlier]


def report(months: float, made_at: str, uid: str, image: str = "1.2.9") -> ReportedExamination:
    return ReportedExamination(GIRL, Examination("", months, "2024-11-20"), uid, image, made_at)


@pytest.mark.usefixtures("girls_film")
def test_the_newest_report_of_an_image_counts_whatever_their_order(session: Session) -> None:
    session.keeper.add_reports([report(120.0, "20250201", "1.2"), report(110.0, "20250101", "1.1")])
    assert earlier_months(session) == [120.0]
    session.keeper.add_reports([report(99.0, "20230101", "1.3", image="1.2.8")])
    assert sorted(earlier_months(session)) == [99.0, 120.0], "another film"


@pytest.mark.usefixtures("girls_film")
def test_what_was_read_here_outranks_what_a_report_says(session: Session, worklist: Path) -> None:
    kept, _ = open_worklist(worklist)
    own = Examination(kept.image_of("1.2.9", ""), 125.0, "2024-11-20")
    kept.put_final("f" * 64, kept.child_of(GIRL, ""), own, "model")
    kept.close()
    session.keeper.add_reports([report(110.0, "20250101", "1.1")])
    assert earlier_months(session) == [125.0]


def test_reports_that_came_with_a_child_are_forgotten_with_it(qtbot: QtBot, session: Session, girls_film: Path) -> None:
    session.keeper.add_reports([report(110.0, "20250101", "1.1")])
    for number in session.keeper.forget_child(session.films[0]):
        session.close(number)
    session.open([girls_film])
    qtbot.waitUntil(lambda: bool(session.films) and session.films[0].sha256 != "")
    assert earlier_months(session) == []
