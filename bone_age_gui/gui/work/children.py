"""Open films of the same child."""

from __future__ import annotations

from collections.abc import Iterable

from bone_age_gui.gui.work.film import Film


def film_before(films: Iterable[Film], film: Film | None) -> Film | None:
    """The open film of the same child that was made last before this one; ``None`` where there is none."""
    if film is None or not film.child or film.case.patient.study_date is None:
        return None
    day = film.case.patient.study_date
    before = [
        each
        for each in films
        if each.child == film.child and (study_date := each.case.patient.study_date) is not None and study_date < day
    ]
    return max(before, key=lambda each: (each.case.patient.study_date, each.number), default=None)


def others_of(films: Iterable[Film], film: Film) -> list[Film]:
    """Open films that were read and are not known to be of the same child."""
    return [each for each in films if each.sha256 and each.child != film.child]
