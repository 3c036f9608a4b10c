"""Tags of a DICOM file that is no film to be shown, from wherever it comes: looked at in front as a film's file is."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from pydicom import Dataset, dcmread

from bone_age_gui.core.reader.front import check_front
from bone_age_gui.core.reader.quiet import silence_libraries

_MOST_INFLATED = 256 * 2**20


def read_header(file: Path | bytes, keywords: Sequence[str] | None = None) -> Dataset:
    """The tags before the pixels, or those of ``keywords`` alone.

    Raises ``BoneAgeError`` (``excessive truncated``) for a file that would cost its parser minutes or all memory, and
    whatever pydicom and the file system raise for one that is broken or gone.
    """
    silence_libraries()
    content = file if isinstance(file, bytes) else file.read_bytes()
    check_front(content, most_inflated=_MOST_INFLATED)
    return dcmread(BytesIO(content), stop_before_pixels=True, specific_tags=list(keywords) if keywords else None)
