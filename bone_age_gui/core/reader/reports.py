"""Bone ages in DICOM structured reports: our own, and those of any program that writes TID 1500 with LOINC 85151-9.

Only what is needed to show an examination beside others is read; nothing in a report is believed to be well formed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pydicom import Dataset

from bone_age_gui.core.reader.film_tags import read_film_tags
from bone_age_gui.core.reader.header import read_header
from bone_age_gui.core.reader.patient import read_patient
from bone_age_gui.core.values.reading import DECIDED_BY_MODEL, DECIDED_BY_READER, Examination
from bone_age_gui.core.values.reported import REPORT_CLASSES, ReportedExamination

_HEAD = 1024
"""The class stands in the first bytes of a file."""
MOST_BYTES = 20_000_000
MOST_ITEMS = 20_000
BONE_AGE, LOINC = "85151-9", ("LN", "LOINC")
SD_SCORE = "121416"
OURS = "99BONEAGE"
FINAL, READING, QUALITY = "STANDS", "READING", "QUALITY"
"""Values of our private codes; they never change."""
_ALGORITHM_NAME, _ALGORITHM_VERSION = "111001", "111003"
_MONTHS_PER_UNIT = {"mo": 1.0, "a": 12.0, "y": 12.0, "yr": 12.0}
"""Months and years as UCUM writes them, and as others do."""
_FIRST, _LAST = 0.0, 300.0
"""Bone ages in months that can be one."""


@dataclass(frozen=True)
class _BoneAge:
    """One measured bone age: months, whether a person read it, and what stands beside it."""

    months: float
    by_reader: bool = False
    sd_score: float | None = None
    model_name: str | None = None
    model_version: str | None = None


def is_report(path: Path) -> bool:
    """True for a structured report with a preamble, by its first bytes; false also for what is no file, or closed."""
    try:
        if not path.is_file():  # a pipe would be waited for
            return False
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except (OSError, ValueError):
        return False
    return head[128:132] == b"DICM" and REPORT_CLASSES.encode() in head


def read_examination(path: Path) -> ReportedExamination | None:
    """The bone age that a report holds; ``None`` where it holds none, or does not say whose it is."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        return _examination(read_header(path))
    except Exception:  # whatever is wrong with a foreign report, it is no bone age
        return None


def _examination(dataset: Dataset) -> ReportedExamination | None:
    if not str(dataset.get("SOPClassUID", "")).startswith(REPORT_CLASSES):
        return None
    patient, _ = read_patient(read_film_tags(dataset))
    ages = list(_bone_ages(dataset))
    if not ages:
        return None
    codes = dict(_own_codes(dataset))
    decided = codes.get(FINAL)
    final = _final_of(ages, decided)
    is_ours = bool(codes)
    by = DECIDED_BY_READER if final.by_reader else DECIDED_BY_MODEL if is_ours or final.model_name else None
    examination = Examination(
        image="",
        bone_age_months=final.months,
        study_date=patient.study_date.isoformat() if patient.study_date is not None else None,
        age_months=patient.chronological_age_months,
        by=by,
        sd_score=final.sd_score,
        model_name=final.model_name,
        model_version=final.model_version,
        is_doubtful=codes.get(QUALITY) == "DOUBTFUL",
    )
    return ReportedExamination(
        patient=patient,
        examination=examination,
        report_uid=str(dataset.get("SOPInstanceUID", "")),
        image_uid=next(_images(dataset), None),
        made_at=f"{dataset.get('ContentDate', '')}{dataset.get('ContentTime', '')}",
    )


def _final_of(ages: list[_BoneAge], decided: str | None) -> _BoneAge:
    """The age that counts: the reader's if the reader decided so, else the model's, which stands first."""
    wants_reader = decided == DECIDED_BY_READER.upper()
    model = next((age for age in ages if age.model_name), None)
    final = next((age for age in ages if age.by_reader is wants_reader), ages[0])
    if final.by_reader and model is not None:  # the model's version tells apart what was looked at beside it
        return replace(final, model_name=model.model_name, model_version=model.model_version)
    return final


def _items(dataset: Dataset) -> Iterator[tuple[Dataset, Dataset]]:
    """Every content item with the one that holds it, in order."""
    waiting = [(item, dataset) for item in reversed(dataset.get("ContentSequence", []))]
    for _ in range(MOST_ITEMS):
        if not waiting:
            return
        item, holder = waiting.pop()
        yield item, holder
        waiting += [(child, item) for child in reversed(item.get("ContentSequence", []))]


def _bone_ages(dataset: Dataset) -> Iterator[_BoneAge]:
    for item, holder in _items(dataset):
        if item.get("ValueType") != "NUM" or not _is_bone_age(item):
            continue
        months = _months(item)
        if months is None or not _FIRST <= months <= _LAST:
            continue
        beside = {_code(child): child for child in holder.get("ContentSequence", [])}
        yield _BoneAge(
            months,
            by_reader=any(_value_code(child) == (READING, OURS) for child in item.get("ContentSequence", [])),
            sd_score=_number(beside.get(SD_SCORE)),
            model_name=_text(beside.get(_ALGORITHM_NAME)),
            model_version=_text(beside.get(_ALGORITHM_VERSION)),
        )


def _is_bone_age(item: Dataset) -> bool:
    names = item.get("ConceptNameCodeSequence") or [Dataset()]
    return names[0].get("CodeValue") == BONE_AGE and names[0].get("CodingSchemeDesignator") in LOINC


def _months(item: Dataset) -> float | None:
    number = _number(item)
    values = item.get("MeasuredValueSequence") or [Dataset()]
    units = values[0].get("MeasurementUnitsCodeSequence") or [Dataset()]
    factor = _MONTHS_PER_UNIT.get(str(units[0].get("CodeValue", "")))
    return number * factor if number is not None and factor is not None else None


def _number(item: Dataset | None) -> float | None:
    values = (item.get("MeasuredValueSequence") if item is not None else None) or [Dataset()]
    number = values[0].get("NumericValue")
    return float(number) if number is not None else None


def _text(item: Dataset | None) -> str | None:
    return str(item.get("TextValue", "")) or None if item is not None else None


def _code(item: Dataset) -> str:
    names = item.get("ConceptNameCodeSequence") or [Dataset()]
    return str(names[0].get("CodeValue", ""))


def _value_code(item: Dataset) -> tuple[str, str]:
    values = item.get("ConceptCodeSequence") or [Dataset()]
    return str(values[0].get("CodeValue", "")), str(values[0].get("CodingSchemeDesignator", ""))


def _own_codes(dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Our private codes and their values."""
    for item, _ in _items(dataset):
        value, scheme = _value_code(item)
        if scheme == OURS:
            yield _code(item), value


def _images(dataset: Dataset) -> Iterator[str]:
    for item, _ in _items(dataset):
        for reference in item.get("ReferencedSOPSequence", []) if item.get("ValueType") == "IMAGE" else []:
            yield str(reference.get("ReferencedSOPInstanceUID", ""))
