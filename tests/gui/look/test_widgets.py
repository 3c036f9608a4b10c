"""Small parts that several panels use: texts that are cut say so, numbers are read as the language writes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QValidator
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from bone_age_gui.gui.look.decimal_box import DecimalBox
from bone_age_gui.gui.look.spoken import speak_in_window
from bone_age_gui.gui.look.widgets import CaptionLabel, ElidedLabel, HintedLine, named
from bone_age_gui.gui.look.written import WrittenButtons
from bone_age_gui.wording.language import speaking

LONG = "a very long name of a model that no status bar has room for"


def test_a_cut_text_is_whole_in_its_tool_tip(qtbot: QtBot) -> None:
    label = ElidedLabel(LONG)
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.grab()
    assert label.toolTip() == LONG
    label.resize(2000, 20)
    label.grab()
    assert label.toolTip() == "", "nothing is hidden"


def test_a_caption_keeps_its_height_and_ends_in_dots(qtbot: QtBot) -> None:
    label = CaptionLabel(2, 1.0, "caption")
    qtbot.addWidget(label)
    height = label.height()
    for text, width in (("short", 200), (LONG, 100)):
        label.setText(text)
        label.resize(width, height)
        assert label.height() == height
    lines = label.lines()
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert LONG.startswith(lines[0])


def test_a_field_has_room_for_its_hint(qtbot: QtBot) -> None:
    field, plain = HintedLine(), QLineEdit()
    for each in (field, plain):
        qtbot.addWidget(each)
        each.setPlaceholderText("2014-03-02 or 1392/12/11")
    needed = field.fontMetrics().horizontalAdvance(field.placeholderText())
    assert plain.minimumSizeHint().width() < needed < field.minimumSizeHint().width()


def test_a_screen_reader_says_a_fields_name_and_nothing_is_dropped_into_it(qtbot: QtBot) -> None:
    field = named(QLineEdit(), "Patient ID", "The whole number")
    qtbot.addWidget(field)
    assert (field.accessibleName(), field.toolTip(), field.acceptDrops()) == ("Patient ID", "The whole number", False)


@pytest.mark.parametrize(
    "typed, value, state",
    [
        ("2.5", 2.5, QValidator.State.Acceptable),
        ("2,5", 2.5, QValidator.State.Acceptable),
        ("۲٫۵", 2.5, QValidator.State.Acceptable),
        ("9", 9.0, QValidator.State.Intermediate),
        ("", 1.0, QValidator.State.Intermediate),
        ("two", 1.0, QValidator.State.Invalid),
    ],
)
def test_a_number_is_understood_with_point_comma_and_persian_digits(
    qtbot: QtBot, typed: str, value: float, state: QValidator.State
) -> None:
    box = DecimalBox()
    qtbot.addWidget(box)
    box.setRange(1.0, 5.0)
    assert box.validate(typed, 0)[0] == state
    assert box.valueFromText(typed) == value


def test_a_number_is_written_as_the_language_does(qtbot: QtBot) -> None:
    box = DecimalBox()
    qtbot.addWidget(box)
    box.setDecimals(1)
    shown = {}
    for code in ("en", "de", "fa"):
        with speaking(code):
            shown[code] = box.textFromValue(2.5)
    assert shown == {"en": "2.5", "de": "2,5", "fa": "۲٫۵"}


def test_what_was_written_is_opened_in_order(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    buttons = WrittenButtons()
    for button in (buttons.open_file, buttons.show_folder):
        qtbot.addWidget(button)
        assert button.isHidden()
    buttons.offer([tmp_path / "second.pdf", tmp_path / "first.pdf"], tmp_path)
    assert "second.pdf" in buttons.open_file.toolTip()
    for button in (buttons.open_file, buttons.show_folder):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [url.toLocalFile() for url in opened] == [str(tmp_path / "second.pdf"), str(tmp_path)]
    buttons.offer((), None)
    assert buttons.open_file.isHidden()
    assert buttons.show_folder.isHidden()


def test_qts_own_words_and_the_direction_follow_the_language(qapp: QApplication) -> None:
    try:
        for code, direction, cancel in (
            ("de", Qt.LayoutDirection.LeftToRight, "Abbrechen"), ("fa", Qt.LayoutDirection.RightToLeft, None),
            ("en", Qt.LayoutDirection.LeftToRight, "Cancel"),
        ):  # fmt: skip
            speak_in_window(qapp, code)
            assert qapp.layoutDirection() is direction
            if cancel is not None:
                assert qapp.translate("QPlatformTheme", "Cancel") == cancel
    finally:
        speak_in_window(qapp, "en")
