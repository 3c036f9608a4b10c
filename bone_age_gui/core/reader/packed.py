"""PNG, JPEG and WebP files: their header by Pillow, and their pixels as they lie, by the decoder that loses none."""

from __future__ import annotations

import math
from io import BytesIO
from typing import TYPE_CHECKING

import cv2
import numpy as np
from pydicom.uid import JPEGBaseline8Bit

from bone_age_gui.core.reader import codecs, jpeg, png, webp
from bone_age_gui.core.reader.raster import Raster
from bone_age_gui.core.reader.refusals import check_bytes, check_size, damaged_if_it_fails
from bone_age_gui.core.values.errors import BoneAgeError

if TYPE_CHECKING:
    from PIL.Image import Image

_FORMATS = ("PNG", "JPEG", "WEBP")
_PHANTOM_TEXT = "bone-age-gui phantom"
_ORIENTATION, _X_RESOLUTION, _Y_RESOLUTION = 0x0112, 0x011A, 0x011B


def read_packed(content: bytes, max_pixels: int) -> Raster:
    """The picture of a PNG, JPEG or WebP file. Raises as ``picture.read_picture`` says."""
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
            cells, is_doubtful = _cells(image, content), False
        exif = _exif(image)  # after the pixels: some of it may lie behind them
        resolution = _resolution(image, exif)
        if image.format == "WEBP":
            is_doubtful = webp.looks_incomplete(content, cells[..., 1])
        ends_plain = bool((cells[-1] == cells[-1, 0]).all()) or bool(image.info.get("interlace"))
        if image.format == "PNG" and ends_plain and not png.has_all_rows(content):
            raise BoneAgeError("truncated")
    described = (str(text) for text in getattr(image, "text", {}).values())
    return Raster(
        cells=cells,
        bits=8 * cells.itemsize,
        syntax=str(image.format),
        resolution=resolution,
        orientation=int(exif.get(_ORIENTATION, 1)),
        is_ybr=is_jpeg,
        is_doubtful=is_doubtful,
        is_phantom=any(_PHANTOM_TEXT in text for text in described),
    )


def _open(content: bytes) -> tuple[Image, bytes]:
    """The picture with its header read and nothing decoded, and its file without what nobody needs."""
    import PIL.Image

    is_png = content.startswith(png.SIGNATURE)
    content = png.without_side_chunks(content) if is_png else jpeg.without_side_segments(content)
    with damaged_if_it_fails():
        try:
            return PIL.Image.open(BytesIO(content), formats=_FORMATS), content
        except PIL.Image.DecompressionBombError:
            raise BoneAgeError("too_large", "unread") from None


def _bytes_per_pixel(image: Image, content: bytes) -> int:
    """Bytes of a pixel of the decoded picture."""
    return len(image.getbands()) * (2 if image.mode.startswith("I") or _is_deep(content) else 1)


def _cells(image: Image, content: bytes) -> np.ndarray:
    """The pixels of any picture but most JPEG ones."""
    image.load()  # complains of what is cut off or damaged
    if image.mode.startswith("I"):
        return np.asarray(image).astype(np.uint16)
    if image.mode in ("1", "L"):
        return np.asarray(image.convert("L"))
    deep = _deep_channels(content)
    return deep if deep is not None else np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))


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
