"""How far a run is, how fast, and how long it will take, in numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """A moment of a run; speed and seconds left are ``None`` before its first film."""

    done: int
    total: int
    refused: int = 0
    films_per_second: float | None = None
    seconds_left: float | None = None


@dataclass
class RunProgress:
    """Counts the films of a run against its working time; ``now`` is always in s of one steady clock."""

    total: int
    done: int = 0
    earlier: int = 0
    refused: int = 0
    _seconds: float = 0.0
    _since: float | None = None

    def count(self, now: float, *, is_refused: bool = False, is_earlier: bool = False) -> None:
        """A film is finished; ``is_earlier`` if an earlier run had done it."""
        self.done += 1
        self.earlier += is_earlier
        self.refused += is_refused
        self._measure(now)

    def start(self, now: float) -> None:
        """Films are being worked on from now."""
        self._since = now

    def pause(self, now: float) -> None:
        """Nothing is started from now; the time does not count until a film comes, or ``start``."""
        self._measure(now)
        self._since = None

    def so_far(self) -> Progress:
        """The run as it is now."""
        fresh = self.done - self.earlier
        speed = fresh / self._seconds if fresh and self._seconds > 0 else None
        left = (self.total - self.done) / speed if speed else None
        return Progress(self.done, self.total, self.refused, speed, left)

    def _measure(self, now: float) -> None:
        if self._since is not None:
            self._seconds += now - self._since
        self._since = now
