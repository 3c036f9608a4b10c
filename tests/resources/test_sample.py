"""The shipped phantom is what its script draws, says what it is, and is a valid DICOM image."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.values.types import Sex

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample"
PNG = SAMPLE / "phantom_hand.png"
DICOM = SAMPLE / "phantom_hand.dcm"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the phantom freshly drawn by its script."""
    folder = tmp_path_factory.mktemp("drawn")
    subprocess.run([sys.executable, str(SAMPLE / "draw_phantom.py"), str(folder)], check=True, timeout=300)
    return folder


@pytest.fixture(scope="module")
def shipped() -> Dataset:
    return pydicom.dcmread(DICOM)


def same_pixels(first: np.ndarray, second: np.ndarray) -> bool:
    """Equal, but for single pixels that another processor's last binary digit rounds to the neighbouring level."""
    apart = np.abs(first.astype(np.int64) - second.astype(np.int64))
    return bool(apart.max() <= 1 and np.count_nonzero(apart) < 100)


def read_png(path: Path) -> np.ndarray:
    pixels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert pixels is not None
    return np.asarray(pixels)


def png_chunks(path: Path) -> list[tuple[bytes, bytes]]:
    data, at, chunks = path.read_bytes(), 8, []
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        chunks.append((kind, body))
        at += 12 + length
    return chunks


def test_drawing_again_gives_the_same_pixels(drawn: Path, shipped: Dataset) -> None:
    assert same_pixels(read_png(drawn / PNG.name), read_png(PNG))
    assert same_pixels(pydicom.dcmread(drawn / DICOM.name).pixel_array, shipped.pixel_array)


def test_drawing_again_gives_the_same_tags(drawn: Path, shipped: Dataset) -> None:
    again = pydicom.dcmread(drawn / DICOM.name)
    del again.PixelData
    expected = pydicom.dcmread(DICOM)
    del expected.PixelData
    assert again == expected
    assert again.file_meta == expected.file_meta


def test_png_says_what_it_is() -> None:
    chunks = png_chunks(PNG)
    assert (b"tEXt", b"Description\0bone-age-gui phantom") in chunks
    assert [kind for kind, _ in chunks][0::3] == [b"IHDR", b"IEND"]


def test_both_files_show_the_same_film(shipped: Dataset) -> None:
    film, picture = shipped.pixel_array, read_png(PNG)
    assert film.shape == picture.shape == (2000, 1500)
    assert film.dtype == np.dtype(np.uint16)
    assert picture.dtype == np.dtype(np.uint8)
    assert film.max() <= 4095
    np.testing.assert_array_equal(picture, np.rint(film * (255 / 4095)).astype(np.uint8))


def test_it_is_a_film_of_bone_in_flesh_in_air(shipped: Dataset) -> None:
    film = shipped.pixel_array.astype(float)
    air, forearm_bone, palm = film[100:300, 100:300], film[1600:1900, 780:820], film[1050:1150, 1010:1040]
    assert air.mean() < 0.3 * palm.mean() < 0.3 * forearm_bone.mean()
    assert 1 < air.std() < 20
    assert np.count_nonzero(film > 4000) < 0.01 * film.size  # only the lead letters are white


def test_the_files_are_small() -> None:
    assert PNG.stat().st_size < 1_500_000
    assert DICOM.stat().st_size < 2_000_000


def test_tags_of_the_made_up_patient(shipped: Dataset) -> None:
    expected = {
        "SOPClassUID": "1.2.840.10008.5.1.4.1.1.1",
        "Modality": "CR",
        "BodyPartExamined": "HAND",
        "ImageLaterality": "L",
        "ViewPosition": "PA",
        "PatientName": "PHANTOM^DRAWN",
        "PatientID": "PHANTOM-1",
        "PatientSex": "F",
        "PatientBirthDate": "20140302",
        "StudyDate": "20241120",
        "PatientAge": "010Y",
        "PixelSpacing": [0.12, 0.12],
        "ImageComments": "Drawn phantom, not a patient",
        "QualityControlImage": "YES",
        "BurnedInAnnotation": "NO",
        "PhotometricInterpretation": "MONOCHROME2",
        "BitsStored": 12,
    }
    assert {keyword: shipped.get(keyword) for keyword in expected} == expected


def test_dicom_validates() -> None:
    validator = shutil.which("dciodvfy")
    if validator is None:
        pytest.skip("dciodvfy is not installed (Debian package dicom3tools)")
    result = subprocess.run([validator, str(DICOM)], capture_output=True, text=True, timeout=60, check=False)
    assert "Error" not in result.stdout + result.stderr
    assert result.returncode == 0


@pytest.mark.parametrize("path", [DICOM, PNG], ids=["dicom", "png"])
def test_the_program_knows_that_it_is_a_phantom(path: Path) -> None:
    film = read_radiograph(path)
    assert film.is_phantom
    assert not film.inverted
    assert [(notice.code, notice.loud) for notice in film.notices] == [("phantom", True)]


def test_the_program_reads_the_same_film_from_both() -> None:
    film, picture = read_radiograph(DICOM), read_radiograph(PNG)
    assert np.abs(film.pixels.astype(np.int64) - picture.pixels).max() <= 129  # half of an 8-bit step
    assert film.patient.sex is Sex.FEMALE
    assert film.patient.chronological_age_months == pytest.approx(128.66, abs=0.01)
    assert (film.laterality, film.body_part, film.modality, film.bits) == ("L", "HAND", "CR", 12)
