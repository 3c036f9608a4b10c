"""What a value may be beyond its type: bounds that stand beside a field, as ``Annotated[float, Within(0, 1)]``.

``strict_json.from_plain`` applies them, so that what is out of bounds is refused with the field's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Protocol


class Bound(Protocol):
    """One condition on a value that has its type."""

    def problem(self, value: Any) -> str | None:
        """The end of a sentence that begins with the field, ``"should be at most 3"``; ``None`` if all is well."""


@dataclass(frozen=True)
class Within:
    """A number from ``low`` to ``high``, both included."""

    low: float
    high: float

    def problem(self, value: Any) -> str | None:
        """``None`` inside; NaN is outside."""
        return None if self.low <= value <= self.high else f"should be from {self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Text:
    """``shortest`` to ``longest`` characters, none of which a program or a file system takes for a command.

    ``lines`` says whether the text may have several.
    """

    longest: int
    shortest: int = 1
    lines: bool = False

    def problem(self, value: Any) -> str | None:
        """``None`` if the text is as it should be."""
        if not self.shortest <= len(value) <= self.longest:
            return f"should have {self.shortest} to {self.longest} characters"
        text = value.replace("\n", " ").replace("\t", " ") if self.lines else value
        return None if text.isprintable() else "should have printable characters only"


@dataclass(frozen=True)
class Form:
    """A text of one form, ``pattern`` a regular expression for the whole of it; ``what`` names the form."""

    pattern: str
    what: str

    def problem(self, value: Any) -> str | None:
        """``None`` for a text of this form."""
        return None if re.fullmatch(self.pattern, value, re.ASCII) else f"should be {self.what}"


@dataclass(frozen=True)
class Writable:
    """A text that any file takes: without halves of signs (lone surrogates)."""

    def problem(self, value: Any) -> str | None:
        """``None`` for a text that can be written as UTF-8."""
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            return "should have whole characters only"
        return None


@dataclass(frozen=True)
class OneOf:
    """One of a few texts."""

    texts: tuple[str, ...]

    def problem(self, value: Any) -> str | None:
        """``None`` for one of them."""
        return None if value in self.texts else f"should be one of {', '.join(self.texts)}"


Day = Annotated[str, Form(r"\d{4}-\d{2}-\d{2}", "a date as 2014-03-02")]
Moment = Annotated[
    str, Form(r"(\d{4}-\d{2}-\d{2}T[0-9:.]+(Z|[+-]\d{2}:\d{2})?)?", "a time as 2014-03-02T10:20:30+00:00")
]
Uid = Annotated[str, Form(r"(?=.{0,64}$)(\d+(\.\d+)*)?", "a UID")]
Spelled = Annotated[str, Writable()]
"""What somebody has written: any signs, also those that nobody sees, which Persian names hold."""
Number = Annotated[float, Within(-1e6, 1e6)]
Name = Annotated[str, Text(longest=100)]
Prose = Annotated[str, Text(longest=20_000, shortest=0, lines=True)]
Share = Annotated[float, Within(0, 1)]
Percent = Annotated[float, Within(0, 100)]
Months = Annotated[float, Within(0, 1440)]
Count = Annotated[int, Within(0, 1e9)]
