"""The window in another language: every text of it comes from the catalogue, and it changes while it is open."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPointF, Qt
from PySide6.QtGui import QAction, QTextDocument
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from bone_age_gui.about.diagnostics import diagnose
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.reading import NO_READING
from bone_age_gui.gui.archive.nodes_dialog import NodesDialog
from bone_age_gui.gui.archive.send_dialog import SendDialog
from bone_age_gui.gui.dialogs.error import ErrorDialog
from bone_age_gui.gui.dialogs.help_pages import DiagnosticsDialog
from bone_age_gui.gui.dialogs.model import model_html
from bone_age_gui.gui.dialogs.report import ReportDialog
from bone_age_gui.gui.dialogs.settings import SettingsDialog
from bone_age_gui.gui.dialogs.shortcuts import shortcuts_html
from bone_age_gui.gui.dialogs.text import TextDialog, about_html, film_html
from bone_age_gui.gui.look.spoken import speak_in_window
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.pacs.nodes import Node
from bone_age_gui.wording import language
from bone_age_gui.wording.errors import error_words
from bone_age_gui.wording.language import CLOSE, OPEN, PSEUDO, in_english, speaking
from windows import drive, wait_for_flag

pytestmark = pytest.mark.usefixtures("own_settings", "nothing_left_running")

ROOT = Path(__file__).resolve().parents[2]
MARKED = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}")
WORDS = re.compile(r"[^\W\d_]{3}")
NO_WORDS = re.compile(r"\b[0-9a-f]{64}\b|(?:Ctrl|Shift)\+(?:Return|Enter)?|\b(?:Del|PgUp|PgDown|Home|Shift)\b")
"""Fingerprints and keys; Qt knows the names of keys in every language."""
IN_TEXTS = (
    "text", "toolTip", "accessibleName", "accessibleDescription", "placeholderText", "windowTitle", "title", "format",
    "iconText", "statusTip",
)  # fmt: skip
NAMES = (
    "Bone Age", "bone-age-gui", "girl.dcm", "Doe, Jane", "densenet121", "tiny", "Deutsch", "English", "فارسی", "PNG",
    "pytest", "pacs.hospital.example", "https://", "BONEAGE", "BONEDX", "PACS", "CR, DX", "hand, wrist", "CUDA", "CPU",
    "Brush Foundation", "CDC 2000", "WHO 2007", "DICOM", "HAND", "DenseNet", "Hospital", "ValueError", "builtins",
    "Python", "ONNX", "Qt ", "PySide", "numpy",
)  # fmt: skip
"""Names of programs, files, people and machines are the same in every language."""
OF_TESTS = {"Tests only.", "None.", "made up", "Its ages mean nothing.", "Featherstone, A", "radiograph 0000.dcm"}
"""What the model of the tests says of itself, and samples that only give a column its width."""


@pytest.fixture
def back_to_english() -> Iterator[None]:
    yield
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    speak_in_window(app, "en")


def unmarked(where: QObject) -> Iterator[str]:
    """Texts of widgets, actions and models below ``where`` that did not come from the catalogue."""
    if isinstance(where, QDialogButtonBox):
        return  # Qt's own words
    for text in texts_of(where):
        plain = text
        if "</" in text:
            page = QTextDocument()
            page.setHtml(text)
            plain = page.toPlainText()
        while plain != (inner := MARKED.sub("", plain)):
            plain = inner
        if WORDS.search(NO_WORDS.sub("", plain)) and not any(name in plain for name in NAMES):
            yield f"{type(where).__name__} {where.objectName()}: {plain.strip()[:80]!r} of {text[:120]!r}"
    for child in where.children():
        yield from unmarked(child)


def texts_of(where: QObject) -> Iterator[str]:
    if not isinstance(where, QWidget | QAction) or where.objectName().startswith(("qt_", "Scroll")):
        return
    for name in IN_TEXTS:
        get = getattr(where, name, None)
        text = get() if callable(get) else ""
        if isinstance(text, str):
            yield text
    if isinstance(where, QPlainTextEdit | QTextEdit):
        yield from where.toPlainText().splitlines()
    if isinstance(where, QComboBox):
        yield from (where.itemText(place) for place in range(where.count()))
    if isinstance(where, QAbstractItemView) and where.model() is not None:
        model = where.model()
        columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
        for column in range(columns):
            yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
                yield from (
                    str(model.index(row, column).data(role) or "") for row in range(model.rowCount(QModelIndex()))
                )


def faces(window: MainWindow) -> Iterator[QWidget]:
    """The window and its dialogs."""
    window.batches.open()
    window.archives.open()
    assert window.batches.panel is not None
    assert window.archives.dialog is not None
    engine, film = window.session.engine, window.session.seen
    assert engine is not None
    assert film is not None
    yield from (window, window.batches.panel, window.archives.dialog)
    yield from (SettingsDialog(window.settings, ["densenet121"]), ReportDialog(2), ErrorDialog(ValueError("text")))
    yield from (NodesDialog([Node("PACS")], lambda name: True), SendDialog(["PACS"], "PACS"))
    facts = DiagnosticsDialog(diagnose(predictor=engine.predictor))
    facts.text.clear()  # what it says of libraries and systems are names, most of it
    yield facts
    for html in (about_html(), film_html(film), model_html(engine), shortcuts_html(window.actions())):
        yield TextDialog(f"{OPEN}{CLOSE}", html)


def test_every_text_of_the_window_is_in_the_catalogue(
    qtbot: QtBot, girl: Path, tiny_bundle: Path, back_to_english: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("babel", reason="Babel extracts the texts")
    sys.path.append(str(ROOT / "resources" / "i18n"))
    import catalogue

    asked: set[str] = set()
    make = language.PseudoTranslations.gettext

    def note(self: language.PseudoTranslations, text: str) -> str:
        asked.add(text)
        return make(self, text)

    monkeypatch.setattr(language.PseudoTranslations, "gettext", note)

    def script(window: MainWindow) -> None:
        wait_for_flag(qtbot, window)
        found_beside = [text for face in faces(window) for text in unmarked(face)]
        assert not found_beside, "\n".join(found_beside)
        words = error_words(BoneAgeError("not_an_image"))
        assert words.title.startswith(OPEN)
        assert words.message.startswith(OPEN)
        for other in (window.batches.panel, window.archives.dialog):
            assert other is not None
            other.close()

    drive(
        qtbot, [str(girl), "--estimate", "--model", str(tiny_bundle), "--device", "cpu", "--language", PSEUDO], script
    )
    known = {form for message in catalogue.extracted() if message.id
             for form in ([message.id] if isinstance(message.id, str) else message.id)}  # fmt: skip
    texts = {text for text in asked if catalogue.has_words(text)}
    assert len(texts) > 400
    assert {text for text in texts - known - OF_TESTS if not any(name in text for name in NAMES)} == set()


def test_the_language_changes_while_the_window_is_open(
    qtbot: QtBot, girl: Path, tiny_bundle: Path, back_to_english: None, dialogs: Any
) -> None:
    """What was typed and answered stays; the panels mirror for Persian, the film does not."""

    def script(window: MainWindow) -> None:
        film = wait_for_flag(qtbot, window)
        window.reading.age.setText("11 y 6 m")
        window.reading.remark.setText("Handwurzel?")
        window.form.heights["height_cm"].setText("12x")  # no height yet: it is being typed
        window.viewer.view.zoom_by(2.0)
        window.batches.open()
        assert window.batches.panel is not None
        window.batches.panel.form.folder.setText("/films/of (May)")
        place = window.viewer.view.place
        answers = set()
        typed = {"de": ("11 J. 6 Mon.", "2014-03-02", ""), "fa": ("۱۱ سال و ۶ ماه", "۱۳۹۲/۱۲/۱۱", "2014-03-02"),
                 "en": ("11 y 6 m", "2014-03-02", "")}  # fmt: skip
        for code, menu, in_words, cancel in (("de", "&Datei", "J.", "Abbrechen"), ("fa", "فایل", "سال", "انصراف"),
                                             ("en", "&File", "y", "Cancel")):  # fmt: skip
            window.settings.language = code
            window.window_actions.take_settings()
            qtbot.waitUntil(lambda menu=menu: window.menuBar().actions()[0].text() == menu)  # type: ignore[misc]
            qtbot.wait(50)
            now = window.session.current
            assert now is not None
            assert now.case.estimate is film.case.estimate
            assert (window.reading.age.text(), window.form.birth.text(), window.form.birth.other) == typed[code]
            answers.add((now.case.reading, now.case.patient, window.reading.remark.text(),
                         window.form.heights["height_cm"].text(), window.batches.panel.form.folder.text(),
                         window.films.model.rowCount(), window.viewer.view.place))  # fmt: skip
            assert any(in_words in label.text() for label in window.result.findChildren(QLabel))
            films, patient = (
                dock.mapTo(window, QPointF(0, 0)).x() for dock in (window.docks.films, window.docks.patient)
            )
            assert (films > patient) is (code == "fa")
            assert window.isRightToLeft() is (code == "fa")
            view = window.viewer.view
            assert not view.isRightToLeft()
            assert view.to_view(QPointF(0, 0)).x() < view.to_view(QPointF(100, 0)).x()
            asking = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
            assert asking.button(QDialogButtonBox.StandardButton.Cancel).text() == cancel
        reading = replace(film.case.reading or NO_READING, age_months=138.0, remark="Handwurzel?")
        assert answers == {(reading, film.case.patient, "Handwurzel?", "12x", "/films/of (May)", 1, place)}
        assert not dialogs.shown
        window.batches.panel.close()

    drive(
        qtbot, [str(girl), "--estimate", "--model", str(tiny_bundle), "--device", "cpu", "--size", "1280x720"], script
    )


def test_about_says_who_has_not_reviewed_the_translations() -> None:
    with in_english():
        assert "have not been reviewed by a radiologist" in about_html()
    with speaking("de"):
        assert "niemand aus der Radiologie geprüft" in about_html()
    with speaking("fa"):
        assert "بازبینی نکرده است" in about_html()
