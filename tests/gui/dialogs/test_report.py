"""Writing reports from the window: what is asked, what is written, what is shown when it fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMessageBox
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.reading import Reading
from bone_age_gui.gui.dialogs.report import ReportDialog
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.report.formats import CASE_FORMATS
from windows import FakeLine, wait_for_flag

Make = Callable[..., MainWindow]


@pytest.fixture
def window(qtbot: QtBot, make: Make, line: FakeLine) -> MainWindow:
    """Two films, both estimated, and one that is refused."""
    made = make("a.png", "b.png", "broken.png")
    line.gate.set()
    made.actions_by_name["estimate_all"].trigger()
    made.session.select(made.session.films[0].number)
    wait_for_flag(qtbot, made)
    qtbot.waitUntil(lambda: made.session.is_idle, timeout=90_000)
    return made


def answer_with(
    monkeypatch: pytest.MonkeyPatch, folder: Path, *formats: str, all_films: bool = False, anonymous: bool = False
) -> None:
    def choose(dialog: ReportDialog) -> int:
        dialog.folder.setText(str(folder))
        dialog.all_films.setChecked(all_films)
        dialog.anonymise.setChecked(anonymous)
        for name, box in dialog.formats.items():
            box.setChecked(name in formats)
        return int(QDialog.DialogCode.Accepted)

    monkeypatch.setattr(ReportDialog, "exec", choose)


def write(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_by_name["report"].trigger()
    qtbot.waitUntil(lambda: window.session.is_idle, timeout=60_000)


def test_reports_wait_for_an_estimate(make: Make) -> None:
    window = make("a.png")
    assert not window.actions_by_name["report"].isEnabled()
    assert "no estimate" in window.actions_by_name["report"].toolTip()


def test_one_film_gives_one_pdf(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, tmp_path / "new" / "folder", "pdf")
    write(qtbot, window)
    assert [path.name for path in (tmp_path / "new" / "folder").iterdir()] == ["0001_a.pdf"]


def test_all_films_and_the_reading_are_in_the_table(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window.session.current is not None
    window.session.set_reading(window.session.current.number, Reading(140.0, "reader", "Seen."))
    answer_with(monkeypatch, tmp_path, "xlsx", all_films=True)
    write(qtbot, window)
    rows = list(load_workbook(tmp_path / "bone-age.xlsx")["Films"].iter_rows(values_only=True))
    table = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert len(table) == 3
    first = table[0]
    assert (first["Bone age by the model (months)"], first["Bone age by the reader (months)"]) == (136, 140)
    assert (first["Decided by"], first["Final bone age (months)"], first["Remark"]) == ("reader", 140, "Seen.")
    assert table[2]["Refusal code"] == "not_an_image"


def test_anonymised_reports_hide_the_file(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, tmp_path, "pdf", "csv", anonymous=True)
    write(qtbot, window)
    assert sorted(path.name for path in tmp_path.glob("*.*")) == ["0001.pdf", "bone-age.csv"]
    assert "a.png" not in (tmp_path / "bone-age.csv").read_text(encoding="utf-8-sig")


def test_a_failure_is_shown_in_plain_words(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    shown: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(f"{box.text()}. {box.informativeText()}"))
    answer_with(monkeypatch, tmp_path / "file", "pdf")
    write(qtbot, window)
    assert len(shown) == 1
    assert "folder" in shown[0]


def test_the_dialog_asks_for_folder_and_format(qtbot: QtBot) -> None:
    dialog = ReportDialog(1)
    qtbot.addWidget(dialog)
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not button.isEnabled()
    assert not dialog.all_films.isEnabled()
    dialog.folder.setText("/reports")
    assert button.isEnabled()
    for box in dialog.formats.values():
        box.setChecked(False)
    assert not button.isEnabled()
    assert list(dialog.formats) == list(CASE_FORMATS)


def test_the_dialog_warns_of_burnt_in_text(qtbot: QtBot) -> None:
    dialog = ReportDialog(2)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.warning.isVisible()
    dialog.anonymise.setChecked(True)
    assert dialog.warning.isVisible()
    dialog.close()
