"""Forgetting a child, or everything, in all that lasts on this machine: one place for whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from bone_age_gui import paths
from bone_age_gui.core.reader.header import read_header
from bone_age_gui.core.values.digest import sha256_of
from bone_age_gui.core.values.types import Patient, Sex
from bone_age_gui.store.film_cache import FilmCache
from bone_age_gui.store.outbox import Outbox
from bone_age_gui.store.worklist import Worklist

_TAGS = ("PatientID", "PatientBirthDate", "PatientSex", "StudyInstanceUID")


class Kept(Protocol):
    """Something beside the worklist that keeps DICOM files of children: fetched films, reports to be sent."""

    def forget(self, is_theirs: Callable[[Path], bool]) -> None:
        """Delete the files of which this is true."""

    def forget_studies(self, studies: Collection[str]) -> None:
        """Delete what is kept of these studies without any file."""

    def empty(self) -> None:
        """Delete everything."""


def kept_beside() -> tuple[Kept, ...]:
    """What lasts on this machine beside the worklist: each thing that keeps films or reports of children joins here."""
    folder = paths.user_data_dir()
    return FilmCache(folder), Outbox(folder)


def forget_child(
    worklist: Worklist,
    child: str,
    films: frozenset[str],
    others: Sequence[Kept],
    studies: Collection[str] = (),
) -> None:
    """Forget a child everywhere: the films that are kept for it, and ``films``, which are open, with their ``studies``.

    Raises ``BoneAgeError`` (``worklist_not_written outbox_broken disk_full read_only no_folder not_written``),
    or ``OSError`` if a file cannot be deleted.
    """
    every, theirs = films | worklist.films_of(child), set(studies)

    def is_theirs(path: Path) -> bool:
        (patient, study), sha256 = patient_in(path), sha256_of(path)
        is_child = sha256 in every or (
            patient is not None and worklist.root_of(worklist.child_of(patient, sha256)) == worklist.root_of(child)
        )
        theirs.update([study] if is_child and study else [])
        return is_child

    for other in others:  # first, as the worklist knows who is the child
        other.forget(is_theirs)
    for other in others:
        other.forget_studies(theirs)
    worklist.forget(child, films, theirs)


def forget_all(worklist: Worklist, others: Sequence[Kept]) -> None:
    """Forget everything everywhere.

    Raises ``BoneAgeError`` (``worklist_not_written outbox_broken disk_full read_only no_folder not_written``),
    or ``OSError`` if a file cannot be deleted.
    """
    worklist.forget_all()
    for other in others:
        other.empty()


def patient_in(path: Path) -> tuple[Patient | None, str]:
    """By whom a file is known, and its study; nothing where it cannot be read."""
    try:
        tags = read_header(path, list(_TAGS))
        born, sex = str(tags.get("PatientBirthDate") or ""), str(tags.get("PatientSex") or "")
        patient = Patient(
            sex=Sex(sex) if sex in set(Sex) else None,
            birth_date=date.fromisoformat(born) if born else None,
            patient_id=str(tags.get("PatientID") or ""),
        )
        return patient, str(tags.get("StudyInstanceUID") or "")
    except Exception:  # whatever is wrong with a foreign file, it names nobody
        return None, ""
