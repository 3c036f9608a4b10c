"""Films whose pixels were given up are judged too, without being shown."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.quality import Notice, Quality
from bone_age_gui.core.values.types import Case, Sex
from bone_age_gui.gui.panels.films.filter import Group
from bone_age_gui.gui.work import film_loader
from bone_age_gui.gui.work.film import FilmState
from bone_age_gui.gui.work.second_look import why_not_insist
from bone_age_gui.gui.work.session import Session
from windows import WAIT_MS, FakeLine, with_stages

NAMES = ("a.png", "empty.png", "b.png", "dull.png", "c.png", "no hand.png")


@dataclass
class Looking(FakeLine):
    """A line with a finder: it refuses films without a hand, and doubts dull ones."""

    seen: list[str] = field(default_factory=list)

    def prepare(self, case: Case, spec: Any) -> Case:
        assert case.path is not None
        assert case.radiograph is not None
        assert case.radiograph.pixels.size
        self.seen.append(case.path.name)
        dull = (Notice("not_sharp", doubt=True),) if "dull" in case.path.name else ()
        refusal = BoneAgeError("no_hand") if case.path.name in ("empty.png", "no hand.png") else None
        return replace(with_stages(case), quality=Quality(doubts=dull, refusal=refusal), error=refusal)

    def estimate_case(self, case: Case, predictor: Any, reference: Any, threshold_sd: float) -> Case:
        assert case.path is not None
        if "spoilt" in case.path.name and not case.insisted:
            raise BoneAgeError("illegible", "unsteady")
        return super().estimate_case(case, predictor, reference, threshold_sd)


@pytest.fixture
def line() -> Looking:
    return Looking()


@pytest.fixture(autouse=True)
def _one_film_keeps_its_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film_loader, "KEPT", 1)


def begin(qtbot: QtBot, session: Session, *names: str) -> None:
    session.load_engine(None, "auto")
    session.open([Path(name) for name in names])
    qtbot.waitUntil(lambda: session.engine is not None and session.is_idle, timeout=WAIT_MS)


def outcomes(session: Session) -> list[str]:
    return [film.case.error.code if film.case.error else film.state.value for film in session.films]


def test_every_film_has_its_quality_and_few_keep_pixels(qtbot: QtBot, session: Session, line: Looking) -> None:
    begin(qtbot, session, *NAMES)
    assert outcomes(session) == ["ready", "no_hand", "ready", "ready", "ready", "no_hand"]
    assert sorted(line.seen) == sorted(NAMES), "each is looked at once"
    assert [bool(film.case.doubts) for film in session.films] == [False, False, False, True, False, False]
    assert [film.lacks_pixels for film in session.films] == [False, *[True] * 5]
    assert session.current is session.films[0]


def test_films_read_before_the_model_came_get_theirs_then(qtbot: QtBot, session: Session, line: Looking) -> None:
    session.open([Path(name) for name in NAMES])
    qtbot.waitUntil(lambda: session.is_idle, timeout=WAIT_MS)
    assert not line.seen
    session.load_engine(None, "auto")
    qtbot.waitUntil(lambda: session.engine is not None and session.is_idle, timeout=WAIT_MS)
    assert outcomes(session)[1] == outcomes(session)[-1] == "no_hand"
    session.load_engine("other", "auto")
    qtbot.waitUntil(lambda: session.engine is not None and session.is_idle, timeout=WAIT_MS)
    assert line.seen.count("empty.png") == 2, "another model may see it otherwise"
    assert outcomes(session)[1] == "no_hand"


def test_a_film_that_is_gone_meanwhile_says_so_and_the_others_go_on(
    qtbot: QtBot, session: Session, line: Looking, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_once(path: Path) -> Case:
        if path.name == "b.png" and path.name in opened:
            raise BoneAgeError("unreadable", "missing")
        opened.append(path.name)
        return FakeLine.open_case(line, path)

    monkeypatch.setattr(line, "open_case", open_once)
    begin(qtbot, session, *NAMES)
    gone = session.films[2]
    assert gone.problem is not None
    assert gone.problem.code == "unreadable"
    assert gone.state is FilmState.READY
    assert outcomes(session)[-1] == "no_hand"


def test_films_that_are_closed_or_estimated_meanwhile_hold_nothing_up(
    qtbot: QtBot, session: Session, line: Looking
) -> None:
    line.gate.set()
    session.load_engine(None, "auto")
    session.open([Path(f"{number}.png") for number in range(30)])
    qtbot.waitUntil(lambda: len(line.seen) > 5, timeout=WAIT_MS)
    for film in session.films[10:14]:
        session.close(film.number)
    session.estimates.estimate(session.films[-1].number)
    qtbot.waitUntil(lambda: session.is_idle, timeout=WAIT_MS)
    assert len(session.films) == 26
    assert session.films[-1].state is FilmState.ESTIMATED
    assert all(film.case.quality is not None for film in session.films)


def test_a_film_whose_estimate_is_refused_stays_refused_until_a_person_insists(
    qtbot: QtBot, session: Session, line: Looking
) -> None:
    line.gate.set()
    begin(qtbot, session, "spoilt.png", "b.png", "c.png")
    spoilt, other = session.films[0].number, session.films[1].number
    session.estimates.estimate_all()
    qtbot.waitUntil(lambda: session.is_idle, timeout=WAIT_MS)
    assert outcomes(session) == ["illegible", "estimated", "estimated"]
    for number in (other, spoilt):  # shown anew, and its pixels are read again
        session.select(number)
        qtbot.waitUntil(lambda: session.is_idle, timeout=WAIT_MS)
    film = session.film(spoilt)
    assert film is not None
    assert film.case.stages
    assert (film.state, film.problem) == (FilmState.REFUSED, None)
    assert why_not_insist(film) is None
    session.estimates.insist(spoilt)
    qtbot.waitUntil(lambda: session.is_idle, timeout=WAIT_MS)
    assert outcomes(session)[0] == "estimated"


def test_another_sex_may_bring_another_estimate(qtbot: QtBot, session: Session, line: Looking) -> None:
    line.gate.set()
    begin(qtbot, session, "spoilt.png")
    film = session.films[0]
    session.estimates.estimate(film.number)
    qtbot.waitUntil(lambda: session.is_idle, timeout=WAIT_MS)
    assert outcomes(session) == ["illegible"]
    session.assessments.edit_patient(film.number, replace(film.case.patient, sex=Sex.MALE))
    assert outcomes(session) == ["ready"]


def test_the_list_shows_it(qtbot: QtBot, make: Any, line: Looking) -> None:
    window = make(*NAMES)
    qtbot.waitUntil(lambda: window.session.engine is not None and window.session.is_idle, timeout=WAIT_MS)
    window.films.group.setCurrentIndex(list(Group).index(Group.REFUSED))
    model = window.films.filter
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    assert [row.data() for row in rows] == ["empty.png", "no hand.png"]
    assert "No hand" in rows[0].data(Qt.ItemDataRole.AccessibleTextRole)
