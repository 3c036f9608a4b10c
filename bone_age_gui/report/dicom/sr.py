"""A structured report for the archive: TID 1500 as Enhanced SR, months in UCUM (``codes``)."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.values.adult_height import AdultHeight
from bone_age_gui.core.values.flags import final_flag
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Flag
from bone_age_gui.core.values.whole_files import write_whole
from bone_age_gui.report.dicom.codes import (
    ADULT_HEIGHT,
    ASSESSMENT,
    BODY_HEIGHT,
    BONE_AGE,
    CENTIMETRE,
    DIFFERENCE,
    FINAL,
    FINAL_ASSESSMENT,
    HEIGHT_SD,
    LIMIT,
    MONTH,
    NORMALITY,
    PERCENT_REACHED,
    PRIVATE,
    PROCEDURE,
    QUALITY,
    READING,
    SD_SCORE,
    SUBJECT_AGE,
    TARGET_HEIGHT,
)
from bone_age_gui.report.dicom.study import MANUFACTURER, NAME, Study, identity, moment, study_of, uid_from
from bone_age_gui.wording.notices import named_notice
from bone_age_gui.wording.report import GENERATED_STUDY, limit_of, sentences
from bone_age_gui.wording.stages import preprocessing_of
from bone_age_gui.wording.values import DECIDED_WORDS, FLAG_WORDS, bone_age_words, device_words, visible

if TYPE_CHECKING:
    from highdicom import sr

SERIES_NUMBER = 9901
_TRUST_WORDS = {"fine": "fine", "doubtful": "doubtful"}
_AUTHORITY = "Brush Foundation study (Greulich and Pyle 1959)"


def write_sr(record: CaseRecord, path: Path, *, anonymous: bool = False) -> Path:
    """Write the structured report of one estimated film.

    ``anonymous`` says that the record was anonymised. ``ValueError`` for a record without a bone age;
    ``BoneAgeError`` (``disk_full read_only no_folder not_written``) where it cannot be written.
    """
    if record.bone_age_months is None:
        raise ValueError("a record without a bone age has no structured report")
    study = study_of(record, anonymous)
    report = _report(record, study)
    return write_whole(path, lambda temporary: report.save_as(temporary, enforce_file_format=True))


def _report(record: CaseRecord, study: Study) -> sr.EnhancedSR:
    from highdicom.sr import EnhancedSR

    when = moment(record)
    image = deepcopy(study.tags)
    image.PatientName = ""  # highdicom warns of names without a given name; set below as it is
    report = EnhancedSR(
        evidence=[image],
        content=_content(record, study),
        series_number=SERIES_NUMBER,
        series_description="Bone age (research)",
        instance_number=1,
        is_complete=True,
        is_final=False,
        record_evidence=not study.is_generated,
        content_date=when.date(),
        content_time=when.time(),
        series_date=when.date(),
        series_time=when.time(),
        transfer_syntax_uid=ExplicitVRLittleEndian,
        **identity("sr", record),
    )
    report.PatientName = study.tags.PatientName
    if study.is_generated and "CurrentRequestedProcedureEvidenceSequence" in report:
        del report.CurrentRequestedProcedureEvidenceSequence  # there is no image to be found anywhere
    for keyword in ("PatientIdentityRemoved", "DeidentificationMethod", "StudyDescription"):
        if keyword in study.tags:
            setattr(report, keyword, study.tags[keyword].value)
    return report


def _content(record: CaseRecord, study: Study) -> sr.MeasurementReport:
    from highdicom.sr import (
        CodedConcept,
        DeviceObserverIdentifyingAttributes,
        LanguageOfContentItemAndDescendants,
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
    groups = [_model_group(record, study)]
    if record.reader_age_months is not None:
        groups.append(_reader_group(record, study))
    if record.adult_height is not None:
        groups.append(_height_group(record.adult_height, record, study))
    report = MeasurementReport(
        observation_context=ObservationContext(
            observer_device_context=ObserverContext(codes.DCM.Device, observer_identifying_attributes=device)
        ),
        procedure_reported=PROCEDURE,
        imaging_measurements=groups,
        title=codes.DCM.ImagingMeasurementReport,
        language_of_content_item_and_descendants=LanguageOfContentItemAndDescendants(
            CodedConcept("en", "RFC5646", "English")
        ),
    )
    _add_comments(groups[0], record, study)
    return report


def _model_group(record: CaseRecord, study: Study) -> sr.MeasurementsAndQualitativeEvaluations:
    from highdicom.sr import AlgorithmIdentification, Measurement

    assert record.bone_age_months is not None
    measured = [Measurement(BONE_AGE, round(record.bone_age_months, 3), MONTH, properties=_properties(record))]
    for name, value, unit in (
        (SUBJECT_AGE, record.chronological_age_months, MONTH),
        (DIFFERENCE, record.difference_months, MONTH),
        (SD_SCORE, record.sd_score, codes.UCUM.NoUnits),
    ):
        if value is not None:
            measured.append(Measurement(name, round(value, 3), unit))
    trust = "doubtful" if record.is_doubtful else "fine"
    evaluations = [_evaluation(QUALITY, trust, _TRUST_WORDS)]
    evaluations += [_evaluation(ASSESSMENT, record.flag or Flag.NO_REFERENCE, FLAG_WORDS)]
    if record.end is not None:
        words = bone_age_words(record.bone_age_months, record.end)
        evaluations.append(_evaluation(LIMIT, record.end, {record.end: words}))
    if record.decided_by is not None:
        evaluations.append(_evaluation(FINAL, record.decided_by, DECIDED_WORDS))
        evaluations.append(_evaluation(FINAL_ASSESSMENT, final_flag(record) or Flag.NO_REFERENCE, FLAG_WORDS))
    algorithm = AlgorithmIdentification(
        name=record.model_name or "unknown",
        version=record.model_version or "unknown",
        parameters=_parameters(record),
    )
    return _group("Bone age by the model", record, study, measured, evaluations, algorithm_id=algorithm)


def _reader_group(record: CaseRecord, study: Study) -> sr.MeasurementsAndQualitativeEvaluations:
    from highdicom.sr import Measurement

    assert record.reader_age_months is not None
    measured = [Measurement(BONE_AGE, round(record.reader_age_months, 3), MONTH, method=READING)]
    return _group("Bone age by the reader", record, study, measured, [])


def _height_group(heights: AdultHeight, record: CaseRecord, study: Study) -> sr.MeasurementsAndQualitativeEvaluations:
    from highdicom.sr import Measurement

    values = (
        (BODY_HEIGHT, heights.height_cm, CENTIMETRE),
        (HEIGHT_SD, heights.height_sd_score, codes.UCUM.NoUnits),
        (ADULT_HEIGHT, heights.predicted_cm, CENTIMETRE),
        (PERCENT_REACHED, heights.percent, codes.UCUM.Percent),
        (TARGET_HEIGHT, heights.target_cm, CENTIMETRE),
    )
    measured = [Measurement(name, round(value, 3), unit) for name, value, unit in values if value is not None]
    return _group("Adult height", record, study, measured, [])


def _group(
    name: str,
    record: CaseRecord,
    study: Study,
    measured: list[sr.Measurement],
    evaluations: list[sr.QualitativeEvaluation],
    **options: Any,
) -> sr.MeasurementsAndQualitativeEvaluations:
    from highdicom.sr import (
        FindingSite,
        MeasurementsAndQualitativeEvaluations,
        SourceImageForMeasurementGroup,
        TrackingIdentifier,
    )

    side = {"L": codes.SCT.Left, "R": codes.SCT.Right}.get(record.laterality or "")
    images = None
    if not study.is_generated:
        images = [SourceImageForMeasurementGroup(study.tags.SOPClassUID, study.tags.SOPInstanceUID)]
    return MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(uid=generate_uid(), identifier=name),
        finding_sites=[FindingSite(anatomic_location=codes.SCT.Hand, laterality=side)],
        measurements=measured,
        qualitative_evaluations=evaluations or None,
        source_images=images,
        **options,
    )


def _evaluation(name: Code, token: str, words: dict[str, str]) -> sr.QualitativeEvaluation:
    from highdicom.sr import QualitativeEvaluation

    return QualitativeEvaluation(name, Code(str(token).upper().replace("_", "-"), PRIVATE, words[str(token)]))


def _properties(record: CaseRecord) -> sr.MeasurementProperties:
    """Normality, the reference's SD, the normal range and the model's interval."""
    from highdicom.sr import MeasurementProperties, MeasurementStatisticalProperties, NormalRangeProperties

    statistics = limits = None
    if record.sd_months is not None:
        sd = _number(codes.DCM.StandardDeviationOfPopulation, record.sd_months)
        statistics = MeasurementStatisticalProperties([sd], "Children of this age and sex", _AUTHORITY)
    if record.normal_low_months is not None and record.normal_high_months is not None:
        low = _number(codes.cid223.NormalRangeLowerLimit, record.normal_low_months)
        high = _number(codes.cid223.NormalRangeUpperLimit, record.normal_high_months)
        words = f"Chronological age plus and minus {limit_of(record):g} standard deviations"
        limits = NormalRangeProperties([low, high], words, _AUTHORITY)
    properties = MeasurementProperties(
        normality=NORMALITY.get(Flag(record.flag)) if record.flag else None,
        measurement_statistical_properties=statistics,
        normal_range_properties=limits,
    )
    properties.extend(_uncertainties(record))
    return properties


def _uncertainties(record: CaseRecord) -> list[sr.NumContentItem]:
    """Half widths of the model's interval in months, none on an open side (highdicom writes them without a unit)."""
    bone_age, low, high = record.bone_age_months, record.interval_low_months, record.interval_high_months
    if bone_age is None:
        return []
    upper = high - bone_age if high is not None else None
    lower = bone_age - low if low is not None else None
    named = (
        (codes.cid225.RangeOfUpperMeasurementUncertainty, upper),
        (codes.cid225.RangeOfLowerMeasurementUncertainty, lower),
    )
    return [_number(name, width) for name, width in named if width is not None]


def _number(name: Code, months: float) -> sr.NumContentItem:
    from highdicom.sr import NumContentItem, RelationshipTypeValues

    return NumContentItem(name, round(months, 3), MONTH, relationship_type=RelationshipTypeValues.HAS_PROPERTIES)


def _parameters(record: CaseRecord) -> list[str]:
    parameters = [
        f"Model SHA-256: {record.model_sha256}",
        f"Device: {device_words(record.device)}",
        f"Program version: {record.program_version}",
    ]
    if stages := preprocessing_of(record):
        parameters.append(f"Preprocessing: {visible(stages)}")
    if record.interval_level is not None:
        parameters.append(f"Measurement uncertainty: half widths of the {record.interval_level:.0%} interval")
    return parameters


def _add_comments(group: sr.MeasurementsAndQualitativeEvaluations, record: CaseRecord, study: Study) -> None:
    """Doubts before the measurements, then dictated sentences, notices and what the report is for, as comments."""
    from highdicom.sr import RelationshipTypeValues, TextContentItem

    texts = [f"{name}: {text}" for name, text in sentences(record, study.is_anonymous)]
    texts += [visible(named_notice(notice)) for notice in record.notices if not notice.doubt]
    if study.is_generated:
        texts.append(GENERATED_STUDY)
    texts.append(DISCLAIMER)

    def comment(text: str) -> sr.TextContentItem:
        return TextContentItem(codes.DCM.Comment, text, relationship_type=RelationshipTypeValues.CONTAINS)

    items = group[0].ContentSequence
    first = next(place for place, item in enumerate(items) if item.ValueType == "NUM")
    for place, notice in enumerate(record.doubts, first):  # before the age
        items.insert(place, comment(visible(named_notice(notice))))
    for text in texts:
        items.append(comment(text))
