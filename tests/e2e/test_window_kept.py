"""A reading is never lost: kept while it is typed, put back, asked for when closed, forgotten only on demand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QMessageBox
from pytestqt.qtbot import QtBot

from bone_age_gui.gui.dialogs.report import ReportDialog
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.settings import Settings
from bone_age_gui.store.worklist import worklist_file
from films import hand_like, write_dicom
from journeys import reading_of, run
from windows import WAIT_MS, wait_for_flag

pytestmark = pytest.mark.usefixtures("own_settings", "nothing_left_running")

ROOT = Path(__file__).resolve().parents[2]
YES, CANCEL = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Cancel


def test_what_was_entered_is_there_again_whatever_the_file_is_called(
    qtbot: QtBot, tiny_bundle: Path, tmp_path: Path
) -> None:
    film = write_dicom(tmp_path / "film.dcm", hand_like(), sex=None)
    settings = Settings()
    settings.reader_name = "Dr. Example"
    settings.save()

    def enter(window: MainWindow) -> None:
        qtbot.keyClicks(window.reading.age, "11 6/12")
        qtbot.mouseClick(window.reading.choices.button(2), Qt.MouseButton.LeftButton)
        qtbot.keyClicks(window.reading.remark, "Carpals ahead.")
        qtbot.mouseClick(window.form.sexes.button(1), Qt.MouseButton.LeftButton)
        qtbot.keyClicks(window.form.heights["height_cm"], "140.5")

    run(qtbot, tiny_bundle, film)(enter)
    moved = film.rename(tmp_path / "renamed.dcm")

    def again(window: MainWindow) -> None:
        reading = reading_of(window)
        assert (reading.age_months, reading.decided_by, reading.remark) == (138.0, "reader", "Carpals ahead.")
        assert reading.reader == "Dr. Example"
        assert reading.decided_at
        assert window.reading.age.text() == "11 y 6 m"
        assert window.reading.choices.button(2).isChecked()
        assert window.form.sexes.checkedId() == 1
        assert window.form.heights["height_cm"].text() == "140.5"
        assert "Decided by Dr. Example on 2" in window.reading.message.text()
        assert "Put back as it was entered on 2" in window.reading.message.text()

    run(qtbot, tiny_bundle, moved)(again)


def test_an_accepted_age_is_final_again_once_the_same_model_has_said_the_same(
    qtbot: QtBot, tiny_bundle: Path, girl: Path, dialogs: Any
) -> None:
    def accept(window: MainWindow) -> None:
        qtbot.mouseClick(window.reading.choices.button(1), Qt.MouseButton.LeftButton)

    def again(window: MainWindow) -> None:
        assert reading_of(window).decided_by == "model"
        window.actions_by_name["estimate"].trigger()
        wait_for_flag(qtbot, window)
        assert reading_of(window).decided_by == "model"
        window.form.sexes.button(1).click()
        assert reading_of(window).decided_by is None

    run(qtbot, tiny_bundle, girl, estimate=True)(accept)
    run(qtbot, tiny_bundle, girl)(again)


@pytest.mark.parametrize("name", ["close", "close_all", "quit"])
def test_closing_asks_where_a_reading_is_in_no_report(
    qtbot: QtBot, tiny_bundle: Path, girl: Path, dialogs: Any, name: str
) -> None:
    def script(window: MainWindow) -> None:
        action = window.actions_by_name[name]
        qtbot.keyClicks(window.reading.age, "11-6")
        dialogs.answer = CANCEL
        qtbot.keySequence(window.viewer.view, action.shortcut())
        assert "in no report yet" in dialogs.texts[-1]
        assert "stay in the worklist" in dialogs.texts[-1]
        assert window.isVisible()
        assert len(window.session.films) == 1
        dialogs.answer = YES
        qtbot.keySequence(window.viewer.view, action.shortcut())
        assert len(dialogs.texts) == 2
        if name == "quit":
            assert not window.isVisible()
        else:
            assert not window.session.films

    run(qtbot, tiny_bundle, girl)(script)


def test_del_asks_too_and_a_film_that_nobody_read_is_closed_without_a_word(
    qtbot: QtBot, tiny_bundle: Path, girl: Path, plain_picture: Path, dialogs: Any
) -> None:
    def script(window: MainWindow) -> None:
        window.actions_by_name["next_film"].trigger()
        qtbot.keyClick(window.viewer.view, Qt.Key.Key_Delete)
        assert not dialogs.texts
        assert len(window.session.films) == 1
        qtbot.keyClicks(window.reading.remark, "Look again.")
        qtbot.keyClick(window.viewer.view, Qt.Key.Key_Delete)
        assert len(dialogs.texts) == 1
        assert len(window.session.films) == 1

    run(qtbot, tiny_bundle, girl, plain_picture)(script)


def test_a_reported_reading_is_closed_without_a_word_until_it_changes(
    qtbot: QtBot, tiny_bundle: Path, girl: Path, tmp_path: Path, dialogs: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choose(dialog: ReportDialog) -> int:
        dialog.folder.setText(str(tmp_path / "reports"))
        for name, box in dialog.formats.items():
            box.setChecked(name == "json")
        return int(QDialog.DialogCode.Accepted)

    monkeypatch.setattr(ReportDialog, "exec", choose)

    def script(window: MainWindow) -> None:
        qtbot.keyClicks(window.reading.age, "11-6")
        window.actions_by_name["report"].trigger()
        qtbot.waitUntil(lambda: window.session.is_idle, timeout=WAIT_MS)
        assert window.keeping.may_close(window.session.films)
        assert not dialogs.texts
        qtbot.keyClicks(window.reading.remark, "!")
        assert not window.keeping.may_close(window.session.films)

    run(qtbot, tiny_bundle, girl, estimate=True)(script)


def test_a_setting_keeps_nothing(qtbot: QtBot, tiny_bundle: Path, girl: Path, dialogs: Any) -> None:
    def kept(window: MainWindow) -> None:
        qtbot.keyClicks(window.reading.age, "11-6")
        window.settings.keep_worklist = False
        window.window_actions.take_settings()
        dialogs.answer = CANCEL
        assert not window.keeping.may_close(window.session.films)
        assert "is lost" in dialogs.texts[-1]

    def nothing(window: MainWindow) -> None:
        assert window.reading.age.text() == ""
        qtbot.keyClicks(window.reading.age, "9-6")

    run(qtbot, tiny_bundle, girl)(kept)
    run(qtbot, tiny_bundle, girl)(nothing)
    run(qtbot, tiny_bundle, girl)(nothing)
    for path in worklist_file().parent.iterdir():
        assert b"age_months" not in path.read_bytes().replace(b"age_months REAL", b"")


def test_a_child_is_forgotten_with_all_its_films(
    qtbot: QtBot, tiny_bundle: Path, girl: Path, plain_picture: Path, dialogs: Any
) -> None:
    def script(window: MainWindow) -> None:
        qtbot.keyClicks(window.reading.age, "11-6")
        window.actions_by_name["next_film"].trigger()
        qtbot.keyClicks(window.reading.age, "9-6")
        window.actions_by_name["previous_film"].trigger()
        dialogs.answer = CANCEL
        window.actions_by_name["forget_child"].trigger()
        assert dialogs.shown[-1].defaultButton() is dialogs.shown[-1].button(CANCEL), "Return forgets nothing"
        assert len(window.session.films) == 2
        dialogs.answer = YES
        window.actions_by_name["forget_child"].trigger()
        assert [film.name for film in window.session.films] == [plain_picture.name]

    def only_the_other(window: MainWindow) -> None:
        assert window.reading.age.text() == ""
        window.actions_by_name["next_film"].trigger()
        assert window.reading.age.text() == "9 y 6 m"
        dialogs.answer = YES
        window.settings.keep_recent = True
        window.settings.remember(plain_picture)
        in_the_way = worklist_file().parent / "fetched-films" / "film.dcm"
        in_the_way.mkdir(parents=True)
        window.actions_by_name["forget_all"].trigger()
        assert "could not be written" in dialogs.texts[-1]
        assert len(window.session.films) == 2, "what could not be forgotten does not look so"
        in_the_way.rmdir()
        window.actions_by_name["forget_all"].trigger()
        assert not window.session.films
        assert window.settings.recent == []

    def nothing(window: MainWindow) -> None:
        assert window.reading.age.text() == ""

    run(qtbot, tiny_bundle, girl, plain_picture)(script)
    run(qtbot, tiny_bundle, girl, plain_picture)(only_the_other)
    run(qtbot, tiny_bundle, plain_picture)(nothing)


def test_a_damaged_worklist_is_said_and_the_window_works(
    qtbot: QtBot, tiny_bundle: Path, girl: Path, dialogs: Any
) -> None:
    worklist_file().parent.mkdir(parents=True)
    worklist_file().write_bytes(b"no database" * 1000)

    def script(window: MainWindow) -> None:
        assert "damaged" in dialogs.texts[0]
        assert "set aside as" in dialogs.texts[0]
        qtbot.keyClicks(window.reading.age, "11-6")

    run(qtbot, tiny_bundle, girl)(script)
    assert len([path for path in worklist_file().parent.iterdir() if "damaged" in path.name]) == 1

    def again(window: MainWindow) -> None:
        assert window.reading.age.text() == "11 y 6 m"

    run(qtbot, tiny_bundle, girl)(again)


def test_two_windows_at_a_time_keep_each_others_readings(
    qtbot: QtBot, tiny_bundle: Path, girl: Path, plain_picture: Path, dialogs: Any
) -> None:
    from bone_age_gui.gui.launch import make_window
    from bone_age_gui.gui.options import parse
    from bone_age_gui.gui.work.line import core_backend
    from windows import close_at_once

    def script(window: MainWindow) -> None:
        second = make_window(parse([str(girl)]), core_backend())
        second.session.keeper.open(worklist_file())
        second.show()
        second.session.open([girl, plain_picture])
        qtbot.waitUntil(lambda: all(film.sha256 for film in second.session.films), timeout=WAIT_MS)
        qtbot.keyClicks(window.reading.age, "11-6")
        qtbot.keyClicks(second.reading.remark, "From the other window.")
        second.session.step(1)
        qtbot.keyClicks(second.reading.age, "9-6")
        close_at_once(second)
        second.deleteLater()

    run(qtbot, tiny_bundle, girl)(script)

    def again(window: MainWindow) -> None:
        reading = reading_of(window)
        assert (reading.age_months, reading.remark) == (138.0, "From the other window.")
        window.session.step(1)
        assert reading_of(window).age_months == 114.0

    run(qtbot, tiny_bundle, girl, plain_picture)(again)
