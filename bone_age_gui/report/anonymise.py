"""Records without what names a patient.

Names, birth dates, study dates, paths and file names go; the patient's number and every DICOM number become
pseudonyms that agree within one run and cannot be turned back, as their key is thrown away with the
``Anonymiser``. Ages stay, to a tenth of a month: with the study date they would give the birth date away.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from itertools import count
from pathlib import PurePath
from typing import Any

from bone_age_gui.core.values.facts import Detail
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.reading import Examination
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import DicomReference
from bone_age_gui.report.rounding import rounded, rounded_examination
from bone_age_gui.wording.errors import REFUSALS
from bone_age_gui.wording.flag_reasons import REASONS
from bone_age_gui.wording.notices import NOTICES
from bone_age_gui.wording.templates import Template, forms_of

REMOVED = "[removed]"
_KEPT_PARTS = {"HAND", "WRIST", "LEFT HAND", "RIGHT HAND", "FINGER", "THUMB", "EXTREMITY"}
_OURS = frozenset({
    "sex", "flag", "decided_by", "device", "device_note", "error_code", "error_why", "model_name", "model_version",
    "model_sha256", "learned_from", "program_version", "created", "preprocessing", "reference_name",
    "reference_population",
})  # fmt: skip
"""Texts of the program, the model and the reference: no tag and no person wrote them."""
_SHORTEST = 3
"""Shorter words are not searched for: they are in every sentence."""


class Anonymiser:
    """Takes patients out of the records of one run. ``key`` fixes the pseudonyms, for tests only."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key if key is not None else secrets.token_bytes(32)
        self._numbers = count(1)
        self._names: dict[str, str] = {}

    def record(self, record: CaseRecord) -> CaseRecord:
        """The record without patient data. The same film gets the same name each time."""
        typed, sentences = _pattern(record), _pattern(record, our_words())
        part = (record.body_part or "").strip().upper()
        texts = {field.name: getattr(record, field.name) for field in fields(record) if field.name not in _OURS}
        clean: dict[str, Any] = {
            name: _clean_text(text, typed) for name, text in texts.items() if isinstance(text, str)
        }
        clean |= {
            "file": self._file(record),
            "patient_name": None,
            "patient_id": self._patient(record),
            "birth_date": None,
            "study_date": None,
            "body_part": part if part in _KEPT_PARTS else None,
            "error_details": _clean_texts(record.error_details, typed),
            "error_title": _clean_text(record.error_title or "", sentences) or None,
            "error_message": _clean_text(record.error_message or "", sentences) or None,
            "notices": tuple(_notice(notice, typed, sentences) for notice in record.notices),
            "reason": _clean_text(record.reason, sentences) if isinstance(record.reason, str) else record.reason,
            "reference": self._reference(record.reference),
            "study": None,
            "reader_name": None,
            "reading_order": record.reading_order,
            "decided_at": None,
            "earlier": tuple(self._examination(each) for each in record.earlier),
        }
        return rounded(replace(record, **clean))

    def _file(self, record: CaseRecord) -> str:
        if record.file not in self._names:
            self._names[record.file] = f"film-{next(self._numbers):04d}"
        return self._names[record.file]

    def _patient(self, record: CaseRecord) -> str | None:
        identity = (record.patient_id, record.patient_name)
        if not any(identity):
            return None
        return f"ANON-{self._hash(f'patient {identity}')[:8].upper()}"

    def _reference(self, reference: DicomReference | None) -> DicomReference | None:
        if reference is None:
            return None
        return DicomReference(
            sop_class_uid=reference.sop_class_uid,
            sop_instance_uid=self.uid(reference.sop_instance_uid),
            study_instance_uid=self.uid(reference.study_instance_uid),
            series_instance_uid=self.uid(reference.series_instance_uid),
        )

    def _examination(self, each: Examination) -> Examination:
        """Ages stay, the day goes; one age of the child and the days between would give the birth date away."""
        return replace(rounded_examination(each), image=self._hash(f"image {each.image}")[:16], study_date=None)

    def uid(self, uid: str) -> str:
        """Another DICOM number; the same for the same number within this run."""
        return f"2.25.{int(self._hash(f'uid {uid}')[:32], 16)}"

    def _hash(self, text: str) -> str:
        return hmac.new(self._key, text.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()


def _notice(notice: Notice, typed: re.Pattern[str] | None, sentences: re.Pattern[str] | None) -> Notice:
    """The notice without what it quotes of the file's tags."""
    if notice.code == "body_part":
        return Notice("body_part", "unquoted", loud=notice.loud, doubt=notice.doubt)
    if notice.code == "modality":
        return Notice("modality", "unquoted", loud=notice.loud, doubt=notice.doubt)
    return replace(notice, details=_clean_texts(notice.details, typed), text=_clean_text(notice.text, sentences))


def _clean_texts(details: Mapping[str, Detail], pattern: re.Pattern[str] | None) -> dict[str, Detail]:
    """Numbers of an error or notice are sizes and limits, no patient's: they stay."""
    return {name: _clean_text(value, pattern) if isinstance(value, str) else value for name, value in details.items()}


def _clean_text(text: str, pattern: re.Pattern[str] | None) -> str:
    return pattern.sub(REMOVED, text) if pattern is not None else text


@cache
def our_words() -> frozenset[str]:
    """Words of the program's own sentences, lower case: a patient may be called like one of them."""
    templates: list[Template] = [*NOTICES.values(), *REASONS.values()]
    templates += [form for words in REFUSALS.values() for form in (words.title, words.message)]
    texts = [text for each in templates for text in forms_of(each)]
    return frozenset(word.lower() for text in texts for word in re.findall(r"\w+", text))


def _pattern(record: CaseRecord, ours: frozenset[str] = frozenset()) -> re.Pattern[str] | None:
    """Everything that names this patient, as a search for whole words; ``ours`` are words that stay."""
    words = {record.patient_id or "", *_name_parts(record.patient_name)}
    if record.study is not None:
        words |= {record.study.accession_number, *_name_parts(record.study.referring_physician)}
    for date in (record.birth_date, record.study_date):
        words |= _dates(date)
    if (record.body_part or "").strip().upper() not in _KEPT_PARTS:
        words.add((record.body_part or "").strip())  # a refusal quotes it
    path = PurePath(record.file.replace("\\", "/"))
    words |= {record.file, path.name, path.stem, path.parent.name}
    if record.reference is not None:
        reference = record.reference
        words |= {reference.sop_instance_uid, reference.study_instance_uid, reference.series_instance_uid}
    removable = (word for word in words if len(word) >= _SHORTEST and word.lower() not in ours)
    longest_first = sorted(removable, key=len, reverse=True)
    if not longest_first:
        return None
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word) for word in longest_first) + r")(?!\w)", re.IGNORECASE)


def _name_parts(name: str | None) -> list[str]:
    return re.split(r"[\s^=,;]+", name or "")


def _dates(iso: str | None) -> set[str]:
    """A date as it may stand in a sentence."""
    if not iso or iso.count("-") != 2:
        return set()
    year, month, day = iso.split("-")
    short = f"{int(day)}.{int(month)}.{year}" if day.isdigit() and month.isdigit() else iso
    return {
        iso,
        f"{year}{month}{day}",
        f"{day}.{month}.{year}",
        f"{day}/{month}/{year}",
        f"{month}/{day}/{year}",
        short,
    }
