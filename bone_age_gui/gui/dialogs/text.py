"""Dialogs that only show text: film, model, shortcuts, about."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from bone_age_gui import DISCLAIMER, __version__
from bone_age_gui.core.values.types import PixelSpacing
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.gui.work.film import Film
from bone_age_gui.wording.values import UNKNOWN, device_words
from bone_age_gui.wording.window import STEP_WORDS

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


def _table(rows: Rows) -> str:
    cells = "".join(f"<tr><td>{escape(name)}</td><td><b>{escape(text)}</b></td></tr>" for name, text in rows)
    return f"<table cellpadding='3'>{cells}</table>"


def _list(texts: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + "</ul>"


def film_html(film: Film) -> str:
    """How a film was read, its tags without the patient, notices and times."""
    radiograph = film.case.radiograph
    if radiograph is None:
        error = film.case.error
        return f"<h3>{escape(error.title)}</h3><p>{escape(error.message)}</p>" if error is not None else ""
    height, width = radiograph.pixels.shape
    rows = [
        ("Kind", "DICOM" if radiograph.source == "dicom" else "Picture"),
        ("Size", f"{width} \N{MULTIPLICATION SIGN} {height} pixels, {radiograph.bits} bits stored"),
        ("Pixel spacing", _spacing_words(radiograph.spacing)),
        ("Modality", radiograph.modality or UNKNOWN),
        ("Body part", radiograph.body_part or UNKNOWN),
        ("Side", radiograph.laterality or UNKNOWN),
    ]
    text = _table(rows)
    if radiograph.made_by:
        text += f"<h4>How the pixels were made</h4>{_list(radiograph.made_by)}"
    if notices := film.case.all_notices:
        text += f"<h4>Notes</h4>{_list(notice.text for notice in notices)}"
    if film.case.timings:
        times = [(STEP_WORDS.get(step, step), f"{seconds:.3f} s") for step, seconds in film.case.timings.items()]
        text += f"<h4>Time</h4>{_table(times)}"
    return text


def _spacing_words(spacing: PixelSpacing | None) -> str:
    if spacing is None:
        return UNKNOWN
    at_detector = spacing.plane == "detector"
    where = "at the detector plane: distances include the magnification" if at_detector else "at the patient"
    return f"{spacing.row_mm:g} \N{MULTIPLICATION SIGN} {spacing.column_mm:g} mm, {where}"


def model_html(engine: Engine) -> str:
    """The card of the model in words: what it is for, how good it is, what it cannot do."""
    predictor, card = engine.predictor, engine.predictor.bundle.card
    reason = f" ({predictor.fallback_reason})" if predictor.fallback_reason else ""
    rows = [
        ("Name", f"{card.name} {card.version}"),
        ("Network", card.model.architecture),
        ("Made", card.created),
        ("Runs on", f"{device_words(predictor.device)}{reason}"),
        ("Reference", engine.reference.name),
        ("SHA-256", card.model.sha256),
    ]
    text = f"<p>{escape(card.description)}</p>{_table(rows)}"
    for name, scores in card.metrics.items():
        text += f"<h4>How good it is: {escape(name)}, {scores.n} films</h4>{_table(_score_rows(scores))}"
    text += f"<h4>What it is for</h4><p>{escape(card.intended_use)}</p>"
    return f"{text}<h4>Limits</h4>{_list(card.limitations)}<p>{escape(card.terms)}</p><p>{escape(DISCLAIMER)}</p>"


def _score_rows(scores: Any) -> Rows:
    low, high = scores.limits_of_agreement
    return [
        ("Mean absolute error", f"{scores.mae_months:.1f} months"),
        ("Bias", f"{scores.bias_months:+.1f} months"),
        ("Limits of agreement", f"{low:.1f} to {high:.1f} months"),
        ("Within 12 months", f"{scores.within_12:.0f} % of films"),
    ]


def shortcuts_html(actions: Iterable[QAction]) -> str:
    """Every action with its keys, and what the mouse does."""
    rows = [
        (action.text().replace("&", ""), ", ".join(keys.toString() for keys in action.shortcuts()))
        for action in actions
        if action.shortcuts()
    ]
    mouse = [
        ("Left drag on the film", "window and level (or pan, by the tool)"),
        ("Middle drag, or space and drag", "pan"),
        ("Wheel / Ctrl+wheel", "zoom / next film (or the other way round, see Settings)"),
        ("Double click on a stage", "large, and back"),
        ("Arrow keys on a picture", "pan"),
        ("Escape", "back to the original"),
    ]
    return f"<h4>Keys</h4>{_table(rows)}<h4>Mouse</h4>{_table(mouse)}"


def about_html() -> str:
    """Name, version, purpose."""
    return (
        f"<h2>Bone Age {escape(__version__)}</h2>"
        "<p>Estimates bone age from a child's hand radiograph, shows every preprocessing stage, and compares the "
        "estimate with the chronological age at the study date.</p>"
        f"<p><b>{escape(DISCLAIMER)}</b></p><p>Everything is computed on this computer. Apache-2.0.</p>"
    )
