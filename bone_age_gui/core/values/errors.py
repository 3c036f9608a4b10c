"""The one exception that a user may see."""

from __future__ import annotations


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
