"""The whole line through real files: every door gives the same age, and cases are values."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest

from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.model.card import AgeLimits
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.pipeline import (
    assess_again,
    estimate_case,
    open_case,
    override_patient,
    prepare,
    process,
    with_patient,
)
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Case, Flag, Patient, Sex
from bone_age_gui.paths import growth_dir, sample_files
from bone_age_gui.wording.notices import notice_text
from bundles import make_bundle
from films import LOSSLESS_SYNTAXES, hand_like, write_dicom, write_picture


@pytest.fixture(scope="module")
def predictor(tmp_path_factory: pytest.TempPathFactory) -> Predictor:
    return Predictor(make_bundle(tmp_path_factory.mktemp("tiny")), "cpu")


@pytest.fixture(scope="module")
def reference() -> GrowthReference:
    return GrowthReference.load(growth_dir() / "brush_foundation.json")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_dicom(tmp_path / "film.dcm", hand_like())


def codes(case: Case) -> set[str]:
    return {notice.code for notice in case.all_notices}


def test_a_dicom_film_walks_from_file_to_flag(film: Path, predictor: Predictor, reference: GrowthReference) -> None:
    case = process(film, predictor, reference)
    assert case.error is None
    assert case.radiograph is not None
    assert case.patient == case.radiograph.patient
    assert [stage.key for stage in case.stages] == ["cleaned", "equalised", "sharpened", "gamma", "network"]
    assert case.estimate is not None
    assert case.estimate.sex == Sex.FEMALE
    assert case.assessment is not None
    age = case.assessment.chronological_age_months
    assert age == pytest.approx((date(2026, 11, 20) - date(2014, 3, 2)).days / 30.4375)
    assert case.assessment.difference_months == pytest.approx(case.estimate.bone_age_months - age)
    assert case.assessment.flag in set(Flag) - {Flag.NO_REFERENCE}
    assert list(case.timings) == ["read", "prepare", "infer", "assess"]
    assert all(seconds >= 0 for seconds in case.timings.values())


def test_step_by_step_is_the_same_as_all_at_once(film: Path, predictor: Predictor, reference: GrowthReference) -> None:
    opened = open_case(film)
    assert opened.stages == ()
    assert opened.estimate is None
    prepared = prepare(opened, predictor)
    assert opened.stages == ()
    estimated = estimate_case(prepared, predictor, reference)
    assert prepared.estimate is None
    at_once = process(film, predictor, reference)
    assert estimated.estimate is not None
    assert at_once.estimate is not None
    assert estimated.estimate.bone_age_months == at_once.estimate.bone_age_months
    assert estimated.assessment == at_once.assessment
    lazily = estimate_case(opened, predictor, reference)
    assert lazily.estimate is not None
    assert lazily.estimate.bone_age_months == at_once.estimate.bone_age_months


def test_the_same_film_through_every_door_gives_the_same_age(
    tmp_path: Path, predictor: Predictor, reference: GrowthReference
) -> None:
    pixels = hand_like()
    doors = [
        write_dicom(tmp_path / f"{photometric}-{bits}.dcm", pixels, bits=bits, photometric=photometric)
        for photometric in ("MONOCHROME1", "MONOCHROME2")
        for bits in (8, 12)
    ]
    doors.append(write_dicom(tmp_path / "signed.dcm", pixels, signed=True))
    doors += [
        write_dicom(tmp_path / f"syntax-{number}.dcm", pixels, syntax=syntax)
        for number, syntax in enumerate(LOSSLESS_SYNTAXES)
    ]
    doors += [
        write_picture(tmp_path / f"film-{bits}{suffix}", pixels, bits=bits)
        for suffix in (".png", ".tif")
        for bits in (8, 16)
    ]
    cases = {path.name: process(path, predictor, reference, given=Patient(Sex.FEMALE)) for path in doors}
    assert {name: case.error for name, case in cases.items() if case.error} == {}
    ages = {name: case.estimate.bone_age_months for name, case in cases.items() if case.estimate}
    assert max(ages.values()) - min(ages.values()) <= 0.1, ages


def test_what_the_user_says_outranks_the_file(film: Path, predictor: Predictor, reference: GrowthReference) -> None:
    case = process(film, predictor, reference, given=Patient(Sex.MALE, date(2016, 11, 20)))
    assert case.estimate is not None
    assert case.estimate.sex == Sex.MALE
    assert case.patient.chronological_age_months == pytest.approx(120, abs=0.1)
    case = process(film, predictor, reference, given=Patient(stated_age_months=77.0))
    assert case.patient.chronological_age_months == 77
    case = process(film, predictor, reference, given=Patient(study_date=date(2020, 3, 2)))
    assert case.patient.chronological_age_months == pytest.approx(72, abs=0.1)


def test_dates_that_were_shifted_into_the_future_are_accepted_and_said(
    tmp_path: Path, predictor: Predictor, reference: GrowthReference
) -> None:
    path = write_dicom(tmp_path / "shifted.dcm", hand_like(), birth_date="21190302", study_date="21321120")
    case = process(path, predictor, reference)
    assert case.error is None
    assert "future_date" in codes(case)
    assert case.patient.chronological_age_months == pytest.approx(164.6, abs=0.1)
    put_right = with_patient(
        case, override_patient(case.patient, Patient(birth_date=date(2011, 3, 2), study_date=date(2024, 11, 20)))
    )
    assert "future_date" not in codes(assess_again(put_right, reference))
    again = assess_again(case, reference)
    assert [notice.code for notice in again.notices].count("future_date") == 1


def test_overrides_leave_what_is_not_given() -> None:
    patient = Patient(Sex.MALE, date(2014, 1, 1), date(2024, 1, 1), None, "Doe", "1")
    assert override_patient(patient, Patient()) == patient
    changed = override_patient(patient, Patient(birth_date=date(2015, 1, 1), stated_age_months=3.0))
    assert (changed.birth_date, changed.stated_age_months) == (date(2015, 1, 1), 3.0)
    assert (changed.name, changed.sex) == ("Doe", Sex.MALE)


@pytest.mark.parametrize(
    ("refusal", "sex", "stays"),
    [
        (BoneAgeError("illegible", "unsteady"), Sex.MALE, False),
        (BoneAgeError("illegible", "unsteady"), Sex.FEMALE, True),
        (BoneAgeError("illegible", "noisy"), Sex.MALE, True),
        (BoneAgeError("no_hand"), Sex.MALE, True),
    ],
)
def test_another_sex_takes_back_a_refusal_that_came_of_the_estimate(
    refusal: BoneAgeError, sex: Sex, stays: bool
) -> None:
    refused = Case(path=None, patient=Patient(Sex.FEMALE), error=refusal)
    assert with_patient(refused, Patient(sex)).error == (refusal if stays else None)


def test_an_unknown_sex_is_told_and_has_no_reference(
    tmp_path: Path, predictor: Predictor, reference: GrowthReference
) -> None:
    case = process(write_dicom(tmp_path / "film.dcm", hand_like(), sex=None), predictor, reference)
    assert "sex_unknown" in codes(case)
    assert case.assessment is not None
    assert case.assessment.flag == Flag.NO_REFERENCE


def test_ages_that_the_model_has_hardly_seen_are_told(
    tmp_path: Path, film: Path, predictor: Predictor, reference: GrowthReference
) -> None:
    assert "outside_training_ages" not in codes(process(film, predictor, reference))
    narrow = make_bundle(tmp_path / "narrow", limits=AgeLimits((0.0, 240.0), (24.0, 60.0)))
    case = process(film, Predictor(narrow, "cpu"), reference)
    assert "outside_training_ages" in codes(case)
    assert any("2 y 0 m to 5 y 0 m" in notice_text(notice) for notice in case.notices)


def test_notices_of_the_film_are_carried_and_not_doubled(
    tmp_path: Path, predictor: Predictor, reference: GrowthReference
) -> None:
    path = write_dicom(tmp_path / "chest.dcm", hand_like(), body_part="CHEST", sex=None)
    opened = open_case(path)
    assert opened.radiograph is not None
    assert any(notice.loud for notice in opened.all_notices)
    once = estimate_case(opened, predictor, reference)
    twice = estimate_case(once, predictor, reference)
    assert once.all_notices == twice.all_notices
    assert [notice for notice in once.all_notices if notice in opened.all_notices] == list(opened.all_notices)
    assert {doubt.code for doubt in once.doubts} == {"unchecked", "body_part"}
    assert once.all_notices[:2] == once.doubts


def test_changed_dates_need_no_new_inference(film: Path, predictor: Predictor, reference: GrowthReference) -> None:
    case = process(film, predictor, reference)
    later = Patient(Sex.FEMALE, date(2020, 3, 2), date(2026, 11, 20))
    edited = with_patient(case, later)
    assert edited.estimate is case.estimate
    assert edited.assessment is None
    again = assess_again(edited, reference)
    assert again.assessment is not None
    assert again.assessment.flag == Flag.ADVANCED
    assert case.assessment is not None
    assert again.assessment.chronological_age_months != case.assessment.chronological_age_months


def test_a_changed_sex_takes_the_estimate_away(film: Path, predictor: Predictor, reference: GrowthReference) -> None:
    case = process(film, predictor, reference)
    edited = with_patient(case, Patient(Sex.MALE))
    assert edited.estimate is None
    assert edited.stages == case.stages
    assert "infer" not in edited.timings
    assert assess_again(edited, reference).assessment is None
    assert case.estimate is not None
    back = estimate_case(edited, predictor, reference)
    assert back.estimate is not None
    assert back.estimate.bone_age_months > case.estimate.bone_age_months


def test_the_threshold_moves_the_range(film: Path, predictor: Predictor, reference: GrowthReference) -> None:
    case = process(film, predictor, reference, threshold_sd=1.5)
    assert case.assessment is not None
    assert case.assessment.threshold_sd == 1.5
    wider = assess_again(case, reference, 3.0).assessment
    assert wider is not None
    assert wider.normal_range_months is not None
    assert case.assessment.normal_range_months is not None
    assert wider.normal_range_months[1] > case.assessment.normal_range_months[1]


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_a_broken_file_is_an_error_in_the_case(
    tmp_path: Path, predictor: Predictor, reference: GrowthReference, content: bytes
) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(content)
    case = process(path, predictor, reference)
    assert isinstance(case.error, BoneAgeError)
    assert case.path == path
    assert case.radiograph is None
    assert case.estimate is None
    with pytest.raises(BoneAgeError):
        open_case(path)


def test_a_refused_answer_keeps_the_film_and_its_stages(tmp_path: Path, film: Path, reference: GrowthReference) -> None:
    broken = Predictor(make_bundle(tmp_path / "b", outputs=("bone_age_months",), months=float("nan")), "cpu")
    case = process(film, broken, reference)
    assert case.error is not None
    assert case.error.code == "implausible_answer"
    assert case.radiograph is not None
    assert case.estimate is None


def test_an_empty_case_cannot_be_prepared(predictor: Predictor, reference: GrowthReference) -> None:
    with pytest.raises(ValueError, match="no radiograph"):
        prepare(Case(path=None), predictor)
    with pytest.raises(ValueError, match="no radiograph"):
        estimate_case(Case(path=None), predictor, reference)


def test_the_sample_is_a_phantom_and_is_estimated(predictor: Predictor, reference: GrowthReference) -> None:
    for path in sample_files():
        case = process(path, predictor, reference)
        assert case.error is None
        assert case.radiograph is not None
        assert case.radiograph.is_phantom
        assert "phantom" in codes(case)


def test_a_larger_copy_reads_alike(tmp_path: Path, predictor: Predictor, reference: GrowthReference) -> None:
    pixels = hand_like(2400, 1920)
    small = cv2.resize(pixels, (960, 1200), interpolation=cv2.INTER_AREA)
    ages = []
    for name, picture in (("large", pixels), ("small", small)):
        case = process(write_picture(tmp_path / f"{name}.png", picture, bits=16), predictor, reference)
        assert case.estimate is not None
        ages.append(case.estimate.bone_age_months)
    assert np.ptp(ages) < 0.5
