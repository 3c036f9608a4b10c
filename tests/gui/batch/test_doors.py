"""Every option, button and key of the batch window reaches the run, the table or the person."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from batch_windows import done, panel_of, start, start_and_meet_the_first_film, wait_for_end
from batches import copy_films, journal_files
from bone_age_gui.core.height import FIRST_CHOICE
from bone_age_gui.core.values.comparison_choice import ComparisonChoice
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.reading import Reading
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.work.film import FilmState
from bone_age_gui.store.worklist import open_worklist, worklist_file
from bone_age_gui.wording.errors import error_line
from bone_age_gui.wording.reading import LIST_READ_FIRST
from windows import WAIT_MS, FakeLine


def button(parent: QWidget, name: str) -> QPushButton:
    (only,) = [each for each in parent.findChildren(QPushButton) if each.accessibleName() == name]
    return only


def names(window: MainWindow) -> list[str]:
    table = panel_of(window).filter
    return [str(table.index(row, 0).data()) for row in range(table.rowCount())]


def test_what_is_chosen_holds_for_the_run(qtbot: QtBot, window: MainWindow, films: Path) -> None:
    below = films / "below"
    below.mkdir()
    (below / "f.png").write_bytes((films / "c.png").read_bytes())
    window.session.assessments.set_threshold(1.5)
    window.session.keeper.open(worklist_file())
    panel = panel_of(window)
    form, out = panel.form, films.parent / "out"
    form.set_folder(films)
    form.out.setText(str(out))
    form.recursive.setChecked(True)
    form.anonymise.setChecked(True)
    for name, box in form.formats.items():
        box.setChecked(name in ("json", "sr"))
    form.workers.setCurrentText("3")
    before = set(multiprocessing.active_children())  # the window's own reader, perhaps
    form.start.click()
    assert not form.folder.isEnabled()
    qtbot.waitUntil(lambda: len(set(multiprocessing.active_children()) - before) == 3, timeout=WAIT_MS)
    wait_for_end(qtbot, window)
    assert form.folder.isEnabled()
    assert len(names(window)) == 7
    assert sorted(path.name for path in out.iterdir()) == ["journal.jsonl", "results.jsonl", "sr"]
    kept, _ = open_worklist(worklist_file())
    assert kept.filed() == (), "of an anonymised run nothing is kept"
    kept.close()
    text = (out / "results.jsonl").read_text(encoding="ascii")
    records = [json.loads(line) for line in text.splitlines()]
    assert sorted(record["path"] for record in records) == [f"film-{number:04}" for number in range(1, 8)]
    assert {record["threshold_sd"] for record in records} == {1.5, None}
    assert not any(word in text for word in ("Zyxwvut", "QQ-4711", "2014-03-02", "a.dcm"))
    form.start.click()  # its secret was thrown away with the last report
    wait_for_end(qtbot, window)
    assert "This run is finished" in panel.course.words.text()


def test_folders_and_table_are_asked_for(window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form = panel_of(window).form
    folders = ["/films/one", "/films/two", "/reports", "/films/three", ""]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: folders.pop(0))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/patients.csv", ""))
    button(form, "Choose: Folder with the films").click()
    assert (form.folder.text(), form.out.text()) == ("/films/one", "/films/one/bone-age-results")
    button(form, "Choose: Folder with the films").click()
    assert form.out.text() == "/films/two/bone-age-results"  # what was only proposed goes along
    button(form, "Choose: Folder for the reports").click()
    button(form, "Choose: Folder with the films").click()
    assert (form.folder.text(), form.out.text()) == ("/films/three", "/reports")
    button(form, "Choose: Folder with the films").click()  # given up
    assert form.folder.text() == "/films/three"
    button(form, "Choose: Table of patients").click()
    request = form.request()
    assert request is not None
    assert request.patients == Path("/patients.csv")


def test_the_tools_beside_the_table(
    qtbot: QtBot, window: MainWindow, films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = panel_of(window)
    assert panel.empty.isVisible()
    table = tmp_path / "patients.csv"
    table.write_text("file,sex,age_months\nb.dcm,F,30\nnobody.png,F,30\n", encoding="utf-8")
    panel.form.patients.setText(str(table))
    noticed: list[str] = []
    window.batches.session.noticed.connect(lambda _: noticed.append(panel.form.reason.text()))
    panel.form.formats["pdf"].setChecked(False)
    start(window, films)
    wait_for_end(qtbot, window)
    assert noticed == ["1 line of the table of patients names no film of the folder (line 3)."]
    assert not panel.empty.isVisible()
    assert "holds a run" in panel.form.reason.text()

    refused, everything = button(panel, "Show refused films"), button(panel, "Show all films")
    assert (refused.text(), everything.text()) == ("Refused  1", "All  6")
    qtbot.mouseClick(refused, Qt.MouseButton.LeftButton)
    assert names(window) == ["e.png"]
    qtbot.mouseClick(button(panel, "Show flagged films"), Qt.MouseButton.LeftButton)
    assert "b.dcm" in names(window)
    assert "e.png" not in names(window)
    qtbot.mouseClick(everything, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(panel.search, "b.dcm")
    assert names(window) == ["b.dcm"]
    panel.search.clear()

    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    panel.course.written.show_folder.click()
    assert [url.toLocalFile() for url in opened] == [str(films / "bone-age-results")]


def test_return_opens_a_film_that_is_to_be_read_before_the_table_shows_its_age(
    qtbot: QtBot, window: MainWindow, films: Path
) -> None:
    panel = panel_of(window)
    assert not panel.blind.isVisible()
    window.session.set_blind_first(True)
    window.session.assessments.set_comparison(ComparisonChoice(FIRST_CHOICE, demands_sex=True))
    panel.form.formats["pdf"].setChecked(False)
    start(window, films)
    wait_for_end(qtbot, window)

    def row(name: str) -> list[str]:
        place = names(window).index(name)
        return [str(panel.filter.index(place, column).data() or "") for column in range(panel.filter.columnCount())]

    assert panel.blind.isVisible()
    assert "once you have read it" in panel.blind.text()
    assert row("b.dcm")[4:8] == ["", "", "", LIST_READ_FIRST]
    assert "young" not in " ".join(row("b.dcm")).lower()
    assert button(panel, "Show flagged films").text() == "Flagged  0"
    assert row("c.png")[7] == "Refused"
    assert "sex" in row("c.png")[8]
    with qtbot.waitActive(panel):
        panel.activateWindow()
    panel.table.setFocus()
    panel.table.setCurrentIndex(panel.filter.index(2, 0))
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(window.session.films) and window.session.is_idle, timeout=WAIT_MS)
    (film,) = window.session.films
    assert (film.name, film.state) == ("b.dcm", FilmState.ESTIMATED)
    assert film.is_blind
    assert row("b.dcm")[4] == "", "it was opened, not yet read"
    window.session.set_reading(film.number, Reading(138.0, None))
    window.session.reveal_estimate(film.number)
    assert row("b.dcm")[4]
    assert row("b.dcm")[7] != LIST_READ_FIRST
    assert row("a.dcm")[7] == LIST_READ_FIRST
    window.session.set_blind_first(False)
    assert row("a.dcm")[4]
    assert not panel.blind.isVisible()
    window.session.mark_reported([film.number])  # else the window asks before it closes


def test_closing_the_batch_window_stops_the_run(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    films = copy_films(tmp_path / "films")
    panel = start_and_meet_the_first_film(qtbot, window, films)
    panel.close()
    wait_for_end(qtbot, window)
    assert 1 <= len(journal_files(films / "bone-age-results")) < 40
    assert window.isVisible()
    window.batches.open()
    assert panel.form.start.text() == "Continue"
    assert done(panel) < 40


def test_a_run_waits_for_the_model_and_says_so(
    qtbot: QtBot, make: Callable[..., MainWindow], line: FakeLine, tmp_path: Path
) -> None:
    window = make()
    window.batches.open()
    form = panel_of(window).form
    form.set_folder(tmp_path)
    assert form.start.isEnabled()
    line.model_error = BoneAgeError("model_not_found", "folder", file="card.json")
    window.session.load_engine("elsewhere", "auto")
    assert (form.start.isEnabled(), form.reason.text()) == (False, "The model is loading.")
    qtbot.waitUntil(lambda: window.session.is_idle)
    assert (form.start.isEnabled(), form.reason.text()) == (False, error_line(line.model_error))


def test_a_bug_in_a_run_is_reported_and_another_run_can_begin(
    qtbot: QtBot, window: MainWindow, films: Path, dialogs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("bone_age_gui.gui.work.batch.session.plan_batch", fail)
    panel = start(window, films)
    wait_for_end(qtbot, window)
    assert "RuntimeError" in dialogs.texts[0]
    assert "secret" not in dialogs.texts[0]
    assert panel.form.start.isEnabled()
    assert not panel.course.cancel.isVisible()
