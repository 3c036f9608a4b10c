"""A structured report for the archive: TID 1500 as Enhanced SR, months in UCUM (``codes``)."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydicom.sr.codedict import codes
from pydicom.uid import UID, ExplicitVRLittleEndian

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.reader.filed import filed_report
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.reported import MANUFACTURER, FiledReport, ReportAddress
from bone_age_gui.core.values.whole_files import write_whole
from bone_age_gui.report.dicom.codes import PROCEDURE, language_code
from bone_age_gui.report.dicom.image_library import image_library
from bone_age_gui.report.dicom.predecessors import Predecessors, place_in_chain, predecessor_sequence
from bone_age_gui.report.dicom.sr_groups import height_group, model_group, reader_group
from bone_age_gui.report.dicom.study import (
    NAME,
    Study,
    decided_moment,
    equipment,
    moment,
    person_name,
    report_uid,
    study_of,
    uid_from,
)
from bone_age_gui.wording.language import ENGLISH, in_english, language, speaking, tr
from bone_age_gui.wording.marks import without_marks
from bone_age_gui.wording.notices import named_notice
from bone_age_gui.wording.report import GENERATED_STUDY, NO_PROOF, sentences
from bone_age_gui.wording.values import visible

if TYPE_CHECKING:
    from highdicom import sr

    from bone_age_gui.report.dicom.sr_groups import Group

SERIES_NUMBER = 9901
ORGANISATION_UNKNOWN = "not stated"
"""DICOM demands the organisation of whoever verifies a report."""


def write_sr(
    record: CaseRecord, path: Path, *, anonymous: bool = False, predecessors: Predecessors | None = None
) -> Path:
    """Write the structured report of one estimated film.

    ``anonymous`` says that the record was anonymised; ``predecessors`` are the reports among which it may have one on
    the same film: then it names that, and takes its place there. ``ValueError`` for a record without a bone age;
    ``BoneAgeError`` (``disk_full read_only no_folder not_written``) where it cannot be written.
    """
    if record.bone_age_months is None:
        raise ValueError("a record without a bone age has no structured report")
    study = study_of(record, anonymous)
    latest: FiledReport | None = None
    if predecessors is not None and not study.is_generated:
        latest = predecessors.of(str(study.tags.SOPInstanceUID))
    spoken = language()
    place = place_in_chain(report_uid("sr", record), latest)
    with in_english():  # as the report says of itself; its sentences say what they are written in
        report = _report(record, study, place, spoken)
    if predecessors is not None:
        predecessors.add(filed_report(report))
    return write_whole(path, lambda temporary: report.save_as(temporary, enforce_file_format=True))


def _report(record: CaseRecord, study: Study, place: tuple[UID, ReportAddress | None], spoken: str) -> sr.EnhancedSR:
    from highdicom.sr import EnhancedSR

    uid, before = place
    when = moment(record)
    image = deepcopy(study.tags)
    image.PatientName = ""  # highdicom warns of names without a given name; set below as it is
    report = EnhancedSR(
        evidence=[image],
        content=_content(record, study, spoken),
        series_number=SERIES_NUMBER,
        series_description="Bone age (research)",
        instance_number=1,
        is_complete=True,
        is_final=False,
        **_verification(record, study),
        record_evidence=not study.is_generated,
        content_date=when.date(),
        content_time=when.time(),
        series_date=when.date(),
        series_time=when.time(),
        transfer_syntax_uid=ExplicitVRLittleEndian,
        series_instance_uid=report_uid("sr", record, of_series=True),
        sop_instance_uid=uid,
        **equipment(record),
    )
    report.PatientName = study.tags.PatientName
    if before is not None:
        report.PredecessorDocumentsSequence = predecessor_sequence(before)
    if "VerifyingObserverSequence" in report:
        report.VerifyingObserverSequence[0].VerificationDateTime = decided_moment(record).strftime("%Y%m%d%H%M%S")
    if study.is_generated and "CurrentRequestedProcedureEvidenceSequence" in report:
        del report.CurrentRequestedProcedureEvidenceSequence  # there is no image to be found anywhere
    for keyword in ("PatientIdentityRemoved", "DeidentificationMethod", "StudyDescription"):
        if keyword in study.tags:
            setattr(report, keyword, study.tags[keyword].value)
    return report


def _verification(record: CaseRecord, study: Study) -> dict[str, Any]:
    """Who answers for the report: a reader who has decided and whose name is known."""
    name = person_name(record.reader_name)
    if record.decided_by is None or not name or study.is_anonymous:
        return {"is_verified": False}
    name = name if "^" in name else f"{name}^"  # highdicom warns of names without a given name
    return {"is_verified": True, "verifying_observer_name": name, "verifying_organization": ORGANISATION_UNKNOWN}


def _content(record: CaseRecord, study: Study, spoken: str) -> sr.MeasurementReport:
    from highdicom.sr import (
        DeviceObserverIdentifyingAttributes,
        MeasurementReport,
        ObservationContext,
        ObserverContext,
    )

    device = DeviceObserverIdentifyingAttributes(
        uid=uid_from(f"model {record.model_sha256}"),
        name=NAME,
        manufacturer_name=MANUFACTURER,
        model_name=f"{record.model_name} {record.model_version}",
        serial_number=record.model_sha256,
    )
    groups = [model_group(record, study)]
    if record.reader_age_months is not None:
        groups.append(reader_group(record, study))
    if record.adult_height is not None:
        groups.append(height_group(record.adult_height, record, study))
    report = MeasurementReport(
        observation_context=ObservationContext(
            observer_device_context=ObserverContext(codes.DCM.Device, observer_identifying_attributes=device)
        ),
        procedure_reported=PROCEDURE,
        imaging_measurements=groups,
        title=codes.DCM.ImagingMeasurementReport,
        language_of_content_item_and_descendants=_language(ENGLISH),
    )
    if not study.is_generated:
        items = report[0].ContentSequence
        place = next(place for place, item in enumerate(items) if item.ValueType == "CONTAINER")
        items.insert(place, image_library(record, study))
    _add_comments(groups[0], record, study, spoken)
    return report


def _language(code: str) -> sr.LanguageOfContentItemAndDescendants:
    """TID 1204."""
    from highdicom.sr import CodedConcept, LanguageOfContentItemAndDescendants

    return LanguageOfContentItemAndDescendants(CodedConcept.from_code(language_code(code)))


def _add_comments(group: Group, record: CaseRecord, study: Study, spoken: str) -> None:
    """Doubts before the measurements, then dictated sentences, notices and what the report is for, as comments."""
    from highdicom.sr import RelationshipTypeValues, TextContentItem

    def comment(text: str) -> sr.TextContentItem:
        item = TextContentItem(
            codes.DCM.Comment, without_marks(text), relationship_type=RelationshipTypeValues.CONTAINS
        )
        if spoken != ENGLISH:
            item.ContentSequence = _language(spoken)
        return item

    items = group[0].ContentSequence
    first = next(place for place, item in enumerate(items) if item.ValueType == "NUM")
    with speaking(spoken):
        doubts, texts = _sentences(record, study)
    for place, text in enumerate(doubts, first):  # before the age
        items.insert(place, comment(text))
    for text in texts:
        items.append(comment(text))


def _sentences(record: CaseRecord, study: Study) -> tuple[list[str], list[str]]:
    """Why the film is doubtful, and all else, in the language in force."""
    texts = [f"{name}: {text}" for name, text in sentences(record, study.is_anonymous)]
    texts += [visible(named_notice(notice)) for notice in record.notices if not notice.doubt]
    if study.is_generated:
        texts.append(tr(GENERATED_STUDY))
    return [visible(named_notice(notice)) for notice in record.doubts], [*texts, tr(NO_PROOF), tr(DISCLAIMER)]
