"""Refusals of training: one exception, with its words.

Training is run by people who read English and is not shipped: its sentences stand where they are raised.
"""

from __future__ import annotations

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.wording.errors import ErrorWords, error_words


class TrainingError(BoneAgeError):
    """A failure that the user can act on: what happened, why and what to do next, and a stable code."""

    def __init__(self, title: str, message: str, code: str) -> None:
        super().__init__(code)
        self.args = (title, message, code)
        self.title = title
        self.message = message

    def __str__(self) -> str:
        return f"{self.title}: {self.message}"


def training_error_words(error: BoneAgeError) -> ErrorWords:
    """What the user reads of an error of training or of the program."""
    return ErrorWords(error.title, error.message) if isinstance(error, TrainingError) else error_words(error)


def file_reason(error: OSError) -> str:
    """Why a file could not be read, in words, without a full stop."""
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    return "it is a folder" if isinstance(error, IsADirectoryError) else f"it cannot be opened ({error.strerror})"


def training_error_line(error: BoneAgeError) -> str:
    """Title and message on one line."""
    words = training_error_words(error)
    return f"{words.title}. {words.message}"
