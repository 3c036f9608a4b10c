"""Groups of measurements of the structured report: the model's, the reader's, and the heights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from pydicom.uid import generate_uid

from bone_age_gui.core.values.adult_height import AdultHeight
from bone_age_gui.core.values.flags import final_flag, limit_of
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Flag
from bone_age_gui.report.dicom.codes import (
    ADULT_HEIGHT,
    ASSESSMENT,
    BODY_HEIGHT,
    BONE_AGE,
    CENTIMETRE,
    CHANCE,
    DIFFERENCE,
    FINAL,
    FINAL_ASSESSMENT,
    FIRMNESS,
    HEIGHT_SD,
    LIMIT,
    MONTH,
    NORMALITY,
    PERCENT_REACHED,
    PRIVATE,
    QUALITY,
    READING,
    SD_SCORE,
    SUBJECT_AGE,
    TARGET_HEIGHT,
)
from bone_age_gui.report.dicom.study import Study
from bone_age_gui.wording.report import reference_words
from bone_age_gui.wording.stages import preprocessing_of
from bone_age_gui.wording.values import (
    DECIDED_WORDS,
    FLAG_WORDS,
    bone_age_words,
    device_words,
    visible,
)

if TYPE_CHECKING:
    from highdicom import sr

    Group = sr.MeasurementsAndQualitativeEvaluations | sr.PlanarROIMeasurementsAndQualitativeEvaluations

_TRUST_WORDS = {"fine": "fine", "doubtful": "doubtful"}
_FIRM = "firm"
BORDERLINE = "borderline"
_FIRMNESS_WORDS = {BORDERLINE: BORDERLINE, _FIRM: "not borderline"}
_LEAST_CORNERS = 3


def model_group(record: CaseRecord, study: Study) -> Group:
    from highdicom.sr import AlgorithmIdentification, Measurement

    assert record.bone_age_months is not None
    measured = [Measurement(BONE_AGE, round(record.bone_age_months, 3), MONTH, properties=_properties(record))]
    for name, value, unit in (
        (SUBJECT_AGE, record.chronological_age_months, MONTH),
        (DIFFERENCE, record.difference_months, MONTH),
        (SD_SCORE, record.sd_score, codes.UCUM.NoUnits),
        (CHANCE, record.probability_beyond, codes.UCUM.NoUnits),
    ):
        if value is not None:
            measured.append(Measurement(name, round(value, 3), unit))
    trust = "doubtful" if record.is_doubtful else "fine"
    evaluations = [_evaluation(QUALITY, trust, _TRUST_WORDS)]
    evaluations += [_evaluation(ASSESSMENT, record.flag or Flag.NO_REFERENCE, FLAG_WORDS)]
    evaluations += [_evaluation(FIRMNESS, BORDERLINE if record.borderline else _FIRM, _FIRMNESS_WORDS)]
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
    return _group("Bone age by the model", record, study, measured, evaluations, algorithm)


def reader_group(record: CaseRecord, study: Study) -> Group:
    from highdicom.sr import Measurement

    assert record.reader_age_months is not None
    measured = [Measurement(BONE_AGE, round(record.reader_age_months, 3), MONTH, method=READING)]
    return _group("Bone age by the reader", record, study, measured, [], _algorithm("Reading by a person", record))


def height_group(heights: AdultHeight, record: CaseRecord, study: Study) -> Group:
    from highdicom.sr import Measurement

    values = (
        (BODY_HEIGHT, heights.height_cm, CENTIMETRE),
        (HEIGHT_SD, heights.height_sd_score, codes.UCUM.NoUnits),
        (ADULT_HEIGHT, heights.predicted_cm, CENTIMETRE),
        (PERCENT_REACHED, heights.percent, codes.UCUM.Percent),
        (TARGET_HEIGHT, heights.target_cm, CENTIMETRE),
    )
    measured = [Measurement(name, round(value, 3), unit) for name, value, unit in values if value is not None]
    return _group("Adult height", record, study, measured, [], _algorithm("Bayley and Pinneau 1952", record))


def _group(
    name: str,
    record: CaseRecord,
    study: Study,
    measured: list[sr.Measurement],
    evaluations: list[sr.QualitativeEvaluation],
    algorithm: sr.AlgorithmIdentification,
) -> Group:
    """Measurements of the hand: with its outline where it is known, as viewers skip what has no place on the film."""
    from highdicom import sr

    side = {"L": codes.SCT.Left, "R": codes.SCT.Right}.get(record.laterality or "")
    common: dict[str, Any] = {
        "tracking_identifier": sr.TrackingIdentifier(uid=generate_uid(), identifier=name),
        "finding_sites": [sr.FindingSite(anatomic_location=codes.SCT.Hand, laterality=side)],
        "measurements": measured,
        "qualitative_evaluations": evaluations or None,
        "algorithm_id": algorithm,
    }
    if study.is_generated:
        return sr.MeasurementsAndQualitativeEvaluations(**common)
    image = study.tags.SOPClassUID, study.tags.SOPInstanceUID
    if len(record.hand_outline) < _LEAST_CORNERS:
        return sr.MeasurementsAndQualitativeEvaluations(
            source_images=[sr.SourceImageForMeasurementGroup(*image)], **common
        )
    corners = np.array([*record.hand_outline, record.hand_outline[0]])
    region = sr.ImageRegion(sr.GraphicTypeValues.POLYLINE, corners, sr.SourceImageForRegion(*image))
    return sr.PlanarROIMeasurementsAndQualitativeEvaluations(referenced_region=region, **common)


def _algorithm(name: str, record: CaseRecord) -> sr.AlgorithmIdentification:
    """How a value came about that no model gave: by which table or person, kept by which version of the program."""
    from highdicom.sr import AlgorithmIdentification

    version = record.program_version or "unknown"
    return AlgorithmIdentification(name=name, version=version, parameters=[f"Program version: {version}"])


def _evaluation(name: Code, token: str, words: dict[str, str]) -> sr.QualitativeEvaluation:
    from highdicom.sr import QualitativeEvaluation

    return QualitativeEvaluation(name, Code(str(token).upper().replace("_", "-"), PRIVATE, words[str(token)]))


def _properties(record: CaseRecord) -> sr.MeasurementProperties:
    """Normality, the reference's SD, the normal range and the model's interval."""
    from highdicom.sr import MeasurementProperties, MeasurementStatisticalProperties, NormalRangeProperties

    statistics = limits = None
    if record.sd_months is not None:
        sd = _number(codes.DCM.StandardDeviationOfPopulation, record.sd_months)
        statistics = MeasurementStatisticalProperties([sd], "Children of this age and sex", reference_words(record))
    if record.normal_low_months is not None and record.normal_high_months is not None:
        low = _number(codes.cid223.NormalRangeLowerLimit, record.normal_low_months)
        high = _number(codes.cid223.NormalRangeUpperLimit, record.normal_high_months)
        words = f"Chronological age plus and minus {limit_of(record):g} standard deviations"
        limits = NormalRangeProperties([low, high], words, reference_words(record))
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
