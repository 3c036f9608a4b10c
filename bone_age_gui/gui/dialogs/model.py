"""About the model: what its card says, in sentences."""

from __future__ import annotations

from html import escape

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.model.card import Card
from bone_age_gui.gui.dialogs.text import bullets, html_table
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.wording.devices import device_note
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.model import calibration_words, group_rows, origin_words, quality_words
from bone_age_gui.wording.values import device_words

NETWORKS = {"densenet121": "DenseNet-121", "tf_efficientnet_lite0": "EfficientNet-Lite0"}


def model_html(engine: Engine) -> str:
    """What the model is for, how good it is, what it cannot do, and where it comes from."""
    card = engine.predictor.bundle.card
    parts = [f"<h3>{escape(card.name)} {escape(card.version)}</h3>", _paragraph(tr(card.intended_use))]
    parts += [
        f"{_heading(tr('How good it is'))}{_paragraph(quality_words(scores))}{html_table(group_rows(scores))}"
        for scores in card.metrics.values()
    ]
    if card.calibration is not None:
        parts.append(f"{_heading(tr('How sure it is'))}{_paragraph(calibration_words(card.calibration, card))}")
    parts.append(f"{_heading(tr('Limits'))}{bullets(tr(text) for text in card.limitations)}")
    parts.append(f"{_heading(tr('Where it comes from'))}{_paragraph(origin_words(card))}{_paragraph(tr(card.terms))}")
    parts.append(
        f"{_heading(tr('For an administrator'))}{html_table(_technical(engine, card))}{_paragraph(tr(DISCLAIMER))}"
    )
    return "".join(parts)


def _technical(engine: Engine, card: Card) -> list[tuple[str, str]]:
    predictor = engine.predictor
    reason = f" ({device_note(predictor.fallback_reason)})" if predictor.fallback_reason else ""
    return [
        (tr("Network"), NETWORKS.get(card.model.architecture, card.model.architecture)),
        (tr("Made on"), card.created),
        (tr("Runs on"), f"{device_words(predictor.device)}{reason}"),
        (tr("Reference for the comparison"), tr(engine.reference.name)),
        (tr("Fingerprint of the file (SHA-256)"), card.model.sha256),
    ]


def _heading(text: str) -> str:
    return f"<h4>{escape(text)}</h4>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"
