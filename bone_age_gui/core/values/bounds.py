"""What a value may be beyond its type: bounds that stand beside a field, as ``Annotated[float, Within(0, 1)]``.

``strict_json.from_plain`` applies them, so that what is out of bounds is refused with the field's name;
``wording.fields`` says what is wrong.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from bone_age_gui.core.values.facts import Fact


class Bound(Protocol):
    """One condition on a value that has its type."""

    def problem(self, value: Any) -> Fact | None:
        """What is wrong with it, but for the field's name; ``None`` if all is well."""


@dataclass(frozen=True)
class Within:
    """A number from ``low`` to ``high``, both included."""

    low: float
    high: float

    def problem(self, value: Any) -> Fact | None:
        """``None`` for a number inside the bounds; NaN is outside."""
        return None if self.low <= value <= self.high else Fact("range", {"low": self.low, "high": self.high})


@dataclass(frozen=True)
class Text:
    """``shortest`` to ``longest`` characters, none of which a program or a file system takes for a command.

    ``lines`` says whether the text may have several.
    """

    longest: int
    shortest: int = 1
    lines: bool = False

    def problem(self, value: Any) -> Fact | None:
        """``None`` if the text is as it should be."""
        if not self.shortest <= len(value) <= self.longest:
            return Fact("length", {"shortest": self.shortest, "longest": self.longest})
        text = value.replace("\n", " ").replace("\t", " ") if self.lines else value
        return None if text.isprintable() else Fact("unprintable")


@dataclass(frozen=True)
class Form:
    """A text of one form, ``pattern`` a regular expression for the whole of it; ``name`` is a token for the form."""

    pattern: str
    name: str

    def problem(self, value: Any) -> Fact | None:
        """``None`` for a text of this form."""
        return None if re.fullmatch(self.pattern, value, re.ASCII) else Fact(self.name)


@dataclass(frozen=True)
class Writable:
    """A text that any file takes: without halves of signs (lone surrogates)."""

    def problem(self, value: Any) -> Fact | None:
        """``None`` for a text that can be written as UTF-8."""
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            return Fact("half_signs")
        return None


@dataclass(frozen=True)
class OneOf:
    """One of a few texts."""

    texts: tuple[str, ...]

    def problem(self, value: Any) -> Fact | None:
        """``None`` for one of the texts, else what is wrong."""
        return None if value in self.texts else Fact("one_of", {"texts": self.texts})


Day = Annotated[str, Form(r"\d{4}-\d{2}-\d{2}", "day")]
Moment = Annotated[str, Form(r"(\d{4}-\d{2}-\d{2}T[0-9:.]+(Z|[+-]\d{2}:\d{2})?)?", "moment")]
Uid = Annotated[str, Form(r"(?=.{0,64}$)(\d+(\.\d+)*)?", "uid")]
Spelled = Annotated[str, Writable()]
"""What somebody has written: any signs, also those that nobody sees, which Persian names hold."""
Number = Annotated[float, Within(-1e6, 1e6)]
Name = Annotated[str, Text(longest=100)]
Prose = Annotated[str, Text(longest=20_000, shortest=0, lines=True)]
Share = Annotated[float, Within(0, 1)]
Percent = Annotated[float, Within(0, 100)]
Months = Annotated[float, Within(0, 1440)]
Count = Annotated[int, Within(0, 1e9)]
