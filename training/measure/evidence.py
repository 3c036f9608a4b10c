"""Figures that a command measured, written to the card of the bundle that it measured."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace

from bone_age_gui.core.model.bundle import CARD_FILE, Bundle
from bone_age_gui.core.model.card import Card, Evidence, Metrics
from training.tables import write_text


def add_card_option(parser: argparse.ArgumentParser) -> None:
    """``--card``: the figures are written to the bundle's card too."""
    parser.add_argument("--card", action="store_true", help="write the figures to the bundle's card too")


def write_evidence(bundle: Bundle, name: str, n: int, figures: Mapping[str, float], command: str, about: str) -> None:
    """Put figures over ``n`` films on a bundle's card under a name; those of an earlier run go.

    Raises ``BoneAgeError`` (``disk_full read_only not_written``).
    """
    evidence = Evidence(command, n, {key: round(float(value), 4) for key, value in figures.items()}, about)
    _write(bundle, replace(bundle.card, evidence={**bundle.card.evidence, name: evidence}))


def write_metrics(bundle: Bundle, name: str, metrics: Metrics) -> None:
    """Put the scores of a set of films on a bundle's card under a name; those of an earlier run go.

    Raises ``BoneAgeError`` (``disk_full read_only not_written``).
    """
    _write(bundle, replace(bundle.card, metrics={**bundle.card.metrics, name: metrics}))


def _write(bundle: Bundle, card: Card) -> None:
    write_text(bundle.directory / CARD_FILE, card.to_json())
