"""What a person must see or can press in the window: no test saw it when one of these was taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QDesktopServices, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QFrame, QLabel, QProgressBar, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.types import Case, Patient, PixelSpacing, Radiograph
from bone_age_gui.gui.dialogs.error import ErrorDialog
from bone_age_gui.gui.dialogs.report import ReportDialog
from bone_age_gui.gui.dialogs.settings import SettingsDialog
from bone_age_gui.gui.look.theme import DARK, LIGHT
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.settings import Settings
from bone_age_gui.gui.work.engine import Engine
from windows import FakeLine, FakePredictor, wait_for_flag, wait_for_model

Make = Callable[..., MainWindow]
GREY = 30_000


def labels(widget: Any) -> list[str]:
    """Every text that is shown."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


def named(widget: Any, kind: type, name: str) -> Any:
    (only,) = [each for each in widget.findChildren(kind) if each.accessibleName() == name]
    return only


def brightest(image: QImage, area: QRect) -> int:
    points = ((x, y) for x in range(area.left(), area.right(), 2) for y in range(area.top(), area.bottom(), 2))
    return max(image.pixelColor(x, y).lightness() for x, y in points)


def odd_film(path: Path) -> Case:
    """A film with everything that is told beside the picture."""
    notices = (Notice("a", text="Look at the side marker.", loud=True), Notice("b", text="A quiet note."))
    film = Radiograph(
        np.full((400, 300), GREY, np.uint16),
        inverted=True,
        laterality="L",
        spacing=PixelSpacing(0.5, 0.5, "patient"),
        patient=Patient(name="Doe^Jane", patient_id="4711"),
        notices=notices,
    )
    return Case(path, film.patient, film, notices=notices)


def test_what_is_told_of_a_film_beside_its_picture(qtbot: QtBot, make: Make, line: FakeLine) -> None:
    line.open_case = odd_film  # type: ignore[method-assign]
    window = make("a.png")
    viewer = window.viewer
    assert viewer.banner.isVisible()
    assert viewer.banner.accessibleDescription() == "Look at the side marker."
    assert any("a.png" in text and "dark and bright put right" in text for text in labels(viewer))
    assert any("Doe, Jane" in text and "4711" in text for text in labels(window.form))
    image = viewer.view.viewport().grab().toImage()
    width, height = image.width(), image.height()
    assert brightest(image, QRect(width - 60, 0, 60, 60)) > 200  # the side
    assert brightest(image, QRect(width - 60, height - 60, 60, 60)) > 200  # the scale bar
    assert brightest(image, QRect(width // 2 - 20, height // 2 - 20, 40, 40)) < 160


def test_ways_back_from_a_stage_to_the_original(qtbot: QtBot, make: Make) -> None:
    window = make("a.png")
    back = named(window.viewer, QToolButton, "Back to the original film")
    assert not back.isVisible()
    qtbot.keyClick(window.viewer.view, Qt.Key.Key_2)
    assert any("Network input" in text for text in labels(window.viewer))
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    assert window.viewer.stage == 0
    qtbot.keyClick(window.viewer.view, Qt.Key.Key_2)
    qtbot.mouseDClick(window.viewer.view.viewport(), Qt.MouseButton.LeftButton)
    assert window.viewer.stage == 0


def test_a_refused_film_says_why_in_place_of_its_picture(make: Make) -> None:
    window = make("broken.png")
    image = window.viewer.view.viewport().grab().toImage()
    middle = QRect(image.width() // 2 - 80, image.height() // 2 - 40, 160, 80)
    assert brightest(image, middle) > 120


def test_a_series_shows_how_far_it_is(qtbot: QtBot, make: Make, line: FakeLine) -> None:
    window = make("a.png", "b.png")
    bar = named(window.status, QProgressBar, "Estimates done")
    busy = named(window.result, QProgressBar, "Estimating")
    assert not busy.isVisible()
    window.actions_by_name["estimate_all"].trigger()
    assert (bar.isVisible(), bar.value(), bar.maximum()) == (True, 0, 2)
    assert busy.isVisible()
    window.session.close(window.session.films[1].number)
    assert (bar.value(), bar.maximum()) == (1, 2)
    line.gate.set()
    wait_for_flag(qtbot, window)
    assert not bar.isVisible()
    assert not busy.isVisible()


def test_the_status_bar_says_what_was_done_for_a_while(
    qtbot: QtBot, make: Make, line: FakeLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("bone_age_gui.gui.panels.status_line.SAID_MS", 1500)
    line.gate.set()
    window = make("a.png")
    window.actions_by_name["estimate"].trigger()
    wait_for_flag(qtbot, window)

    def is_said(text: str) -> bool:
        return any(text in shown for shown in labels(window.status))

    window.result.setFocus()
    qtbot.keyClick(window.result, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert is_said("Result copied")
    assert "136" in QApplication.clipboard().text()
    qtbot.waitUntil(lambda: not is_said("Result copied"))
    monkeypatch.setattr("bone_age_gui.gui.panels.status_line.SAID_MS", 60_000)  # a busy machine must not miss it
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "stages.png"), ""))
    window.actions_by_name["save_stages"].trigger()
    qtbot.waitUntil(lambda: is_said("The picture was saved"))
    for number in range(51):
        (tmp_path / f"{number}.png").write_bytes(b"")
    window.session.open([tmp_path])
    qtbot.waitUntil(lambda: is_said("52 films opened."))
    qtbot.waitUntil(lambda: window.session.is_idle, timeout=90_000)


def test_a_fall_back_to_the_cpu_is_said_with_its_reason(make: Make, line: FakeLine) -> None:
    engine: Any = Engine(FakePredictor(fallback_reason="no NVIDIA driver was seen"), None)  # type: ignore[arg-type]
    line.load_engine = lambda model, device: engine  # type: ignore[method-assign]
    window = make("a.png")
    assert window.status.device.text() == "CPU (no CUDA)"
    assert "no NVIDIA driver was seen" in window.status.device.toolTip()


def test_the_times_of_an_estimate_are_listed(qtbot: QtBot, make: Make, line: FakeLine) -> None:
    estimate = line.estimate_case
    times = {"read": 0.1, "prepare": 0.2, "infer": 0.3, "assess": 0.01}
    line.estimate_case = lambda *given: replace(estimate(*given), timings=times)  # type: ignore[method-assign]
    line.gate.set()
    window = make("a.png")
    window.actions_by_name["estimate"].trigger()
    wait_for_flag(qtbot, window)
    assert window.status.time.text() == "0.51 s"
    assert window.status.time.toolTip().splitlines()[-2:] == ["network: 0.300 s", "comparison: 0.010 s"]


def test_what_was_typed_can_be_taken_back_only_where_it_differs(make: Make) -> None:
    window = make("a.png")
    reset = named(window.form, QPushButton, "Take the values of the file again")
    assert not reset.isVisible()
    window.form.birth.setText("2014-09-01")
    assert reset.isVisible()
    reset.click()
    assert (window.form.birth.text(), reset.isVisible()) == ("", False)


def test_the_flag_takes_the_colours_of_another_theme(qtbot: QtBot, make: Make, line: FakeLine) -> None:
    line.gate.set()
    window = make("a.png")
    window.actions_by_name["estimate"].trigger()
    wait_for_flag(qtbot, window)
    chip = window.result.findChild(QFrame, "flagChip")
    assert isinstance(chip, QFrame)
    assert LIGHT.normal in chip.styleSheet()
    window.actions_by_name["theme_dark"].trigger()
    assert DARK.normal in chip.styleSheet()


def test_the_list_of_films_offers_its_actions(make: Make) -> None:
    window = make("a.png")
    offered = [action.objectName() for action in window.films.view.actions()]
    assert offered == ["estimate", "film_info", "close", "close_all"]


def test_the_settings_hold_every_choice_of_their_dialog(qtbot: QtBot) -> None:
    settings = Settings()
    dialog = SettingsDialog(settings, ["one"])
    qtbot.addWidget(dialog)
    dialog.wheel.setCurrentIndex(1)
    dialog.text_size.setCurrentText("175 %")
    dialog.accept()
    again = SettingsDialog(Settings(), ["one"])
    qtbot.addWidget(again)
    assert (again.wheel.currentIndex(), again.text_size.currentText()) == (1, "175 %")


def accept_settings(window: MainWindow, monkeypatch: pytest.MonkeyPatch, choose: Callable[[Any], None]) -> None:
    def answer(dialog: SettingsDialog) -> int:
        choose(dialog)
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(SettingsDialog, "exec", answer)
    window.actions_by_name["settings"].trigger()


def test_the_wheel_does_what_the_settings_say(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    window = make("a.png", "b.png")
    accept_settings(window, monkeypatch, lambda dialog: dialog.wheel.setCurrentIndex(1))
    view = window.viewer.view
    at = QPointF(view.viewport().rect().center())
    event = QWheelEvent(
        at, view.mapToGlobal(at), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)
    assert window.session.current is not None
    assert window.session.current.name == "b.png"


def test_only_settings_of_the_model_load_it_again(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    window = make("a.png")
    engine = window.session.engine
    accept_settings(window, monkeypatch, lambda dialog: dialog.text_size.setCurrentText("125 %"))
    assert window.session.engine is engine
    accept_settings(window, monkeypatch, lambda dialog: dialog.device.setCurrentIndex(1))
    assert window.session.engine is not engine


def test_a_recent_file_opens_again(qtbot: QtBot, make: Make, tmp_path: Path) -> None:
    film = tmp_path / "a.png"
    film.write_bytes(b"")
    window = make()
    window.settings.keep_recent = True
    window.settings.remember(film)
    window.recent_menu.aboutToShow.emit()
    window.recent_menu.actions()[0].trigger()
    wait_for_model(qtbot, window)
    assert [each.name for each in window.session.films] == ["a.png"]


def test_the_size_and_the_parts_of_the_window_are_remembered(make: Make) -> None:
    window = make("a.png")
    window.resize(10, 10)  # its smallest, within the screen of the tests: a larger one would be made to fit
    window.centre.setSizes([300, 250])
    size, shares = window.size(), window.centre.sizes()
    window.close()
    again = make("a.png")
    assert again.size() != size
    again.lay_out()
    assert again.size() == size
    assert again.centre.sizes() == pytest.approx(shares, abs=5)


def test_the_report_dialog_remembers_and_asks(
    qtbot: QtBot, make: Make, line: FakeLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    line.gate.set()
    window = make("a.png")
    window.actions_by_name["estimate"].trigger()
    wait_for_flag(qtbot, window)
    seen: list[tuple[str, bool]] = []
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))

    def choose(dialog: ReportDialog) -> int:
        seen.append((dialog.folder.text(), dialog.formats["json"].isChecked()))
        (browse,) = [each for each in dialog.findChildren(QPushButton) if "Browse" in each.text()]
        browse.click()
        for name, box in dialog.formats.items():
            box.setChecked(name == "json")
        return int(QDialog.DialogCode.Accepted)

    monkeypatch.setattr(ReportDialog, "exec", choose)
    for _ in range(2):
        window.actions_by_name["report"].trigger()
        qtbot.waitUntil(lambda: window.session.is_idle, timeout=90_000)
    assert seen == [("", False), (str(tmp_path), True)]
    assert any(f"1 report was written: {tmp_path}" in text for text in labels(window.status))
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    for text in ("Open", "Show in folder"):
        (button,) = [each for each in window.status.findChildren(QPushButton) if each.text() == text]
        assert button.isVisible()
        button.click()
    assert opened == [str(tmp_path / "bone-age-2.jsonl"), str(tmp_path)]
    window.session.said.emit("Something else.")
    assert not button.isVisible()
    assert sorted(path.name for path in tmp_path.glob("*.jsonl")) == ["bone-age-2.jsonl", "bone-age.jsonl"]


def test_the_report_of_a_bug_can_be_copied(qtbot: QtBot) -> None:
    dialog = ErrorDialog(ValueError("secret"))
    qtbot.addWidget(dialog)
    QApplication.clipboard().clear()
    (copy,) = [each for each in dialog.findChildren(QPushButton) if each.text() == "Copy report"]
    copy.click()
    assert "ValueError" in QApplication.clipboard().text()
