"""What the reader takes from DICOM tags, and what it says where they are missing, odd or contradictory."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pydicom import Dataset, dcmread

from bone_age_gui.core.reader.header import read_header
from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.values.types import Patient, PixelSpacing, Radiograph, Sex
from films import hand_like, write_dicom, write_picture

FILM = hand_like(150, 120)


def read(tmp_path: Path, **tags: Any) -> Radiograph:
    return read_radiograph(write_dicom(tmp_path / "film.dcm", FILM, **tags))


def notices(film: Radiograph) -> dict[str, bool]:
    """Code to loudness."""
    return {notice.code: notice.loud for notice in film.notices}


def test_all_tags(tmp_path: Path) -> None:
    film = read(tmp_path, age="012Y")
    assert film.patient == Patient(
        sex=Sex.FEMALE,
        birth_date=date(2014, 3, 2),
        study_date=date(2026, 11, 20),
        stated_age_months=144.0,
        stated_age_unit_months=12.0,
        name="Doe^Jane",
        patient_id="TEST-1",
    )
    assert (film.laterality, film.body_part, film.modality, film.bits) == ("L", "HAND", "DX", 12)
    assert film.reference is not None
    assert film.reference.sop_instance_uid == str(dcmread(film.path or "").SOPInstanceUID)
    assert film.notices == ()


def test_missing_tags_are_none(tmp_path: Path) -> None:
    film = read(
        tmp_path,
        sex=None,
        birth_date=None,
        study_date=None,
        body_part=None,
        laterality=None,
        modality=None,
        PatientName=None,
        PatientID=None,
        StudyInstanceUID=None,
    )
    assert film.patient == Patient()
    assert (film.laterality, film.body_part, film.modality, film.spacing, film.reference) == (None,) * 5
    assert notices(film) == {"body_part_unstated": False}


def test_a_picture_has_no_patient(tmp_path: Path) -> None:
    film = read_radiograph(write_picture(tmp_path / "film.png", FILM))
    assert film.patient == Patient()
    assert (film.laterality, film.body_part, film.modality, film.spacing, film.reference) == (None,) * 5
    assert film.notices == ()


@pytest.mark.parametrize(("stated", "sex"), [("F", Sex.FEMALE), ("M", Sex.MALE), ("m", Sex.MALE)])
def test_sex(tmp_path: Path, stated: str, sex: Sex) -> None:
    film = read(tmp_path, sex=stated)
    assert film.patient.sex is sex
    assert film.notices == ()


@pytest.mark.parametrize("stated", ["O", "X", "W"])
def test_other_sex_is_unknown_and_said(tmp_path: Path, stated: str) -> None:
    film = read(tmp_path, sex=stated)
    assert film.patient.sex is None
    assert "sex" in notices(film)


@pytest.mark.parametrize(
    ("text", "months", "unit"),
    [
        ("005Y", 60, 12),
        ("010Y", 120, 12),
        ("012M", 12, 1),
        ("062M", 62, 1),
        ("030W", 30 * 7 / 30.4375, 7 / 30.4375),
        ("010D", 10 / 30.4375, 1 / 30.4375),
        (" 12y", 144, 12),
    ],
)
def test_age_strings(tmp_path: Path, text: str, months: float, unit: float) -> None:
    film = read(tmp_path, age=text, birth_date=None)
    assert film.patient.stated_age_months == pytest.approx(months)
    assert film.patient.chronological_age_months == pytest.approx(months)
    assert film.patient.chronological_age_interval_months == pytest.approx((months, months + unit))
    assert film.notices == ()


@pytest.mark.parametrize("text", ["62", "Y005", "12 YEARS", "-05Y"])
def test_broken_age_strings_are_left_out_and_said(tmp_path: Path, text: str) -> None:
    film = read(tmp_path, age=text, birth_date=None)
    assert film.patient.stated_age_months is None
    assert "age_unreadable" in notices(film)


@pytest.mark.parametrize("text", ["012Y", "152M", "153M"])
def test_ages_that_agree_with_the_dates(tmp_path: Path, text: str) -> None:
    assert notices(read(tmp_path, age=text)) == {}


@pytest.mark.parametrize("text", ["005Y", "014Y", "140M", "030W", "010D"])
def test_ages_that_contradict_the_dates_are_said_loudly(tmp_path: Path, text: str) -> None:
    film = read(tmp_path, age=text)
    assert notices(film) == {"age_conflict": True}
    assert film.patient.chronological_age_months == pytest.approx(152.6, abs=0.1)


def test_birth_after_the_study_is_said_loudly(tmp_path: Path) -> None:
    assert notices(read(tmp_path, birth_date="20270101")) == {"date_conflict": True}


def test_broken_dates_are_left_out_and_said(tmp_path: Path) -> None:
    film = read(tmp_path, birth_date="20141399", study_date="yesterday")
    assert (film.patient.birth_date, film.patient.study_date) == (None, None)
    assert {"birth_date", "study_date"} <= set(notices(film))


def test_old_dates(tmp_path: Path) -> None:
    assert read(tmp_path, birth_date="2014.03.02").patient.birth_date == date(2014, 3, 2)


def test_acquisition_date_stands_for_a_missing_study_date(tmp_path: Path) -> None:
    film = read(tmp_path, study_date=None, AcquisitionDate="20261101")
    assert film.patient.study_date == date(2026, 11, 1)
    assert notices(film) == {"study_date": False}
    film = read(tmp_path, study_date=None, SeriesDate="20261102")
    assert film.patient.study_date == date(2026, 11, 2)
    assert notices(film) == {"study_date": False}


def test_the_unit_of_a_height_is_never_guessed(tmp_path: Path) -> None:
    assert read(tmp_path, PatientSize="1.40").patient.height_cm == pytest.approx(140.0)
    film = read(tmp_path, PatientSize="140")  # metres, by the standard
    assert film.patient.height_cm is None
    assert notices(film) == {"height": False}


@pytest.mark.parametrize(
    "part", ["HAND", "WRIST", "HAND_AP", "LEFT HAND", "Left wrist", "BONE AGE", "BONEAGE", "HANDS", "FINGER"]
)
def test_hands(tmp_path: Path, part: str) -> None:
    film = read(tmp_path, body_part=part)
    assert film.body_part == part
    assert film.notices == ()


@pytest.mark.parametrize("part", ["EXTREMITY", "UP_EXM", "UPPER EXTREMITY", None, ""])
def test_unspecific_body_parts_are_told_quietly(tmp_path: Path, part: str | None) -> None:
    assert notices(read(tmp_path, body_part=part)) == {"body_part_unstated": False}


def test_a_description_of_a_hand_is_enough(tmp_path: Path) -> None:
    assert read(tmp_path, body_part=None, SeriesDescription="Left hand pa").notices == ()


@pytest.mark.parametrize("description", ["CHEST PA", "Fibroma of the distal tibia", "Left_foot"])
def test_a_description_of_something_else_is_said_loudly(tmp_path: Path, description: str) -> None:
    assert notices(read(tmp_path, body_part="EXTREMITY", StudyDescription=description)) == {"body_part": True}


@pytest.mark.parametrize("part", ["CHEST", "FOOT", "KNEE", "FOREARM", "HANDBALL"])
def test_other_body_parts_are_said_loudly(tmp_path: Path, part: str) -> None:
    film = read(tmp_path, body_part=part, SeriesDescription="hand")
    assert notices(film) == {"body_part": True}


def test_anatomic_region_counts(tmp_path: Path) -> None:
    region = Dataset()
    region.CodeMeaning = "Knee"
    film = read(tmp_path, body_part=None, AnatomicRegionSequence=[region])
    assert film.body_part == "Knee"
    assert notices(film) == {"body_part": True}


def test_other_modalities_are_said_loudly(tmp_path: Path) -> None:
    assert notices(read(tmp_path, modality="MR")) == {"modality": True}


def test_raw_detector_values_are_said_loudly(tmp_path: Path) -> None:
    assert notices(read(tmp_path, PresentationIntentType="FOR PROCESSING")) == {"for_processing": True}


@pytest.mark.parametrize(
    ("tags", "spacing"),
    [
        ({"PixelSpacing": [0.2, 0.2]}, PixelSpacing(0.2, 0.2, "patient")),
        ({"ImagerPixelSpacing": [0.2, 0.2]}, PixelSpacing(0.2, 0.2, "detector")),
        ({"NominalScannedPixelSpacing": [0.2, 0.2]}, PixelSpacing(0.2, 0.2, "detector")),
        ({"PixelSpacing": [0.2, 0.2], "ImagerPixelSpacing": [0.2, 0.2]}, PixelSpacing(0.2, 0.2, "detector")),
        ({"PixelSpacing": [0.18, 0.18], "ImagerPixelSpacing": [0.2, 0.2]}, PixelSpacing(0.18, 0.18, "patient")),
        ({"PixelSpacing": [0, 0]}, None),
        ({"PixelSpacing": [-1, 0.1], "ImagerPixelSpacing": [0.2, 0.2]}, PixelSpacing(0.2, 0.2, "detector")),
    ],
)
def test_spacing(tmp_path: Path, tags: dict[str, Any], spacing: PixelSpacing | None) -> None:
    film = read(tmp_path, **tags)
    assert film.spacing == spacing
    assert ("detector_plane" in notices(film)) == (spacing is not None and spacing.plane == "detector")


@pytest.mark.parametrize(("side", "read_as"), [("L", "L"), ("R", "R"), ("B", None), ("U", None)])
def test_laterality(tmp_path: Path, side: str, read_as: str | None) -> None:
    assert read(tmp_path, laterality=side).laterality == read_as
    assert read(tmp_path, laterality=None, Laterality=side).laterality == read_as


@pytest.mark.parametrize(
    "tags", [{"PatientComments": "A drawn PHANTOM"}, {"ImageComments": "phantom"}, {"QualityControlImage": "YES"}]
)
def test_dicom_phantom(tmp_path: Path, tags: dict[str, str]) -> None:
    film = read(tmp_path, **tags)
    assert film.is_phantom
    assert notices(film) == {"phantom": True}


def test_png_phantom(tmp_path: Path) -> None:
    info = PngInfo()
    info.add_text("Description", "bone-age-gui phantom")
    Image.fromarray((FILM >> 8).astype(np.uint8)).save(tmp_path / "film.png", pnginfo=info)
    film = read_radiograph(tmp_path / "film.png")
    assert film.is_phantom
    assert notices(film) == {"phantom": True}


def test_names_in_other_alphabets(tmp_path: Path) -> None:
    film = read(tmp_path, SpecificCharacterSet="ISO_IR 192", PatientName="山田^太郎")
    assert film.patient.name == "山田^太郎"


@pytest.mark.parametrize(
    "look", [read_radiograph, lambda path: str(read_header(path).PatientName)], ids=["film", "header"]
)
def test_nothing_of_the_patient_is_logged_or_warned(
    look: Callable[[Path], object], tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write_dicom(tmp_path / "film.dcm", FILM, SpecificCharacterSet="ISO_IR 100")
    raw = path.read_bytes().replace(b"20140302", b"2014-3-2").replace(b"20261120", b"20261199")
    path.write_bytes(raw.replace(b"ISO_IR 100", b"DOE^JANE 1"))  # pydicom quotes it
    with (
        caplog.at_level("DEBUG"),
        caplog.at_level("DEBUG", logger="pydicom"),
        warnings.catch_warnings(record=True) as warned,
    ):
        warnings.simplefilter("always")
        look(path)
    assert [str(warning.message) for warning in warned] == []
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("character_set", [None, "ISO_IR 100", "ISO_IR 192", "NONSENSE"])
@pytest.mark.parametrize("name", ["M\u00fcller^Zo\u00eb", "\u738b^\u5c0f\u6771", "Wang^XiaoDong=\u738b^\u5c0f\u6771"])
def test_names_in_utf_8_are_recognised(tmp_path: Path, character_set: str | None, name: str) -> None:
    path = write_dicom(tmp_path / "film.dcm", FILM, SpecificCharacterSet="ISO_IR 192", PatientName=name)
    stated, written = b"ISO_IR 192", (character_set or "").encode().ljust(10)
    path.write_bytes(path.read_bytes().replace(stated, written))
    assert read_radiograph(path).patient.name == name


@pytest.mark.parametrize("character_set", ["ISO_IR 100", None])
def test_names_in_latin_1_stay(tmp_path: Path, character_set: str | None) -> None:
    path = write_dicom(
        tmp_path / "film.dcm", FILM, SpecificCharacterSet="ISO_IR 100", PatientName="M\u00fcller^Zo\u00eb"
    )
    path.write_bytes(path.read_bytes().replace(b"ISO_IR 100", (character_set or "").encode().ljust(10)))
    assert read_radiograph(path).patient.name == "M\u00fcller^Zo\u00eb"
