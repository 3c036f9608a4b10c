"""About the model: what its card says, in sentences."""

from __future__ import annotations

from html import escape

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.model.card import Calibration, Card, GroupMetrics, Metrics
from bone_age_gui.gui.dialogs.text import bullets, html_table
from bone_age_gui.gui.work.engine import Engine
from bone_age_gui.wording.devices import device_note
from bone_age_gui.wording.values import device_words, signed

NETWORKS = {"densenet121": "DenseNet-121", "tf_efficientnet_lite0": "EfficientNet-Lite0"}
GROUPS = {"female": "Girls", "male": "Boys"}
NO_BIAS = 0.5
"""Months; a mean error below this is none that a reader would notice."""


def model_html(engine: Engine) -> str:
    """What the model is for, how good it is, what it cannot do, and where it comes from."""
    card = engine.predictor.bundle.card
    parts = [f"<h3>{escape(card.name)} {escape(card.version)}</h3>", _paragraph(card.intended_use)]
    parts += [
        f"<h4>How good it is</h4>{_paragraph(quality_words(scores))}{_groups(scores)}"
        for scores in card.metrics.values()
    ]
    if card.calibration is not None:
        parts.append(f"<h4>How sure it is</h4>{_paragraph(calibration_words(card.calibration, card))}")
    parts.append(f"<h4>Limits</h4>{bullets(card.limitations)}")
    parts.append(f"<h4>Where it comes from</h4>{_paragraph(_origin(card))}{_paragraph(card.terms)}")
    parts.append(f"<h4>For an administrator</h4>{html_table(_technical(engine, card))}{_paragraph(DISCLAIMER)}")
    return "".join(parts)


def quality_words(scores: Metrics) -> str:
    """How far the estimates lie from the readings of one set of films."""
    low, high = scores.mae_ci95
    below, above = scores.limits_of_agreement
    bias = scores.bias_months
    lean = "neither too high nor too low" if abs(bias) < NO_BIAS else f"{signed(bias)} months off the reading"
    return (
        f"Tried on {scores.n} films beside those that it learned from ({scores.set_description}). "
        f"On average its estimate was {scores.mae_months:.1f} "
        f"months away from the reader's bone age (95 % confidence interval {low:.1f} to {high:.1f}). "
        f"{scores.within_6:.0f} of 100 films were within 6 months, {scores.within_12:.0f} within 12, "
        f"{scores.within_24:.0f} within 24. Over all films it read {lean}; 95 of 100 estimates lay between "
        f"{signed(below)} and {signed(above)} months of the reading."
    )


def calibration_words(calibration: Calibration, card: Card) -> str:
    """What the interval beside an estimate holds."""
    level = round(100 * calibration.interval_level)
    text = f"The interval beside each estimate is made to hold the reader's bone age in {level} of 100 films."
    held = [scores for scores in card.metrics.values() if scores.interval_coverage is not None]
    return text + "".join(f" In the films it was tried on it did in {scores.interval_coverage:.0f}." for scores in held)


def _groups(scores: Metrics) -> str:
    sexes = [(GROUPS.get(name, name), group) for name, group in scores.by_sex.items()]
    ages = [(f"{name.replace('-', ' to ')} years", group) for name, group in scores.by_age_band.items()]
    return html_table((name, _group_words(group)) for name, group in sexes + ages)


def _group_words(group: GroupMetrics) -> str:
    if group.mae_months is None or group.within_12 is None:
        return "no films"
    films = "1 film" if group.n == 1 else f"{group.n} films"
    return f"{group.mae_months:.1f} months away on average, {group.within_12:.0f} of 100 within 12 ({films})"


def _origin(card: Card) -> str:
    learned = card.training.split_counts.get("train")
    count = f" It learned from {learned:,} of them." if learned else ""
    return f"{card.description}. Films: {card.training.data_set}.{count}"


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
