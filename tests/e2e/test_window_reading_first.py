"""The reader first, and forms whose errors move nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.settings import Settings
from bone_age_gui.wording.flag_reasons import reason_text
from bone_age_gui.wording.reading import LIST_READ_FIRST, estimate_hidden_words, why_not_blind
from journeys import reading_of, run, shown_words
from windows import wait_for_flag

pytestmark = pytest.mark.usefixtures("own_settings", "nothing_left_running")

ROOT = Path(__file__).resolve().parents[2]
YES, CANCEL = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Cancel


def test_blind_first_nothing_of_the_estimate_is_to_be_seen(
    qtbot: QtBot, tiny_bundle: Path, girl: Path, own_settings: Path, dialogs: Any
) -> None:
    settings = Settings()
    settings.blind_first = True
    settings.save()

    def script(window: MainWindow) -> None:
        estimate = window.session.films[0].case.estimate
        assessment = window.session.films[0].case.assessment
        assert estimate is not None
        assert assessment is not None
        words = shown_words(window)
        assert estimate_hidden_words() in words
        assert LIST_READ_FIRST in words
        from bone_age_gui.wording.values import years_words

        for secret in (years_words(estimate.bone_age_months), reason_text(assessment.reason), "SD "):
            assert secret not in words
        for name in ("copy", "report"):
            assert not window.actions_by_name[name].isEnabled()
            assert why_not_blind() in window.actions_by_name[name].toolTip()
        assert not window.reading.choices.button(1).isEnabled()
        assert not window.reading.reveal.isEnabled()
        qtbot.keyClicks(window.reading.age, "11-6")
        qtbot.mouseClick(window.reading.reveal, Qt.MouseButton.LeftButton)
        assert years_words(estimate.bone_age_months) in shown_words(window)
        assert not window.reading.reveal.isVisible()
        window.reading.age.setText("12-0")
        reading = reading_of(window)
        assert (reading.blind_months, reading.age_months, reading.order) == (138.0, 144.0, "reader_first")

    run(qtbot, tiny_bundle, girl, estimate=True)(script)

    def seen_before(window: MainWindow) -> None:
        assert reading_of(window).blind_months == 138.0
        window.actions_by_name["estimate"].trigger()
        wait_for_flag(qtbot, window)
        assert estimate_hidden_words() not in shown_words(window)

    run(qtbot, tiny_bundle, girl)(seen_before)


def test_an_error_in_a_form_moves_nothing_that_is_about_to_be_clicked(
    qtbot: QtBot, tiny_bundle: Path, girl: Path, dialogs: Any
) -> None:
    def script(window: MainWindow) -> None:
        window.docks.show_result()
        reading, form = window.reading, window.form
        watched = [*reading.choices.buttons(), reading.remark, window.estimate_bar.button, *form.heights.values()]

        def places() -> list[Any]:
            qtbot.wait(50)
            return [widget.mapToGlobal(widget.rect().center()) for widget in watched]

        before, earlier = places(), None
        while before != earlier:  # the window is still finding its sizes
            before, earlier = places(), before
        for field, text in ((reading.age, "eleven"), (form.study, "soon"), (form.heights["mother_cm"], "tall")):
            kept = field.text()
            field.setText(text)
            assert places() == before, text
            field.setText(kept)
            assert places() == before

    run(qtbot, tiny_bundle, girl, estimate=True)(script)
