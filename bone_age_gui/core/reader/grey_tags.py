"""What a DICOM file says of its greys, read once; ``grey`` applies it."""

from __future__ import annotations

from dataclasses import dataclass

from pydicom import Dataset

from bone_age_gui.core.reader import tags


@dataclass(frozen=True)
class GreyTags:
    """Tags of the grey scale as stated; ``None`` or empty where nothing usable is.

    ``is_little`` is the byte order of tables in bytes.
    """

    padding: tuple[float, ...]
    padding_limit: tuple[float, ...]
    modality: tags.Table | None
    slope: tuple[float, ...]
    intercept: tuple[float, ...]
    voi: tags.Table | None
    centre: tuple[float, ...]
    width: tuple[float, ...]
    function: str | None
    is_little: bool


def read_grey_tags(dataset: Dataset) -> GreyTags:
    """Read them; nothing is judged here. ``BoneAgeError`` (``excessive``) for a value that is far too long."""
    return GreyTags(
        padding=tuple(tags.numbers(dataset, "PixelPaddingValue")),
        padding_limit=tuple(tags.numbers(dataset, "PixelPaddingRangeLimit")),
        modality=tags.table(dataset, "ModalityLUTSequence"),
        slope=tuple(tags.numbers(dataset, "RescaleSlope")),
        intercept=tuple(tags.numbers(dataset, "RescaleIntercept")),
        voi=tags.table(dataset, "VOILUTSequence"),
        centre=tuple(tags.numbers(dataset, "WindowCenter")),
        width=tuple(tags.numbers(dataset, "WindowWidth")),
        function=tags.text(dataset, "VOILUTFunction"),
        is_little=tags.is_little_endian(dataset),
    )
