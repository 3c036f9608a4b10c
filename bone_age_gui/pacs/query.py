"""What is asked for, and what an archive lists: plain values, without DICOM's own classes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

MODALITIES = ("CR", "DX")
_UID = re.compile(r"[0-9]+(\.[0-9]+)+")
_UID_LENGTH = 64


@dataclass(frozen=True)
class Query:
    """Which examinations are wanted; what is empty or ``None`` does not matter.

    ``name`` is the beginning of a name, ``Doe^Jane`` or ``Doe, Jane``, with ``*`` and ``?`` as wildcards. ``words``:
    body part or description hold one of them, whatever the case; without words every series does.
    """

    name: str = ""
    patient_id: str = ""
    birth_date: date | None = None
    study_from: date | None = None
    study_to: date | None = None
    accession_number: str = ""
    study_uid: str = ""
    modalities: tuple[str, ...] = MODALITIES
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class StudyMatch:
    """One study of an archive and its patient, as the archive writes them. Dates are ISO texts, or ``None``."""

    study_uid: str
    patient_name: str = ""
    patient_id: str = ""
    birth_date: str | None = None
    sex: str = ""
    study_date: str | None = None
    accession_number: str = ""
    description: str = ""


@dataclass(frozen=True)
class SeriesMatch:
    """One series of a study; ``instances`` is how many objects it has, where the archive says so."""

    study: StudyMatch
    series_uid: str
    modality: str = ""
    body_part: str = ""
    description: str = ""
    protocol_name: str = ""
    instances: int | None = None

    def is_wanted(self, modalities: tuple[str, ...], words: Iterable[str]) -> bool:
        """Whether modality, and body part or description, are those that are looked for.

        A series that says nothing of itself may be wanted: some archives list no body part and no description.
        """
        if tuple(modalities) and self.modality not in modalities:
            return False
        texts = (self.body_part, self.description, self.protocol_name, self.study.description)
        searched = " ".join(texts).casefold().strip()
        wanted = [word.casefold().strip() for word in words if word.strip()]
        return not wanted or not searched or any(word in searched for word in wanted)


@dataclass(frozen=True)
class Instance:
    """One object of an archive by its UIDs, all valid."""

    study_uid: str
    series_uid: str
    uid: str
    class_uid: str = ""


@dataclass(frozen=True)
class MatchPage:
    """Series that match, of the studies ``offset`` to ``offset + studies``; ``has_more`` if there are further ones."""

    series: tuple[SeriesMatch, ...]
    offset: int
    studies: int
    has_more: bool


def is_uid(text: str) -> bool:
    """True for a UID by DICOM's rules (PS3.5 9.1), except that zeros may lead, as many devices write them."""
    return len(text) <= _UID_LENGTH and _UID.fullmatch(text) is not None


def name_pattern(text: str) -> str:
    """What is asked for a name: ``"Doe, Jane"`` becomes ``"Doe^Jane*"``; backslashes, which divide values, go."""
    plain = text.replace("\\", "").strip()
    if not plain or plain.strip("*") == "":
        return ""
    parts = [part.strip() for part in plain.split(",")]
    pattern = "^".join(part for part in parts if part)
    return pattern if pattern.endswith(("*", "?")) else f"{pattern}*"


def exact(text: str) -> str:
    """What is asked for a number: no wildcard and no second value can be typed into it."""
    return re.sub(r"[\\*?]", "", text).strip()


def day_range(first: date | None, last: date | None) -> str:
    """``20260101-20261231``, open at either end; empty where neither is given."""
    if first is None and last is None:
        return ""
    if first == last and first is not None:
        return first.strftime("%Y%m%d")
    return f"{first.strftime('%Y%m%d') if first else ''}-{last.strftime('%Y%m%d') if last else ''}"
