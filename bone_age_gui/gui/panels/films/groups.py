"""Which of the listed films are of the same child."""

from __future__ import annotations

from bone_age_gui.gui.work.film import Film

FIRST = 0
"""Beside the places of a child's films, which have numbers from 1: the number of the one that was opened first."""


class ChildGroups:
    """The films of each child that has several, in the order of their study dates."""

    def __init__(self) -> None:
        self._of: dict[int, tuple[str, str]] = {}
        self._numbers: dict[str, set[int]] = {}
        self._places: dict[str, dict[int, int]] = {}
        self._several = 0

    def __bool__(self) -> bool:
        """True if any films stand together."""
        return self._several > 0

    def put(self, film: Film) -> bool:
        """Take a film's new state; True if films now stand together otherwise."""
        before, now = self._of.get(film.number), _key(film)
        if before == now:
            return False
        changed = False
        if before is not None:
            changed = self._change(before[0], film.number, is_one=False)
        self._of[film.number] = now
        return self._change(now[0], film.number, is_one=True) or changed

    def remove(self, number: int) -> None:
        """A film is no longer listed."""
        child, _ = self._of.pop(number, ("", ""))
        self._change(child, number, is_one=False)

    def _change(self, child: str, number: int, is_one: bool) -> bool:
        """Put a film to those of a child, or take it away; True if there were, or are, others."""
        if not child:
            return False
        numbers = self._numbers.setdefault(child, set())
        had_others = len(numbers) > 1
        (numbers.add if is_one else numbers.discard)(number)
        has_others = len(numbers) > 1
        self._several += has_others - had_others
        self._places.pop(child, None)
        return had_others or has_others

    def _places_of(self, film: Film) -> dict[int, int]:
        """The places of the child's films, from 0, by their numbers; made when it is asked for. Empty for one alone."""
        child = self._of.get(film.number, ("", ""))[0]
        if len(self._numbers.get(child, ())) < 2:
            return {}
        if child not in self._places:
            ordered = sorted(self._numbers[child], key=lambda each: (self._of[each][1], each))
            first = min(ordered)
            self._places[child] = {FIRST: first, **{number: place for place, number in enumerate(ordered)}}
        return self._places[child]

    def place(self, film: Film) -> tuple[int, int] | None:
        """Which of how many films of the child it is, counted from 1; ``None`` where it is the only one."""
        places = self._places_of(film)
        return (places[film.number] + 1, len(places) - 1) if places else None

    def order(self, film: Film) -> tuple[int, int]:
        """Where a film stands: at the place of the first that was opened of its child, in the order of their dates."""
        places = self._places_of(film)
        return (places[FIRST], places[film.number]) if places else (film.number, 0)


def _key(film: Film) -> tuple[str, str]:
    day = film.case.patient.study_date
    return film.child, day.isoformat() if day is not None else ""
