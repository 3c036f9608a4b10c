"""Reads films as they are needed, and keeps the pixels of a few: hundreds of films fit into the memory of any PC.

Every film is read once, for its patient, its thumbnail and the reason of a refusal. After that its pixels are kept only
while it is shown or was shown lately; a film that is shown again is read again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from bone_age_gui.core.values.digest import sha256_of
from bone_age_gui.core.values.types import Case
from bone_age_gui.gui.view.greys import between
from bone_age_gui.gui.view.qimage import thumbnail
from bone_age_gui.gui.work.film import Film, FilmState
from bone_age_gui.gui.work.film_jobs import FilmJobs
from bone_age_gui.gui.work.film_table import FilmTable
from bone_age_gui.gui.work.first_look import FirstLook, first_look
from bone_age_gui.gui.work.reading import CaseReader

KEPT = 8
"""Films whose pixels and stages stay in memory."""
AT_ONCE = 2
"""Films that are read at the same time."""
NO_PIXELS = np.zeros((0, 0), np.uint16)
NO_PIXELS.setflags(write=False)


@dataclass(frozen=True)
class Opened:
    """A film as it was read; ``thumbnail`` (uint8 (h, w)), ``look`` and ``sha256`` come the first time only."""

    case: Case
    thumbnail: np.ndarray | None = None
    look: FirstLook = field(default_factory=FirstLook)
    sha256: str = ""


def without_pixels(case: Case) -> Case:
    """A case without what takes room; tags, estimate and assessment stay."""
    if case.radiograph is None:
        return case
    return replace(case, radiograph=replace(case.radiograph, pixels=NO_PIXELS), stages=())


def with_pixels(reader: CaseReader, case: Case) -> Case:
    """A case with its pixels, which are read again where they were given up; runs in the pool.

    Raises
    ------
    BoneAgeError
        Codes: ``unreadable empty not_an_image truncated excessive multi_frame colour too_small too_large
        no_pixel_data unsupported_syntax too_slow too_much_memory worker_ended no_workers internal``.
    """
    if case.path is None or case.radiograph is None or case.radiograph.pixels.size:
        return case
    return replace(case, radiograph=reader.open_case(case.path).radiograph)


class FilmLoader:
    """The films of a table that are still to be read, and those whose pixels are kept.

    ``restored`` puts back what was entered for a film before, when it was read; ``ready`` is called with it then.
    """

    def __init__(
        self,
        table: FilmTable,
        jobs: FilmJobs,
        reader: CaseReader,
        restored: Callable[[Film], Film],
        ready: Callable[[Film], None],
    ) -> None:
        self._table = table
        self._jobs = jobs
        self._reader = reader
        self._restored = restored
        self._ready = ready
        self._unread: dict[int, None] = {}
        self._reading: dict[int, int] = {}
        self._kept: dict[int, None] = {}

    @property
    def waits(self) -> bool:
        """True while a film is still to be read."""
        return bool(self._unread)

    def add(self, numbers: Iterable[int]) -> None:
        """Read these films, one after the other."""
        self._unread |= dict.fromkeys(numbers)
        self.go_on()

    def show(self, number: int) -> None:
        """A film is shown: it is read before all others, and its pixels are kept."""
        self._kept.pop(number, None)
        self._kept[number] = None
        film = self._table.film(number)
        if film is not None and (number in self._unread or film.lacks_pixels) and not film.job:
            self._unread = {number: None} | self._unread
        for old in list(self._kept)[:-KEPT]:
            del self._kept[old]
            self._give_up(old)
        self.go_on()

    def keep(self, film: Film) -> Film:
        """The film as it is kept: with its pixels if it is shown or was lately, else without."""
        if len(self._kept) < KEPT:
            self._kept.setdefault(film.number, None)
        return film if film.number in self._kept else replace(film, case=without_pixels(film.case))

    def close(self, number: int) -> None:
        """Drop a film that was closed: it is not read any more."""
        self._unread.pop(number, None)
        self._kept.pop(number, None)

    def stop(self) -> None:
        """Read nothing any more."""
        self._unread.clear()

    def go_on(self) -> None:
        """Begin to read the next films, if there is room."""
        self._reading = {number: job for number, job in self._reading.items() if self._waits_for(number, job)}
        while self._unread and len(self._reading) < AT_ONCE:
            number = next(iter(self._unread))
            del self._unread[number]
            film = self._table.film(number)
            if film is None or film.case.path is None:
                continue
            state = FilmState.READING if film.case.radiograph is None else film.state
            self._jobs.submit(film, partial(read_film, self._reader, film), self._take, state)
            started = self._table.film(number)
            self._reading[number] = started.job if started is not None else 0

    def _waits_for(self, number: int, job: int) -> bool:
        film = self._table.film(number)
        return film is not None and film.job == job

    def _take(self, film: Film, opened: Opened) -> None:
        case = opened.case
        if film.case.radiograph is not None:
            film = replace(film, case=replace(film.case, radiograph=case.radiograph))
        else:
            state = FilmState.REFUSED if case.error else FilmState.READY
            film = replace(film, case=case, thumbnail=opened.thumbnail, first_look=opened.look, state=state)
            film = self._restored(replace(film, sha256=opened.sha256))
        film = self.keep(film)
        self._table.put(film)
        self._ready(film)
        self.go_on()

    def _give_up(self, number: int) -> None:
        film = self._table.film(number)
        if film is not None and not film.job:
            self._table.put(replace(film, case=without_pixels(film.case)))


def read_film(reader: CaseReader, film: Film) -> Opened:
    """Read a film; the first time also its thumbnail, and how it is first looked at. Runs in the pool."""
    assert film.case.path is not None
    case = reader.open_case(film.case.path)
    if case.radiograph is None or film.case.radiograph is not None:
        return Opened(case)
    look = first_look(case.radiograph.pixels)
    small = thumbnail(case.radiograph.pixels, between(look.black, look.white))
    return Opened(case, small, look, sha256_of(film.case.path))
