"""Who is on a DICOM film and what it shows, with a notice wherever the tags are odd."""

from __future__ import annotations

import re
from datetime import date

from pydicom import Dataset

from bone_age_gui.core.reader import tags
from bone_age_gui.core.values.age import dicom_age_unit, months_between, parse_dicom_age
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.typed_values import MAX_HEIGHT_CM, MIN_HEIGHT_CM
from bone_age_gui.core.values.types import DicomReference, Patient, PixelSpacing, Sex, StudyTags

XRAY_MODALITIES = frozenset({"CR", "DX", "RG", "SC", "OT"})
_HAND = re.compile(
    r"(?<![A-Z])(HANDS?|WRISTS?|FINGERS?|THUMBS?|CARP(US|AL|ALS)|METACARP\w*|PHALAN\w*|BONE ?AGE|SKELETAL ?AGE"
    r"|HANDGELENK|KNOCHENALTER|MANUS|MANO|MUNECA|POIGNET|POLSO)(?![A-Z])"
)
_ELSEWHERE = re.compile(
    r"(?<![A-Z])(CHEST|THORAX|LUNGS?|RIBS?|ABDOMEN|PELVIS|HIPS?|FEMUR|KNEES?|LEGS?|TIBIA|FIBULA|ANKLES?|FOOT|FEET|TOES?|HEEL"
    r"|SPINE|SKULL|HEAD|SINUS(ES)?|TEETH|DENTAL|JAW|SHOULDERS?|CLAVICLE|HUMERUS|ELBOWS?)(?![A-Z])"
)
_UNSPECIFIC = re.compile(r"^(UP ?EXM?|UP(PER)? ?(EXTREMITY|LIMB)|EXTREMITY|EXTREMITIES|LIMB|UE|OTHER|UNKNOWN|NA)$")
_SLACK_MONTHS = 1.0


def read_patient(dataset: Dataset) -> tuple[Patient, list[Notice]]:
    """Sex, dates, age, name and id; what is missing or broken is ``None``, with a notice if broken."""
    notices: list[Notice] = []
    birth, bad_birth = tags.date_of(dataset, "PatientBirthDate")
    if bad_birth:
        notices.append(Notice("birth_date"))
    study = _study_date(dataset, notices)
    stated, unit = _stated_age(dataset, notices) or (None, 0.0)
    patient = Patient(
        sex=_sex(dataset, notices),
        birth_date=birth,
        study_date=study,
        stated_age_months=stated,
        stated_age_unit_months=unit,
        name=tags.text(dataset, "PatientName"),
        patient_id=tags.text(dataset, "PatientID"),
        height_cm=_height(dataset, notices),
    )
    if birth and study:
        notices += _conflicts(birth, study, stated, unit)
    return patient, notices


def _sex(dataset: Dataset, notices: list[Notice]) -> Sex | None:
    """Female, male, or ``None`` with a notice where the tag says anything else."""
    stated = (tags.text(dataset, "PatientSex") or "").upper()
    if stated in ("F", "M"):
        return Sex(stated)
    if stated:
        notices.append(Notice("sex"))
    return None


def _height(dataset: Dataset, notices: list[Notice]) -> float | None:
    """The height in cm from the tag in m; with a notice where no child has it, as the unit is never guessed."""
    metres = tags.numbers(dataset, "PatientSize")
    if not metres or metres[0] == 0:
        return None
    height = metres[0] * 100
    if MIN_HEIGHT_CM <= height <= MAX_HEIGHT_CM:
        return height
    notices.append(Notice("height"))
    return None


def _study_date(dataset: Dataset, notices: list[Notice]) -> date | None:
    """The study date, else the date of acquisition or series, with a notice."""
    study, bad = tags.date_of(dataset, "StudyDate")
    if study:
        return study
    if bad:
        notices.append(Notice("study_date", "broken"))
    acquired, _ = tags.date_of(dataset, "AcquisitionDate")
    if acquired:
        notices.append(Notice("study_date", "acquisition"))
        return acquired
    of_series, _ = tags.date_of(dataset, "SeriesDate")
    if of_series:
        notices.append(Notice("study_date", "series"))
    return of_series


def _stated_age(dataset: Dataset, notices: list[Notice]) -> tuple[float, float] | None:
    """The age string and its unit in months, or ``None`` with a notice where it is broken."""
    stated = tags.text(dataset, "PatientAge")
    if stated is None:
        return None
    months = parse_dicom_age(stated)
    if months is None:
        notices.append(Notice("age_unreadable"))
        return None
    return months, dicom_age_unit(stated)


def _conflicts(birth: date, study: date, stated: float | None, unit: float) -> list[Notice]:
    """What is said where birth date, study date and age string cannot all be true."""
    exact = months_between(birth, study)
    if exact < 0:
        return [Notice("date_conflict", loud=True)]
    if stated is None:
        return []
    if stated - _SLACK_MONTHS <= exact < stated + unit + _SLACK_MONTHS:
        return []
    return [Notice("age_conflict", loud=True)]


def read_spacing(dataset: Dataset) -> tuple[PixelSpacing | None, list[Notice]]:
    """Pixel spacing in mm and the plane it holds for (PS3.3 10.7.1)."""
    detector = _pair(dataset, "ImagerPixelSpacing") or _pair(dataset, "NominalScannedPixelSpacing")
    patient = _pair(dataset, "PixelSpacing") or _pair_of_frame(dataset)
    calibrated = tags.text(dataset, "PixelSpacingCalibrationType") is not None
    if patient and (calibrated or patient != detector):
        return PixelSpacing(*patient, plane="patient"), []
    if detector is None:
        return None, []
    return PixelSpacing(*detector, plane="detector"), [Notice("detector_plane")]


def _pair_of_frame(dataset: Dataset) -> tuple[float, float] | None:
    """The spacing in the functional groups of an enhanced object (PS3.3 C.7.6.16.2.1): of all frames, or the first."""
    for groups in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        group = tags.first_item(dataset, groups)
        measures = tags.first_item(group, "PixelMeasuresSequence") if group is not None else None
        if measures is not None and (pair := _pair(measures, "PixelSpacing")):
            return pair
    return None


def _pair(dataset: Dataset, keyword: str) -> tuple[float, float] | None:
    """Two positive numbers (row, column), else ``None``."""
    spacing = tags.numbers(dataset, keyword)
    return (spacing[0], spacing[1]) if len(spacing) == 2 and min(spacing) > 0 else None


def read_laterality(dataset: Dataset) -> str | None:
    """``"L"`` or ``"R"``; ``None`` if unknown or both."""
    for keyword in ("ImageLaterality", "Laterality"):
        side = (tags.text(dataset, keyword) or "").upper()
        if side in ("L", "R"):
            return side
    return None


def read_body_part(dataset: Dataset) -> tuple[str | None, list[Notice]]:
    """What the film shows according to its tags, and a loud notice if that is no hand or wrist."""
    region = tags.first_item(dataset, "AnatomicRegionSequence")
    meaning = tags.text(region, "CodeMeaning") if region is not None else None
    part = tags.text(dataset, "BodyPartExamined") or meaning
    named = _words(part, meaning)
    described = _words(
        *(tags.text(dataset, keyword) for keyword in ("ProtocolName", "SeriesDescription", "StudyDescription"))
    )
    if _HAND.search(named):
        return part, []
    if part is None or _UNSPECIFIC.match(_words(part)):
        if _HAND.search(described):
            return part, []
        elsewhere = _ELSEWHERE.search(described)
        if elsewhere is None:
            return part, [Notice("body_part_unstated")]
        return part, [_other_part(elsewhere[0].lower())]
    return part, [_other_part(part)]


def _words(*texts: str | None) -> str:
    """Upper case, separated by spaces, for the patterns."""
    return " ".join(text for text in texts if text).upper().replace("_", " ").strip()


def _other_part(part: str) -> Notice:
    """The loud notice for anything but a hand."""
    return Notice("body_part", details={"body_part": part}, loud=True, doubt=True)


def read_modality(dataset: Dataset) -> tuple[str | None, list[Notice]]:
    """The modality, and what must be known of it: no plain radiograph, or raw detector values."""
    modality = tags.text(dataset, "Modality")
    notices = []
    if modality and modality.upper() not in XRAY_MODALITIES:
        notices.append(Notice("modality", details={"modality": modality}, loud=True))
    if (tags.text(dataset, "PresentationIntentType") or "").upper() == "FOR PROCESSING":
        notices.append(Notice("for_processing", loud=True))
    return modality, notices


def read_reference(dataset: Dataset) -> DicomReference | None:
    """The four UIDs by which a report points back, ``None`` unless all are there."""
    keywords = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
    uids = [tags.text(dataset, keyword) for keyword in keywords]
    if not all(uids):
        return None
    return DicomReference(*[uid or "" for uid in uids])


def read_study(dataset: Dataset) -> StudyTags:
    """What the study says of itself."""
    keywords = (
        "StudyID", "StudyTime", "AccessionNumber", "ReferringPhysicianName", "StudyDescription", "IssuerOfPatientID",
    )  # fmt: skip
    return StudyTags(*[tags.text(dataset, keyword) or "" for keyword in keywords])


def is_phantom(dataset: Dataset) -> bool:
    """True for quality-control images and for those whose comments call them a phantom."""
    comments = (tags.text(dataset, keyword) or "" for keyword in ("PatientComments", "ImageComments"))
    stated = (tags.text(dataset, "QualityControlImage") or "").upper() == "YES"
    return stated or any("phantom" in comment.lower() for comment in comments)
