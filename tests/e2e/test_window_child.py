"""Films of the same child: together in the list, on one chart, in the reports, and side by side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QInputDialog
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.course import course_of
from bone_age_gui.core.values.reading import Reading
from bone_age_gui.core.values.record import record_of
from bone_age_gui.gui.dialogs.report import ReportChoice, ReportDialog
from bone_age_gui.gui.look.widgets import ElidedLabel
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.panels.films.model import FILM_ROLE, PLACE_ROLE
from bone_age_gui.gui.work.film import Film, FilmState
from bone_age_gui.report.growth_chart import marks_of_case
from films import hand_like, write_dicom, write_picture
from insides import pdf_words
from reports import write_foreign_report
from windows import WAIT_MS, drive

pytestmark = pytest.mark.usefixtures("own_settings", "nothing_left_running", "dialogs")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three films of a girl in the wrong order, one of a boy between them, and an older report of the girl."""
    made = tmp_path / "films"
    made.mkdir()
    for name, day, seed in (("a", "20261120", 1), ("c", "20241118", 3), ("d", "20251119", 4)):
        write_dicom(made / f"{name}.dcm", hand_like(seed=seed), study_date=day)
    write_dicom(made / "b.dcm", hand_like(seed=2), sex="M", PatientID="TEST-2")
    write_foreign_report(made / "report.dcm", 9.5, "a", study_date="20231115")
    return made


def rows(window: MainWindow) -> list[tuple[str, str]]:
    """Names and places as they are listed."""
    listed = window.films.filter
    indexes = [listed.index(row, 0) for row in range(listed.rowCount())]
    return [(index.data(FILM_ROLE).name, index.data(PLACE_ROLE)) for index in indexes]


def film_called(window: MainWindow, name: str) -> Film:
    return next(film for film in window.session.films if film.name == name)


def estimated(qtbot: QtBot, window: MainWindow, films: int = 4, earlier: int = 3) -> None:
    def is_done() -> bool:
        done = [film for film in window.session.films if film.state is FilmState.ESTIMATED]
        return len(done) == films and window.session.is_idle and len(done[0].case.earlier) == earlier

    qtbot.waitUntil(is_done, timeout=WAIT_MS)


def run(qtbot: QtBot, bundle: Path, arguments: list[Path], script: Callable[[MainWindow], None]) -> None:
    drive(qtbot, [*map(str, arguments), "--estimate", "--model", str(bundle), "--device", "cpu"], script)


def test_films_of_a_child_stand_together_with_what_a_report_says(qtbot: QtBot, tiny_bundle: Path, folder: Path) -> None:
    def script(window: MainWindow) -> None:
        estimated(qtbot, window)
        assert rows(window) == [
            ("c.dcm", "film 1 of 3 of this child"),
            ("d.dcm", "film 2 of 3 of this child"),
            ("a.dcm", "film 3 of 3 of this child"),
            ("b.dcm", ""),
        ]
        assert film_called(window, "b.dcm").case.earlier == ()
        case = film_called(window, "a.dcm").case
        assert [each.study_date for each in case.earlier] == ["2023-11-15", "2024-11-18", "2025-11-19"]
        assert [each.by for each in case.earlier] == [None, "model", "model"]
        course = marks_of_case(case).course
        assert [mark.is_own for mark in course] == [False, False, False, True]
        assert course[0].bone_age == pytest.approx(114)
        points = course_of(record_of(case, program_version="", created=""))
        first, second = points[0].examination, points[1].examination
        wanted = (second.bone_age_months - first.bone_age_months) / (369 / 30.4375) * 12
        assert points[1].pace == pytest.approx(wanted)
        assert points[0].pace is None
        said: list[str] = []
        window.session.said.connect(said.append)
        for age, words in ((100.0, "1 earlier bone age was taken from a report"), (None, "it holds no bone age")):
            alone = write_foreign_report(folder.parent / "alone.dcm", age, study_date="20221115")
            window.session.open([alone])
            qtbot.waitUntil(lambda words=words: any(words in each for each in said), timeout=WAIT_MS)  # type: ignore[misc]
            estimated(qtbot, window, earlier=4)
        assert len(window.session.films) == 4, "a report is no film"

    run(qtbot, tiny_bundle, [folder], script)


def test_a_decision_on_one_film_is_seen_on_the_others_and_outlasts_the_window(
    qtbot: QtBot, tiny_bundle: Path, folder: Path
) -> None:
    def decide(window: MainWindow) -> None:
        estimated(qtbot, window)
        window.session.select(film_called(window, "c.dcm").number)
        qtbot.keyClicks(window.reading.age, "8-6")
        qtbot.mouseClick(window.reading.choices.button(2), Qt.MouseButton.LeftButton)
        seen = film_called(window, "a.dcm").case.earlier[1]
        assert (seen.bone_age_months, seen.by) == (102.0, "reader")

    run(qtbot, tiny_bundle, [folder], decide)

    def alone(window: MainWindow) -> None:
        estimated(qtbot, window, films=1, earlier=2)  # the report is not in sight this time
        assert window.session.films[0].case.earlier[0].bone_age_months == 102.0
        window.actions_by_name["copy"].trigger()
        assert "Pace since 2025-11-19" in QApplication.clipboard().text()

    run(qtbot, tiny_bundle, [folder / "a.dcm"], alone)


def test_the_reports_list_the_examinations(
    qtbot: QtBot, tiny_bundle: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dialogs: Any
) -> None:
    out, other = tmp_path / "out", tmp_path / "another folder"

    accepted = int(ReportDialog.DialogCode.Accepted.value)
    choices = iter([ReportChoice(out, ("pdf", "json", "sr"), False, False), ReportChoice(other, ("sr",), False, False)])
    monkeypatch.setattr(ReportDialog, "exec", lambda _: accepted)

    def write(window: MainWindow) -> None:
        monkeypatch.setattr(ReportDialog, "choice", next(choices))
        window.actions_by_name["report"].trigger()
        qtbot.waitUntil(
            lambda: bool(dialogs.texts) or any(film.reported for film in window.session.films), timeout=WAIT_MS
        )
        assert not dialogs.texts

    def script(window: MainWindow) -> None:
        estimated(qtbot, window)
        number = film_called(window, "a.dcm").number
        window.session.select(number)
        write(window)
        window.session.set_reading(number, Reading(138.0, "reader"))
        write(window)

    run(qtbot, tiny_bundle, [folder], script)
    first, changed = (dcmread(path) for place in (out, other) for path in place.glob("*.dcm"))
    (before,) = changed.PredecessorDocumentsSequence[0].ReferencedSeriesSequence[0].ReferencedSOPSequence
    assert before.ReferencedSOPInstanceUID == first.SOPInstanceUID, "wherever the report before it was written"
    (pdf,) = out.glob("*.pdf")
    said = " ".join(" ".join(pdf_words(pdf.read_bytes())).split())
    assert "Comparison" in said
    dates = ("2023-11-15", "2024-11-18", "2025-11-19")
    for word in (*dates, "9 y 6 m (report)", "months of bone age a year", "this film"):
        assert word in said
    (table,) = out.glob("*.jsonl")
    text = table.read_text(encoding="ascii")
    assert '"earlier": [{' in text
    assert '"study_date": "2023-11-15"' in text


def test_two_films_side_by_side_move_together(qtbot: QtBot, tiny_bundle: Path, folder: Path) -> None:
    def script(window: MainWindow) -> None:
        estimated(qtbot, window)
        session, compare = window.session, window.compare
        session.select(film_called(window, "c.dcm").number)
        assert not window.actions_by_name["compare"].isEnabled()
        session.select(film_called(window, "a.dcm").number)
        qtbot.keyClick(window.viewer.view, Qt.Key.Key_C)
        qtbot.waitUntil(lambda: compare.isVisible() and compare.view.has_picture, timeout=WAIT_MS)
        assert "2025-11-19" in compare.findChild(ElidedLabel).text()
        main = window.viewer.view
        for leader, follower in ((main, compare.view), (compare.view, main)):
            middle = QPointF(leader.viewport().rect().center())
            wheel = QWheelEvent(
                middle, leader.viewport().mapToGlobal(middle), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
                Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            QApplication.sendEvent(leader.viewport(), wheel)
            assert leader.place.zoom != 1
            assert follower.place == leader.place
            before = leader.windowing
            start = QPoint(100, 100)
            qtbot.mousePress(leader.viewport(), Qt.MouseButton.LeftButton, pos=start)
            qtbot.mouseMove(leader.viewport(), start + QPoint(30, 40))
            qtbot.mouseRelease(leader.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(30, 40))
            assert leader.windowing != before
            scale = follower.greys.first.width / leader.greys.first.width
            assert follower.windowing.width == pytest.approx(leader.windowing.width * scale, rel=1e-6)
        session.select(film_called(window, "d.dcm").number)
        qtbot.waitUntil(lambda: "2024-11-18" in compare.findChild(ElidedLabel).text(), timeout=WAIT_MS)
        session.select(film_called(window, "b.dcm").number)
        assert not compare.isVisible()
        qtbot.keyClick(window.viewer.view, Qt.Key.Key_C)
        assert not window.display.compares

    run(qtbot, tiny_bundle, [folder], script)


def test_films_without_tags_are_put_together_by_hand(
    qtbot: QtBot, tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = [write_picture(tmp_path / f"{name}.png", hand_like(seed=seed)) for seed, name in enumerate("xy")]
    asked: list[list[str]] = []

    def choose(_parent: Any, _title: str, _label: str, names: list[str], *_: Any) -> tuple[str, bool]:
        asked.append(names)
        return names[0], True

    monkeypatch.setattr(QInputDialog, "getItem", choose)

    def script(window: MainWindow) -> None:
        estimated(qtbot, window, films=2, earlier=0)
        assert [place for _, place in rows(window)] == ["", ""]
        window.actions_by_name["join"].trigger()
        assert asked == [["2: y.png"]]
        assert [place for _, place in rows(window)] == ["film 1 of 2 of this child", "film 2 of 2 of this child"]
        assert [len(film.case.earlier) for film in window.session.films] == [1, 1]

    def again(window: MainWindow) -> None:
        estimated(qtbot, window, films=2, earlier=1)
        window.actions_by_name["separate"].trigger()
        assert [place for _, place in rows(window)] == ["", ""]
        assert [len(film.case.earlier) for film in window.session.films] == [0, 0]
        assert not window.actions_by_name["separate"].isEnabled()

    run(qtbot, tiny_bundle, pictures, script)
    run(qtbot, tiny_bundle, pictures, again)
