"""PNG, JPEG, TIFF and WebP films."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

import cv2
import numpy as np

from bone_age_gui.core.reader import refusals as refuse
from bone_age_gui.core.reader.colour import full_range, grey_of_colour
from bone_age_gui.core.reader.grey import USED_SHARE
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Radiograph

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "TIFF", "WEBP")
PHANTOM_TEXT = "bone-age-gui phantom"
_ORIENTATION = 0x0112
_TIFF_PHOTOMETRIC = 262
_TIFF_BITS = 258
_WHITE_IS_ZERO = 0
_TIFF_PLAIN = (_WHITE_IS_ZERO, 1, 2)
"""White is zero, black is zero, RGB: read as stored; palettes and the rest are made RGB by the decoder."""
_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


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
        With the codes of ``reader_refusals``.
    """
    image = _open(data)
    refuse.check_size(image.width, image.height, max_pixels)
    try:
        frames = getattr(image, "n_frames", 1)
        if frames > 1 and image.format != "MPO":  # a photograph with its preview
            raise refuse.multi_frame(frames)
        orientation = image.getexif().get(_ORIENTATION, 1)
        pixels, bits = _grey_of_tiff(image, data) if image.format == "TIFF" else _grey(image, data)
    except BoneAgeError:
        raise
    except Exception:  # Pillow and the codecs raise whatever the broken bytes lead to
        raise refuse.truncated() from None
    if pixels.min() == pixels.max():
        raise refuse.blank()
    steps = [f"{image.format} decoded", f"{bits} bits"]
    pixels = _stretch(pixels, steps)
    if orientation in _TURNS:
        pixels = np.ascontiguousarray(_TURNS[orientation](pixels))
        steps.append(f"turned by its EXIF orientation {orientation}")
    described = (str(text) for text in getattr(image, "text", {}).values())
    return Radiograph(
        pixels=pixels,
        bits=bits,
        made_by=tuple(steps),
        is_phantom=any(PHANTOM_TEXT in text for text in described),
    )


def _open(data: bytes) -> Image:
    """The picture with its header read and nothing decoded."""
    import PIL.Image

    try:
        return PIL.Image.open(BytesIO(data), formats=FORMATS)
    except PIL.Image.DecompressionBombError:
        raise refuse.too_large("It has far more than a hundred million pixels") from None
    except Exception:  # Pillow raises whatever the broken bytes lead to
        raise refuse.truncated() from None


def _grey(image: Image, data: bytes) -> tuple[np.ndarray, int]:
    """uint16 (height, width) at full scale, and the bits of the file."""
    image.load()  # complains of what is cut off or damaged
    if image.mode.startswith("I"):
        return np.asarray(image).astype(np.uint16), 16
    if image.mode in ("1", "L"):
        return full_range(np.asarray(image.convert("L"))), 8
    channels = _deep_channels(data)
    if channels is not None:
        return _grey_of_channels(channels), 16
    return _grey_of_channels(np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))), 8


def _grey_of_tiff(image: Image, data: bytes) -> tuple[np.ndarray, int]:
    """The same for TIFF by imagecodecs: all 16 bits, also of colour, and quiet about broken files."""
    import imagecodecs

    photometric = image.tag_v2.get(_TIFF_PHOTOMETRIC, 1)  # type: ignore[attr-defined]
    plain = photometric in _TIFF_PLAIN and min(image.tag_v2.get(_TIFF_BITS, (1,))) >= 8  # type: ignore[attr-defined]
    pixels = imagecodecs.tiff_decode(data, index=0, asrgb=not plain)
    if pixels.dtype not in (np.uint8, np.uint16):
        raise refuse.unsupported(f"numbers of the kind {pixels.dtype}")
    pixels = pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels
    bits = 8 * pixels.itemsize
    if pixels.ndim == 2:
        grey = full_range(pixels)
        return (np.asarray(65535 - grey, np.uint16) if photometric == _WHITE_IS_ZERO else grey), bits
    if pixels.shape[2] == 2:
        return _faded(full_range(pixels[..., 0]), pixels[..., 1]), bits
    return _grey_of_channels(pixels), bits


def _grey_of_channels(channels: np.ndarray) -> np.ndarray:
    """uint16 from RGB or RGBA."""
    grey, _ = grey_of_colour(np.ascontiguousarray(channels[..., :3]))
    return _faded(grey, channels[..., 3]) if channels.shape[2] == 4 else grey


def _faded(grey: np.ndarray, opacity: np.ndarray) -> np.ndarray:
    """The film before black, as its alpha channel says."""
    share = opacity.astype(np.float32) / np.iinfo(opacity.dtype).max
    return np.round(grey * share).astype(np.uint16)


def _deep_channels(data: bytes) -> np.ndarray | None:
    """RGB or RGBA of a 16-bit colour PNG by OpenCV, as Pillow would cut it to 8; ``None`` if the file has 8."""
    if data[:4] != b"\x89PNG" or data[24:25] != b"\x10":
        return None
    channels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED | cv2.IMREAD_IGNORE_ORIENTATION)
    if channels is None or channels.dtype != np.uint16 or channels.ndim != 3:
        return None
    swap = cv2.COLOR_BGRA2RGBA if channels.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(channels, swap))


def _stretch(pixels: np.ndarray, steps: list[str]) -> np.ndarray:
    """Fill the range where the film uses little of it, as 12 bits in a 16-bit file do."""
    low, high, _, _ = cv2.minMaxLoc(pixels)
    if high - low >= USED_SHARE * 65535:
        return pixels
    steps.append(f"stretched from {low:g} to {high:g} of 65535")
    table = np.clip((np.arange(65536.0) - low) / (high - low), 0, 1)
    return np.asarray(cv2.LUT(pixels, np.round(table * 65535).astype(np.uint16)))


_TURNS: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    2: np.fliplr,
    3: lambda film: np.rot90(film, 2),
    4: np.flipud,
    5: np.transpose,
    6: lambda film: np.rot90(film, -1),
    7: lambda film: np.rot90(film, 2).T,
    8: np.rot90,
}
"""How to put the picture upright, by the value of the EXIF orientation."""
