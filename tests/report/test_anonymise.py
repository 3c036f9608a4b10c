"""No report of an anonymised run names the patient, in any place of any file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.text import Text
from pydicom import dcmread

from bone_age_gui import paths
from bone_age_gui.core.growth import GrowthReference, assess
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.reading import Examination
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Case
from bone_age_gui.report.anonymise import Anonymiser
from bone_age_gui.report.case_files import CaseReports
from bone_age_gui.report.formats import CASE_FORMATS
from bone_age_gui.report.pdf.case import case_pages
from bone_age_gui.report.pdf.run import run_pages
from bone_age_gui.report.rounding import rounded
from bone_age_gui.wording.notices import notice_text
from bone_age_gui.wording.records import reason_of, refusal_words_of
from bone_age_gui.wording.report import sentences
from insides import found_in, pdf_texts

SECRETS = (
    "zyxwander", "quillana", "7788994", "20140317", "2014-03-17", "17.03.2014", "20250926", "2025-09-26", "5566778",
    "prokofjew", "hildegund",
)  # fmt: skip
Record = Callable[[Case], CaseRecord]


def secrets_in(text: str) -> set[str]:
    return {secret for secret in SECRETS if secret in text.casefold()}


def write_all(case: Case, record: CaseRecord, reference: GrowthReference, folder: Path, anonymous: bool) -> list[Path]:
    reports = CaseReports(folder, tuple(CASE_FORMATS), reference, anonymous=anonymous)
    return reports.add(case, record) + reports.finish()


def uids(record: CaseRecord) -> list[str]:
    assert record.reference is not None
    reference = record.reference
    return [reference.sop_instance_uid, reference.study_instance_uid, reference.series_instance_uid]


def test_no_anonymised_report_and_no_log_names_the_patient(
    secret_case: Case,
    record: Record,
    reference: GrowthReference,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(0)
    before = Examination("quillana", 110.0, "2014-03-17", 122.5, "reader", -1.2, "model", "1.0")
    made = replace(record(secret_case), earlier=(before,), reader_name="Dr. Wolfhard", decided_at="2025-09-26T10:00:00")
    files = write_all(secret_case, made, reference, tmp_path, anonymous=True)
    assert len(files) == len(CASE_FORMATS)
    for path in files:
        assert not secrets_in(path.name)
        assert not found_in(path, (*SECRETS, "wolfhard", *uids(made))), path.name
    said = capfd.readouterr()
    assert not secrets_in(caplog.text + said.out + said.err)


def test_the_search_itself_works(secret_case: Case, record: Record, reference: GrowthReference, tmp_path: Path) -> None:
    """Without anonymising, the name is found in every kind of file, in the PDFs that are inside others too."""
    files = write_all(secret_case, record(secret_case), reference, tmp_path, anonymous=False)
    assert len(files) == len(CASE_FORMATS)
    for path in files:
        assert "zyxwander" in found_in(path, SECRETS), path.name
        if path.stem.endswith("_pdf"):
            texts = "\n".join(pdf_texts(dcmread(path).EncapsulatedDocument))
            assert {"zyxwander", "quillana", "7788994", "2014-03-17"} <= secrets_in(texts)


def test_no_page_draws_the_name(secret_case: Case, record: Record, reference: GrowthReference) -> None:
    def drawn(made: CaseRecord, anonymous: bool) -> str:
        pages = case_pages(secret_case, made, reference, anonymous=anonymous) + run_pages([made], anonymous=anonymous)
        return "\n".join(text.get_text() for page in pages for text in page.figure.findobj(Text))

    plain = record(secret_case)
    assert {"zyxwander", "7788994", "2014-03-17"} <= secrets_in(drawn(plain, False))
    words = drawn(Anonymiser().record(plain), True)
    assert not secrets_in(words)
    assert "burnt into a film" in words.replace("\n", " ")
    assert "Study date: left out." in words.replace("\n", " ")


def test_pseudonyms_agree_within_a_run_and_differ_between_runs(secret_case: Case, record: Record) -> None:
    made = record(secret_case)
    run = Anonymiser()
    first, second = run.record(made), run.record(replace(made, file="other.dcm"))
    assert first.reference == second.reference
    assert first.patient_id == second.patient_id
    assert (first.file, second.file) == ("film-0001", "film-0002")
    assert run.record(made).file == "film-0001"
    other = Anonymiser().record(made)
    assert not set(uids(other)) & set(uids(first))
    assert other.patient_id != first.patient_id
    assert all(re.fullmatch(r"2\.25\.[0-9]{1,39}", uid) for uid in uids(first))
    assert first.reference is not None
    assert made.reference is not None
    assert first.reference.sop_class_uid == made.reference.sop_class_uid


def test_what_is_medicine_stays(secret_case: Case, record: Record) -> None:
    made = record(secret_case)
    clean = Anonymiser().record(made)
    assert clean.sex == made.sex
    assert clean.flag == made.flag
    assert made.bone_age_months is not None
    assert clean.bone_age_months == pytest.approx(made.bone_age_months, abs=0.051)
    assert clean.model_sha256 == made.model_sha256
    assert (clean.decided_by, clean.reader_age_months) == ("model", 120.0)
    assert clean.remark == "[removed], born [removed], [removed]: recheck."
    assert clean.body_part is None


def test_ages_do_not_give_the_birth_date_away(secret_case: Case, record: Record) -> None:
    clean = Anonymiser().record(record(secret_case))
    assert clean.study_date is None
    assert clean.birth_date is None
    assert clean.chronological_age_months == round(clean.chronological_age_months or 0, 1)


def test_notices_that_quote_tags_are_told_in_other_words(picture_case: Case, record: Record) -> None:
    quoted = Notice("body_part", details={"body_part": "FOOT OF SMITH"}, loud=True)
    clean = Anonymiser().record(replace(record(picture_case), notices=(quoted,)))
    assert "SMITH" not in str(clean)
    assert "a body part that is no hand" in notice_text(clean.notices[0])
    assert clean.notices[0].loud


def test_a_refusal_that_quotes_tags_is_told_without_them(picture_case: Case, record: Record) -> None:
    refusal = {"error_code": "no_hand", "error_why": "tags", "error_details": {"body_part": "FOOT OF SMITH"}}
    quoting = replace(record(picture_case), body_part="FOOT OF SMITH", **refusal)  # type: ignore[arg-type]
    clean = Anonymiser().record(quoting)
    assert "SMITH" not in str(clean)
    assert "Its tags say that it shows [removed]." in refusal_words_of(clean).message
    assert clean.error_code == "no_hand"


def test_a_picture_without_patient_needs_no_pseudonym(picture_case: Case, record: Record) -> None:
    clean = Anonymiser().record(record(picture_case))
    assert clean.patient_id is None
    assert clean.reference is None


@pytest.mark.parametrize("name", ["Hand^Bone", "Estimate^Film", "Model^Age"])
def test_a_patient_called_like_our_own_words_takes_none_of_them_away(
    picture_case: Case, record: Record, name: str
) -> None:
    old = Notice("unclear_joints", text="The hand is hard to see: check the film and the model's bone age.")
    made = replace(record(picture_case), patient_name=name, notices=(old, *record(picture_case).notices))
    clean = Anonymiser().record(replace(made, remark=f"{name.split('^')[0]} was here."))
    assert clean.remark == "[removed] was here."
    assert clean.preprocessing == made.preprocessing
    assert [notice_text(notice) for notice in clean.notices] == [notice_text(notice) for notice in made.notices]
    assert sentences(replace(clean, remark="", patient_name=None)) == sentences(
        replace(rounded(made), remark="", patient_name=None, patient_id=clean.patient_id, study_date=None)
    )
    assert "[removed]" not in str(replace(clean, remark=""))


@pytest.mark.parametrize("tenths", range(0, 40, 3))
def test_numbers_agree_to_the_last_digit(girl_case: Case, record: Record, tenths: int) -> None:
    """Every combination of halves: what is said twice is the same number, and a difference is that of the ages."""
    estimate, patient = girl_case.estimate, girl_case.patient
    assert estimate is not None
    given = replace(patient, birth_date=None, stated_age_months=120.049 + tenths / 60)
    reference = GrowthReference.load_all(paths.growth_dir())
    own = replace(estimate, bone_age_months=165.149 + tenths / 70, end=None, interval_months=None)
    case = replace(girl_case, estimate=own, patient=given, assessment=assess(own, given, reference), reading=None)
    clean = Anonymiser().record(record(case))
    assert clean.bone_age_months is not None
    assert clean.chronological_age_months is not None
    assert clean.difference_months == round(clean.bone_age_months - clean.chronological_age_months, 1)
    said = reason_of(clean) or ""
    assert f"{clean.difference_months:.1f} months ahead" in said
    assert clean.normal_high_months is not None
    limit = round(clean.normal_high_months - clean.chronological_age_months, 1)
    assert f"({limit:.1f} months)" in said
