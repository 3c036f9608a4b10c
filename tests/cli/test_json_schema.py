"""One JSON schema: what every door writes and the README describes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bone_age_gui.report.json_schema import case_schema

Run = Callable[..., Any]
README = Path(__file__).resolve().parents[2] / "README.md"
NUMBER, TEXT, NONE = (int, float), str, type(None)
TYPES: dict[str, tuple[Any, ...]] = {
    "schema_version": (int,), "path": (TEXT,), "patient_name": (TEXT, NONE), "patient_id": (TEXT, NONE),
    "sex": (TEXT, NONE), "birth_date": (TEXT, NONE), "study_date": (TEXT, NONE),
    "chronological_age_months": (NUMBER, NONE), "chronological_age_interval_months": (list, NONE),
    "bone_age_months": (NUMBER, NONE), "at_least": (bool,), "at_most": (bool,),
    "interval_low_months": (NUMBER, NONE), "interval_high_months": (NUMBER, NONE), "interval_level": (NUMBER, NONE),
    "spread_months": (NUMBER, NONE), "difference_months": (NUMBER, NONE), "sd_score": (NUMBER, NONE),
    "sd_months": (NUMBER, NONE), "normal_low_months": (NUMBER, NONE), "normal_high_months": (NUMBER, NONE),
    "threshold_sd": (NUMBER, NONE), "brush_mean_months": (NUMBER, NONE),
    "probability_beyond": (NUMBER, NONE), "doubtful": (list,), "joints": (list,),
    "reference_mean_months": (NUMBER, NONE), "reference_name": (TEXT, NONE), "reference_population": (TEXT, NONE),
    "normal_below": (NUMBER, NONE), "beyond_above": (NUMBER, NONE), "borderline": (bool,),
    "flag": (TEXT, NONE), "reason": (TEXT, NONE),
    "reader_age_months": (NUMBER, NONE), "decided_by": (TEXT, NONE), "remark": (TEXT,), "final": (dict, NONE),
    "blind_age_months": (NUMBER, NONE), "reading_order": (TEXT, NONE), "earlier": (list,),
    "adult_height": (dict, NONE),
    "warnings": (list,), "notices": (list,), "error": (dict, NONE), "model": (TEXT, NONE), "laterality": (TEXT, NONE),
    "body_part": (TEXT, NONE), "modality": (TEXT, NONE), "is_phantom": (bool,), "model_version": (TEXT, NONE),
    "model_sha256": (TEXT, NONE), "device": (TEXT, NONE), "device_note": (TEXT, NONE), "preprocessing": (TEXT, NONE),
    "program_version": (TEXT,), "created": (TEXT,), "seconds": (NUMBER, NONE), "reference": (dict, NONE),
    "study": (dict, NONE), "disclaimer": (TEXT,), "no_proof": (TEXT,),
}  # fmt: skip
"""The names and types that programs of others depend on: they change with ``schema_version`` only."""
GROUPS = {
    "final": {"months", "difference_months", "sd_score", "flag", "borderline", "reason", "by", "reader", "decided_at"},
    "adult_height": {
        "height_cm", "height_sd_score", "height_reference", "predicted_cm", "percent", "tempo", "error_cm", "reason",
        "mother_cm", "father_cm", "target_cm", "target_low_cm", "target_high_cm",
    },
    "error": {"title", "message", "code"},
    "notices": {"code", "text", "loud", "doubt"},
    "joints": {"kind", "x", "y", "score"},
    "earlier": {
        "image", "bone_age_months", "study_date", "age_months", "by", "sd_score", "model_name", "model_version",
        "is_doubtful", "end",
    },
    "reference": {"sop_class_uid", "sop_instance_uid", "study_instance_uid", "series_instance_uid"},
    "study": {
        "study_id", "study_time", "accession_number", "referring_physician", "description", "patient_id_issuer",
    },
}  # fmt: skip
BATCH = {
    "films", "estimated", "fine", "doubtful", "refused", "from_earlier_run", "doubts", "flags", "borderline",
    "refusals", "seconds", "films_per_second", "reports",
}  # fmt: skip
FLAGS = {"normal", "advanced", "delayed", "indeterminate", "no_reference"}
HIDDEN = ("patient_name", "patient_id", "birth_date", "reference", "study")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.png"
    path.write_text("no picture")
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]


def check(objects: list[dict[str, Any]]) -> None:
    """Names, types, tokens and groups of every object."""
    for each in objects:
        assert set(each) == set(TYPES)
        wrong = [name for name, kinds in TYPES.items() if not any(isinstance(each[name], kind) for kind in kinds)]
        assert not wrong
        assert each["schema_version"] == 1
        assert each["flag"] in FLAGS | {None}
        assert each["sex"] in ("F", "M", None)
        for name, keys in GROUPS.items():
            groups = each[name] if isinstance(each[name], list) else [each[name]]
            assert all(set(group) == keys for group in groups if group is not None), name
        assert each["warnings"] == [notice["text"] for notice in each["notices"]]


def test_the_terminal_and_the_report_speak_one_schema(
    estimate: Run, film: Path, picture: Path, broken: Path, tmp_path: Path
) -> None:
    answer = estimate(film, picture, broken, "--report", tmp_path / "out", "--formats", "json")
    printed, reported = answer.records, lines(tmp_path / "out" / "bone-age.jsonl")
    check(printed)
    check(reported)
    for one, other in zip(printed[:2], reported[:2], strict=True):
        assert {name for name in TYPES if one[name] != other[name]} <= set(HIDDEN)
    assert reported[0]["patient_name"] == "Doe^Jane"
    assert reported[0]["study"]["accession_number"] == ""
    assert all(each[name] is None for each in printed for name in HIDDEN)
    assert [each["final"] is None for each in reported] == [False, False, True]
    assert reported[0]["final"] == {
        "months": reported[0]["bone_age_months"],
        "difference_months": reported[0]["difference_months"],
        "sd_score": pytest.approx(reported[0]["sd_score"]),
        "flag": reported[0]["flag"],
        "reason": reported[0]["reason"],
        "borderline": reported[0]["borderline"],
        "by": "model",
        "reader": None,
        "decided_at": None,
    }


def test_a_batch_speaks_it_too(run: Run, film: Path, tiny_model: Path, tmp_path: Path) -> None:
    table = tmp_path / "patients.csv"
    table.write_text(f"file,reader_age_months\n{film.name},140\n", encoding="utf-8")
    answer = run(
        "batch", film.parent, "--out", tmp_path / "out", "--formats", "json", "--model", tiny_model, "--device", "cpu",
        "--workers", "1", "--patients", table, "--json",
    )  # fmt: skip
    assert answer.code == 0
    assert set(answer.record) == BATCH
    (only,) = lines(tmp_path / "out" / "results.jsonl")
    check([only])
    assert only["reader_age_months"] == 140
    assert only["final"]["months"] == only["bone_age_months"]


def test_the_readme_names_every_field() -> None:
    section = README.read_text(encoding="utf-8").split("### JSON", 1)[1].split("\n### ", 1)[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| `")]
    meanings = {name: row[2] for row in rows for name in re.findall(r"`([a-z0-9_]+)`", row[1])}
    assert set(meanings) == set(TYPES)
    for name, keys in GROUPS.items():
        assert keys <= set(re.findall(r"`([a-z0-9_]+)`", meanings[name])), name
    assert set(re.findall(r"`([a-z0-9_]+)`", section.rsplit("|", 1)[1])) >= BATCH


def test_the_groups_are_those_of_the_schema() -> None:
    """What no film of these tests holds, too: an earlier examination, for example."""
    for name, keys in GROUPS.items():
        kinds = case_schema()["properties"][name]
        (group,) = [each for each in kinds.get("anyOf", [kinds.get("items")]) if each["type"] == "object"]
        assert set(group["properties"]) == keys, name
    assert set(case_schema()["properties"]) == set(TYPES)
