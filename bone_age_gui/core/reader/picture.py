"""PNG, JPEG, TIFF and WebP films."""

from __future__ import annotations

import math
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import cv2
import numpy as np
from pydicom.uid import JPEGBaseline8Bit

from bone_age_gui.core.reader import codecs, jpeg, png, tiff, webp
from bone_age_gui.core.reader import refusals as refuse
from bone_age_gui.core.reader.colour import full_range, grey_of_colour
from bone_age_gui.core.reader.damage import doubt
from bone_age_gui.core.reader.geometry import oblong, square, upright
from bone_age_gui.core.reader.grey import USED_SHARE
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.types import GreyUnits, Radiograph

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "WEBP")
_BLANK_STEP = 8
PHANTOM_TEXT = "bone-age-gui phantom"
_ORIENTATION, _X_RESOLUTION, _Y_RESOLUTION = 0x0112, 0x011A, 0x011B
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", *_TIFF)


def looks_like_picture(head: bytes) -> bool:
    """True if the first bytes are those of a PNG, JPEG, TIFF or WebP file."""
    return head.startswith(_MAGIC) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def read_picture(data: bytes, max_pixels: int) -> Radiograph:
    """Read one picture; nothing is known of it but its pixels.

    Parameters
    ----------
    data : bytes
        The whole file.
    max_pixels : int
        Width times height allowed, checked before anything is decoded.

    Raises
    ------
    BoneAgeError
        ``truncated excessive multi_frame colour too_small too_large unsupported_syntax empty``.
    """
    if data.startswith(_TIFF):
        return _read_tiff(data, max_pixels)
    data = png.without_side_chunks(data) if data.startswith(png.SIGNATURE) else jpeg.without_side_segments(data)
    image = _open(data)
    refuse.check_size(image.width, image.height, max_pixels)
    refuse.check_bytes(image.width, image.height, _bytes_per_pixel(image, data), max_pixels)
    with refuse.damaged_if_it_fails():
        frames = getattr(image, "n_frames", 1)
        if frames > 1 and image.format != "MPO":  # a photograph with its preview
            raise refuse.multi_frame(frames)
        pixels, bits, is_doubtful = _grey(image, data)
        ends_plain = bool((pixels[-1] == pixels[-1, 0]).all()) or bool(image.info.get("interlace"))
        if image.format == "PNG" and ends_plain and not png.has_all_rows(data):
            raise refuse.truncated()
    exif = _exif(image)
    made_by = (Fact("decoded", {"syntax": str(image.format)}), Fact("bits", {"bits": bits}))
    film = _film(pixels, bits, made_by, _pixel_ratio(image, exif), int(exif.get(_ORIENTATION, 1)), max_pixels)
    described = (str(text) for text in getattr(image, "text", {}).values())
    notices = (doubt(),) if is_doubtful else ()
    return replace(film, is_phantom=any(PHANTOM_TEXT in text for text in described), notices=notices)


def _bytes_per_pixel(image: Image, data: bytes) -> int:
    """Of the decoded picture."""
    return len(image.getbands()) * (2 if image.mode.startswith("I") or _is_deep(data) else 1)


def _read_tiff(data: bytes, max_pixels: int) -> Radiograph:
    """The same for TIFF, whose header is read here: Pillow knows too few kinds."""
    header = tiff.read_header(data)
    width, height = int(header.number(tiff.WIDTH, 0)), int(header.number(tiff.HEIGHT, 0))
    refuse.check_size(width, height, max_pixels)
    if header.pictures > 1:
        raise refuse.multi_frame(header.pictures)
    bits_each = header.values.get(tiff.BITS, (1,))
    depth = int(max(bits_each) * max(len(bits_each), header.number(tiff.SAMPLES, 1)))
    refuse.check_bytes(width, height, max(1, depth // 8), max_pixels)
    tiff.check_places(header, data)
    with refuse.damaged_if_it_fails():
        pixels = tiff.decode_tiff(header, data)
    bits = 8 * pixels.itemsize
    grey = _grey_of_channels(pixels)
    if pixels.ndim == 2 and header.number(tiff.PHOTOMETRIC, 1) == tiff.WHITE_IS_ZERO:
        grey = np.asarray(65535 - grey, np.uint16)
    ratio = oblong(header.number(tiff.X_RESOLUTION, 1), header.number(tiff.Y_RESOLUTION, 1))
    orientation = int(header.number(tiff.ORIENTATION, 1))
    made_by = (Fact("decoded", {"syntax": "TIFF"}), Fact("bits", {"bits": bits}))
    return _film(grey, bits, made_by, ratio, orientation, max_pixels)


def _film(
    pixels: np.ndarray, bits: int, made_by: tuple[Fact, ...], ratio: float, orientation: int, max_pixels: int
) -> Radiograph:
    """The radiograph of uint16 grey as it is stored: stretched, with square pixels, upright."""
    if pixels.min() == pixels.max() or np.ptp(pixels[::_BLANK_STEP, ::_BLANK_STEP]) == 0:
        raise refuse.blank()
    steps = list(made_by)
    pixels, low, high = _stretch(pixels, steps)
    top = (2.0**bits - 1) / 65535
    film = square(pixels, ratio, max_pixels)
    pixels, turned = upright(film.pixels, orientation)
    units = GreyUnits(low * top, high * top)
    return Radiograph(pixels=pixels, bits=bits, made_by=(*steps, *film.steps, *turned), units=units)


def _exif(image: Image) -> dict[int, float]:
    """Orientation and resolution by EXIF tag, empty where they are broken: the pixels do not need them."""
    try:
        exif = image.getexif()
        wanted = (_ORIENTATION, _X_RESOLUTION, _Y_RESOLUTION)
        values = {tag: float(exif[tag]) for tag in wanted if tag in exif}
        return {tag: value for tag, value in values.items() if math.isfinite(value)}
    except Exception:  # Pillow raises whatever the broken bytes lead to
        return {}


def _pixel_ratio(image: Image, exif: dict[int, float]) -> float:
    """Height of a pixel in its widths, by the resolution along the stored rows and columns."""
    if image.format == "PNG":
        density = image.info.get("dpi") or image.info.get("aspect")
    elif image.info.get("jfif_unit") or _X_RESOLUTION not in exif:
        density = image.info.get("jfif_density")
    else:
        density = None
    across, down = density or (exif.get(_X_RESOLUTION), exif.get(_Y_RESOLUTION))
    return oblong(across, down)  # a pixel is as high as there are few of them


def _open(data: bytes) -> Image:
    """The picture with its header read and nothing decoded."""
    import PIL.Image

    with refuse.damaged_if_it_fails():
        try:
            return PIL.Image.open(BytesIO(data), formats=FORMATS)
        except PIL.Image.DecompressionBombError:
            raise refuse.too_large_unread() from None


def _grey(image: Image, data: bytes) -> tuple[np.ndarray, int, bool]:
    """uint16 (height, width) at full scale, the bits of the file, and whether some pixels may be wrong."""
    if image.format in ("JPEG", "MPO") and image.mode in ("L", "RGB"):
        return _grey_of_jpeg(data)
    image.load()  # complains of what is cut off or damaged
    if image.mode.startswith("I"):
        return np.asarray(image).astype(np.uint16), 16, False
    if image.mode in ("1", "L"):
        return full_range(np.asarray(image.convert("L"))), 8, False
    channels = _deep_channels(data)
    if channels is not None:
        return _grey_of_channels(channels), 16, False
    channels = np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))
    is_doubtful = image.format == "WEBP" and webp.looks_incomplete(data, channels[..., 1])
    return _grey_of_channels(channels), 8, is_doubtful


def _grey_of_jpeg(data: bytes) -> tuple[np.ndarray, int, bool]:
    """The same for a JPEG picture, by the codec that reads it in a DICOM file: its colours as they are stored."""
    header, stream = codecs.checked_stream(data)
    cells, is_doubtful = codecs.decode_stream(stream, JPEGBaseline8Bit, header)
    grey = full_range(cells) if cells.ndim == 2 else grey_of_colour(cells, is_ybr=True)[0]
    return grey, 8, is_doubtful


def _grey_of_channels(channels: np.ndarray) -> np.ndarray:
    """uint16 from grey, grey and opacity, RGB, or RGB and opacity."""
    if channels.ndim == 2:
        return full_range(channels)
    count = channels.shape[2]
    if count < 3:
        grey = full_range(np.ascontiguousarray(channels[..., 0]))
    else:
        grey, _ = grey_of_colour(np.ascontiguousarray(channels[..., :3]))
    return grey if count % 2 else _faded(grey, channels[..., -1])


def _faded(grey: np.ndarray, opacity: np.ndarray) -> np.ndarray:
    """The film before black, as its alpha channel says."""
    share = opacity.astype(np.float32) / np.iinfo(opacity.dtype).max
    return np.round(grey * share).astype(np.uint16)


def _deep_channels(data: bytes) -> np.ndarray | None:
    """RGB or RGBA of a 16-bit colour PNG by OpenCV, as Pillow would cut it to 8; ``None`` if the file has 8."""
    if not _is_deep(data):
        return None
    channels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION)
    if channels is None or channels.dtype != np.uint16 or channels.ndim != 3:
        return None
    swap = cv2.COLOR_BGRA2RGBA if channels.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(channels, swap))


def _is_deep(data: bytes) -> bool:
    """True for a PNG file of 16 bits."""
    return data.startswith(png.SIGNATURE) and data[24:25] == b"\x10"


def _stretch(pixels: np.ndarray, steps: list[Fact]) -> tuple[np.ndarray, float, float]:
    """Fill the range where the film uses little of it, as 12 bits in a 16-bit file do; and the ends of that range."""
    low, high, _, _ = cv2.minMaxLoc(pixels)
    if high - low >= USED_SHARE * 65535:
        return pixels, 0.0, 65535.0
    steps.append(Fact("stretched_of_16_bits", {"low": low, "high": high}))
    table = np.clip((np.arange(65536.0) - low) / (high - low), 0, 1)
    return np.asarray(cv2.LUT(pixels, np.round(table * 65535).astype(np.uint16))), low, high
