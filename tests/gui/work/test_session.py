"""Films, model and estimates in every order of events."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Patient, Sex
from bone_age_gui.gui.work import film_loader
from bone_age_gui.gui.work.film import FilmState
from bone_age_gui.gui.work.film_loader import KEPT
from bone_age_gui.gui.work.session import Session
from windows import WAIT_MS, FakeLine


def settle(qtbot: QtBot, session: Session) -> None:
    qtbot.waitUntil(lambda: session.is_idle)


def states(session: Session) -> list[FilmState]:
    return [film.state for film in session.films]


def begin(qtbot: QtBot, session: Session, *names: str) -> None:
    session.load_engine(None, "auto")
    session.open([Path(name) for name in names])
    settle(qtbot, session)


def test_films_are_read_and_get_their_stages(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, "a.png", "broken.png", "b.png")
    assert states(session) == [FilmState.READY, FilmState.REFUSED, FilmState.READY]
    assert session.films[1].case.error is not None
    assert [len(film.case.stages) for film in session.films] == [2, 0, 2]
    assert session.current is session.films[0]
    assert session.films[0].thumbnail is not None


def test_a_film_is_opened_once(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, "a.png", "b.png")
    session.open([Path("b.png")])
    assert len(session.films) == 2
    assert session.current is session.films[1]


def test_films_opened_before_the_model_get_their_stages_later(qtbot: QtBot, session: Session) -> None:
    session.open([Path("a.png")])
    settle(qtbot, session)
    assert not session.films[0].case.stages
    assert session.estimates.why_not(session.films[0]) == "The model is loading\N{HORIZONTAL ELLIPSIS}"
    session.load_engine(None, "auto")
    settle(qtbot, session)
    assert session.films[0].case.stages


def test_a_missing_model_says_why(qtbot: QtBot, session: Session, line: FakeLine) -> None:
    line.model_error = BoneAgeError("model_not_found", "folder", file="card.json")
    begin(qtbot, session, "a.png")
    expected = "The model was not found. The folder holds no card.json. Choose the folder of a model."
    assert session.estimates.why_not(session.current) == expected
    session.estimates.estimate(session.films[0].number)
    assert line.started == []


def test_one_estimate_runs_at_a_time_and_all_get_done(qtbot: QtBot, session: Session, line: FakeLine) -> None:
    begin(qtbot, session, "a.png", "broken.png", "b.png", "c.png")
    session.estimates.estimate_all()
    qtbot.waitUntil(lambda: bool(line.started))
    assert session.estimates.progress == (0, 3)
    qtbot.wait(30)
    assert line.started == ["a.png"]
    line.gate.set()
    settle(qtbot, session)
    assert line.started == ["a.png", "b.png", "c.png"]
    assert states(session) == [FilmState.ESTIMATED, FilmState.REFUSED, FilmState.ESTIMATED, FilmState.ESTIMATED]
    assert session.estimates.progress == (0, 0)


def test_a_second_film_opens_while_the_first_is_estimated(qtbot: QtBot, session: Session, line: FakeLine) -> None:
    begin(qtbot, session, "a.png")
    session.estimates.estimate(session.films[0].number)
    session.open([Path("b.png")])
    qtbot.waitUntil(lambda: len(session.films) == 2 and bool(session.films[1].case.stages))
    assert states(session) == [FilmState.ESTIMATING, FilmState.READY]
    line.gate.set()
    settle(qtbot, session)
    assert states(session) == [FilmState.ESTIMATED, FilmState.READY]


def test_the_answer_of_a_closed_film_is_dropped(qtbot: QtBot, session: Session, line: FakeLine) -> None:
    begin(qtbot, session, "a.png", "b.png", "c.png")
    session.estimates.estimate_all()
    qtbot.waitUntil(lambda: bool(line.started))
    for film in session.films[:2]:  # one that runs and one that waits
        session.close(film.number)
    assert [film.name for film in session.films] == ["c.png"]
    line.gate.set()
    settle(qtbot, session)
    assert (states(session), line.started) == ([FilmState.ESTIMATED], ["a.png", "c.png"])


def test_cancelled_estimates_go_back_to_ready(qtbot: QtBot, session: Session, line: FakeLine) -> None:
    begin(qtbot, session, "a.png", "b.png")
    session.estimates.estimate_all()
    qtbot.waitUntil(lambda: bool(line.started))
    session.estimates.cancel()
    assert states(session) == [FilmState.READY, FilmState.READY]
    line.gate.set()
    settle(qtbot, session)
    assert states(session) == [FilmState.READY, FilmState.READY]
    assert line.started == ["a.png"]


def test_a_failed_estimate_leaves_the_film_ready_and_says_why(qtbot: QtBot, session: Session, line: FakeLine) -> None:
    line.fail_with = BoneAgeError("no_memory")
    line.gate.set()
    begin(qtbot, session, "a.png")
    session.estimates.estimate(session.films[0].number)
    settle(qtbot, session)
    film = session.films[0]
    assert film.state is FilmState.READY
    assert film.problem is not None
    assert film.problem.code == "no_memory"
    assert session.estimates.why_not(film) is None


def test_a_bug_in_an_estimate_is_told_and_the_film_stays(qtbot: QtBot, session: Session, line: FakeLine) -> None:
    bugs: list[Exception] = []
    session.crashed.connect(bugs.append)
    line.fail_with = RuntimeError("Doe^Jane")
    line.gate.set()
    begin(qtbot, session, "a.png")
    session.estimates.estimate(session.films[0].number)
    settle(qtbot, session)
    assert isinstance(bugs[0], RuntimeError)
    assert session.films[0].state is FilmState.READY


def test_new_dates_are_assessed_at_once_and_a_new_sex_takes_the_estimate_away(
    qtbot: QtBot, session: Session, line: FakeLine
) -> None:
    line.gate.set()
    begin(qtbot, session, "a.png")
    number = session.films[0].number
    session.estimates.estimate(number)
    settle(qtbot, session)
    session.assessments.edit_patient(number, Patient(birth_date=date(2014, 3, 2)))
    film = session.films[0]
    assert film.state is FilmState.ESTIMATED
    assert film.case.assessment is not None
    session.assessments.edit_patient(number, Patient(Sex.MALE, date(2014, 3, 2)))
    film = session.films[0]
    assert film.state is FilmState.READY
    assert film.sex_changed
    assert film.case.estimate is None
    session.estimates.estimate(number)
    settle(qtbot, session)
    assert session.films[0].state is FilmState.ESTIMATED
    assert not session.films[0].sex_changed


def test_dates_typed_during_the_estimate_are_kept(qtbot: QtBot, session: Session, line: FakeLine) -> None:
    begin(qtbot, session, "a.png")
    number = session.films[0].number
    session.estimates.estimate(number)
    qtbot.waitUntil(lambda: bool(line.started))
    session.assessments.edit_patient(number, Patient(birth_date=date(2014, 3, 2)))
    assert session.films[0].state is FilmState.ESTIMATING
    line.gate.set()
    settle(qtbot, session)
    film = session.films[0]
    assert film.state is FilmState.ESTIMATED
    assert film.case.patient.birth_date == date(2014, 3, 2)


def test_a_sex_chosen_during_the_estimate_makes_it_void(qtbot: QtBot, session: Session, line: FakeLine) -> None:
    begin(qtbot, session, "a.png")
    number = session.films[0].number
    session.estimates.estimate(number)
    qtbot.waitUntil(lambda: bool(line.started))
    session.assessments.edit_patient(number, Patient(Sex.FEMALE))
    line.gate.set()
    settle(qtbot, session)
    film = session.films[0]
    assert film.state is FilmState.READY
    assert film.sex_changed
    assert film.case.patient.sex is Sex.FEMALE


def test_a_problem_in_the_form_forbids_the_estimate(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, "a.png")
    session.set_form_problem(session.films[0].number, "Study date: not a date.")
    assert session.estimates.why_not(session.current) == "Study date: not a date."


def test_another_model_forgets_the_old_estimates(qtbot: QtBot, session: Session, line: FakeLine) -> None:
    line.gate.set()
    begin(qtbot, session, "a.png", "broken.png")
    session.estimates.estimate_all()
    settle(qtbot, session)
    session.load_engine("other", "cpu")
    assert (states(session), session.films[0].case.estimate) == ([FilmState.READY, FilmState.REFUSED], None)
    settle(qtbot, session)
    assert session.films[0].case.stages


def test_another_limit_is_taken_at_once(qtbot: QtBot, session: Session, line: FakeLine) -> None:
    line.gate.set()
    begin(qtbot, session, "a.png")
    session.estimates.estimate_all()
    settle(qtbot, session)
    session.assessments.set_threshold(1.5)
    assert session.films[0].case.assessment is not None
    assert session.films[0].case.assessment.threshold_sd == 1.5


def test_moving_between_films_stops_at_the_ends(qtbot: QtBot, session: Session) -> None:
    begin(qtbot, session, "a.png", "b.png")
    seen: list[int] = []
    session.current_changed.connect(seen.append)
    for by in (1, 1, -1, -1):
        session.step(by)
    first, second = (film.number for film in session.films)
    assert seen == [second, first]
    session.close_all()
    assert session.current is None
    assert seen[-1] == 0


def test_asked_for_at_opening_the_estimate_follows_the_reading(qtbot: QtBot, session: Session, line: FakeLine) -> None:
    line.gate.set()
    session.open([Path("a.png"), Path("broken.png")], then_estimate=True)
    settle(qtbot, session)
    session.load_engine(None, "auto")
    settle(qtbot, session)
    assert states(session) == [FilmState.ESTIMATED, FilmState.REFUSED]


def test_a_folder_gives_its_films_in_order(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    for name in ("b.png", "a.JPG", "notes.txt", ".hidden.png", "inner/c.tif"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    session.open([tmp_path])
    settle(qtbot, session)
    assert [film.name for film in session.films] == ["a.JPG", "b.png", "c.tif"]


def test_a_folder_without_films_says_so(qtbot: QtBot, session: Session, tmp_path: Path) -> None:
    said: list[str] = []
    session.said.connect(said.append)
    session.open([tmp_path])
    settle(qtbot, session)
    assert said[-1] == "There is no film in that folder."


def test_a_folder_opens_all_its_films_and_keeps_the_pixels_of_a_few(
    qtbot: QtBot, session: Session, tmp_path: Path
) -> None:
    for number in range(120):
        (tmp_path / f"{number:03}.png").write_bytes(b"")
    said: list[str] = []
    session.said.connect(said.append)
    session.load_engine(None, "auto")
    session.open([tmp_path])
    qtbot.waitUntil(lambda: len(session.films) == 120, timeout=WAIT_MS)
    assert said[-1] == "120 films opened."
    qtbot.waitUntil(lambda: session.is_idle, timeout=WAIT_MS)
    assert set(states(session)) == {FilmState.READY}
    assert all(film.thumbnail is not None for film in session.films)
    assert sum(not film.lacks_pixels for film in session.films) == KEPT
    last = session.films[-1].number
    session.select(last)
    settle(qtbot, session)
    assert session.current is not None
    assert session.current.number == last
    assert not session.current.lacks_pixels
    assert session.current.case.stages
    assert sum(not film.lacks_pixels for film in session.films) == KEPT


def test_all_films_are_estimated_also_those_that_are_not_read_yet(
    qtbot: QtBot, session: Session, line: FakeLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_loader, "KEPT", 1)
    line.gate.set()
    session.load_engine(None, "auto")
    session.open([Path("a.png"), Path("broken.png"), Path("b.png"), Path("c.png")])
    session.estimates.estimate_all()
    qtbot.waitUntil(lambda: session.engine is not None and session.is_idle, timeout=WAIT_MS)
    assert states(session) == [FilmState.ESTIMATED, FilmState.REFUSED, FilmState.ESTIMATED, FilmState.ESTIMATED]
    assert [film.lacks_pixels for film in session.films] == [False, False, True, True]
    whole = session.completing()(session.films[-1].case)
    assert whole.radiograph is not None
    assert whole.radiograph.pixels.shape == (120, 100)
    assert whole.stages
    assert whole.estimate is session.films[-1].case.estimate
