"""What is kept of a film, and what holds of a decision when something else changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bone_age_gui.core.values.quality import HandSide
from bone_age_gui.core.values.reading import NO_READING, Reading
from bone_age_gui.core.values.types import Case, Patient, Radiograph, Sex
from bone_age_gui.gui.work.decisions import with_acceptance, with_sight, with_signature
from bone_age_gui.gui.work.film import Film
from bone_age_gui.gui.work.kept_values import entered_of, examination_of, with_entered
from windows import make_estimate

TAGS = Patient(Sex.FEMALE, date(2014, 3, 2), date(2026, 11, 20))
READ = Case(Path("a.dcm"), TAGS, Radiograph(np.zeros((9, 9), np.uint16), patient=TAGS))
OWN = Reading(138.0, "reader", "Carpals ahead.")


def test_a_film_goes_into_the_worklist_and_comes_back() -> None:
    case = replace(
        READ, patient=replace(TAGS, sex=None, height_cm=140.0), reading=OWN, hand_side=HandSide.LEFT, insisted=True
    )
    entered = entered_of(Film(1, case, reported=True))
    back = with_entered(Film(7, READ), entered)
    assert (back.case.patient, back.case.reading, back.reported) == (case.patient, OWN, True)
    assert (back.case.hand_side, back.case.insisted) == (HandSide.LEFT, True)


def test_a_decision_is_signed_and_stays_signed_while_only_words_change() -> None:
    first = with_signature(OWN, NO_READING, "Dr. A")
    assert first.reader == "Dr. A"
    assert first.decided_at is not None
    second = with_signature(replace(first, remark="More."), first, "Dr. B")
    assert (second.reader, second.decided_at) == ("Dr. A", first.decided_at)
    third = with_signature(replace(second, age_months=140.0), second, "Dr. B")
    assert third.reader == "Dr. B"
    models = with_signature(Reading(138.0, "model"), NO_READING, "Dr. A")
    another = with_signature(replace(models, age_months=140.0), models, "Dr. B")
    assert (another.reader, another.decided_at) == ("Dr. B", models.decided_at), "an age of B beside the model's"
    assert with_signature(Reading(None, None, "words"), third, "Dr. B") == Reading(None, None, "words")


@pytest.mark.parametrize(("months", "holds"), [(136.0, True), (136.2, False)])
def test_an_acceptance_holds_for_the_age_that_was_accepted(months: float, holds: bool) -> None:
    waiting = Film(1, replace(READ, reading=Reading(None, "model")), accepted_months=136.0)
    assert with_acceptance(waiting, None) == waiting
    come = replace(waiting, case=replace(waiting.case, estimate=make_estimate(bone_age_months=months)))
    after = with_acceptance(come, waiting).case.reading
    assert after is not None
    assert (after.decided_by == "model") is holds
    gone = with_acceptance(waiting, come).case.reading
    assert gone is not None
    assert gone.decided_by is None


def test_while_the_reader_is_first_nothing_of_the_answer_leaves_the_film() -> None:
    film = with_sight(Film(1, replace(READ, estimate=make_estimate())), blind_first=True)
    assert film.is_blind
    assert film.seen.case.estimate is None
    assert examination_of(film, "image") is None
    shown = replace(film, case=replace(film.case, reading=Reading(130.0, None).with_model_shown()))
    shown = with_sight(shown, blind_first=True)
    assert shown.seen is shown
    assert shown.case.reading is not None
    assert (shown.case.reading.blind_months, shown.case.reading.order) == (130.0, "reader_first")
    late = with_sight(Film(1, replace(READ, estimate=make_estimate())), blind_first=False)
    assert late.case.reading is not None
    assert replace(late.case.reading, age_months=130.0).order == "model_first"
