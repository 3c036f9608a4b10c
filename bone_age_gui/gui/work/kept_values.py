"""A film's way into the worklist and back."""

from __future__ import annotations

from dataclasses import replace

from bone_age_gui.core.values.course import examination_in
from bone_age_gui.core.values.reading import NO_READING, Examination
from bone_age_gui.core.values.record import record_of
from bone_age_gui.gui.work.film import Film
from bone_age_gui.store.entered import NOTHING, Entered, typed_patient


def entered_of(film: Film) -> Entered:
    """What was entered for a film that was read."""
    case = film.case
    assert case.radiograph is not None
    return Entered(
        patient=typed_patient(case.patient, case.radiograph.patient),
        reading=case.reading or NO_READING,
        hand_side=case.hand_side,
        insisted=case.insisted,
        accepted_months=film.accepted_months,
        reported=film.reported,
    )


def with_entered(film: Film, entered: Entered) -> Film:
    """A film that was just read with what was entered for it before."""
    if entered == NOTHING:
        return film
    case = replace(
        film.case,
        patient=entered.patient_of(film.case.patient),
        reading=entered.reading if entered.reading != NO_READING else None,
        hand_side=entered.hand_side,
        insisted=entered.insisted,
    )
    return replace(film, case=case, reported=entered.reported, accepted_months=entered.accepted_months)


def examination_of(film: Film, image: str) -> Examination | None:
    """The final bone age of a film, as other films of the child show it; ``None`` while it is not to be seen."""
    if film.is_blind or film.case.estimate is None:
        return None
    return examination_in(record_of(film.case, program_version="", created=""), image)
