"""About the model: what its card says, in sentences."""

from __future__ import annotations

from html import escape

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.model.card import Card
from bone_age_gui.gui.dialogs.text import bullets, headed, html_table
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.wording.days import day_words
from bone_age_gui.wording.devices import device_and_note
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.model import (
    HOW_GOOD,
    HOW_SURE,
    LIMITS,
    ORIGIN,
    TECHNICAL,
    calibration_words,
    group_rows,
    origin_words,
    quality_words,
)

NETWORKS = {"densenet121": "DenseNet-121", "tf_efficientnet_lite0": "EfficientNet-Lite0"}


def model_html(engine: Engine) -> str:
    """What the model is for, how good it is, what it cannot do, and where it comes from."""
    card = engine.predictor.bundle.card
    parts = [f"<h3>{escape(card.name)} {escape(card.version)}</h3>", _paragraph(tr(card.intended_use))]
    measured = (_paragraph(quality_words(scores)) + html_table(group_rows(scores)) for scores in card.metrics.values())
    parts.append(headed(tr(HOW_GOOD), "".join(measured)))
    if card.calibration is not None:
        parts.append(headed(tr(HOW_SURE), _paragraph(calibration_words(card.calibration, card))))
    parts.append(headed(tr(LIMITS), bullets(tr(text) for text in card.limitations)))
    parts.append(headed(tr(ORIGIN), _paragraph(origin_words(card)) + _paragraph(tr(card.terms))))
    parts.append(headed(tr(TECHNICAL), html_table(_technical(engine, card)) + _paragraph(tr(DISCLAIMER))))
    return "".join(parts)


def _technical(engine: Engine, card: Card) -> list[tuple[str, str]]:
    predictor = engine.predictor
    return [
        (tr("Network"), NETWORKS.get(card.model.architecture, card.model.architecture)),
        (tr("Made on"), day_words(card.created)),
        (tr("Runs on"), device_and_note(predictor.device, predictor.fallback_reason)),
        (tr("Reference for the comparison"), tr(engine.reference.name)),
        (tr("Fingerprint of the file (SHA-256)"), card.model.sha256),
    ]


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"
