"""Our grey beside that of pydicom and, where it is installed, dcmtk: over combinations that hypothesis draws."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydicom import Dataset, dcmread
from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut
from pydicom.uid import UID, ExplicitVRLittleEndian

from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.values.types import Radiograph
from bone_age_gui.wording.pixels import pixel_steps
from films import LOSSLESS_SYNTAXES, hand_like, quantise, write_cells

FILM = hand_like(120, 104)
DCMTK = shutil.which("dcm2pnm")
repeatable = settings(
    max_examples=80, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@dataclass(frozen=True)
class Recipe:
    """How a film is stored, and how it is to be shown."""

    syntax: UID
    stored: int
    allocated: int
    high: int
    signed: bool
    extended: bool
    junk: int
    photometric: str
    slope: float
    intercept: int
    modality_table: bool
    voi: str
    centre: float
    width: float


@st.composite
def recipes(
    draw: st.DrawFn, syntaxes: tuple[UID, ...] = LOSSLESS_SYNTAXES, slopes: tuple[float, ...] = (1, 0.5, 2, 3.7)
) -> Recipe:
    stored = draw(st.integers(6, 16))
    allocated = 8 if stored <= 8 and draw(st.booleans()) else 16
    return Recipe(
        syntax=draw(st.sampled_from(syntaxes)),
        stored=stored,
        allocated=allocated,
        high=draw(st.sampled_from([stored - 1, allocated - 1])),
        signed=draw(st.booleans()),
        extended=draw(st.booleans()),
        junk=draw(st.sampled_from([0, 1, 255])),
        photometric=draw(st.sampled_from(["MONOCHROME1", "MONOCHROME2"])),
        slope=draw(st.sampled_from(slopes)),
        intercept=draw(st.integers(-3000, 3000)),
        modality_table=draw(st.booleans()) and draw(st.booleans()),
        voi=draw(st.sampled_from(["none", "LINEAR", "LINEAR_EXACT", "SIGMOID", "table"])),
        centre=draw(st.floats(0.4, 0.6)),
        width=draw(st.floats(0.8, 1.5)),
    )


def values(recipe: Recipe) -> np.ndarray:
    """The stored numbers as int32."""
    numbers = quantise(FILM, recipe.stored).astype(np.int32)
    if recipe.photometric == "MONOCHROME1":
        numbers = 2**recipe.stored - 1 - numbers
    return numbers - 2 ** (recipe.stored - 1) if recipe.signed else numbers


def cells(recipe: Recipe, numbers: np.ndarray, *, clean: bool) -> np.ndarray:
    """The numbers in their cells; with an overlay beside them unless ``clean``."""
    spare, shift = recipe.allocated - recipe.stored, recipe.high + 1 - recipe.stored
    kind = f"u{recipe.allocated // 8}"
    if clean or (recipe.extended and recipe.signed and not shift):
        return (numbers << shift).astype(f"i{recipe.allocated // 8}").view(kind)
    plane = np.zeros(numbers.shape, np.int32)
    plane[10:14, 10:90] = plane[60:100, 20:60] = recipe.junk & (2**spare - 1)
    inside = numbers & (2**recipe.stored - 1)
    return (inside << shift | (plane if shift else plane << recipe.stored)).astype(kind)


def table(entries: np.ndarray, first: int, depth: int, *, signed: bool) -> Dataset:
    item = Dataset()
    item.add_new("LUTDescriptor", "SS" if signed else "US", [entries.size % 65536, first, depth])
    item.LUTDescriptor = [entries.size % 65536, first, depth]
    item.add_new("LUTData", "OW", entries.astype("<u2").tobytes())
    return item


def shown(recipe: Recipe) -> dict[str, Any]:
    """The tags of modality and window; centre and width are parts of the range after the modality's step."""
    low, high = (
        (-(2 ** (recipe.stored - 1)), 2 ** (recipe.stored - 1) - 1) if recipe.signed else (0, 2**recipe.stored - 1)
    )
    tags: dict[str, Any] = {}
    if recipe.modality_table and recipe.stored <= 12:
        entries = np.round(np.linspace(0, 1, 2**recipe.stored) ** 0.8 * 65535)
        tags["ModalityLUTSequence"] = [table(entries, low, 16, signed=recipe.signed)]
        low, high = 0, 65535
    else:
        tags["RescaleSlope"], tags["RescaleIntercept"] = recipe.slope, recipe.intercept
        low, high = low * recipe.slope + recipe.intercept, high * recipe.slope + recipe.intercept
    if recipe.voi == "table":
        assume("ModalityLUTSequence" in tags)  # else the table would be drawn over broken numbers
        tags["VOILUTSequence"] = [table(np.round(np.linspace(0, 1, 65536) ** 0.7 * 65535), 0, 16, signed=False)]
    elif recipe.voi != "none":
        tags["WindowCenter"] = round(low + recipe.centre * (high - low), 2)
        tags["WindowWidth"] = max(3, round(recipe.width * (high - low), 2))
        tags["VOILUTFunction"] = recipe.voi
    return tags


def stated(recipe: Recipe) -> dict[str, Any]:
    return {
        "BitsStored": recipe.stored,
        "HighBit": recipe.high,
        "PixelRepresentation": int(recipe.signed),
        "PhotometricInterpretation": recipe.photometric,
    }


def upright(film: Radiograph) -> np.ndarray:
    """The grey as the tags say it, from 0 to 1, also where the reader turned the film round."""
    grey = film.pixels.astype(np.float64) / 65535
    return 1 - grey if film.inverted else grey


def by_pydicom(recipe: Recipe, numbers: np.ndarray, dataset: Dataset) -> np.ndarray:
    """The same from 0 to 1, scaled by the range that the standard gives to the last step."""
    after = apply_modality_lut(numbers, dataset)  # int32: in eight signed bits pydicom's first step overflows
    shown_values = apply_voi_lut(after, dataset, prefer_lut=True).astype(np.float64)
    low, high = (
        (-(2 ** (recipe.stored - 1)), 2 ** (recipe.stored - 1) - 1) if recipe.signed else (0, 2**recipe.stored - 1)
    )
    if "ModalityLUTSequence" in dataset:
        low, high = 0, 65535
    else:
        low, high = (end * dataset.RescaleSlope + dataset.RescaleIntercept for end in (low, high))
    if "VOILUTSequence" in dataset:
        low, high = 0, 65535
    grey = np.clip((shown_values - low) / (high - low), 0, 1)
    return 1 - grey if recipe.photometric == "MONOCHROME1" else grey


@repeatable
@given(recipe=recipes())
def test_grey_is_that_of_pydicom(tmp_path: Path, recipe: Recipe) -> None:
    numbers, tags = values(recipe), shown(recipe)
    path = write_cells(
        tmp_path / "film.dcm", cells(recipe, numbers, clean=False), recipe.syntax, **stated(recipe), **tags
    )
    film = read_radiograph(path)
    assert film.bits == recipe.stored
    codes = {notice.code for notice in film.notices}
    assume("window" not in codes)  # a window that hides most of the hand is left out: tested by itself
    assert not {"voi_lut", "modality_lut"} & codes
    assert not any(step.startswith("stretched") for step in pixel_steps(film.made_by))
    assert np.abs(upright(film) - by_pydicom(recipe, numbers, dcmread(path))).max() < 2 / 65535


@pytest.mark.skipif(DCMTK is None, reason="dcmtk is not installed")
@repeatable
@given(recipe=recipes((ExplicitVRLittleEndian,), (1, 2)))  # dcmtk rounds between its steps
def test_grey_is_that_of_dcmtk(tmp_path: Path, recipe: Recipe) -> None:
    assume(recipe.voi != "LINEAR_EXACT")  # which dcmtk does not know
    numbers, tags = values(recipe), shown(recipe)
    path = write_cells(tmp_path / "film.dcm", cells(recipe, numbers, clean=False), **stated(recipe), **tags)
    option = {"none": [], "table": ["+Wl", "1"]}.get(recipe.voi, ["+Wi", "1"])
    subprocess.run([str(DCMTK), *option, "+on2", str(path), str(tmp_path / "film.png")], check=True, timeout=60)
    from PIL import Image

    peer = np.asarray(Image.open(tmp_path / "film.png")).astype(np.float64) / 65535
    film = read_radiograph(path)
    assume("window" not in {notice.code for notice in film.notices})
    grey = upright(film)
    assert np.abs(grey - peer).max() < 0.01 + 2 / 2**recipe.stored
