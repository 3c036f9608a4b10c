"""About the model: what its card says, in sentences."""

from __future__ import annotations

from html import escape

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.model.card import Card
from bone_age_gui.gui.dialogs.text import bullets, headed, html_table
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.wording.devices import device_and_note
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
    parts = [f"<h3>{escape(card.name)} {escape(card.version)}</h3>", _paragraph(card.intended_use)]
    parts += [
        headed(HOW_GOOD, _paragraph(quality_words(scores)) + html_table(group_rows(scores)))
        for scores in card.metrics.values()
    ]
    if card.calibration is not None:
        parts.append(headed(HOW_SURE, _paragraph(calibration_words(card.calibration, card))))
    parts.append(headed(LIMITS, bullets(card.limitations)))
    parts.append(headed(ORIGIN, _paragraph(origin_words(card)) + _paragraph(card.terms)))
    parts.append(headed(TECHNICAL, html_table(_technical(engine, card)) + _paragraph(DISCLAIMER)))
    return "".join(parts)


def _technical(engine: Engine, card: Card) -> list[tuple[str, str]]:
    predictor = engine.predictor
    return [
        ("Network", NETWORKS.get(card.model.architecture, card.model.architecture)),
        ("Made on", card.created),
        ("Runs on", device_and_note(predictor.device, predictor.fallback_reason)),
        ("Reference for the comparison", engine.reference.name),
        ("Fingerprint of the file (SHA-256)", card.model.sha256),
    ]


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"
