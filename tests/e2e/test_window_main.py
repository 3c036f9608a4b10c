"""The real ``bone-age-gui`` from its arguments to its exit code, with real files and a real (tiny) model."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame
from pytestqt.qtbot import QtBot

from bone_age_gui import DISCLAIMER, paths
from bone_age_gui.core import pipeline
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.panels.stages import StageTile
from bone_age_gui.gui.work.film import FilmState
from bone_age_gui.wording.flag_reasons import reason_text
from refused import message_of
from windows import WAIT_MS, drive, wait_for_flag, wait_for_model

pytestmark = pytest.mark.usefixtures("own_settings", "nothing_left_running")

ROOT = Path(__file__).resolve().parents[2]


def chip(window: MainWindow) -> QFrame:
    frame = window.result.findChild(QFrame, "flagChip")
    assert isinstance(frame, QFrame)
    return frame


def test_open_click_estimate_read_the_flag(qtbot: QtBot, tiny_bundle: Path, girl: Path) -> None:
    def script(window: MainWindow) -> None:
        wait_for_model(qtbot, window)
        assert window.form.age.text() == "12 y 9 m (153 m)"
        qtbot.mouseClick(window.estimate_bar.button, Qt.MouseButton.LeftButton)
        film = wait_for_flag(qtbot, window)
        assert film.case.assessment is not None
        shown = window.result.accessibleDescription()
        assert reason_text(film.case.assessment.reason) in shown
        assert DISCLAIMER in shown
        assert chip(window).accessibleName().startswith("Flag: ")
        assert window.status.time.text().endswith(" s")
        keys = [stage.key for stage in film.case.stages]
        assert keys == ["cleaned", "equalised", "sharpened", "gamma", "network"]

    assert drive(qtbot, [str(girl), "--model", str(tiny_bundle), "--device", "cpu"], script) == 0


def test_the_window_and_the_command_line_agree(qtbot: QtBot, tiny_bundle: Path, girl: Path) -> None:
    from bone_age_gui.core.growth import GrowthReference
    from bone_age_gui.core.model.bundle import load_bundle
    from bone_age_gui.core.model.predictor import Predictor

    reference = GrowthReference.load(paths.growth_dir() / "brush_foundation.json")
    wanted = pipeline.process(girl, Predictor(load_bundle(tiny_bundle), "cpu"), reference)

    def script(window: MainWindow) -> None:
        film = wait_for_flag(qtbot, window)
        assert film.case.estimate is not None
        assert wanted.estimate is not None
        assert film.case.estimate.bone_age_months == wanted.estimate.bone_age_months
        assert film.case.assessment == wanted.assessment

    drive(qtbot, [str(girl), "--estimate", "--model", str(tiny_bundle), "--device", "cpu"], script)


def test_a_broken_file_among_good_ones(
    qtbot: QtBot, tiny_bundle: Path, girl: Path, plain_picture: Path, broken: Path
) -> None:
    def script(window: MainWindow) -> None:
        session = window.session
        qtbot.waitUntil(
            lambda: (
                [film.state for film in session.films] == [FilmState.ESTIMATED, FilmState.REFUSED, FilmState.ESTIMATED]
            ),
            timeout=WAIT_MS,
        )
        window.actions_by_name["next_film"].trigger()
        error = session.films[1].case.error
        assert error is not None
        assert message_of(error) in window.result.accessibleDescription()
        assert not window.estimate_bar.button.isEnabled()

    files = [str(path) for path in (girl, broken, plain_picture)]
    drive(qtbot, [*files, "--estimate", "--model", str(tiny_bundle), "--device", "cpu"], script)


def test_a_second_film_opened_while_the_first_is_estimated(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path, girl: Path, plain_picture: Path
) -> None:
    gate, real = threading.Event(), pipeline.estimate_case

    def slow(*arguments: Any) -> Any:
        assert gate.wait(30)
        return real(*arguments)

    monkeypatch.setattr(pipeline, "estimate_case", slow)

    def script(window: MainWindow) -> None:
        wait_for_model(qtbot, window)
        window.actions_by_name["estimate"].trigger()
        window.film_actions.open_paths([plain_picture])
        qtbot.waitUntil(lambda: len(window.session.films) == 2 and bool(window.session.films[1].case.stages))
        assert window.session.current is window.session.films[1]
        assert window.session.films[0].state is FilmState.ESTIMATING
        gate.set()
        qtbot.waitUntil(lambda: window.session.films[0].state is FilmState.ESTIMATED, timeout=WAIT_MS)
        assert window.session.films[1].case.estimate is None
        assert "No estimate yet." in window.result.accessibleDescription()

    drive(qtbot, [str(girl), "--model", str(tiny_bundle), "--device", "cpu"], script)


def test_closing_while_everything_still_works(qtbot: QtBot, tiny_bundle: Path, girl: Path, plain_picture: Path) -> None:
    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: not window.session.is_idle, timeout=WAIT_MS)

    arguments = [str(girl), str(plain_picture), "--estimate", "--model", str(tiny_bundle)]
    assert drive(qtbot, arguments, script) == 0


def test_changed_dates_change_the_flag_at_once(qtbot: QtBot, tiny_bundle: Path, girl: Path) -> None:
    def script(window: MainWindow) -> None:
        film = wait_for_flag(qtbot, window)
        estimate = film.case.estimate
        window.form.birth.setText("2024-11-20")
        film = window.session.films[0]
        assert film.case.estimate is estimate
        assert film.case.assessment is not None
        assert film.case.assessment.chronological_age_months == pytest.approx(24, abs=0.1)
        assert film.case.assessment.flag == "advanced"
        assert "Flag: Advanced" in chip(window).accessibleName()

    drive(qtbot, [str(girl), "--estimate", "--model", str(tiny_bundle), "--device", "cpu"], script)


def test_heat_map_copy_and_saved_stages(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tiny_bundle: Path, girl: Path
) -> None:
    from PySide6.QtWidgets import QFileDialog

    target = tmp_path / "stages"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))

    def script(window: MainWindow) -> None:
        wait_for_flag(qtbot, window)
        network = window.stages.findChildren(StageTile)[-1].view
        plain = network.viewport().grab().toImage()
        window.actions_by_name["heat_map"].trigger()
        assert network.viewport().grab().toImage() != plain
        window.actions_by_name["heat_map"].trigger()
        assert network.viewport().grab().toImage() == plain
        window.actions_by_name["copy"].trigger()
        doubt, age, *_ = QApplication.clipboard().text().splitlines()
        assert doubt.startswith("Doubtful: ")
        assert age.startswith("Bone age: ")
        window.actions_by_name["save_stages"].trigger()
        qtbot.waitUntil(lambda: window.session.is_idle, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: target.with_suffix(".png").exists(), timeout=WAIT_MS)

    drive(qtbot, [str(girl), "--estimate", "--model", str(tiny_bundle), "--device", "cpu"], script)
    saved = cv2.imread(str(target.with_suffix(".png")))
    assert saved is not None
    assert saved.shape[1] > 1000
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


def test_a_picture_that_cannot_be_saved_says_so(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, dialogs: Any, tiny_bundle: Path, girl: Path
) -> None:
    from PySide6.QtWidgets import QFileDialog

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "none" / "a.png"), ""))

    def script(window: MainWindow) -> None:
        wait_for_model(qtbot, window)
        window.actions_by_name["save_stages"].trigger()
        qtbot.waitUntil(lambda: bool(dialogs.texts), timeout=WAIT_MS)
        assert "not written" in dialogs.texts[0]

    drive(qtbot, [str(girl), "--model", str(tiny_bundle), "--device", "cpu"], script)


def test_a_bug_shows_a_report_without_patient_data(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, dialogs: Any, tiny_bundle: Path, girl: Path
) -> None:
    def fail(*_: Any) -> Any:
        name = "Doe^Jane"
        raise RuntimeError(f"cannot handle {name} of {girl}")

    monkeypatch.setattr(pipeline, "estimate_case", fail)

    def script(window: MainWindow) -> None:
        wait_for_model(qtbot, window)
        window.actions_by_name["estimate"].trigger()
        qtbot.waitUntil(lambda: bool(dialogs.texts), timeout=WAIT_MS)
        report = dialogs.texts[0]
        assert "RuntimeError" in report
        assert "in fail" in report
        for secret in ("Doe", "Jane", girl.name, str(girl.parent), str(ROOT)):
            assert secret not in report
        assert window.estimate_bar.button.isEnabled()

    drive(qtbot, [str(girl), "--model", str(tiny_bundle), "--device", "cpu"], script)


def test_an_exception_in_the_window_itself_is_reported(
    qtbot: QtBot, dialogs: Any, tiny_bundle: Path, girl: Path
) -> None:
    def script(window: MainWindow) -> None:
        wait_for_model(qtbot, window)
        sys.excepthook(ValueError, ValueError("secret"), None)
        assert "ValueError" in dialogs.texts[0]
        assert "secret" not in dialogs.texts[0]
        thread = threading.Thread(target=lambda: [].pop())
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: len(dialogs.texts) == 2, timeout=WAIT_MS)
        assert "IndexError" in dialogs.texts[1]
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
        assert not window.isVisible(), "Ctrl+C in the terminal ends the program in order"
        assert len(dialogs.texts) == 2

    before = sys.excepthook, threading.excepthook
    drive(qtbot, [str(girl), "--model", str(tiny_bundle)], script)
    assert (sys.excepthook, threading.excepthook) == before


def test_a_missing_model_shows_clear_words(qtbot: QtBot, tmp_path: Path, girl: Path) -> None:
    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: window.session.engine_error is not None and window.session.is_idle, timeout=WAIT_MS)
        error = window.session.engine_error
        assert error is not None
        assert message_of(error) in window.estimate_bar.reason.text()
        assert window.viewer.view.has_picture

    drive(qtbot, [str(girl), "--model", str(tmp_path / "nowhere")], script)
