"""The one exception that a user may see."""

from __future__ import annotations

import traceback
from pathlib import Path


class BoneAgeError(Exception):
    """A failure that the user can act on.

    Parameters
    ----------
    title : str
        What happened, in a few words, without patient data or paths.
    message : str
        Why, and what to do next, in plain words; one to three sentences.
    code : str
        A stable token for programs and tests, for example ``"truncated"``.
    """

    def __init__(self, title: str, message: str, code: str = "error") -> None:
        super().__init__(f"{title}: {message}")
        self.title = title
        self.message = message
        self.code = code

    def __reduce__(self) -> tuple[type[BoneAgeError], tuple[str, str, str]]:
        """Survive the way back from a worker process."""
        return type(self), (self.title, self.message, self.code)


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
