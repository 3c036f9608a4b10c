"""The loop of a watch: look, estimate, send, wait. It goes on until it is stopped, whatever an archive does.

What is logged holds no name, number, date or path of a patient's film: a film is its key, an error its code.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bone_age_gui.core.values.errors import BoneAgeError, bug_error
from bone_age_gui.core.values.whole_files import remove_leftovers
from bone_age_gui.pacs.archive import Archive
from bone_age_gui.watch.film import FilmLine, OutputPlace, complete_film, file_unread
from bone_age_gui.watch.ledger import FilmOutcome, Ledger
from bone_age_gui.watch.outgoing import send_waiting
from bone_age_gui.watch.sources import Candidate, FilmSource

LOG = logging.getLogger("bone_age_gui.watch")
_HOUR = 3600.0
_DISK_SECONDS = 30.0
_RETRY_SECONDS = 30.0
"""After an archive was not reached, or a disk did not take something."""
_DELIVERY_FILMS = 10
"""Films after which what waits is sent, in the middle of a long look."""


@dataclass(frozen=True)
class Limits:
    """``films_per_hour`` are begun at most (``None``: any number), and none while less than ``free_bytes`` are free."""

    films_per_hour: int | None = None
    free_bytes: int = 500 * 2**20


class Watch:
    """Runs until ``stop`` is set; ``opened`` opens the archive that gets the reports, where there is one."""

    def __init__(
        self,
        sources: Sequence[FilmSource],
        line: FilmLine,
        place: OutputPlace,
        ledger: Ledger,
        limits: Limits,
        opened: Callable[[], Archive] | None,
        stop: threading.Event,
    ) -> None:
        self._sources = sources
        self._line = line
        self._place = place
        self._ledger = ledger
        self._limits = limits
        self._opened = opened
        self._stop = stop
        self._begun: deque[float] = deque()
        self._since_delivery = 0
        self._has_failed = False

    def run(self, *, once: bool = False) -> None:
        """Look again and again, or only ``once``. ``BoneAgeError`` (``watch_running``) if somebody else does."""
        with self._ledger.alone():
            remove_leftovers(self._place.out)  # of a program that was ended while it wrote
            self._ledger.note("started")
            LOG.info("watching")
            due = [0.0] * len(self._sources)
            while not self._stop.is_set():
                for number, source in enumerate(self._sources):
                    if time.monotonic() >= due[number]:
                        due[number] = time.monotonic() + self._look(source)
                        self._ledger.note("last_look")
                self._deliver()
                if once and (self._has_failed or not any(source.is_settling() for source in self._sources)):
                    break
                self._wait(due)
            LOG.info("stopped")

    def _look(self, source: FilmSource) -> float:
        """Everything that a source has; seconds until the next look."""
        self._has_failed = False
        try:
            for candidate in source.films():
                if self._stop.is_set():
                    break
                self._take(candidate)
        except BoneAgeError as error:
            self._has_failed = True
            self._failed("looking", error)
            return _RETRY_SECONDS
        return source.seconds()

    def _wait(self, due: list[float]) -> None:
        """Until a source is due, has news, what waits is to be sent again, or the watch is stopped."""
        until = min(*due, time.monotonic() + _RETRY_SECONDS)
        while not self._stop.is_set() and time.monotonic() < until:
            for number, source in enumerate(self._sources):
                if source.has_news():
                    due[number] = until = 0.0

    def _take(self, candidate: Candidate) -> None:
        if not self._may_begin():
            return
        key, started = candidate.key, time.monotonic()
        if not candidate.is_wanted:
            self._ledger.begin(key)
            self._end(candidate, FilmOutcome.OTHER, "no_hand_film")
            return
        if not self._ledger.begin(key):
            file_unread(candidate, _ended_again(), self._place)
            self._end(candidate, FilmOutcome.REFUSED, "ended_again")
            return
        try:
            outcome, code = complete_film(candidate, self._line, self._place)
        except (BoneAgeError, OSError):
            self._ledger.give_back(key)
            raise
        except Exception as error:  # a mistake in one film's reports must not stop the watch
            problem = bug_error(error)
            file_unread(candidate, problem, self._place)
            outcome, code = FilmOutcome.REFUSED, problem.code
        self._end(candidate, outcome, code)
        LOG.info("film %s: %s%s, %.1f s", key[:16], outcome, f" ({code})" if code else "", time.monotonic() - started)
        self._since_delivery += 1
        if self._since_delivery >= _DELIVERY_FILMS:
            self._deliver()

    def _end(self, candidate: Candidate, outcome: FilmOutcome, code: str) -> None:
        self._ledger.finish(candidate.key, outcome, code)
        if candidate.file is not None:
            self._ledger.note_file(candidate.file)
        self._ledger.note("last_film", outcome)

    def _may_begin(self) -> bool:
        """Wait for the limits; False if the watch is stopped meanwhile."""
        while shutil.disk_usage(self._place.out).free < self._limits.free_bytes:
            LOG.warning("waiting: the disk is nearly full")
            self._ledger.note("last_error", "disk_low")
            if self._stop.wait(_DISK_SECONDS):
                return False
        most = self._limits.films_per_hour
        while most is not None and len(self._begun) >= most:
            rest = self._begun[0] + _HOUR - time.monotonic()
            if rest <= 0:
                self._begun.popleft()
            elif self._stop.wait(rest):
                return False
        self._begun.append(time.monotonic())
        if most is None:
            self._begun.clear()
        return not self._stop.is_set()

    def _deliver(self) -> None:
        """Send what waits and is due."""
        self._since_delivery = 0
        if self._opened is None or self._place.send_to is None:
            return
        try:
            with self._opened() as archive:
                delivery = send_waiting(self._place.outbox, self._place.send_to, archive)
        except BoneAgeError as error:
            self._failed("sending", error)
            return
        if delivery.sent:
            LOG.info("%d reports are in the archive", delivery.sent)
            self._ledger.note("last_sent", str(delivery.sent))
        for refusal in delivery.refusals:
            self._failed("sending", refusal)

    def _failed(self, doing: str, error: BoneAgeError) -> None:
        if not self._stop.is_set():
            LOG.warning("%s failed: %s", doing, error.code)
            self._ledger.note("last_error", error.code)


def _ended_again() -> BoneAgeError:
    return BoneAgeError("ended_again")
