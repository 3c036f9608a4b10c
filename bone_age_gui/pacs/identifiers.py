"""Queries as DICOM data sets, and answers as values, in whatever characters an archive writes."""

from __future__ import annotations

import contextlib
import re
import warnings
from datetime import date, datetime
from typing import Any

from pydicom import Dataset
from pydicom.charset import convert_encodings, decode_bytes
from pydicom.datadict import tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.multival import MultiValue

from bone_age_gui.pacs.query import (
    Instance,
    Query,
    SeriesMatch,
    StudyMatch,
    day_range,
    exact,
    is_uid,
    name_pattern,
)

UTF_8 = "ISO_IR 192"
_COUNT = re.compile(r"[0-9]{1,9}")
_STUDY_KEYS = ("PatientBirthDate", "PatientSex", "StudyDate", "StudyDescription", "AccessionNumber", "PatientName",
               "PatientID", "ModalitiesInStudy", "StudyInstanceUID")  # fmt: skip
_SERIES_KEYS = ("Modality", "BodyPartExamined", "SeriesDescription", "ProtocolName", "NumberOfSeriesRelatedInstances",
                "SeriesInstanceUID")  # fmt: skip


def study_query(query: Query) -> Dataset:
    """Level STUDY. Modalities are asked for one by one, since a list does not match everywhere."""
    keys = _empty("STUDY", _STUDY_KEYS)
    keys.PatientName = name_pattern(query.name)
    keys.PatientID = exact(query.patient_id)
    keys.PatientBirthDate = query.birth_date.strftime("%Y%m%d") if query.birth_date else ""
    keys.StudyDate = day_range(query.study_from, query.study_to)
    keys.AccessionNumber = exact(query.accession_number)
    keys.StudyInstanceUID = query.study_uid
    if query.modalities:
        keys.ModalitiesInStudy = list(query.modalities)
    return keys


def study_uid_query(study_uid: str) -> Dataset:
    """Level STUDY: whether there is this one."""
    keys = _empty("STUDY", ("StudyDate", "StudyInstanceUID"))
    keys.StudyInstanceUID = study_uid
    return keys


def series_query(study_uid: str, modality: str = "") -> Dataset:
    """A query for the series of one study (level SERIES)."""
    keys = _empty("SERIES", _SERIES_KEYS)
    keys.StudyInstanceUID = study_uid
    keys.Modality = modality
    return keys


def instance_query(study_uid: str, series_uid: str, uid: str = "") -> Dataset:
    """Level IMAGE: the objects of one series, or one of them."""
    keys = _empty("IMAGE", ("SOPClassUID", "SOPInstanceUID", "InstanceNumber"))
    keys.StudyInstanceUID = study_uid
    keys.SeriesInstanceUID = series_uid
    keys.SOPInstanceUID = uid
    return keys


def get_query(instance: Instance) -> Dataset:
    """Level IMAGE, by its three UIDs."""
    keys = Dataset()
    keys.QueryRetrieveLevel = "IMAGE"
    keys.StudyInstanceUID = instance.study_uid
    keys.SeriesInstanceUID = instance.series_uid
    keys.SOPInstanceUID = instance.uid
    return keys


def study_match(answer: Dataset, charset: str) -> StudyMatch | None:
    """A study that was listed; ``None`` where it has no valid UID."""
    uid = text_of(answer, "StudyInstanceUID", charset)
    if not is_uid(uid):
        return None
    return StudyMatch(
        study_uid=uid,
        patient_name=text_of(answer, "PatientName", charset),
        patient_id=text_of(answer, "PatientID", charset),
        birth_date=_day(text_of(answer, "PatientBirthDate", charset)),
        sex=text_of(answer, "PatientSex", charset)[:1],
        study_date=_day(text_of(answer, "StudyDate", charset)),
        accession_number=text_of(answer, "AccessionNumber", charset),
        description=text_of(answer, "StudyDescription", charset),
    )


def series_match(answer: Dataset, study: StudyMatch, charset: str) -> SeriesMatch | None:
    """A series that was listed; ``None`` where it has no valid UID, or belongs to another study."""
    uid = text_of(answer, "SeriesInstanceUID", charset)
    if not is_uid(uid) or text_of(answer, "StudyInstanceUID", charset) not in ("", study.study_uid):
        return None
    count = text_of(answer, "NumberOfSeriesRelatedInstances", charset)
    return SeriesMatch(
        study=study,
        series_uid=uid,
        modality=text_of(answer, "Modality", charset),
        body_part=text_of(answer, "BodyPartExamined", charset),
        description=text_of(answer, "SeriesDescription", charset),
        protocol_name=text_of(answer, "ProtocolName", charset),
        instances=int(count) if _COUNT.fullmatch(count) else None,
    )


def instance_match(answer: Dataset, study_uid: str, series_uid: str) -> Instance | None:
    """An object that was listed; ``None`` where its UIDs are against the rules, or it belongs elsewhere."""
    uid = text_of(answer, "SOPInstanceUID", "")
    if not is_uid(uid) or text_of(answer, "SeriesInstanceUID", "") not in ("", series_uid):
        return None
    class_uid = text_of(answer, "SOPClassUID", "")
    return Instance(study_uid, series_uid, uid, class_uid if is_uid(class_uid) else "")


def silence_pydicom() -> None:
    """Keep its warnings of broken values off the terminal: they quote them, and they may be the patient's."""
    warnings.filterwarnings("ignore", module="pydicom")


def text_of(answer: Dataset, keyword: str, charset: str) -> str:
    """The value of a tag as text without control characters; empty where there is none, or none that can be read.

    Bytes are read in the character set that the answer names, else in ``charset`` (that of the node), else as UTF-8
    where they are UTF-8, else as Latin 1.
    """
    tag = tag_for_keyword(keyword)
    assert tag is not None
    try:
        element: Any = answer.get_item(tag)
        value: Any = element.value if element is not None else None
        if isinstance(element, RawDataElement) and isinstance(value, bytes):
            value = _decoded(value, _charset_of(answer) or charset)
        return _visible(value)
    except Exception:  # whatever a peer sends: what cannot be read is not there
        return ""


def _decoded(value: bytes, charset: str) -> str:
    if not charset:
        with contextlib.suppress(UnicodeDecodeError):
            return value.decode("utf-8")
        charset = "ISO_IR 100"
    return decode_bytes(value, convert_encodings(charset.split("\\")), {0x5C, 0x5E, 0x3D, 0x0A, 0x0C, 0x0D})


def _charset_of(answer: Dataset) -> str:
    value: Any = answer.get("SpecificCharacterSet")
    terms = [value] if isinstance(value, str) else list(value or [])
    return "\\".join(str(term) for term in terms) if any(terms) else ""


def _visible(value: Any) -> str:
    if value is None:
        return ""
    words = "\\".join(map(str, value)) if isinstance(value, (list, tuple, MultiValue)) else str(value)
    return "".join(sign for sign in words if sign.isprintable()).strip()


def _empty(level: str, keywords: tuple[str, ...]) -> Dataset:
    keys = Dataset()
    keys.SpecificCharacterSet = UTF_8
    keys.QueryRetrieveLevel = level
    for keyword in keywords:
        setattr(keys, keyword, "")
    return keys


def _day(written: str) -> str | None:
    with contextlib.suppress(ValueError):
        return date.isoformat(datetime.strptime(written.replace(".", "")[:8], "%Y%m%d").date())
    return None
