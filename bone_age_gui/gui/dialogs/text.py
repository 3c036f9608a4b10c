"""Dialogs that only show text, and two of those texts: how a film was read, and what the program is."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from bone_age_gui import DISCLAIMER, __version__
from bone_age_gui.core.values.types import PixelSpacing, Radiograph
from bone_age_gui.gui.work.film import Film
from bone_age_gui.wording.errors import error_words
from bone_age_gui.wording.language import mark, tr
from bone_age_gui.wording.notices import notice_text
from bone_age_gui.wording.pixels import pixel_steps
from bone_age_gui.wording.values import UNKNOWN
from bone_age_gui.wording.window import STEP_WORDS

PURPOSE = mark(
    "Estimates bone age from a child's hand radiograph, shows every preprocessing stage, and compares the estimate "
    "with the chronological age at the study date."
)
_AT_DETECTOR = mark("{row:g} × {column:g} mm, at the detector plane: distances include the magnification")
_AT_PATIENT = mark("{row:g} × {column:g} mm, at the patient")
Rows = Iterable[tuple[str, str]]


class TextDialog(QDialog):
    """A title and text that can be selected and copied."""

    def __init__(self, title: str, html: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.text = QTextBrowser()
        self.text.setOpenExternalLinks(True)
        self.text.setAccessibleName(title)
        self.text.setHtml(html)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text, 1)
        layout.addWidget(buttons)
        self.resize(560, 460)


def html_table(rows: Rows) -> str:
    """Names and values side by side."""
    cells = "".join(f"<tr><td>{escape(name)}</td><td><b>{escape(text)}</b></td></tr>" for name, text in rows)
    return f"<table cellpadding='3'>{cells}</table>"


def bullets(texts: Iterable[str]) -> str:
    """A list."""
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def film_html(film: Film) -> str:
    """How a film was read, its tags without the patient, notices and times."""
    radiograph = film.case.radiograph
    if radiograph is None:
        error = film.case.error
        if error is None:
            return ""
        words = error_words(error)
        return f"<h3>{escape(words.title)}</h3><p>{escape(words.message)}</p>"
    rows = [
        (tr("Kind"), "DICOM" if radiograph.source == "dicom" else tr("Picture")),
        (tr("Size"), _size_words(radiograph)),
        (tr("Pixel spacing"), _spacing_words(radiograph.spacing)),
        (tr("Modality"), radiograph.modality or tr(UNKNOWN)),
        (tr("Body part"), radiograph.body_part or tr(UNKNOWN)),
        (tr("Side"), radiograph.laterality or tr(UNKNOWN)),
    ]
    text = html_table(rows)
    if radiograph.made_by:
        text += f"{_heading(tr('How the pixels were made'))}{bullets(pixel_steps(radiograph.made_by))}"
    if notices := film.case.all_notices:
        text += f"{_heading(tr('Notes'))}{bullets(notice_text(notice) for notice in notices)}"
    if film.case.timings:
        times = [
            (tr(STEP_WORDS.get(step, step)), tr("{seconds:.3f} s", seconds=seconds))
            for step, seconds in film.case.timings.items()
        ]
        text += f"{_heading(tr('Time'))}{html_table(times)}"
    return text


def _spacing_words(spacing: PixelSpacing | None) -> str:
    if spacing is None:
        return tr(UNKNOWN)
    template = _AT_DETECTOR if spacing.plane == "detector" else _AT_PATIENT
    return tr(template, row=spacing.row_mm, column=spacing.column_mm)


def about_html() -> str:
    """Name, version, purpose."""
    return (
        f"<h2>Bone Age {escape(__version__)}</h2><p>{escape(tr(PURPOSE))}</p>"
        f"<p><b>{escape(tr(DISCLAIMER))}</b></p>"
        f"<p>{escape(tr('Everything is computed on this computer. Apache-2.0.'))}</p>"
    )


def _heading(text: str) -> str:
    return f"<h4>{escape(text)}</h4>"


def _size_words(radiograph: Radiograph) -> str:
    height, width = radiograph.pixels.shape
    return tr("{width} × {height} pixels, {bits} bits stored", width=width, height=height, bits=radiograph.bits)
