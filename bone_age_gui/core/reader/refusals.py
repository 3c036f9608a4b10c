"""Why a file is refused: one place for the words, each ending with what to do next."""

from __future__ import annotations

from bone_age_gui.core.values.errors import BoneAgeError

MIN_SIDE = 100
"""Shortest side in pixels below which no growth plate can be seen."""


MOST_OBLONG = 20
"""Longest side in shortest sides."""


def unreadable(reason: str) -> BoneAgeError:
    """The file cannot be opened at all; ``reason`` is a sentence without the path."""
    return BoneAgeError(
        "The file cannot be opened", f"{reason} Check that it exists and may be read, then try again.", "unreadable"
    )


def empty() -> BoneAgeError:
    """Zero bytes."""
    return BoneAgeError("The file is empty", "It holds no data at all. Copy or export the radiograph again.", "empty")


def blank() -> BoneAgeError:
    """A picture in which every pixel is the same."""
    return BoneAgeError(
        "The film is blank",
        "Every pixel has the same value, so there is no hand to see. Export the radiograph again.",
        "empty",
    )


def not_an_image() -> BoneAgeError:
    """Neither DICOM nor one of the picture formats."""
    return BoneAgeError(
        "Not a radiograph",
        "This is neither a DICOM file nor a PNG, JPEG, TIFF or WebP picture. Choose the radiograph itself.",
        "not_an_image",
    )


def truncated() -> BoneAgeError:
    """Cut off or damaged: what is there cannot be trusted."""
    return BoneAgeError(
        "The file is damaged or incomplete",
        "It ends too early or contradicts itself, perhaps because a copy was interrupted. "
        "Copy or export the radiograph again.",
        "truncated",
    )


def multi_frame(frames: int) -> BoneAgeError:
    """More than one picture in the file."""
    return BoneAgeError(
        "More than one picture in the file",
        f"The file holds {frames} pictures and only a single radiograph can be estimated. "
        "Export the hand radiograph alone.",
        "multi_frame",
    )


def colour() -> BoneAgeError:
    """A colour photograph or a colour rendering."""
    return BoneAgeError(
        "A colour picture, not a radiograph",
        "Radiographs are grey. Export the radiograph itself, or save a scanned film as greyscale.",
        "colour",
    )


def too_small(width: int, height: int) -> BoneAgeError:
    """Below ``MIN_SIDE`` pixels."""
    return BoneAgeError(
        "The picture is too small",
        f"It has {width} x {height} pixels; at least {MIN_SIDE} on each side are needed. "
        "Export the radiograph at full size, not its preview.",
        "too_small",
    )


def too_large(what: str) -> BoneAgeError:
    """Above the pixel or file limit; ``what`` says how large it is."""
    return BoneAgeError(
        "The picture is too large",
        f"{what}, far more than a hand radiograph has. Choose the radiograph itself, or export it at its usual size.",
        "too_large",
    )


def no_pixel_data() -> BoneAgeError:
    """A DICOM object without a picture."""
    return BoneAgeError(
        "No picture in this DICOM file",
        "It holds no pixel data: it may be a report, an index or only a header. Choose the image file of the study.",
        "no_pixel_data",
    )


def unsupported(what: str) -> BoneAgeError:
    """A way of storing pixels that cannot be decoded; ``what`` names it."""
    return BoneAgeError(
        "This kind of compression is not supported",
        f"The pixels are stored as {what}. Export the radiograph again, uncompressed or as JPEG 2000 or PNG.",
        "unsupported_syntax",
    )


def too_long(width: int, height: int) -> BoneAgeError:
    """Of a shape that no radiograph has."""
    return BoneAgeError(
        "The picture is too long and narrow",
        f"It has {width} x {height} pixels, which is no shape of a hand radiograph. Choose the radiograph itself.",
        "too_small",
    )


def senseless() -> BoneAgeError:
    """Numbers of the grey scale that no film has."""
    return BoneAgeError(
        "The grey scale of the film makes no sense",
        "Its rescale numbers are far beyond anything that a radiograph has, so that its greys cannot be trusted. "
        "Export the radiograph again.",
        "truncated",
    )


def check_size(width: int, height: int, max_pixels: int) -> None:
    """Refuse absurd sizes; to be called before anything is decoded.

    Raises
    ------
    BoneAgeError
        ``too_small`` or ``too_large``.
    """
    if width * height > max_pixels:
        raise too_large(f"It has {width} x {height} pixels")
    if min(width, height) < MIN_SIDE:
        raise too_small(width, height)
    if max(width, height) > MOST_OBLONG * min(width, height):
        raise too_long(width, height)
