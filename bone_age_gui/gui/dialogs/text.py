"""Dialogs that only show text, and two of those texts: how a film was read, and what the program is."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from bone_age_gui import DISCLAIMER, __version__
from bone_age_gui.gui.look.on_screen import resize_on_screen
from bone_age_gui.gui.work.film import Film
from bone_age_gui.wording import film_page
from bone_age_gui.wording.errors import error_words
from bone_age_gui.wording.language import is_right_to_left, tr
from bone_age_gui.wording.notices import notice_text
from bone_age_gui.wording.pixels import pixel_steps
from bone_age_gui.wording.program import program_name

Rows = Iterable[tuple[str, str]]


class TextDialog(QDialog):
    """A title and text that can be selected and copied."""

    def __init__(self, title: str, html: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.text = QTextBrowser()
        self.text.setOpenExternalLinks(True)
        self.text.setAccessibleName(title)
        option = self.text.document().defaultTextOption()
        option.setTextDirection(self.layoutDirection())
        self.text.document().setDefaultTextOption(option)
        self.text.setHtml(html)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text, 1)
        layout.addWidget(buttons)
        resize_on_screen(self, 560, 460)


def html_table(rows: Rows) -> str:
    """Names and values side by side, from the right where that is the order of reading: Qt mirrors no tables."""
    from_right = is_right_to_left()
    side = "right" if from_right else "left"
    cells = [(f"<td>{escape(name)}</td>", f"<td align='{side}'><b>{escape(text)}</b></td>") for name, text in rows]
    lines = "".join(f"<tr>{''.join(row[::-1] if from_right else row)}</tr>" for row in cells)
    return f"<table align='{side}' cellpadding='3'>{lines}</table>"


def bullets(texts: Iterable[str]) -> str:
    """A list."""
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def headed(heading: str, html: str) -> str:
    """A part of a page below its heading."""
    return f"<h4>{escape(heading)}</h4>{html}"


def film_html(film: Film) -> str:
    """How a film was read, its tags without the patient, notices and times."""
    radiograph = film.case.radiograph
    if radiograph is None:
        error = film.case.error
        if error is None:
            return ""
        words = error_words(error)
        return f"<h3>{escape(words.title)}</h3><p>{escape(words.message)}</p>"
    text = html_table(film_page.film_rows(radiograph))
    if radiograph.made_by:
        text += headed(tr(film_page.PIXELS), bullets(pixel_steps(radiograph.made_by)))
    if notices := film.case.all_notices:
        text += headed(tr(film_page.NOTES), bullets(notice_text(notice) for notice in notices))
    if film.case.timings:
        text += headed(tr(film_page.TIMES), html_table(film_page.time_rows(film.case.timings)))
    return text


def about_html() -> str:
    """Name, version, purpose."""
    texts = (tr(film_page.PURPOSE), tr(DISCLAIMER), tr(film_page.TRANSLATIONS), tr(film_page.TERMS))
    name, (purpose, disclaimer, *rest) = escape(program_name(__version__)), map(escape, texts)
    return f"<h2>{name}</h2><p>{purpose}</p><p><b>{disclaimer}</b></p>" + "".join(f"<p>{text}</p>" for text in rest)
