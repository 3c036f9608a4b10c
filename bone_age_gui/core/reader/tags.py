"""Plain values out of DICOM tags: what is missing or broken is ``None`` or empty, never an exception."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydicom import Dataset
from pydicom.dataelem import RawDataElement
from pydicom.multival import MultiValue
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from bone_age_gui.core.values.age import dicom_age_unit, parse_dicom_age
from bone_age_gui.core.values.errors import BoneAgeError

_LONGEST = 2**16
"""Bytes of a value that is no bulk: as many as most kinds of value can have in a file."""
_BULK = {"PixelData": 2**40, "LUTData": 2**20}
_BULK_KINDS = ("OB", "OW", "UN", "US", "SS", None)


def value(dataset: Dataset, keyword: str) -> Any:
    """The value of a tag, ``None`` if it is missing, empty or cannot be parsed.

    Raises
    ------
    BoneAgeError
        ``excessive`` for words or numbers by the million, of which each would be parsed.
    """
    try:
        _check_length(dataset, keyword)
        content = dataset.get(keyword)
    except (BoneAgeError, MemoryError):
        raise
    except Exception:  # pydicom raises whatever the broken bytes lead to
        return None
    return None if content in (None, "", b"") else content


def _check_length(dataset: Dataset, keyword: str) -> None:
    raw: Any = dataset.get_item(keyword) if keyword in dataset else None
    if not isinstance(raw, RawDataElement) or raw.VR == "SQ" or raw.value is None:
        return
    most = _BULK.get(keyword, _LONGEST) if raw.VR in _BULK_KINDS else _LONGEST
    if len(raw.value) > most and not keyword.endswith("Sequence"):
        raise BoneAgeError("excessive", "value", kilobytes=len(raw.value) / 2**10)


def text(dataset: Dataset, keyword: str) -> str | None:
    """The first value of a tag as stripped text, ``None`` if there is none."""
    stated = value(dataset, keyword)
    if isinstance(stated, (MultiValue, list)):
        stated = stated[0] if stated else None
    if stated is None:
        return None
    try:
        return _utf_8_if_so(str(stated)).replace("\0", "").strip() or None
    except Exception:  # a person's name in an unknown character set
        return None


def _utf_8_if_so(words: str) -> str:
    """Text whose bytes are UTF-8, although the file states another character set or none.

    Letters of a one-byte set hardly ever stand in the order in which UTF-8 is read.
    """
    if words.isascii():
        return words
    try:
        return words.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return words


def numbers(dataset: Dataset, keyword: str) -> list[float]:
    """The finite values of a numeric tag; an empty list if there is none or any is broken."""
    stated = value(dataset, keyword)
    if stated is None:
        return []
    several = stated if isinstance(stated, (MultiValue, list, tuple)) else [stated]
    try:
        result = [float(each) for each in several]
    except (TypeError, ValueError, OverflowError):
        return []
    return result if all(math.isfinite(each) for each in result) else []


def whole_if_stated(dataset: Dataset, keyword: str) -> int | None:
    """The first value of a tag as a whole number, ``None`` if there is none."""
    stated = numbers(dataset, keyword)
    return int(stated[0]) if stated else None


def whole(dataset: Dataset, keyword: str, default: int) -> int:
    """The first value of a tag as a whole number, ``default`` if there is none."""
    stated = whole_if_stated(dataset, keyword)
    return default if stated is None else stated


def first_item(dataset: Dataset, keyword: str) -> Dataset | None:
    """The first item of a sequence, ``None`` if there is none."""
    sequence = value(dataset, keyword)
    try:
        item = sequence[0] if sequence is not None else None
    except (TypeError, IndexError, KeyError):
        return None
    return item if isinstance(item, Dataset) else None


@dataclass(frozen=True)
class Table:
    """A look-up table as stated: its descriptor, and its entries in whatever form they came."""

    descriptor: tuple[float, ...]
    entries: object


def table(dataset: Dataset, keyword: str) -> Table | None:
    """The first table of a sequence, ``None`` if there is none."""
    item = first_item(dataset, keyword)
    if item is None:
        return None
    descriptor = tuple(numbers(item, "LUTDescriptor"))
    return Table(descriptor, value(item, "LUTData") if len(descriptor) == 3 else None)


def pair(dataset: Dataset, keyword: str) -> tuple[float, float] | None:
    """Two positive numbers (row, column), else ``None``."""
    stated = numbers(dataset, keyword)
    return (stated[0], stated[1]) if len(stated) == 2 and min(stated) > 0 else None


def spacing_of_frame(dataset: Dataset) -> tuple[float, float] | None:
    """The spacing in the functional groups of an enhanced object (PS3.3 C.7.6.16.2.1): of all frames, or the first."""
    for groups in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        group = first_item(dataset, groups)
        measures = first_item(group, "PixelMeasuresSequence") if group is not None else None
        if measures is not None and (spacing := pair(measures, "PixelSpacing")):
            return spacing
    return None


def date_of(dataset: Dataset, keyword: str) -> tuple[date | None, bool]:
    """A date (``20140302``, also the old ``2014.03.02``), and whether something unreadable was there."""
    stated = text(dataset, keyword)
    if stated is None:
        return None, False
    for form in ("%Y%m%d", "%Y.%m.%d", "%Y-%m-%d"):
        try:
            return datetime.strptime(stated, form).date(), False
        except ValueError:
            continue
    return None, True


def age_of(dataset: Dataset, keyword: str) -> tuple[float | None, float, bool]:
    """An age and the unit in which it is stated, both in months, and whether something unreadable was there."""
    stated = text(dataset, keyword)
    months = parse_dicom_age(stated) if stated is not None else None
    if stated is None or months is None:
        return None, 0.0, stated is not None
    return months, dicom_age_unit(stated), False


def syntax_of(dataset: Dataset) -> UID:
    """The transfer syntax; where the file does not name it, the one in which it could be parsed."""
    stated = text(getattr(dataset, "file_meta", Dataset()), "TransferSyntaxUID")
    if stated:
        return UID(stated)
    return ImplicitVRLittleEndian if dataset.original_encoding[0] else ExplicitVRLittleEndian


def is_little_endian(dataset: Dataset) -> bool:
    """Byte order of the dataset as read from the file."""
    return dataset.original_encoding[1] is not False
