"""The bone age of one film stays the same, however validly it is written: with the program's own model."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import pytest
from PIL import Image, TiffImagePlugin
from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import (
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.model.bundle import find_bundle
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.pipeline import process
from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.values.types import Patient, Sex
from bone_age_gui.paths import growth_dir, models_dir, sample_files
from films import cells_stream, write_cells

TWELVE = {"BitsStored": 12, "HighBit": 11}
Write = Callable[[Path, np.ndarray], Path]
"""Writes the phantom (uint16 of 12 bits) into a folder."""


@pytest.fixture(scope="module")
def phantom() -> np.ndarray:
    return (read_radiograph(sample_files()[0]).pixels >> 4).astype(np.uint16)


@pytest.fixture(scope="module")
def age(phantom: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], float]:
    predictor = Predictor(find_bundle(None, [models_dir()]), "cpu")
    reference = GrowthReference.load(growth_dir() / "brush_foundation.json")

    def of(path: Path) -> float:
        # A drawn hand that does not say so is unlike all that was learned: it needs a person's word.
        case = process(path, predictor, reference, given=Patient(Sex.FEMALE), insisted=True)
        assert case.error is None
        assert case.estimate is not None
        return case.estimate.bone_age_months

    return of


@pytest.fixture(scope="module")
def base(phantom: np.ndarray, age: Callable[[Path], float], tmp_path_factory: pytest.TempPathFactory) -> float:
    return age(write_cells(tmp_path_factory.mktemp("base") / "film.dcm", phantom, **TWELVE))


def overlay(film: np.ndarray) -> np.ndarray:
    plane = np.zeros_like(film)
    plane[100:140, 100:900] = plane[900:1200, 300:800] = 1
    return plane


def cells(make: Callable[[np.ndarray], np.ndarray], syntax: str, **tags: object) -> Write:
    return lambda folder, film: write_cells(folder / "film.dcm", make(film), syntax, **(TWELVE | tags))


def cut_signed(film: np.ndarray) -> np.ndarray:
    return ((film.astype(np.int32) - 2048) & 0xFFF).astype(np.uint16)


def picture(suffix: str, film: np.ndarray, mode: str = "L", **options: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray((film >> 4).astype(np.uint8)).convert(mode).save(stream, suffix, **options)
    return stream.getvalue()


def oriented_tiff(folder: Path, film: np.ndarray) -> Path:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[274] = 3
    path = folder / "film.tif"
    path.write_bytes(picture("TIFF", np.rot90(film, 2), compression="jpeg", quality=95, tiffinfo=tags))
    return path


def planar_tiff(folder: Path, film: np.ndarray) -> Path:
    path = folder / "film.tif"
    deep = np.stack([film << 4] * 3)
    path.write_bytes(imagecodecs.tiff_encode(deep, photometric="rgb", planarconfig="separate"))
    return path


def ybr_jpeg(folder: Path, film: np.ndarray) -> Path:
    """YBR without a JFIF marker, tagged RGB."""
    grey = (film >> 4).astype(np.uint8)
    stream = bytes(imagecodecs.jpeg8_encode(np.dstack([grey] * 3), 95, outcolorspace="YCBCR"))
    bare = stream[:2] + stream[4 + int.from_bytes(stream[4:6], "big") :]
    path = write_cells(folder / "film.dcm", np.dstack([grey] * 3))
    dataset = dcmread(path)
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    dataset.PixelData = encapsulate([bare])
    dataset.save_as(path)
    return path


def padded(syntax: str) -> Write:
    def write(folder: Path, film: np.ndarray) -> Path:
        stream = encapsulate([cells_stream(film, syntax) + b"\0" * 700])
        return write_cells(folder / "film.dcm", film, syntax, PixelData=stream, **TWELVE)

    return write


def broken_chunk(folder: Path, film: np.ndarray) -> Path:
    data = picture("PNG", film)
    path = folder / "film.png"
    path.write_bytes(data[:33] + b"\0\0\0\x04iCCPrest\0\0\0\0" + data[33:])
    return path


SAME: dict[str, Write] = {
    "left-justified": cells(lambda film: film << 4, ExplicitVRLittleEndian, HighBit=15),
    "left-justified RLE": cells(lambda film: film << 4, RLELossless, HighBit=15),
    "left-justified JPEG lossless": cells(lambda film: film << 4, JPEGLosslessSV1, HighBit=15),
    "right-justified under a wrong high bit": cells(lambda film: film, ExplicitVRLittleEndian, HighBit=15),
    "overlay in JPEG-LS": cells(lambda film: film | overlay(film) << 12, JPEGLSLossless),
    "overlay in JPEG 2000": cells(lambda film: film | overlay(film) << 12, JPEG2000Lossless),
    "overlay in HTJ2K": cells(lambda film: film | overlay(film) << 12, HTJ2KLossless),
    "signed JPEG-LS": cells(cut_signed, JPEGLSLossless, PixelRepresentation=1),
    "signed JPEG 2000": cells(cut_signed, JPEG2000Lossless, PixelRepresentation=1),
    "planes of a TIFF": planar_tiff,
    "orientation of a TIFF": oriented_tiff,
    "padding behind JPEG lossless": padded(JPEGLosslessSV1),
    "padding behind JPEG-LS": padded(JPEGLSLossless),
    "broken side chunk": broken_chunk,
    "YBR tagged RGB": ybr_jpeg,
}


def half_the_rows(film: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.resize(film, (film.shape[1], film.shape[0] // 2), interpolation=cv2.INTER_AREA))


def resolved(folder: Path, film: np.ndarray, suffix: str) -> Path:
    path = folder / "film"
    path.write_bytes(picture(suffix, half_the_rows(film), dpi=(200, 100), quality=95))
    return path


RESAMPLED: dict[str, Write] = {
    "aspect ratio": cells(half_the_rows, ExplicitVRLittleEndian, PixelAspectRatio=[2, 1]),
    "pixel spacing": cells(half_the_rows, ExplicitVRLittleEndian, PixelSpacing=[0.2, 0.1]),
    "detector spacing": cells(half_the_rows, ExplicitVRLittleEndian, ImagerPixelSpacing=[0.2, 0.1]),
    "more columns": cells(lambda film: film.repeat(2, 1), ExplicitVRLittleEndian, PixelSpacing=[0.2, 0.1]),
    "resolution of a TIFF": lambda folder, film: resolved(folder, film, "TIFF"),
    "resolution of a PNG": lambda folder, film: resolved(folder, film, "PNG"),
    "resolution of a JPEG": lambda folder, film: resolved(folder, film, "JPEG"),
}


@pytest.mark.parametrize("recipe", SAME)
def test_the_same_film_has_the_same_age(
    tmp_path: Path, phantom: np.ndarray, age: Callable[[Path], float], base: float, recipe: str
) -> None:
    assert age(SAME[recipe](tmp_path, phantom)) == pytest.approx(base, abs=1)


@pytest.mark.parametrize("recipe", RESAMPLED)
def test_a_resampled_film_has_nearly_the_same_age(
    tmp_path: Path, phantom: np.ndarray, age: Callable[[Path], float], base: float, recipe: str
) -> None:
    assert age(RESAMPLED[recipe](tmp_path, phantom)) == pytest.approx(base, abs=5)
