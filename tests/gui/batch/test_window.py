"""The window of a batch: from choosing a folder to the reports, with the real line."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from batch_windows import column, done, panel_of, start, start_and_meet_the_first_film, wait_for_end
from batches import copy_films, journal_files
from bone_age_gui.core.batch.films import BatchFilm, BatchRow
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.gui.batch.course import RunCourse
from bone_age_gui.gui.batch.model import ITEM_ROLE, SORT_ROLE, BatchFilter, BatchModel
from bone_age_gui.gui.look.theme import SURROUND, current_theme
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.work.batch.values import Outcome, Progress, Shown, Writing
from bone_age_gui.report.tables import spreadsheet
from windows import WAIT_MS

REST_MS = 3000


def test_a_folder_fills_the_table_and_becomes_reports(qtbot: QtBot, window: MainWindow, films: Path) -> None:
    panel = start(window, films)
    assert (panel.course.pause.isVisible(), panel.course.cancel.isVisible()) == (True, True)
    wait_for_end(qtbot, window)
    assert column(panel.filter, 0) == ["1.2.840.9", "a.dcm", "b.dcm", "c.png", "d.jpg", "e.png"]
    assert panel.model.refused == 1
    assert panel.course.bar.value() == panel.course.bar.maximum() == 6
    assert "5 films estimated, 1 refused" in panel.course.words.text()
    assert (films / "bone-age-results" / "results.csv").exists()
    assert (films / "bone-age-results" / "report.pdf").exists()
    assert (panel.course.pause.isVisible(), panel.course.written.show_folder.isVisible()) == (False, True)
    assert panel.form.start.text() == "Continue"


def test_double_click_opens_the_film_in_the_main_window(
    qtbot: QtBot, window: MainWindow, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bone_age_gui.gui.work.batch.session.LOOK_MS", 10**6)  # nothing is looked at before the end
    panel = start(window, films)
    wait_for_end(qtbot, window)
    assert done(panel) == 6
    panel.table.doubleClicked.emit(panel.filter.index(1, 0))
    qtbot.waitUntil(lambda: window.session.current is not None, timeout=WAIT_MS)
    current = window.session.current
    assert current is not None
    assert current.case.path == films / "a.dcm"
    qtbot.waitUntil(lambda: window.session.is_idle, timeout=WAIT_MS)


def test_cancel_keeps_what_is_done_and_continue_goes_on(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    films = copy_films(tmp_path / "films")
    panel = start_and_meet_the_first_film(qtbot, window, films)
    panel.course.cancel.click()
    wait_for_end(qtbot, window)
    kept = journal_files(films / "bone-age-results")
    assert 1 <= len(kept) < 40
    assert panel.course.words.text() == f"Stopped after {len(kept)} of 40 films. Press Continue to go on."
    assert (panel.course.write_out.isVisible(), panel.course.written.show_folder.isVisible()) == (True, False)
    panel.course.write_out.click()
    wait_for_end(qtbot, window)
    assert (panel.course.write_out.isVisible(), panel.course.written.show_folder.isVisible()) == (False, True)
    table = films / "bone-age-results" / "results.csv"
    assert len(table.read_text(encoding="utf-8-sig").splitlines()) == len(kept) + 1
    assert panel.course.words.text().startswith(f"Stopped after {len(kept)} of 40 films.")
    panel.form.start.click()
    assert not panel.course.written.show_folder.isVisible()
    wait_for_end(qtbot, window)
    assert len(table.read_text(encoding="utf-8-sig").splitlines()) == 41
    names = journal_files(films / "bone-age-results")
    assert names[: len(kept)] == kept
    assert len(names) == len(set(names)) == done(panel) == 40


def test_pause_holds_the_run_until_it_goes_on(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    moments: list[Progress] = []
    window.batches.session.progressed.connect(moments.append)
    started = time.monotonic()
    panel = start_and_meet_the_first_film(qtbot, window, copy_films(tmp_path / "films"))
    panel.course.pause.click()
    assert panel.course.pause.text() == "Go on"
    before = -1
    while done(panel) > before:  # until nothing comes any more, on a busy machine too
        before = done(panel)
        qtbot.wait(REST_MS)
    assert before < 40
    assert panel.course.words.text().endswith("paused")
    assert window.batches.session.is_running
    panel.course.pause.click()
    assert panel.course.pause.text() == "Pause"
    wait_for_end(qtbot, window)
    assert done(panel) == 40
    speed = moments[-1].films_per_second
    assert speed is not None
    assert 40 / speed < time.monotonic() - started - 0.8 * REST_MS / 1000, "a pause makes nobody slow"


def test_writing_the_reports_is_shown_and_can_be_stopped_and_continued(
    qtbot: QtBot, window: MainWindow, films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, session = panel_of(window), window.batches.session
    write, shown, cancelled = spreadsheet.write_csv, [], threading.Event()

    def held(*arguments: Any) -> Path:
        assert cancelled.wait(30)
        return write(*arguments)

    def cancel(writing: Writing) -> None:
        shown.append((panel.course.words.text(), panel.course.pause.isVisible(), panel.course.cancel.isVisible()))
        panel.course.cancel.click()
        cancelled.set()

    monkeypatch.setattr(spreadsheet, "write_csv", held)
    session.writing.connect(cancel)
    start(window, films)
    wait_for_end(qtbot, window)
    session.writing.disconnect(cancel)
    monkeypatch.setattr(spreadsheet, "write_csv", write)
    assert shown[0] == ("Writing the reports: 0 of 2", False, True)
    assert "not all reports are written" in panel.course.words.text()
    assert not panel.course.written.show_folder.isVisible()
    assert not (films / "bone-age-results" / "report.pdf").exists()
    panel.form.start.click()
    wait_for_end(qtbot, window)
    assert "2 reports written" in panel.course.words.text()
    assert (films / "bone-age-results" / "report.pdf").exists()


def test_closing_the_main_window_stops_a_run_and_leaves_nothing(qtbot: QtBot, window: MainWindow, films: Path) -> None:
    panel = start(window, films)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 6, timeout=WAIT_MS)
    window.close()
    assert not panel.isVisible()
    assert not multiprocessing.active_children()


def test_mistakes_of_the_table_are_shown_and_nothing_runs(
    qtbot: QtBot, window: MainWindow, films: Path, tmp_path: Path, dialogs: Any
) -> None:
    table = tmp_path / "patients.csv"
    table.write_text("file,sex\na.dcm,X\n", encoding="utf-8")
    panel = panel_of(window)
    panel.form.patients.setText(str(table))
    start(window, films)
    wait_for_end(qtbot, window)
    assert "line 2: 'sex'" in panel.course.words.text()
    assert dialogs.texts == ["The table of patients has mistakes"]
    assert not (films / "bone-age-results").exists()
    assert panel.form.start.isEnabled()


def test_start_tells_why_it_is_not_possible(qtbot: QtBot, window: MainWindow, films: Path) -> None:
    form = panel_of(window).form
    assert (form.start.isEnabled(), form.reason.text()) == (False, "Choose the folder with the films.")
    form.set_folder(films)
    assert form.start.isEnabled()
    for box in form.formats.values():
        box.setChecked(False)
    assert "at least one" in form.reason.text()


def test_every_control_has_a_name_for_screen_readers(qtbot: QtBot, window: MainWindow) -> None:
    panel = panel_of(window)
    controls = [
        widget
        for kind in (QPushButton, QLineEdit, QComboBox)
        for widget in panel.findChildren(kind)
        if widget.isVisible() and not widget.objectName().startswith("qt_")
    ]
    assert len(controls) > 10
    unnamed = [widget for widget in controls if not (widget.accessibleName() or getattr(widget, "text", str)())]
    assert unnamed == []
    assert isinstance(panel, QWidget)


# The table


def record(number: int, flag: str | None = "normal", **changes: object) -> CaseRecord:
    values = {"file": f"{number}.dcm", "bone_age_months": 100.0 + number, "flag": flag, "patient_name": "Doe^Jane"}
    return CaseRecord(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def table(qapp: object) -> BatchFilter:
    """Five films: normal, delayed, refused, waiting, advanced with a negative difference beyond ten."""
    model = BatchModel()
    records = [
        record(0, difference_months=-2.0),
        record(1, "delayed", difference_months=-16.0, notices=(Notice("x", text="Check the side.", loud=True),)),
        record(2, None, bone_age_months=None, error_title="Empty", error_message="Copy it.", error_code="empty"),
        None,
        record(4, "advanced", difference_months=110.0, patient_name="Roe^Tom"),
    ]
    names = [f"{number}.dcm" for number in range(5)]
    films = [BatchFilm(Path(name), name, number) for number, name in enumerate(names)]
    model.set_items([BatchRow(film) for film in films])
    model.put([BatchRow(film, record) for film, record in zip(films, records, strict=True) if record is not None])
    made = BatchFilter(model)
    made.setParent(None)
    model.setParent(made)
    return made


def order(table: BatchFilter) -> list[int]:
    return [table.index(row, 0).data(ITEM_ROLE).film.number for row in range(table.rowCount())]


def test_the_table_sorts_by_native_values_and_empty_ones_come_last(table: BatchFilter) -> None:
    table.sort(6, Qt.SortOrder.AscendingOrder)
    assert order(table)[:3] == [1, 0, 4]
    table.sort(6, Qt.SortOrder.DescendingOrder)
    assert order(table)[:3] == [4, 0, 1]
    assert table.index(0, 4).data(SORT_ROLE) == 104.0


def test_the_table_filters_by_outcome_and_words(table: BatchFilter) -> None:
    table.show_only(Shown.FLAGGED)
    assert sorted(order(table)) == [1, 4]
    table.search("roe adv")
    assert order(table) == [4]
    table.show_only(Shown.REFUSED)
    table.search("")
    assert order(table) == [2]
    table.show_only(Shown.ALL)
    table.search("side")
    assert order(table) == [1]


def test_cells_say_what_a_person_needs(table: BatchFilter) -> None:
    def words(row: int) -> list[str]:
        model = table.sourceModel()
        return [model.index(row, number).data() or "" for number in range(model.columnCount(QModelIndex()))]

    assert words(1)[1:] == ["Doe, Jane", "", "", "8 y 5 m", "", "−16 mo", "Delayed", "Check the side."]
    assert words(2)[7:] == ["Refused", "Empty. Copy it."]
    assert words(3)[7] == "waiting"


def test_a_chosen_row_shows_its_film_untinted_and_its_sign_on_the_accent(table: BatchFilter) -> None:
    for number, theme_colour in ((0, SURROUND), (7, current_theme().on_accent)):
        icon = table.sourceModel().index(1, number).data(Qt.ItemDataRole.DecorationRole)
        image = icon.pixmap(16, 16, QIcon.Mode.Selected).toImage()
        colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        assert theme_colour in colours


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (
            Outcome(6, 6, 1, 3.0, Path("results"), reports=(Path("a"),), wrote_all=True),
            "5 films estimated, 1 refused in 3 s; 1 report written: results",
        ),
        (Outcome(6, 2, 0, 3.0, Path()), "Stopped after 2 of 6 films. Press Continue to go on."),
    ],
)
def test_the_end_is_said_in_words(qtbot: QtBot, outcome: Outcome, words: str) -> None:
    qtbot.addWidget(course := RunCourse())
    course.end(outcome)
    assert course.words.text() == words


def test_the_action_opens_one_window(qtbot: QtBot, make: Callable[..., MainWindow]) -> None:
    window = make()
    assert window.batches.panel is None
    window.actions_by_name["batch"].trigger()
    first = window.batches.panel
    window.actions_by_name["batch"].trigger()
    assert window.batches.panel is first
    assert first.isVisible()
