"""What lessens the trust in an estimate by the card alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bone_age_gui.core.cautions import WITHOUT_SEX, cautions_of
from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.values.types import Sex
from bone_age_gui.wording.notices import notice_text
from windows import make_estimate


def test_without_the_sex_both_errors_of_the_card_are_quoted(tiny_bundle: Path) -> None:
    card = load_bundle(tiny_bundle).card
    name, scores = next(iter(card.metrics.items()))
    measured = {name: replace(scores, mae_months=6.3), f"{name}{WITHOUT_SEX}": replace(scores, mae_months=9.1)}
    first = cautions_of(make_estimate(sex=None), replace(card, metrics=measured))[0]
    assert "errs by 9.1 months on average, with it by 6.3" in notice_text(first)
    unmeasured = cautions_of(make_estimate(sex=None), replace(card, metrics={name: scores}))[0]
    assert "on average" not in notice_text(unmeasured)
    assert not any(notice.code == "sex_unknown" for notice in cautions_of(make_estimate(sex=Sex.MALE), card))
