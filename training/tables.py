"""The tables that training commands read and write."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from bone_age_gui.core.values.whole_files import write_content
from training.errors import file_reason

_T = TypeVar("_T")


def read_rows(path: Path, columns: Sequence[str], make: Callable[[Mapping[str, str]], _T]) -> list[_T]:
    """``make`` of every row of a CSV file (UTF-8) that has these columns; it may raise ``ValueError``.

    Raises ``ValueError`` that says in words, without a full stop, why the table cannot be read, and in which line.
    """
    made = []
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file)
            if missing := [name for name in columns if name not in (rows.fieldnames or ())]:
                raise ValueError(f"it has no column {' or '.join(missing)}")
            for row in rows:
                if any(row[name] is None for name in columns):
                    raise ValueError(f"line {rows.line_num} has too few values")
                try:
                    made.append(make(row))
                except ValueError as error:
                    raise ValueError(f"in line {rows.line_num} {error}") from error
    except OSError as error:
        raise ValueError(file_reason(error)) from error
    except UnicodeDecodeError as error:
        raise ValueError("it is no text in UTF-8") from error
    except csv.Error as error:
        raise ValueError(f"it is no table in CSV ({error})") from error
    return made


def number(row: Mapping[str, str], name: str, low: float = -1e9, high: float = 1e9) -> float:
    """The number in a row's column; ``ValueError`` where there is none from ``low`` to ``high``."""
    try:
        value = float(row[name])
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise ValueError(f"{name} should be a number from {low:g} to {high:g}, not {row[name][:20]!r}")
    return value


def whole_number(row: Mapping[str, str], name: str, low: int, high: int) -> int:
    """The whole number in a row's column; ``ValueError`` where there is none from ``low`` to ``high``."""
    value = number(row, name, low, high)
    if value != int(value):
        raise ValueError(f"{name} should be a whole number, not {row[name][:20]!r}")
    return int(value)


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file (UTF-8), whole or not at all.

    Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``.
    """
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    write_text(path, text.getvalue())


def write_text(path: Path, text: str) -> None:
    """Write a text (UTF-8) with its own line ends, whole or not at all.

    Raises ``BoneAgeError``: ``disk_full read_only no_folder not_written``.
    """
    write_content(path, text, "table")
