"""PNG, JPEG, TIFF and WebP films."""

from __future__ import annotations

import math
from io import BytesIO
from typing import TYPE_CHECKING

import cv2
import numpy as np
from pydicom.uid import JPEGBaseline8Bit

from bone_age_gui.core.reader import codecs, jpeg, png, webp
from bone_age_gui.core.reader.colour import full_range, grey_of_colour
from bone_age_gui.core.reader.damage import doubt
from bone_age_gui.core.reader.geometry import oblong, square, upright
from bone_age_gui.core.reader.grey import USED_SHARE
from bone_age_gui.core.reader.raster import Raster
from bone_age_gui.core.reader.refusals import check_bytes, check_size, damaged_if_it_fails
from bone_age_gui.core.reader.tiff import read_tiff
from bone_age_gui.core.values.errors import BoneAgeError
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


def read_picture(content: bytes, max_pixels: int) -> Radiograph:
    """Read one picture; nothing is known of it but its pixels.

    Parameters
    ----------
    content : bytes
        The whole file.
    max_pixels : int
        Width times height allowed, checked before anything is decoded.

    Raises
    ------
    BoneAgeError
        ``truncated excessive multi_frame colour too_small too_large unsupported_syntax empty``.
    """
    raster = read_tiff(content, max_pixels) if content.startswith(_TIFF) else _read_packed(content, max_pixels)
    return _film(raster, max_pixels)


def _read_packed(content: bytes, max_pixels: int) -> Raster:
    """The picture of a PNG, JPEG or WebP file."""
    image, content = _open(content)
    check_size(image.width, image.height, max_pixels)
    check_bytes(image.width, image.height, _bytes_per_pixel(image, content), max_pixels)
    with damaged_if_it_fails():
        frames = getattr(image, "n_frames", 1)
        if frames > 1 and image.format != "MPO":  # a photograph with its preview
            raise BoneAgeError("multi_frame", frames=frames)
        is_jpeg = image.format in ("JPEG", "MPO") and image.mode in ("L", "RGB")
        if is_jpeg:  # by the codec that reads it in a DICOM file
            cells, _, is_doubtful = codecs.decode_stream(content, JPEGBaseline8Bit, image.height, image.width)
        else:
            cells, is_doubtful = _cells(image, content)
        ends_plain = bool((cells[-1] == cells[-1, 0]).all()) or bool(image.info.get("interlace"))
        if image.format == "PNG" and ends_plain and not png.has_all_rows(content):
            raise BoneAgeError("truncated")
    exif = _exif(image)
    described = (str(text) for text in getattr(image, "text", {}).values())
    return Raster(
        cells=cells,
        bits=8 * cells.itemsize,
        syntax=str(image.format),
        resolution=_resolution(image, exif),
        orientation=int(exif.get(_ORIENTATION, 1)),
        is_ybr=is_jpeg,
        is_doubtful=is_doubtful,
        is_phantom=any(PHANTOM_TEXT in text for text in described),
    )


def _bytes_per_pixel(image: Image, content: bytes) -> int:
    """Bytes of a pixel of the decoded picture."""
    return len(image.getbands()) * (2 if image.mode.startswith("I") or _is_deep(content) else 1)


def _film(raster: Raster, max_pixels: int) -> Radiograph:
    """The radiograph of a picture: in grey, stretched, with square pixels, upright."""
    pixels = _grey(raster)
    if pixels.min() == pixels.max() or np.ptp(pixels[::_BLANK_STEP, ::_BLANK_STEP]) == 0:
        raise BoneAgeError("empty", "blank")
    steps = [Fact("decoded", {"syntax": raster.syntax}), Fact("bits", {"bits": raster.bits})]
    low, high, _, _ = cv2.minMaxLoc(pixels)
    if high - low < USED_SHARE * 65535:  # as 12 bits in a 16-bit file do
        steps.append(Fact("stretched_of_16_bits", {"low": low, "high": high}))
        table = np.clip((np.arange(65536.0) - low) / (high - low), 0, 1)
        pixels = np.asarray(cv2.LUT(pixels, np.round(table * 65535).astype(np.uint16)))
    else:
        low, high = 0.0, 65535.0
    top = (2.0**raster.bits - 1) / 65535
    film = square(pixels, oblong(*raster.resolution), max_pixels)  # a pixel is as high as there are few of them
    pixels, turned = upright(film.pixels, raster.orientation)
    return Radiograph(
        pixels=pixels,
        bits=raster.bits,
        made_by=(*steps, *film.steps, *turned),
        units=GreyUnits(low * top, high * top),
        is_phantom=raster.is_phantom,
        notices=(doubt(),) if raster.is_doubtful else (),
    )


def _grey(raster: Raster) -> np.ndarray:
    """uint16 (height, width) at full scale, as the picture is stored."""
    cells = raster.cells
    if cells.ndim == 2:
        grey = full_range(cells)
        return np.asarray(65535 - grey, np.uint16) if raster.is_inverse else grey
    count = cells.shape[2]
    if count < 3:
        grey = full_range(np.ascontiguousarray(cells[..., 0]))
    else:
        grey, _ = grey_of_colour(np.ascontiguousarray(cells[..., :3]), is_ybr=raster.is_ybr)
    if count % 2:
        return grey
    opacity = cells[..., -1].astype(np.float32) / np.iinfo(cells.dtype).max
    return np.round(grey * opacity).astype(np.uint16)  # before black


def _exif(image: Image) -> dict[int, float]:
    """Orientation and resolution by EXIF tag, empty where they are broken: the pixels do not need them."""
    try:
        exif = image.getexif()
        wanted = (_ORIENTATION, _X_RESOLUTION, _Y_RESOLUTION)
        values = {tag: float(exif[tag]) for tag in wanted if tag in exif}
        return {tag: value for tag, value in values.items() if math.isfinite(value)}
    except Exception:  # Pillow raises whatever the broken bytes lead to
        return {}


def _resolution(image: Image, exif: dict[int, float]) -> tuple[float | None, float | None]:
    """Pixels in one length along the stored rows and columns, ``None`` where nobody says."""
    if image.format == "PNG":
        density = image.info.get("dpi") or image.info.get("aspect")
    elif image.info.get("jfif_unit") or _X_RESOLUTION not in exif:
        density = image.info.get("jfif_density")
    else:
        density = None
    across, down = density or (exif.get(_X_RESOLUTION), exif.get(_Y_RESOLUTION))
    return across, down


def _open(content: bytes) -> tuple[Image, bytes]:
    """The picture with its header read and nothing decoded, and its file without what nobody needs."""
    import PIL.Image

    is_png = content.startswith(png.SIGNATURE)
    content = png.without_side_chunks(content) if is_png else jpeg.without_side_segments(content)
    with damaged_if_it_fails():
        try:
            return PIL.Image.open(BytesIO(content), formats=FORMATS), content
        except PIL.Image.DecompressionBombError:
            raise BoneAgeError("too_large", "unread") from None


def _cells(image: Image, content: bytes) -> tuple[np.ndarray, bool]:
    """The pixels of any picture but most JPEG ones, and whether some may be wrong."""
    image.load()  # complains of what is cut off or damaged
    if image.mode.startswith("I"):
        return np.asarray(image).astype(np.uint16), False
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L")), False
    deep = _deep_channels(content)
    if deep is not None:
        return deep, False
    channels = np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))
    return channels, image.format == "WEBP" and webp.looks_incomplete(content, channels[..., 1])


def _deep_channels(content: bytes) -> np.ndarray | None:
    """RGB or RGBA of a 16-bit colour PNG by OpenCV, as Pillow would cut it to 8; ``None`` if the file has 8."""
    if not _is_deep(content):
        return None
    channels = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION)
    if channels is None or channels.dtype != np.uint16 or channels.ndim != 3:
        return None
    swap = cv2.COLOR_BGRA2RGBA if channels.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(channels, swap))


def _is_deep(content: bytes) -> bool:
    """True for a PNG file of 16 bits."""
    return content.startswith(png.SIGNATURE) and content[24:25] == b"\x10"
