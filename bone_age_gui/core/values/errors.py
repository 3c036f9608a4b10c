"""The one exception that a user may see: a code and its details. ``wording`` makes the sentences."""

from __future__ import annotations

import traceback
from pathlib import Path

from bone_age_gui.core.values.facts import Detail


class BoneAgeError(Exception):
    """A failure that the user can act on.

    Parameters
    ----------
    code : str
        A stable token for programs and tests, for example ``"truncated"``.
    why : str
        A second token where one code has several sentences, for example ``"permission"`` of ``"unreadable"``.
    **details
        What the sentences name. Never a patient's name, number or dates, never a path of a film.

    Notes
    -----
    Its text names the tokens and the numbers only, so that it may stand in a log: a text among the details can come
    from a file's tags. Subclasses and pickling: nothing but these three is kept.
    """

    def __init__(self, code: str, why: str = "", /, **details: Detail) -> None:
        super().__init__(code, why)
        self.code = code
        self.why = why
        self.details = details

    def __str__(self) -> str:
        named = f"{self.code} ({self.why})" if self.why else self.code
        numbers = [f"{name}={value:g}" for name, value in self.details.items() if isinstance(value, int | float)]
        return " ".join([named, *numbers])


def bug_error(error: BaseException) -> BoneAgeError:
    """Where a mistake happened, in words that name no patient (``internal``); for want of memory ``no_memory``."""
    if isinstance(error, MemoryError):
        return BoneAgeError("no_memory")
    frames = traceback.extract_tb(error.__traceback__)
    kind = type(error).__name__
    if not frames:
        return BoneAgeError("internal", "nowhere", kind=kind)
    return BoneAgeError("internal", kind=kind, file=Path(frames[-1].filename).name, line=frames[-1].lineno or 0)
