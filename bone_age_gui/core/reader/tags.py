"""Plain values out of DICOM tags: what is missing or broken is ``None`` or empty, never an exception."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

from pydicom import Dataset
from pydicom.dataelem import RawDataElement
from pydicom.multival import MultiValue

from bone_age_gui.core.reader import refusals as refuse
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
        raise refuse.excessive_value(len(raw.value) / 2**10)


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


def whole(dataset: Dataset, keyword: str, default: int) -> int:
    """The first value of a tag as a whole number, ``default`` if there is none."""
    stated = numbers(dataset, keyword)
    return int(stated[0]) if stated else default


def first_item(dataset: Dataset, keyword: str) -> Dataset | None:
    """The first item of a sequence, ``None`` if there is none."""
    sequence = value(dataset, keyword)
    try:
        item = sequence[0] if sequence is not None else None
    except (TypeError, IndexError, KeyError):
        return None
    return item if isinstance(item, Dataset) else None


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


def is_little_endian(dataset: Dataset) -> bool:
    """Byte order of the dataset as read from the file."""
    return dataset.original_encoding[1] is not False
