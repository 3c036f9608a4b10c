"""The flat record: from every kind of case, through JSON and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.joints import Joint, JointKind
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.reading import Reading
from bone_age_gui.core.values.record import CaseRecord, record_of
from bone_age_gui.core.values.types import Case
from bone_age_gui.wording.errors import error_line
from bone_age_gui.wording.notices import notice_text
from bone_age_gui.wording.records import reason_of, refusal_line

Record = Callable[[Case], CaseRecord]


def test_a_record_survives_json(girl_case: Case, refused_case: Case, picture_case: Case, record: Record) -> None:
    for case in (girl_case, refused_case, picture_case):
        made = record(case)
        assert CaseRecord.from_plain(json.loads(json.dumps(made.to_plain()))) == made


def test_doubts_and_joints_survive_json(girl_case: Case, record: Record) -> None:
    joints = (Joint(JointKind.DIP, 10.5, 20.25, 0.75), Joint(JointKind.WRIST, 1.0, 2.0, 0.5))
    burnt = Notice("clipped", "white", {"percent": 40.5}, loud=True, doubt=True)
    made = replace(record(girl_case), joints=joints, notices=(burnt,))
    plain = json.loads(json.dumps(made.to_plain()))
    assert CaseRecord.from_plain(plain) == made
    assert made.is_doubtful
    plain["joints"][0]["kind"] = "Knee"
    with pytest.raises(ValueError, match=r"joints.*one_of.*DIP"):
        CaseRecord.from_plain(plain)


def test_a_record_holds_what_the_line_found(girl_case: Case, record: Record) -> None:
    made = record(girl_case)
    assert girl_case.estimate is not None
    assert girl_case.assessment is not None
    assert girl_case.radiograph is not None
    assert made.bone_age_months == girl_case.estimate.bone_age_months
    assert made.sd_score == girl_case.assessment.sd_score
    assert made.flag == girl_case.assessment.flag
    assert (made.sex, made.birth_date, made.study_date) == ("F", "2014-03-02", "2026-11-20")
    assert (made.patient_name, made.patient_id, made.laterality) == ("Doe^Jane", "TEST-1", "L")
    assert made.reference == girl_case.radiograph.reference
    assert made.preprocessing is not None
    assert made.preprocessing == tuple(stage.fact for stage in girl_case.stages)
    assert (made.reader_age_months, made.decided_by, made.remark) == (131.5, "reader", "Carpals ahead.")


def test_a_refused_film_has_a_reason_and_no_age(refused_case: Case, record: Record) -> None:
    made = record(refused_case)
    assert made.is_refused
    assert made.error_code == "not_an_image"
    assert made.final_age_months is None
    assert made.model_sha256 is None


def test_who_decides_says_which_age_stands(girl_case: Case, record: Record) -> None:
    reader = record(girl_case)
    assert reader.final_age_months == 131.5
    assert reader.chronological_age_months is not None
    assert reader.final_difference_months == pytest.approx(131.5 - reader.chronological_age_months)
    assert reader.sd_months is not None
    assert reader.final_sd_score == pytest.approx((131.5 - reader.chronological_age_months) / reader.sd_months)
    for decided in ("model", None):
        model = record(replace(girl_case, reading=Reading(131.5, decided)))
        assert model.final_age_months == model.bone_age_months
        assert model.final_sd_score == pytest.approx(model.sd_score)


def test_numbers_that_are_none_do_not_reach_json(girl_case: Case) -> None:
    assert girl_case.estimate is not None
    case = replace(girl_case, estimate=replace(girl_case.estimate, bone_age_months=float("nan")))
    made = record_of(case, program_version="1", created="2026-11-21")
    assert made.bone_age_months is None
    json.dumps(made.to_plain(), allow_nan=False)


def test_a_damaged_record_is_refused(girl_case: Case, record: Record) -> None:
    plain = record(girl_case).to_plain()
    with pytest.raises(ValueError, match="lacks"):
        CaseRecord.from_plain({key: value for key, value in plain.items() if key != "flag"})
    with pytest.raises(ValueError, match="unknown"):
        CaseRecord.from_plain(plain | {"extra": 1})
    assert plain["sd_months"] is not None
    with pytest.raises(ValueError, match="lacks threshold_sd"):
        CaseRecord.from_plain(plain | {"threshold_sd": None})


def test_a_record_of_an_earlier_version_is_read(girl_case: Case, record: Record) -> None:
    made = record(girl_case)
    earlier = {key: value for key, value in made.to_plain().items() if key != "study"}
    assert CaseRecord.from_plain(earlier) == replace(made, study=None)


def test_a_record_of_an_earlier_version_keeps_its_words(girl_case: Case, refused_case: Case, record: Record) -> None:
    notice = {"code": "inverted", "text": "The film was turned round.", "loud": True, "doubt": False}
    plain = record(girl_case).to_plain() | {"notices": [notice], "reason": "Because of this."}
    refused = record(refused_case).to_plain() | {"error_title": "Not a film", "error_message": "Choose another."}
    for name in ("error_why", "error_details", "limits_over_age"):
        del plain[name], refused[name]
    old = CaseRecord.from_plain(json.loads(json.dumps(plain)))
    assert [notice_text(each) for each in old.notices] == ["The film was turned round."]
    assert reason_of(old) == "Because of this."
    assert refusal_line(CaseRecord.from_plain(json.loads(json.dumps(refused)))) == "Not a film. Choose another."


def test_what_a_film_is_refused_for_survives_json(refused_case: Case, record: Record) -> None:
    for error in (
        BoneAgeError("unsupported_syntax", "cells", channels=4, bits=8),
        BoneAgeError("model_not_found", wanted="x", names=("a", "b"), file="card.json"),
        BoneAgeError("bad_patients", mistakes=(Fact("again", {"line": 3, "first": 2}),)),
        BoneAgeError("too_large", "file", megabytes=812.5),
    ):
        made = record(replace(refused_case, error=error))
        again = CaseRecord.from_plain(json.loads(json.dumps(made.to_plain())))
        assert again == made
        assert refusal_line(again) == error_line(error)
