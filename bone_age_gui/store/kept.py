"""What the worklist knows, for those who have no window open on it: runs, the command line, the writing of reports.

A worklist that is not there, or cannot be used, knows nothing: the window says what is wrong with it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from bone_age_gui.core.reader.filed import read_filed
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.reading import Examination
from bone_age_gui.core.values.reported import FiledReport
from bone_age_gui.core.values.types import Patient
from bone_age_gui.store.forget import patient_in
from bone_age_gui.store.outbox import Outbox
from bone_age_gui.store.worklist import Worklist, open_worklist


class KeptExaminations:
    """The final bone ages of children in a worklist; to be used by one thread."""

    def __init__(self, worklist: Worklist | None) -> None:
        self._worklist = worklist

    def of(self, patient: Patient) -> tuple[Examination, ...]:
        """Readings of a child that were kept, each with its own ``image``."""
        if self._worklist is None:
            return ()
        with contextlib.suppress(BoneAgeError):
            return self._worklist.examinations(self._worklist.child_of(patient, ""))
        return ()

    def image_of(self, uid: str) -> str:
        """The ``image`` of the film with this SOP instance UID; empty where nothing is known."""
        if self._worklist is None:
            return ""
        with contextlib.suppress(BoneAgeError):
            return self._worklist.image_of(uid, "")
        return ""


@contextlib.contextmanager
def kept_examinations(file: Path | None) -> Iterator[KeptExaminations]:
    """What the worklist of this file has, if there is one."""
    with _opened(file) as worklist:
        yield KeptExaminations(worklist)


def known_reports(file: Path | None) -> tuple[FiledReport, ...]:
    """Structured reports that this user wrote in the window, by the worklist of this file, or sent to an archive."""
    with _opened(file) as worklist:
        written: tuple[FiledReport, ...] = ()
        with contextlib.suppress(BoneAgeError):
            written = worklist.filed() if worklist is not None else ()
        sent: tuple[FiledReport, ...] = ()
        with contextlib.suppress(BoneAgeError):
            sent = Outbox(file.parent).structured() if file is not None else ()
    return (*written, *sent)


def remember_reports(file: Path | None, written: Iterable[Path]) -> None:
    """Keep in the worklist which structured reports were written just now; other files are passed over."""
    with _opened(file) as worklist:
        if worklist is None:
            return
        for path in (path for path in written if path.suffix == ".dcm"):
            for report in read_filed([path]):
                patient, _ = patient_in(path)
                with contextlib.suppress(BoneAgeError):
                    worklist.put_filed(report, patient or Patient())


@contextlib.contextmanager
def _opened(file: Path | None) -> Iterator[Worklist | None]:
    worklist = None
    if file is not None and file.exists():
        with contextlib.suppress(BoneAgeError):
            worklist, _ = open_worklist(file)
    try:
        yield worklist
    finally:
        if worklist is not None:
            worklist.close()
