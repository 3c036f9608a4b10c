"""Damaged films are refused or said to be doubtful; whole ones are neither, whatever they look like."""

from __future__ import annotations

import random
import re
import struct
from functools import lru_cache
from pathlib import Path

import cv2
import imagecodecs
import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import (
    JPEG2000,
    UID,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.values.errors import BoneAgeError
from films import LOSSLESS_SYNTAXES, LOSSY_SYNTAXES, hand_like, write_cells, write_dicom, write_picture
from fuzz import Base, damages, make_bases, wrong_share

FILM = hand_like(300, 240)
JPEG = [JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1]


def outcome(path: Path) -> str:
    """``whole``, ``doubtful`` or the code of the refusal."""
    try:
        film = read_radiograph(path)
    except BoneAgeError as error:
        return error.code
    return "doubtful" if any(notice.code == "perhaps_damaged" for notice in film.notices) else "whole"


@lru_cache(maxsize=1)
def margins() -> dict[str, np.ndarray]:
    """Whole films with what might be taken for damage."""
    blank = np.zeros_like(FILM)
    collimated = blank.copy()
    collimated[60:240, 40:200] = FILM[60:240, 40:200]
    bottom = FILM.copy()
    bottom[220:] = 0
    round_field = blank.copy()
    rows, columns = np.mgrid[:300, :240]
    inside = (rows - 150) ** 2 + (columns - 120) ** 2 < 115**2
    round_field[inside] = FILM[inside]
    labelled = bottom.copy()
    text = np.zeros(FILM.shape, np.uint8)
    cv2.putText(text, "L 12:30", (20, 270), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 255, 3)
    labelled[text > 0] = 65535
    white = np.full_like(FILM, 65535)
    white[30:270, 30:210] = FILM[30:270, 30:210]
    return {
        "plain": FILM,
        "collimated": collimated,
        "black below": bottom,
        "round": round_field,
        "labelled": labelled,
        "white margins": white,
        "grainy": np.clip(FILM + np.random.default_rng(0).normal(0, 2500, FILM.shape), 0, 65535).astype(np.uint16),
    }


@pytest.mark.parametrize("syntax", [*LOSSLESS_SYNTAXES[1:], *LOSSY_SYNTAXES], ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("name", margins())
def test_whole_films_are_not_doubted(tmp_path: Path, syntax: UID, name: str) -> None:
    bits = 8 if syntax == JPEGBaseline8Bit else 12
    assert outcome(write_dicom(tmp_path / "film.dcm", margins()[name], bits=bits, syntax=syntax)) == "whole"


@pytest.mark.parametrize("name", margins())
@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"optimize": True}, {"subsampling": 0}], ids=str)
@pytest.mark.parametrize("colour", [False, True])
def test_whole_jpeg_pictures_are_not_doubted(
    tmp_path: Path, name: str, options: dict[str, object], colour: bool
) -> None:
    image = Image.fromarray((margins()[name] >> 8).astype(np.uint8)).convert("RGB" if colour else "L")
    image.save(tmp_path / "film.jpg", quality=85, **options)  # type: ignore[arg-type]
    assert outcome(tmp_path / "film.jpg") == "whole"


@pytest.mark.parametrize("suffix", [".webp", ".png", ".tif"])
@pytest.mark.parametrize("name", margins())
def test_whole_pictures_are_not_doubted(tmp_path: Path, suffix: str, name: str) -> None:
    assert outcome(write_picture(tmp_path / f"film{suffix}", margins()[name])) == "whole"


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Base]:
    return {base.name: base for base in make_bases(tmp_path_factory.mktemp("bases"))}


NAMES = [
    *(syntax.name for syntax in (*JPEG, JPEGLSLossless, JPEG2000Lossless, RLELossless, ExplicitVRLittleEndian)),
    *("jpg 8 bits", "png 8 bits", "png 16 bits", "tif 8 bits", "webp 8 bits", "webp lossy"),
    *(syntax.name for syntax in (JPEG2000, HTJ2KLossless, HTJ2KLosslessRPCL)),
]
TELLING = ("JPEG 2000", "webp")
"""Parts of the names of codecs that tell other bytes in place of theirs from whole ones."""


@pytest.mark.parametrize("name", NAMES)
def test_missing_and_lost_parts_are_never_accepted_in_silence(
    tmp_path: Path, bases: dict[str, Base], name: str
) -> None:
    """Random bytes in place of others are left out where a codec has nothing to tell them by."""
    base = bases[name]
    path = tmp_path / f"film{base.suffix}"
    path.write_bytes(base.data)
    whole = read_radiograph(path).pixels
    rng = random.Random(f"damage/{name}")
    accepted, silent = 0, []
    for _ in range(4):
        for how, data in damages(base, rng):
            if ("random" in how and not any(part in name for part in TELLING)) or data == base.data:
                continue
            path.write_bytes(data)
            if outcome(path) == "whole":
                accepted += 1
                if wrong_share(read_radiograph(path).pixels, whole) > 0.05:
                    silent.append(how)
    assert len(silent) <= max(1, 0.02 * accepted), silent


@pytest.mark.parametrize("syntax", JPEG, ids=lambda syntax: syntax.keyword)
def test_half_a_jpeg_with_its_end_marker_is_refused(tmp_path: Path, bases: dict[str, Base], syntax: UID) -> None:
    base = bases[syntax.name]
    half = base.stream.start + (len(base.data) - base.stream.start) // 2
    path = tmp_path / "film.dcm"
    path.write_bytes(base.data[:half] + b"\xff\xd9" * 2)
    assert outcome(path) == "truncated"


def in_tiles(film: np.ndarray) -> bytes:
    """A JPEG 2000 code stream of tiles of 64 x 64, each coded alone and put into its place."""
    parts = []
    header = b""
    height, width = film.shape
    for number, (top, left) in enumerate((top, left) for top in range(0, height, 64) for left in range(0, width, 64)):
        tile = np.ascontiguousarray(film[top : top + 64, left : left + 64] >> 4)
        stream = imagecodecs.jpeg2k_encode(tile, codecformat="j2k", bitspersample=12, reversible=True)
        start = stream.find(b"\xff\x90\x00\x0a")
        header = stream[:start]
        parts.append(stream[start : start + 4] + struct.pack(">H", number) + stream[start + 6 : -2])
    return header[:8] + struct.pack(">II", width, height) + header[16:] + b"".join(parts) + b"\xff\xd9"


@pytest.mark.parametrize("how", ["whole", "missing", "zeros", "others"])
def test_tiles_of_jpeg_2000(tmp_path: Path, how: str) -> None:
    film = hand_like(320, 256)
    stream = in_tiles(film)
    places = [at.start() for at in re.finditer(b"\xff\x90\x00\x0a", stream)]
    assert len(places) == 20
    start, end = places[9], places[10]
    half = start + (end - start) // 2
    other = {
        "whole": stream,
        "missing": stream[:start] + stream[end:],
        "zeros": stream[:half] + bytes(end - half) + stream[end:],
        "others": stream[:half] + random.Random(0).randbytes(end - half) + stream[end:],
    }[how]
    path = write_dicom(tmp_path / "film.dcm", film, syntax=JPEG2000Lossless)
    dataset = dcmread(path)
    dataset.PixelData = encapsulate([other])
    dataset.save_as(path)
    wanted = {"whole": ("whole",), "missing": ("truncated",)}.get(how, ("truncated", "doubtful"))
    assert outcome(path) in wanted


@pytest.mark.parametrize("bits", [8, 16])
def test_native_pixels_of_another_length(tmp_path: Path, bits: int) -> None:
    cells = (FILM >> (16 - bits)).astype(np.uint8 if bits == 8 else np.uint16)
    for data in (cells.tobytes() * 2, cells.tobytes()[:-2], cells.tobytes() + bytes(range(64))):
        assert outcome(write_cells(tmp_path / "film.dcm", cells, PixelData=data)) == "truncated"


@pytest.mark.parametrize("tags", [
    {"RescaleSlope": "1e308", "RescaleIntercept": "0"},
    {"RescaleSlope": "1", "RescaleIntercept": "1e308"},
    {"RescaleSlope": "1e-300", "RescaleIntercept": "0"},
    {"RescaleSlope": "-1e300", "RescaleIntercept": "-1e300"},
])  # fmt: skip
def test_rescale_numbers_that_make_no_sense_are_refused(tmp_path: Path, tags: dict[str, str]) -> None:
    assert outcome(write_cells(tmp_path / "film.dcm", FILM, **tags)) == "truncated"


@pytest.mark.parametrize(
    ("centre", "width"), [("1e308", "1e308"), ("0", "1e308"), ("-1e308", "1"), ("1e308", "1e-308")]
)
def test_a_window_that_makes_no_sense_is_left_out(tmp_path: Path, centre: str, width: str) -> None:
    film = read_radiograph(write_cells(tmp_path / "film.dcm", FILM, WindowCenter=centre, WindowWidth=width))
    assert np.abs(film.pixels.astype(np.int32) - FILM).max() <= 1
    assert "window" in {notice.code for notice in film.notices}


def test_a_film_that_its_table_makes_flat_is_blank(tmp_path: Path) -> None:
    from pydicom import Dataset

    item = Dataset()
    item.add_new("LUTDescriptor", "US", [4, 0, 16])
    item.add_new("LUTData", "US", [0, 10, 20, 65535])
    path = write_cells(tmp_path / "film.dcm", np.maximum(FILM, 4000), ModalityLUTSequence=[item])
    assert outcome(path) == "empty"


@pytest.mark.parametrize("vr", ["LO", "PN", "DA", "DS", "UN", "OB"])
@pytest.mark.parametrize("sequence", ["ModalityLUTSequence", "VOILUTSequence"])
def test_a_table_of_another_kind_is_left_out_or_read(tmp_path: Path, vr: str, sequence: str) -> None:
    from pydicom import Dataset
    from pydicom.dataelem import DataElement

    item = Dataset()
    item.add_new("LUTDescriptor", "US", [4, 0, 16])
    value = b"\0\1\2\3\4\5\6\7" if vr in ("UN", "OB") else "20200101" if vr != "DS" else "7"
    item[0x00283006] = DataElement(0x00283006, vr, value)
    assert outcome(write_cells(tmp_path / "film.dcm", FILM, **{sequence: [item]})) in ("whole", "empty")


@pytest.mark.parametrize("shape", [(100, 2500), (40000, 110)])
def test_a_shape_that_no_film_has_is_refused(tmp_path: Path, shape: tuple[int, int]) -> None:
    strip = cv2.resize(FILM, shape[::-1])
    assert outcome(write_cells(tmp_path / "film.dcm", strip)) == "too_small"
    assert outcome(write_picture(tmp_path / "film.png", strip)) == "too_small"
