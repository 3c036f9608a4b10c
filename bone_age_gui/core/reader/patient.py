"""Who is on a DICOM film and what it shows, with a notice wherever the tags are odd."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from bone_age_gui.core.reader.film_tags import FilmTags
from bone_age_gui.core.values.age import months_between
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
_UID, _LONGEST_UID = re.compile(r"[0-9]+(\.[0-9]+)+"), 64
"""By DICOM's rules (PS3.5, 9.1), except that zeros may lead, as many devices write them."""
_TIME = re.compile(r"([01][0-9]|2[0-3])([0-5][0-9]([0-5][0-9](\.[0-9]{1,6})?)?)?")


@dataclass(frozen=True)
class Description:
    """All that the tags of a film say of patient and examination, judged.

    Attributes
    ----------
    aspect : tuple of float
        Height and width of a pixel in any unit, empty where nobody says.
    notices, of_spacing : tuple of Notice
        What was odd, that of the spacing by itself.
    """

    patient: Patient
    laterality: str | None
    body_part: str | None
    modality: str | None
    reference: DicomReference | None
    study: StudyTags
    is_phantom: bool
    spacing: PixelSpacing | None
    aspect: tuple[float, ...]
    notices: tuple[Notice, ...]
    of_spacing: tuple[Notice, ...]


def read_description(stated: FilmTags) -> Description:
    """Judge what the tags say; nothing is refused here."""
    patient, of_patient = read_patient(stated)
    body_part, of_part = _body_part(stated)
    modality, of_modality = _modality(stated)
    spacing, of_spacing = _spacing(stated)
    return Description(
        patient=patient,
        laterality=_laterality(stated),
        body_part=body_part,
        modality=modality,
        reference=_reference(stated),
        study=_study(stated),
        is_phantom=_is_phantom(stated),
        spacing=spacing,
        aspect=stated.aspect,
        notices=(*of_part, *of_modality, *of_patient),
        of_spacing=tuple(of_spacing),
    )


def read_patient(stated: FilmTags) -> tuple[Patient, list[Notice]]:
    """Sex, dates, age, name and id; what is missing or broken is ``None``, with a notice if broken."""
    notices: list[Notice] = []
    if stated.birth_is_broken:
        notices.append(Notice("birth_date"))
    study = _study_date(stated, notices)
    if stated.age_is_broken:
        notices.append(Notice("age_unreadable"))
    patient = Patient(
        sex=_sex(stated, notices),
        birth_date=stated.birth,
        study_date=study,
        stated_age_months=stated.age,
        stated_age_unit_months=stated.age_unit,
        name=stated.name,
        patient_id=stated.patient_id,
        height_cm=_height(stated, notices),
    )
    if stated.birth and study:
        notices += _conflicts(stated.birth, study, stated.age, stated.age_unit)
    return patient, notices


def _sex(film: FilmTags, notices: list[Notice]) -> Sex | None:
    """Female, male, or ``None`` with a notice where the tag says anything else."""
    stated = (film.sex or "").upper()
    if stated in ("F", "M"):
        return Sex(stated)
    if stated:
        notices.append(Notice("sex"))
    return None


def _height(film: FilmTags, notices: list[Notice]) -> float | None:
    """The height in cm from the tag in m; with a notice where no child has it, as the unit is never guessed."""
    if not film.metres:
        return None
    height = film.metres * 100
    if MIN_HEIGHT_CM <= height <= MAX_HEIGHT_CM:
        return height
    notices.append(Notice("height"))
    return None


def _study_date(film: FilmTags, notices: list[Notice]) -> date | None:
    """The study date, else the date of acquisition or series, with a notice."""
    if film.study:
        return film.study
    if film.study_is_broken:
        notices.append(Notice("study_date", "broken"))
    if film.acquired:
        notices.append(Notice("study_date", "acquisition"))
        return film.acquired
    if film.of_series:
        notices.append(Notice("study_date", "series"))
    return film.of_series


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


def _spacing(stated: FilmTags) -> tuple[PixelSpacing | None, list[Notice]]:
    """Pixel spacing in mm and the plane it holds for (PS3.3 10.7.1)."""
    detector, patient = stated.detector, stated.patient
    if patient and (stated.is_calibrated or patient != detector):
        return PixelSpacing(*patient, plane="patient"), []
    if detector is None:
        return None, []
    return PixelSpacing(*detector, plane="detector"), [Notice("detector_plane")]


def _laterality(stated: FilmTags) -> str | None:
    """``"L"`` or ``"R"``; ``None`` if unknown or both."""
    return next((side.upper() for side in stated.sides if side and side.upper() in ("L", "R")), None)


def _body_part(stated: FilmTags) -> tuple[str | None, list[Notice]]:
    """What the film shows according to its tags, and a loud notice if that is no hand or wrist."""
    part = stated.body_part or stated.region
    named = _words(part, stated.region)
    described = _words(*stated.descriptions)
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


def _modality(stated: FilmTags) -> tuple[str | None, list[Notice]]:
    """The modality, and what must be known of it: no plain radiograph, or raw detector values."""
    modality = stated.modality
    notices = []
    if modality and modality.upper() not in XRAY_MODALITIES:
        notices.append(Notice("modality", details={"modality": modality}, loud=True))
    if (stated.intent or "").upper() == "FOR PROCESSING":
        notices.append(Notice("for_processing", loud=True))
    return modality, notices


def _reference(stated: FilmTags) -> DicomReference | None:
    """The four UIDs by which a report points back, ``None`` unless all are there and are UIDs."""
    uids = [uid or "" for uid in stated.uids]
    if not all(len(uid) <= _LONGEST_UID and _UID.fullmatch(uid) for uid in uids):
        return None
    return DicomReference(*uids)


def _study(stated: FilmTags) -> StudyTags:
    """What the study says of itself; without its time where that is none, as no report could be written with it."""
    study = StudyTags(*stated.study_words)
    return study if _TIME.fullmatch(study.study_time) else replace(study, study_time="")


def _is_phantom(stated: FilmTags) -> bool:
    """True for quality-control images and for those whose comments call them a phantom."""
    for_control = (stated.quality_control or "").upper() == "YES"
    return for_control or any("phantom" in (comment or "").lower() for comment in stated.comments)
