"""What is no radiograph is refused with a code and a next step, whatever the bytes are."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.uid import (
    MPEG2MPML,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from bone_age_gui.core.reader.read import is_dicom, read_radiograph
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.wording.errors import error_words
from films import LOSSLESS_SYNTAXES, LOSSY_SYNTAXES, hand_like, write_dicom, write_picture
from refused import message_of
from reports import write_foreign_report

FILM = hand_like(150, 130)


def refusal(path: Path, **options: Any) -> BoneAgeError:
    """The error, checked to have a title and a sentence that ends."""
    with pytest.raises(BoneAgeError) as caught:
        read_radiograph(path, **options)
    error = caught.value
    assert error_words(error).title
    assert message_of(error).endswith(".")
    assert str(path.parent) not in str(error)
    return error


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def test_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nothing.png").code == "unreadable"
    assert not is_dicom(tmp_path / "nothing.png")


def test_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path).code == "unreadable"
    assert not is_dicom(tmp_path)


def test_path_that_no_disk_can_hold(tmp_path: Path) -> None:
    assert refusal(tmp_path / "a\0b").code == "unreadable"
    assert refusal(tmp_path / ("x" * 5000)).code == "unreadable"


def test_no_permission(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "film.png", FILM)
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file")
    assert refusal(path).code == "unreadable"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_named_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe").code == "unreadable"


def test_empty_file(tmp_path: Path) -> None:
    assert refusal(written(tmp_path / "film.dcm", b"")).code == "empty"


@pytest.mark.parametrize("suffix", [".png", ".dcm"])
def test_blank_film(tmp_path: Path, suffix: str) -> None:
    flat = np.full((200, 200), 9000, np.uint16)
    path = tmp_path / f"film{suffix}"
    (write_dicom if suffix == ".dcm" else write_picture)(path, flat)
    assert refusal(path).code == "empty"


@pytest.mark.parametrize(
    "data", [b"hello", b"x", b"%PDF-1.7 and so on", b"GIF89a" + bytes(200), b"\x02\0" + bytes(300), bytes(5000)]
)
def test_not_an_image(tmp_path: Path, data: bytes) -> None:
    assert refusal(written(tmp_path / "film.png", data)).code == "not_an_image"


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.97])
def test_truncated_picture(tmp_path: Path, suffix: str, share: float) -> None:
    whole = write_picture(tmp_path / f"film{suffix}", FILM).read_bytes()
    assert refusal(written(tmp_path / "cut", whole[: int(len(whole) * share)])).code == "truncated"


@pytest.mark.parametrize("syntax", [*LOSSLESS_SYNTAXES, *LOSSY_SYNTAXES], ids=lambda syntax: syntax.keyword)
@pytest.mark.parametrize("share", [0.5, 0.97])
def test_truncated_dicom(tmp_path: Path, syntax: Any, share: float) -> None:
    bits = 8 if syntax == JPEGBaseline8Bit else 12
    whole = write_dicom(tmp_path / "film.dcm", hand_like(300, 260), bits=bits, syntax=syntax).read_bytes()
    assert refusal(written(tmp_path / "cut.dcm", whole[: int(len(whole) * share)])).code == "truncated"


@pytest.mark.parametrize("syntax", [JPEGBaseline8Bit, JPEGLosslessSV1, JPEGLSLossless, JPEG2000Lossless])
def test_stream_cut_inside_an_intact_file(tmp_path: Path, syntax: Any) -> None:
    path = write_dicom(tmp_path / "film.dcm", FILM, bits=8, syntax=syntax)
    dataset = dcmread(path)
    from pydicom.encaps import encapsulate, get_frame

    stream = get_frame(dataset.PixelData, 0, number_of_frames=1)
    dataset.PixelData = encapsulate([stream[: len(stream) // 2]])
    dataset.save_as(path)
    assert refusal(path).code == "truncated"


@pytest.mark.parametrize("syntax", [JPEGBaseline8Bit, JPEGLSLossless, JPEG2000Lossless, RLELossless])
def test_stream_of_another_size(tmp_path: Path, syntax: Any) -> None:
    path = write_dicom(tmp_path / "film.dcm", FILM, bits=8, syntax=syntax)
    dataset = dcmread(path)
    dataset.Rows *= 2
    dataset.save_as(path)
    assert refusal(path).code == "truncated"


def test_several_dicom_frames(tmp_path: Path) -> None:
    path = write_dicom(tmp_path / "film.dcm", FILM, NumberOfFrames=2)
    dataset = dcmread(path)
    dataset.PixelData *= 2
    dataset.save_as(path)
    assert refusal(path).code == "multi_frame"


@pytest.mark.parametrize("suffix", [".tif", ".png", ".webp"])
def test_several_pictures(tmp_path: Path, suffix: str) -> None:
    first = Image.fromarray((FILM >> 8).astype(np.uint8))
    first.save(tmp_path / f"film{suffix}", save_all=True, append_images=[first.rotate(90)])
    error = refusal(tmp_path / f"film{suffix}")
    assert error.code == "multi_frame"
    assert "2 pictures" in message_of(error)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp"])
def test_colour_photograph(tmp_path: Path, suffix: str) -> None:
    flat = (FILM >> 8).astype(np.uint8)
    cv2.imwrite(str(tmp_path / f"film{suffix}"), cv2.applyColorMap(flat, cv2.COLORMAP_JET))
    assert refusal(tmp_path / f"film{suffix}").code == "colour"


def test_colour_dicom(tmp_path: Path) -> None:
    path = write_dicom(
        tmp_path / "film.dcm", FILM, bits=8, SamplesPerPixel=3, PlanarConfiguration=0, PhotometricInterpretation="RGB"
    )
    dataset = dcmread(path)
    dataset.PixelData = cv2.applyColorMap((FILM >> 8).astype(np.uint8), cv2.COLORMAP_JET).tobytes()
    dataset.save_as(path)
    assert refusal(path).code == "colour"


@pytest.mark.parametrize("suffix", [".png", ".dcm"])
def test_too_small(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"film{suffix}"
    (write_dicom if suffix == ".dcm" else write_picture)(path, hand_like(400, 99))
    error = refusal(path)
    assert error.code == "too_small"
    assert "99 x 400" in message_of(error)


def test_smallest_film(tmp_path: Path) -> None:
    assert read_radiograph(write_picture(tmp_path / "film.png", hand_like(100, 100))).pixels.shape == (100, 100)


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp", ".dcm"])
def test_pixel_limit(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"film{suffix}"
    (write_dicom if suffix == ".dcm" else write_picture)(path, FILM)
    assert read_radiograph(path, max_pixels=150 * 130).pixels.shape == (150, 130)
    assert refusal(path, max_pixels=150 * 130 - 1).code == "too_large"


@pytest.mark.parametrize("side", [8_000, 20_000, 2_000_000_000])
def test_size_is_checked_before_decoding(tmp_path: Path, side: int) -> None:
    assert refusal(written(tmp_path / "film.png", png_header(side, side))).code == "too_large"


def test_header_of_a_huge_dicom_film(tmp_path: Path) -> None:
    path = write_dicom(tmp_path / "film.dcm", FILM, Rows=65535, Columns=65535)
    assert refusal(path).code == "too_large"


def test_huge_file_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "film.dcm"
    with path.open("wb") as file:
        file.truncate(10 * 2**30)
    assert refusal(path).code == "too_large"


def test_no_pixel_data(tmp_path: Path) -> None:
    path = write_dicom(tmp_path / "film.dcm", FILM)
    dataset = dcmread(path)
    del dataset.PixelData
    dataset.save_as(path)
    assert (refusal(path).code, refusal(path).why) == ("no_pixel_data", "")
    report = refusal(write_foreign_report(tmp_path / "report.dcm", 100.0))
    assert (report.code, report.why) == ("no_pixel_data", "report")


@pytest.mark.parametrize("syntax", [MPEG2MPML, "1.2.3.4.5"])
def test_unsupported_syntax(tmp_path: Path, syntax: str) -> None:
    path = write_dicom(tmp_path / "film.dcm", FILM, bits=8, syntax=JPEGBaseline8Bit)
    dataset = dcmread(path)
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.save_as(path, implicit_vr=False, little_endian=True)
    assert refusal(path).code == "unsupported_syntax"


def test_floating_point_tiff(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "film.tif"), FILM.astype(np.float32))
    assert refusal(tmp_path / "film.tif").code == "unsupported_syntax"


def sources(folder: Path) -> dict[str, bytes]:
    """One small film in every syntax and picture format."""
    films = {}
    for syntax in (*LOSSLESS_SYNTAXES, *LOSSY_SYNTAXES):
        bits = 8 if syntax == JPEGBaseline8Bit else 12
        path = write_dicom(folder / "film", FILM, bits=bits, syntax=syntax, WindowCenter=2048, WindowWidth=4096)
        films[syntax.keyword] = path.read_bytes()
    for name in ("a8.png", "a16.png", "a8.tif", "a16.tif", "a.jpg", "a.webp"):
        films[name] = write_picture(folder / name, FILM, bits=16 if "16" in name else 8).read_bytes()
    for compression in ("packbits", "jpeg", "tiff_adobe_deflate"):
        stream = io.BytesIO()
        Image.fromarray((FILM >> 8).astype(np.uint8)).save(stream, "TIFF", compression=compression)
        films[compression] = stream.getvalue()
    return films


def cut(data: bytes, rng: np.random.Generator) -> bytes:
    return data[: rng.integers(1, len(data))]


def flip(data: bytes, rng: np.random.Generator) -> bytes:
    changed = bytearray(data)
    for at in rng.integers(0, len(data) if rng.random() < 0.5 else min(len(data), 1500), rng.integers(1, 6)):
        changed[at] ^= 1 << rng.integers(0, 8)
    return bytes(changed)


def lose(data: bytes, rng: np.random.Generator) -> bytes:
    at = rng.integers(0, len(data))
    return data[:at] + data[at + rng.integers(1, 200) :]


@pytest.mark.parametrize("harm", [cut, flip, lose])
def test_broken_bytes_never_surprise(
    tmp_path: Path, harm: Callable[[bytes, np.random.Generator], bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    rng = np.random.default_rng(7)
    path = tmp_path / "broken"
    for data in sources(tmp_path).values():
        for _ in range(12):
            path.write_bytes(harm(data, rng))
            try:
                film = read_radiograph(path)
            except BoneAgeError:
                continue
            assert film.pixels.dtype == np.uint16
            assert film.pixels.ndim == 2
    assert capfd.readouterr() == ("", "")
