"""Keeps what is entered in the worklist, at once, and puts it back when a film is opened again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.reading import Examination
from bone_age_gui.core.values.reported import ReportedExamination
from bone_age_gui.core.values.types import Patient
from bone_age_gui.core.values.whole_files import not_written
from bone_age_gui.gui.work.film import Film
from bone_age_gui.gui.work.film_table import FilmTable
from bone_age_gui.gui.work.kept_values import entered_of, examination_of, with_entered
from bone_age_gui.store.entered import NOTHING, Entered
from bone_age_gui.store.forget import Kept, forget_all, forget_child
from bone_age_gui.store.worklist import Worklist, in_memory, open_worklist

T = TypeVar("T")


class Keeper(QObject):
    """The films of a table and the worklist between them.

    Attributes
    ----------
    failed : Signal(object)
        A `BoneAgeError`: the worklist cannot be used, or was damaged. The same trouble is said once.
    kept_in : Path or None
        The file in which what is entered outlasts the window.
    """

    failed = Signal(object)

    def __init__(self, table: FilmTable, beside: Iterable[Kept] = ()) -> None:
        super().__init__(table)
        self._table = table
        self._beside = tuple(beside)
        self._worklist: Worklist = in_memory()
        self._known: dict[int, Entered] = {}
        self._finals: dict[int, tuple[str, Examination]] = {}
        self._reported: dict[str, dict[str, Examination]] = {}
        self._trouble = ""
        self.kept_in: Path | None = None
        table.film_changed.connect(self._film_changed)
        table.film_removed.connect(self._film_removed)

    def open(self, path: Path | None) -> None:
        """Use the worklist of this file, or ``None`` to keep nothing beyond this window."""
        worklist, error, kept_in = in_memory(), None, None
        if path is not None:
            try:
                (worklist, error), kept_in = open_worklist(path), path
            except BoneAgeError as refused:
                error = refused
        self._worklist.close()
        self._worklist, self.kept_in = worklist, kept_in
        self._known.clear()
        self._finals.clear()
        if error is not None:
            self._say(error)
        for film in self._table.films:
            self._film_changed(film.number)

    def keep(self, path: Path | None) -> None:
        """Use the worklist of this file from now on; ``None`` forgets what it holds, and keeps nothing any more."""
        if (path is not None) == self.keeps:
            return
        if path is None:
            try:
                forget_all(self._worklist, self._beside)
            except BoneAgeError as error:
                self._say(error)
            except OSError as error:
                self._say(not_written(error, "data"))
        self.open(path)

    @property
    def keeps(self) -> bool:
        """Whether what is entered outlasts the window."""
        return self.kept_in is not None

    def close(self) -> None:
        """Close the worklist."""
        self._worklist.close()

    # Films that come, change and go

    def restored(self, film: Film) -> Film:
        """A film that was just read, with what the worklist has of it."""
        if not film.sha256 or film.case.radiograph is None:
            return film
        entered = self._try(lambda: self._worklist.entered(film.sha256), NOTHING)
        self._known[film.number] = entered
        film = replace(with_entered(film, entered), child=self._child(film.case.patient, film.sha256))
        if entered != NOTHING:
            film = replace(film, kept_at=self._try(lambda: self._worklist.entered_at(film.sha256), None))
        return replace(film, case=replace(film.case, earlier=self._earlier(film)))

    def _film_changed(self, number: int) -> None:
        film = self._table.film(number)
        if film is None or not film.sha256 or film.case.radiograph is None:
            return
        entered, known = entered_of(film), self._known.get(number, NOTHING)
        if entered != known:
            self._known[number] = entered
            self._write(lambda: self._worklist.enter(film.sha256, known, entered))
        child = self._child(film.case.patient, film.sha256)
        if child != film.child:
            self._table.put(replace(film, child=child))  # comes back here
            self._refresh({child, film.child})
            return
        self._keep_final(film)

    def _keep_final(self, film: Film) -> None:
        examination = examination_of(film, self._image(film))
        estimate = film.case.estimate
        if examination is None or estimate is None or self._finals.get(film.number) == (film.child, examination):
            return
        self._finals[film.number] = (film.child, examination)
        child = self._own_child(film)
        self._write(lambda: self._worklist.put_final(film.sha256, child, examination, estimate.model_sha256))
        self._refresh({film.child})

    def _film_removed(self, number: int) -> None:
        self._known.pop(number, None)
        self._finals.pop(number, None)

    # Children

    def add_reports(self, reported: Iterable[ReportedExamination]) -> None:
        """Take examinations that reports hold; the newest report of an image counts."""
        changed = set()
        for each in sorted(reported, key=lambda each: each.made_at):
            child = self._child(each.patient, each.report_uid)
            image = self._try(lambda each=each: self._worklist.image_of(each.image_uid, each.report_uid), "")  # type: ignore[misc]
            self._reported.setdefault(child, {})[image] = replace(each.examination, image=image)
            changed.add(child)
        self._refresh(changed)

    def join(self, film: Film, other: Film) -> None:
        """A person says that two films are of the same child."""
        before = {film.child, other.child}
        self._write(lambda: self._worklist.join(film.child, other.child))
        self._regroup(before)

    def separate(self, film: Film) -> None:
        """Take back what was said of a film's child by hand."""
        self._write(lambda: self._worklist.separate(film.child))
        self._regroup({film.child})

    def is_joined(self, film: Film) -> bool:
        """Whether a person has put the film together with those of another child."""
        others = [each for each in self._table.films if each.child == film.child and each.sha256]
        return len({self._own_child(each) for each in others}) > 1

    def _regroup(self, children: set[str]) -> None:
        for film in self._table.films:
            if film.child in children:
                self._film_changed(film.number)
        self._refresh({film.child for film in self._table.films} & children)

    def _refresh(self, children: set[str]) -> None:
        """Tell the open films of these children of each other's examinations."""
        for film in self._table.films:
            if film.child in children and film.sha256:
                earlier = self._earlier(film)
                if earlier != film.case.earlier:
                    self._table.put(replace(film, case=replace(film.case, earlier=earlier)))

    def _earlier(self, film: Film) -> tuple[Examination, ...]:
        """The other examinations of the film's child, in order; what the worklist has outranks a report."""
        own = self._image(film)
        nothing: tuple[Examination, ...] = ()
        examinations = self._try(lambda: self._worklist.examinations(film.child), nothing)
        by_image = {**self._reported.get(film.child, {}), **{each.image: each for each in examinations}}
        by_image.pop(own, None)
        return tuple(sorted(by_image.values(), key=lambda each: (each.study_date or "", each.image)))

    def _child(self, patient: Patient, film: str) -> str:
        return self._try(lambda: self._worklist.root_of(self._worklist.child_of(patient, film)), "")

    def _own_child(self, film: Film) -> str:
        """The film's child by its tags, whatever a person has joined."""
        return self._try(lambda: self._worklist.child_of(film.case.patient, film.sha256), "")

    def _image(self, film: Film) -> str:
        reference = film.case.radiograph.reference if film.case.radiograph is not None else None
        uid = reference.sop_instance_uid if reference is not None else None
        return self._try(lambda: self._worklist.image_of(uid, film.sha256), "")

    # Forgetting

    def forget_child(self, film: Film) -> tuple[int, ...]:
        """Forget the child of a film everywhere; the numbers of its open films, which are to be closed.

        Raises ``BoneAgeError`` (``worklist_not_written outbox_broken disk_full read_only no_folder not_written``),
        or ``OSError`` if a file cannot be deleted.
        """
        films = [each for each in self._table.films if each.child == film.child and each.sha256] or [film]
        studies = {
            each.case.radiograph.reference.study_instance_uid
            for each in films
            if each.case.radiograph is not None and each.case.radiograph.reference is not None
        }
        forget_child(self._worklist, film.child, frozenset(each.sha256 for each in films), self._beside, studies)
        self._reported.pop(film.child, None)
        return tuple(each.number for each in films)

    def forget_all(self) -> tuple[int, ...]:
        """Forget everything everywhere; the numbers of all open films, which are to be closed.

        Raises ``BoneAgeError`` (``worklist_not_written outbox_broken disk_full read_only no_folder not_written``),
        or ``OSError`` if a file cannot be deleted.
        """
        forget_all(self._worklist, self._beside)
        self._reported.clear()
        return tuple(film.number for film in self._table.films)

    # Trouble

    def _try(self, call: Callable[[], T], otherwise: T) -> T:
        try:
            return call()
        except BoneAgeError as error:
            self._say(error)
            return otherwise

    def _write(self, call: Callable[[], None]) -> None:
        """Trouble is over once something was written: what another program locks can still be read."""
        try:
            call()
        except BoneAgeError as error:
            self._say(error)
        else:
            self._trouble = ""

    def _say(self, error: BoneAgeError) -> None:
        if error.code != self._trouble:
            self._trouble = error.code
            self.failed.emit(error)
