"""About the model: what its card says, in sentences."""

from __future__ import annotations

from html import escape

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.model.card import Card
from bone_age_gui.gui.dialogs.text import bullets, html_table
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.wording.devices import device_note
from bone_age_gui.wording.model import calibration_words, group_rows, origin_words, quality_words
from bone_age_gui.wording.values import device_words

NETWORKS = {"densenet121": "DenseNet-121", "tf_efficientnet_lite0": "EfficientNet-Lite0"}


def model_html(engine: Engine) -> str:
    """What the model is for, how good it is, what it cannot do, and where it comes from."""
    card = engine.predictor.bundle.card
    parts = [f"<h3>{escape(card.name)} {escape(card.version)}</h3>", _paragraph(card.intended_use)]
    parts += [
        f"<h4>How good it is</h4>{_paragraph(quality_words(scores))}{html_table(group_rows(scores))}"
        for scores in card.metrics.values()
    ]
    if card.calibration is not None:
        parts.append(f"<h4>How sure it is</h4>{_paragraph(calibration_words(card.calibration, card))}")
    parts.append(f"<h4>Limits</h4>{bullets(card.limitations)}")
    parts.append(f"<h4>Where it comes from</h4>{_paragraph(origin_words(card))}{_paragraph(card.terms)}")
    parts.append(f"<h4>For an administrator</h4>{html_table(_technical(engine, card))}{_paragraph(DISCLAIMER)}")
    return "".join(parts)


def _technical(engine: Engine, card: Card) -> list[tuple[str, str]]:
    predictor = engine.predictor
    reason = f" ({device_note(predictor.fallback_reason)})" if predictor.fallback_reason else ""
    return [
        ("Network", NETWORKS.get(card.model.architecture, card.model.architecture)),
        ("Made on", card.created),
        ("Runs on", f"{device_words(predictor.device)}{reason}"),
        ("Reference for the comparison", engine.reference.name),
        ("Fingerprint of the file (SHA-256)", card.model.sha256),
    ]


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"
