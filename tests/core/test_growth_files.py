"""A growth table that is missing or wrong is refused in plain words."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.values.errors import BoneAgeError
from refused import refused


def write(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "table.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_missing_file(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.json", tmp_path):
        with pytest.raises(BoneAgeError) as refused:
            GrowthReference.load(path)
        assert refused.value.code == "growth_missing"
        assert str(tmp_path) not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b"[]", b"null", b"{}"])
def test_no_table_at_all(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "table.json"
    path.write_bytes(content)
    with pytest.raises(BoneAgeError) as refused:
        GrowthReference.load(path)
    assert refused.value.code == "growth_broken"


@pytest.mark.parametrize(
    "key, value",
    [
        ("unit", "years"),
        ("name", " "),
        ("source", None),
        ("male", []),
        ("male", {"ca": 3}),
        ("female", [{"ca": 3, "mean": 3, "sd": 1}]),
        ("extra", 1),
    ],
)
def test_wrong_fields(tmp_path: Path, data: dict[str, Any], key: str, value: object) -> None:
    data[key] = value
    with refused(match="can't be used"):
        GrowthReference.load(write(tmp_path, data))


@pytest.mark.parametrize("key", ["name", "source", "unit", "male", "female"])
def test_missing_fields(tmp_path: Path, data: dict[str, Any], key: str) -> None:
    del data[key]
    with refused(match="can't be used"):
        GrowthReference.load(write(tmp_path, data))


@pytest.mark.parametrize(
    "row",
    [
        {"ca": 6, "mean": 6.0},
        {"ca": 6, "mean": 6.0, "sd": 1.0, "n": 10},
        {"ca": "6", "mean": 6.0, "sd": 1.0},
        {"ca": 6, "mean": 6.0, "sd": True},
        {"ca": 6, "mean": 6.0, "sd": None},
        {"ca": 6, "mean": 6.0, "sd": 0.0},
        {"ca": 6, "mean": 6.0, "sd": math.nan},
        {"ca": 6, "mean": math.inf, "sd": 1.0},
        {"ca": 6, "mean": 10**400, "sd": 1.0},
        {"ca": 3, "mean": 6.0, "sd": 1.0},
        {"ca": 6, "mean": 2.0, "sd": 1.0},
        [6, 6.0, 1.0],
    ],
)
def test_wrong_rows(tmp_path: Path, data: dict[str, Any], row: object) -> None:
    data["male"][1] = row
    with refused(match="can't be used"):
        GrowthReference.load(write(tmp_path, data))
