"""The comparing half of ``same_answers.py``: which field of one state is which of the other, and what may differ.

Fields go by the names of JSON schema 1 (see the README). ``ANSWER`` (a line of ``estimate --json``) and ``RECORD`` (a
line of the JSON lines report) say where the time before it, which had no version, kept them: path there -> path here.
``JOINED`` lists what schema 1 added to each. A field that is named nowhere goes by its own path, so that nothing is
left out silently; a field that is not known (``null``) counts as one that is not there.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ABSENT = "(not there)"
ANSWER: dict[str, str] = {}
RECORD = {
    "file": "path",
    "model_name": "model",
    "error_title": "error.title",
    "error_message": "error.message",
    "error_code": "error.code",
    "stands.bone_age_months": "final.months",
    "stands.difference_months": "final.difference_months",
    "stands.sd_score": "final.sd_score",
    "stands.flag": "final.flag",
}
JOINED = {
    "answer": (
        "schema_version", "disclaimer", "final.", "notices", "reader_age_months", "decided_by", "remark",
        "brush_mean_months", "threshold_sd", "normal_low_months", "normal_high_months", "laterality", "body_part",
        "modality", "preprocessing",
    ),
    "record": ("schema_version", "warnings", "final.by", "study.", "device_note"),
}  # fmt: skip
"""Begins of names."""
TITLES = {
    "Bone age that stands": "Final bone age",
    "Difference that stands": "Final difference",
    "Flag that stands": "Final flag",
}
"""Columns that were renamed: title before -> title after."""
_FILM = "ReferencedSOPInstanceUID"
_SURE = ("FloatingPointValue", "PatientName", "PatientBirthDate")
_NEVER_THE_SAME = ("seconds", "created", "program_version", "from_earlier_run")


@dataclass
class Known:
    """A difference that is wanted: ``where`` is searched for in ``run | film or file | field``, ``before`` and
    ``after`` in the values; all are regular expressions. ``met`` counts the differences that it explained."""

    where: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    reason: str
    met: int = 0

    def explains(self, place: str, before: Any, after: Any) -> bool:
        met = self.where.search(place) and self.before.search(_words(before)) and self.after.search(_words(after))
        self.met += bool(met)
        return bool(met)


def compare(before: Path, after: Path, known_file: Path | None = None) -> int:
    """Print every difference; 0 if all are known, else 1. ``ValueError`` if the films were not the same."""
    first, second = (json.loads(path.read_text(encoding="utf-8")) for path in (before, after))
    if first["films"] != second["films"]:
        raise ValueError("the two states did not see the same films: make both files on one machine, in one way")
    if "resumed batch" in second["runs"] and "resumed batch" not in first["runs"]:
        first["runs"]["resumed batch"] = first["runs"]["batch"]  # half of it, continued, is the same as the whole
    known = read_known(known_file) if known_file else []
    old, new = dict(fields_of(first)), dict(fields_of(second))
    unknown = compared = 0
    for place in dict.fromkeys((*old, *new)):
        compared += 1
        values = old.get(place, ABSENT), new.get(place, ABSENT)
        if _same(*values) or any(each.explains(place, *values) for each in known):
            continue
        unknown += 1
        print(f"{place}\n    before {_words(values[0])}\n    after  {_words(values[1])}")
    for each in known:
        print(f"{each.met:6} times as wanted: {each.reason}")
    print(f"{first['commit']} and {second['commit']}: {len(first['films'])} films, {compared} fields, "
          f"{unknown} differ without a reason")  # fmt: skip
    return 1 if unknown else 0


def read_known(path: Path) -> list[Known]:
    """Read ``[[known]]`` tables with ``where`` and ``reason``, perhaps ``before`` and ``after``."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))["known"]
    patterns = ("where", "before", "after")
    if wrong := [table for table in tables if not {"where", "reason"} <= set(table) <= {*patterns, "reason"}]:
        raise ValueError(f"these need where and reason: {wrong}")
    return [
        Known(*(re.compile(table.get(name, ""), re.DOTALL) for name in patterns), table["reason"]) for table in tables
    ]


def fields_of(result: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every field of a state as ``run | film or file | field`` and value."""
    for run, entry in result["runs"].items():
        yield f"{run} | exit code", entry["code"]
        for kind in ("text", "errors"):
            yield from ((f"{run} | {kind} | line {number}", line) for number, line in enumerate(entry.get(kind, []), 1))
        for film, answer in entry.get("answers", {}).items():
            yield from _named(f"{run} | {film}", answer, ANSWER, JOINED["answer"])
        for file, fields in _by_film(entry.get("reports", {})):
            for name, value in fields.items():
                if file.endswith(".jsonl"):
                    yield from _named(f"{run} | {file} {name}", value, RECORD, JOINED["record"])
                else:
                    yield f"{run} | {file} | {_title(name)}", _title(value) if name.endswith("columns") else value


def _by_film(reports: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Reports by names; the structured ones of a run, which are only numbered, by the film that they point to or, if
    they point to none that is known, by what they measured."""
    met: Counter[str] = Counter()
    for file, fields in reports.items():
        if file.startswith("structured "):
            parts = [str(value) for name, value in fields.items() if name.endswith(_SURE) and "<" not in str(value)]
            points = [value for name, value in fields.items() if name.endswith(_FILM) and "<" not in str(value)]
            film = str(points[0]) if points else " ".join(parts)
            met[film] += 1
            file = f"structured report of {film} ({met[film]})"
        yield file, fields


def _named(
    place: str, record: Mapping[str, Any], renamed: Mapping[str, str], joined: tuple[str, ...]
) -> Iterator[tuple[str, Any]]:
    """The known values of a record by the names of schema 1."""
    is_new = "schema_version" in record
    for path, value in _leaves(record):
        name = path if is_new else renamed.get(path, path)
        if value is None or name in _NEVER_THE_SAME or (is_new and name.startswith(joined)):
            continue
        yield f"{place} | {name}", value


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else key)
    else:
        yield path, value


def _title(name: str) -> str:
    for before, after in TITLES.items():
        name = name.replace(before, after)
    return name


def _same(before: Any, after: Any) -> bool:
    """Equal and of one type: 1 is not 1.0, and not True."""
    return type(before) is type(after) and before == after


def _words(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
