"""How far a series of estimates is."""

from __future__ import annotations


class Series:
    """Films whose estimates wait or run, counted from the moment when the first was asked for."""

    def __init__(self) -> None:
        self._waiting: set[int] = set()
        self._asked = 0

    @property
    def progress(self) -> tuple[int, int]:
        """Estimates done and asked for; (0, 0) if none waits or runs."""
        return (self._asked - len(self._waiting), self._asked) if self._waiting else (0, 0)

    def add(self, number: int) -> None:
        """An estimate was asked for; a new series begins where none runs."""
        self._asked = self._asked + 1 if self._waiting else 1
        self._waiting.add(number)

    def discard(self, number: int) -> None:
        """The estimate of a film is there, failed or is no longer wanted."""
        self._waiting.discard(number)

    def clear(self) -> None:
        """Everything was given up."""
        self._waiting.clear()
