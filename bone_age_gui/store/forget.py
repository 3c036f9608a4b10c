"""Forgetting a child, or everything, in all that lasts on this machine: one place for whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


class Kept(Protocol):
    """Something beside the worklist that keeps DICOM files of children: fetched films, reports to be sent."""

    def forget(self, is_theirs: Callable[[Path], bool]) -> None:
        """Delete the files of which this is true."""

    def empty(self) -> None:
        """Delete everything."""


def kept_beside() -> tuple[Kept, ...]:
    """What lasts on this machine beside the worklist: each thing that keeps films or reports of children joins here."""
    data = paths.user_data_dir()
    return FilmCache(data), Outbox(data)


def forget_child(worklist: Worklist, child: str, films: frozenset[str], others: Sequence[Kept]) -> None:
    """Forget a child everywhere: the films that are kept for it, and ``films``, which are open.

    Raises ``BoneAgeError`` (``worklist_not_written``, and those of ``others``), or ``OSError``.
    """
    every = films | worklist.films_of(child)

    def is_theirs(path: Path) -> bool:
        patient, sha256 = _patient_in(path), sha256_of(path)
        return sha256 in every or (
            patient is not None and worklist.root_of(worklist.child_of(patient, sha256)) == worklist.root_of(child)
        )

    for other in others:  # first, as the worklist knows who is the child
        other.forget(is_theirs)
    worklist.forget(child, films)


def forget_all(worklist: Worklist, others: Sequence[Kept]) -> None:
    """Forget everything everywhere. Raises ``BoneAgeError`` and ``OSError`` as ``forget_child``."""
    worklist.forget_all()
    for other in others:
        other.empty()


def _patient_in(path: Path) -> Patient | None:
    """By whom a file is known; ``None`` where it cannot be read."""
    try:
        tags = read_header(path, ["PatientID", "PatientBirthDate", "PatientSex"])
        born, sex = str(tags.get("PatientBirthDate") or ""), str(tags.get("PatientSex") or "")
        return Patient(
            sex=Sex(sex) if sex in set(Sex) else None,
            birth_date=date.fromisoformat(born) if born else None,
            patient_id=str(tags.get("PatientID") or ""),
        )
    except Exception:  # whatever is wrong with a foreign file, it names nobody
        return None
