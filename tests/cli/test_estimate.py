"""``bone-age estimate``: records, what options replace, refusals, text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bone_age_gui import DISCLAIMER
from bone_age_gui.core import pipeline
from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.values.age import months_between
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.wording.report import NO_PROOF
from films import hand_like, write_dicom

NO_DRIVER = Fact("no_driver", {"library": "libcuda.so.1"})

Run = Callable[..., Any]
AGE = months_between(date(2014, 3, 2), date(2026, 11, 20))
FIELDS = {
    "path",
    "bone_age_months",
    "chronological_age_months",
    "difference_months",
    "sd_score",
    "flag",
    "sex",
    "device",
    "model",
    "warnings",
    "error",
    "interval_low_months",
    "interval_high_months",
    "spread_months",
    "reason",
    "model_version",
    "model_sha256",
    "study_date",
    "seconds",
    "is_phantom",
}


def test_a_record_has_every_field_and_takes_the_tags(estimate: Run, film: Path, tiny_model: Path) -> None:
    answer = estimate(film)
    record = answer.record
    bundle = load_bundle(tiny_model)
    assert answer.code == 0
    assert set(record) >= FIELDS
    assert record["path"] == str(film)
    assert record["sex"] == "F"
    assert record["study_date"] == "2026-11-20"
    assert record["chronological_age_months"] == pytest.approx(AGE)
    assert record["difference_months"] == pytest.approx(record["bone_age_months"] - AGE)
    assert record["sd_score"] is not None
    assert record["flag"] in ("normal", "advanced", "delayed", "indeterminate")
    assert record["interval_low_months"] < record["bone_age_months"] < record["interval_high_months"]
    assert (record["model"], record["model_version"]) == (bundle.name, bundle.version)
    assert record["model_sha256"] == bundle.sha256
    assert record["device"] == "cpu"
    assert record["error"] is None
    assert record["is_phantom"] is False


def test_the_sex_on_the_command_line_replaces_the_tag_and_reaches_the_network(estimate: Run, film: Path) -> None:
    girl, boy = estimate(film).record, estimate(film, "--sex", "m").record
    assert (girl["sex"], boy["sex"]) == ("F", "M")
    assert boy["bone_age_months"] - girl["bone_age_months"] == pytest.approx(6.0, abs=0.01)


def test_dates_on_the_command_line_replace_the_tags(estimate: Run, film: Path) -> None:
    record = estimate(film, "--birth-date", "2016-03-02", "--study-date", "2025-03-02").record
    assert record["chronological_age_months"] == pytest.approx(months_between(date(2016, 3, 2), date(2025, 3, 2)))
    assert record["study_date"] == "2025-03-02"


def test_an_age_on_the_command_line_outranks_the_dates_of_the_tags(estimate: Run, film: Path) -> None:
    record = estimate(film, "--age-months", "130.5").record
    assert record["chronological_age_months"] == 130.5
    assert record["difference_months"] == pytest.approx(record["bone_age_months"] - 130.5)


def test_a_birth_date_without_a_study_date_outranks_the_age_in_the_tags(estimate: Run, tmp_path: Path) -> None:
    film = write_dicom(tmp_path / "film.dcm", hand_like(), birth_date=None, study_date=None, age="012Y")
    assert estimate(film).record["chronological_age_months"] == 144
    assert estimate(film, "--birth-date", "2014-03-02").record["chronological_age_months"] is None


def test_what_is_given_holds_for_every_film(estimate: Run, film: Path, picture: Path) -> None:
    answer = estimate(film, picture, "--sex", "F", "--age-months", "140")
    assert answer.code == 0
    assert [record["chronological_age_months"] for record in answer.records] == [140, 140]
    first, second = (record["bone_age_months"] for record in answer.records)
    assert first == pytest.approx(second, abs=0.1)


def test_a_picture_without_tags_has_no_reference(estimate: Run, picture: Path) -> None:
    record = estimate(picture).record
    assert record["flag"] == "no_reference"
    assert record["reason"]
    assert record["bone_age_months"] is not None
    assert (record["sex"], record["chronological_age_months"], record["sd_score"]) == (None, None, None)


def test_the_sample_says_that_it_is_a_phantom(estimate: Run) -> None:
    from bone_age_gui.paths import sample_files

    answer = estimate(*sample_files())
    assert answer.code == 0
    assert len(answer.records) >= 2
    for record in answer.records:
        assert record["is_phantom"] is True
        assert any("phantom" in warning for warning in record["warnings"])


def test_a_refused_film_among_good_ones(estimate: Run, film: Path, picture: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.dcm"
    broken.write_bytes(film.read_bytes()[:5000])
    missing = tmp_path / "missing.png"
    answer = estimate(film, broken, missing, tmp_path, picture)
    assert answer.code == 3
    assert [record["error"] is None for record in answer.records] == [True, False, False, False, True]
    for record in answer.records[1:4]:
        assert set(record) >= FIELDS
        assert set(record["error"]) == {"title", "message", "code"}
        assert record["bone_age_months"] is None
        assert record["flag"] is None
    assert answer.err == ""


def test_a_mistake_in_the_program_costs_one_film_only(
    estimate: Run, film: Path, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = pipeline.process

    def process(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path == film:
            raise RuntimeError(f"secret of {path}")
        return honest(path, *args, **kwargs)

    monkeypatch.setattr(pipeline, "process", process)
    answer = estimate(film, picture)
    assert answer.code == 3
    assert [record["error"] and record["error"]["code"] for record in answer.records] == ["internal", None]
    message = answer.records[0]["error"]["message"]
    assert "RuntimeError" in message
    assert "secret" not in message
    assert "film.dcm" not in message


def test_text_for_people(run: Run, film: Path, tiny_model: Path, tmp_path: Path) -> None:
    options = ("--model", tiny_model, "--device", "cpu")
    months = run("estimate", film, *options, "--json").record["bone_age_months"]
    answer = run("estimate", film, tmp_path / "missing.png", *options)
    assert answer.code == 3
    words = " ".join(answer.out.split())
    assert f"({months:.1f} months)" in words
    assert "12 y 9 m (152.6 months) at the study date 2026-11-20" in words
    assert "90 % interval" in words
    assert "Sex female" in words
    assert "Flag" in words
    assert "tiny 0.1 on CPU" in words
    assert words.endswith(f"{NO_PROOF} {DISCLAIMER}")
    assert "missing.png" in answer.err
    assert "missing.png" not in answer.out


def test_auto_says_that_it_fell_back(run: Run, film: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bone_age_gui.core.model.predictor.missing_driver", lambda: NO_DRIVER)
    answer = run("estimate", film, "--model", tiny_model, "--json")
    assert answer.code == 0
    assert "using the CPU" in answer.err
    assert answer.record["device"] == "cpu"
    assert answer.record["device_note"]


def test_a_model_is_found_by_name_in_the_users_own_folder(
    run: Run, film: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "mine").symlink_to(tiny_model)
    monkeypatch.setenv("BONE_AGE_DATA", str(tmp_path))
    answer = run("estimate", film, "--model", "mine", "--device", "cpu", "--json")
    assert answer.code == 0
    assert answer.record["model"] == load_bundle(tiny_model).name


def test_model_info(run: Run, tiny_model: Path) -> None:
    bundle = load_bundle(tiny_model)
    record = run("model-info", "--model", tiny_model, "--json").record
    assert (record["name"], record["version"], record["sha256"]) == (bundle.name, bundle.version, bundle.sha256)
    assert Path(record["path"]).samefile(tiny_model)
    assert record["metrics"]["report"]["n"] == 4
    assert "held_out" not in record["training"]
    text = run("model-info", "--model", tiny_model).out
    assert bundle.sha256 in text
    assert "Scored on          report: 4 films, MAE 9.00 months" in text
