"""Which of the listed films are of the same child."""

from __future__ import annotations

from bone_age_gui.gui.work.film import Film


class ChildGroups:
    """The films of each child that has several, in the order of their study dates."""

    def __init__(self) -> None:
        self._groups: dict[str, list[int]] = {}
        self._of: dict[int, tuple[str, str]] = {}
        self._numbers: dict[str, set[int]] = {}

    def __bool__(self) -> bool:
        """True if any films stand together."""
        return bool(self._groups)

    def put(self, film: Film) -> bool:
        """Take a film's new state; True if films now stand together otherwise."""
        before, now = self._of.get(film.number), _key(film)
        if before == now:
            return False
        self._of[film.number] = now
        changed = self._arrange(now[0], film.number, True)
        if before is not None and before[0] != now[0]:
            changed = self._arrange(before[0], film.number, False) or changed
        return changed

    def remove(self, number: int) -> None:
        """A film is no longer listed."""
        child, _ = self._of.pop(number, ("", ""))
        self._arrange(child, number, False)

    def _arrange(self, child: str, number: int, is_one: bool) -> bool:
        """Put a film to those of a child, or take it away; True if there were, or are, others."""
        numbers = self._numbers.setdefault(child, set())
        had_others = len(numbers) > 1
        (numbers.add if is_one else numbers.discard)(number)
        self._groups.pop(child, None)
        if child and len(numbers) > 1:
            self._groups[child] = sorted(numbers, key=lambda each: (self._of[each][1], each))
        return bool(child) and (had_others or len(numbers) > 1)

    def place(self, film: Film) -> tuple[int, int] | None:
        """Which of how many films of the child it is, counted from 1; ``None`` where it is the only one."""
        group = self._groups.get(film.child)
        return (group.index(film.number) + 1, len(group)) if group and film.number in group else None

    def order(self, film: Film) -> tuple[int, int]:
        """Where a film stands: at the place of the first that was opened of its child, in the order of their dates."""
        group = self._groups.get(film.child)
        if not group or film.number not in group:
            return film.number, 0
        return min(group), group.index(film.number)


def _key(film: Film) -> tuple[str, str]:
    day = film.case.patient.study_date
    return film.child, day.isoformat() if day is not None else ""
