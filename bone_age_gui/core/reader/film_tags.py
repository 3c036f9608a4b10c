"""What a DICOM file says of patient and examination, read once; ``patient`` says what it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pydicom import Dataset

from bone_age_gui.core.reader import tags

Pair = tuple[float, float] | None

_DESCRIPTIONS = ("ProtocolName", "SeriesDescription", "StudyDescription")
_UIDS = ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
_STUDY = ("StudyID", "StudyTime", "AccessionNumber", "ReferringPhysicianName", "StudyDescription", "IssuerOfPatientID")
_COMMENTS = ("PatientComments", "ImageComments")


@dataclass(frozen=True)
class FilmTags:
    """Tags of patient and examination as stated; ``None`` or empty where nothing usable is.

    Attributes
    ----------
    birth_is_broken, study_is_broken, age_is_broken : bool
        Something is there that is no date, or no age.
    acquired, of_series : date or None
        Looked for where no better date is.
    age, age_unit : float or None, float
        The age as stated, and the unit in which it is stated, in months.
    metres : float or None
        The patient's height.
    detector, patient : tuple or None
        Spacing of rows and columns in mm at the detector and at the patient.
    aspect : tuple of float
        Height and width of a pixel in any unit.
    sides : tuple
        Of the image and of the series.
    region : str or None
        The meaning of the anatomic region's code.
    uids : tuple
        Of class, instance, study and series.
    study_words : tuple of str
        What the study says of itself, in the order of ``StudyTags``.
    """

    birth: date | None
    birth_is_broken: bool
    study: date | None
    study_is_broken: bool
    acquired: date | None
    of_series: date | None
    age: float | None
    age_unit: float
    age_is_broken: bool
    sex: str | None
    name: str | None
    patient_id: str | None
    metres: float | None
    detector: Pair
    patient: Pair
    is_calibrated: bool
    aspect: tuple[float, ...]
    sides: tuple[str | None, ...]
    region: str | None
    body_part: str | None
    descriptions: tuple[str | None, ...]
    modality: str | None
    intent: str | None
    uids: tuple[str | None, ...]
    study_words: tuple[str, ...]
    comments: tuple[str | None, ...]
    quality_control: str | None


def read_film_tags(dataset: Dataset) -> FilmTags:
    """Read them; nothing is judged here. ``BoneAgeError`` (``excessive``) for a value that is far too long."""
    birth, birth_is_broken = tags.date_of(dataset, "PatientBirthDate")
    study, study_is_broken = tags.date_of(dataset, "StudyDate")
    acquired = None if study else tags.date_of(dataset, "AcquisitionDate")[0]
    of_series = None if study or acquired else tags.date_of(dataset, "SeriesDate")[0]
    age, age_unit, age_is_broken = tags.age_of(dataset, "PatientAge")
    region = tags.first_item(dataset, "AnatomicRegionSequence")
    metres = tags.numbers(dataset, "PatientSize")
    return FilmTags(
        birth=birth,
        birth_is_broken=birth_is_broken,
        study=study,
        study_is_broken=study_is_broken,
        acquired=acquired,
        of_series=of_series,
        age=age,
        age_unit=age_unit,
        age_is_broken=age_is_broken,
        sex=tags.text(dataset, "PatientSex"),
        name=tags.text(dataset, "PatientName"),
        patient_id=tags.text(dataset, "PatientID"),
        metres=metres[0] if metres else None,
        detector=tags.pair(dataset, "ImagerPixelSpacing") or tags.pair(dataset, "NominalScannedPixelSpacing"),
        patient=tags.pair(dataset, "PixelSpacing") or tags.spacing_of_frame(dataset),
        is_calibrated=tags.text(dataset, "PixelSpacingCalibrationType") is not None,
        aspect=tuple(tags.numbers(dataset, "PixelAspectRatio")),
        sides=(tags.text(dataset, "ImageLaterality"), tags.text(dataset, "Laterality")),
        region=tags.text(region, "CodeMeaning") if region is not None else None,
        body_part=tags.text(dataset, "BodyPartExamined"),
        descriptions=tuple(tags.text(dataset, keyword) for keyword in _DESCRIPTIONS),
        modality=tags.text(dataset, "Modality"),
        intent=tags.text(dataset, "PresentationIntentType"),
        uids=tuple(tags.text(dataset, keyword) for keyword in _UIDS),
        study_words=tuple(tags.text(dataset, keyword) or "" for keyword in _STUDY),
        comments=tuple(tags.text(dataset, keyword) for keyword in _COMMENTS),
        quality_control=tags.text(dataset, "QualityControlImage"),
    )
