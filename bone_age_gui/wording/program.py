"""The program's name with its version, and with the time at which it made something."""

from __future__ import annotations

from bone_age_gui.wording.days import exact_time
from bone_age_gui.wording.templates import fill

_NAME = "Bone Age {version}"
_MADE = "{program}, {time}"


def program_name(version: str) -> str:
    """``"Bone Age 7.0.0"``; the bare name where the version is not known."""
    return fill(_NAME, {"version": version}).strip()


def made_by_words(version: str, created: str) -> str:
    """``"Bone Age 7.0.0, 2026-11-21 09:30:00 UTC"``, without the time where ``created`` is empty."""
    name = program_name(version)
    return fill(_MADE, {"program": name, "time": exact_time(created)}) if created else name
