"""A mistake of the program as an error of one film."""

from __future__ import annotations

import traceback
from pathlib import Path

from bone_age_gui.core.values.errors import BoneAgeError


def bug_error(error: BaseException) -> BoneAgeError:
    """Where a mistake happened, in words that name no patient; for want of memory, that."""
    if isinstance(error, MemoryError):
        return BoneAgeError(
            "Not enough memory",
            "The film does not fit into the memory that is free. Close other programs, or use fewer workers.",
            "no_memory",
        )
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
    return BoneAgeError(
        "The program failed on this film",
        f"This is a mistake in the program ({type(error).__name__} at {place}). Please report it with these words.",
        "internal",
    )
