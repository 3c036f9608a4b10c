"""The language in which the program speaks: one catalogue of texts for window, command line, reports and service.

A text is written in English where it is used, and that English is its key in the catalogue (gettext). ``tr`` and
``trn`` translate where a text is shown; a text that is written down earlier, in a table, is only marked there
(``mark``), or is known because it stands at the top of a module of ``wording``. ``resources/i18n`` holds the
translations.

The language is the one thing here that belongs to the whole process, as the locale does: it is set at the start and
when a person changes it, and read in every thread. What is made for programs (JSON, codes) is written ``in_english``.
"""

from __future__ import annotations

import gettext
import locale
import os
import string
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from bone_age_gui import paths
from bone_age_gui.wording.direction import (
    END,
    FIRST,
    RIGHT,
    RIGHT_TO_LEFT,
    filled,
    is_written_number,
    isolated,
    with_runs_isolated,
)
from bone_age_gui.wording.numerals import ENGLISH as ENGLISH_NUMERALS
from bone_age_gui.wording.numerals import Numerals, localised, numerals_of, with_own_digits, without_direction_marks

DOMAIN = "bone_age"
ENGLISH = "en"
SHIPPED = {ENGLISH: "English", "de": "Deutsch", "fa": "فارسی"}
"""Languages that are offered, by their code (ISO 639), with the names that their readers give them."""
PSEUDO = "en-XA"
"""English with marks round every text: what is shown without them bypasses the catalogue."""
OPEN, CLOSE = "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}", "\N{MATHEMATICAL RIGHT WHITE SQUARE BRACKET}"


class PseudoTranslations(gettext.NullTranslations):
    """The pseudo-language, made while the program runs."""

    def gettext(self, message: str) -> str:
        """The text between its marks."""
        return f"{OPEN}{message}{CLOSE}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """One of two texts between its marks."""
        return self.gettext(msgid1 if n == 1 else msgid2)


class _Filling(string.Formatter):
    """``str.format`` whose numbers are written as the language in force does."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """One place filled; ``True`` and ``False`` are no numbers."""
        if is_written_number(value):
            return number_text(value, format_spec)
        return str(super().format_field(value, format_spec))


_FILLING = _Filling()
_now = ENGLISH
_own_digits = True
_here: ContextVar[str | None] = ContextVar("language", default=None)


def speak(language: str) -> None:
    """Change the language of the whole process. ``ValueError`` for one that is not there."""
    global _now
    _texts(language)
    _now = language


def language() -> str:
    """Code of the language in force here."""
    return _here.get() or _now


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Another language within this block, in this thread alone."""
    token = _here.set(language)
    try:
        yield
    finally:
        _here.reset(token)


def one_language() -> AbstractContextManager[None]:
    """The language in force now to the end of this block: a report is whole, though a person changes it meanwhile."""
    return speaking(language())


def is_right_to_left() -> bool:
    """Whether the language in force here is written from right to left."""
    return language() in RIGHT_TO_LEFT


def in_english() -> AbstractContextManager[None]:
    """English within this block: for what programs read."""
    return speaking(ENGLISH)


def use_own_digits(wanted: bool) -> None:
    """Whether a language that has digits of its own (Persian) writes numbers with them, in the whole process."""
    global _own_digits
    _own_digits = wanted


def numerals() -> Numerals:
    """How numbers are written here."""
    return numerals_of(language(), _own_digits)


def number_text(value: float, spec: str = "") -> str:
    """A number for a person to read, by a format as ``format`` takes it: ``number_text(136.25, ".1f")``."""
    text = format(value, spec)
    marks = numerals()
    return text if marks is ENGLISH_NUMERALS else localised(text, marks)


def edited_number(value: float, spec: str = "") -> str:
    """A number for a field in which it is edited: without marks of direction."""
    return without_direction_marks(format(value, spec), numerals())


def tr(text: str, /, **details: object) -> str:
    """A text in the language in force, with its named places filled."""
    translated = translation(text)
    if details:
        return written(translated, text, details)
    return with_runs_isolated(translated) if is_right_to_left() else translated


def trn(one: str, many: str, count: int, /, **details: object) -> str:
    """The form of a text that goes with a number, which fills the place ``count`` too."""
    translated = _with_digits(_texts(language()).ngettext(one, many, count))
    return written(translated, one if count == 1 else many, {"count": count, **details})


def translation(text: str) -> str:
    """A template in the language in force, its places still empty: for ``written``."""
    # gettext gives the catalogue's own heading for ""
    return _with_digits(_texts(language()).gettext(text)) if text else ""


def _with_digits(translated: str) -> str:
    marks = numerals()
    return with_own_digits(translated, marks) if marks.digits else translated


def as_it_is(text: str) -> str:
    """A name, a file or a code that is shown alone: it keeps its own direction among texts of another."""
    return isolated(text) if is_right_to_left() else text


def beside_numbers(text: str) -> str:
    """A name that a number or day follows: behind Persian letters these would fall apart in every language."""
    has_right = not text.isascii() and any(unicodedata.bidirectional(char) in ("R", "AL") for char in text)
    return f"{FIRST}{text}{END}" if has_right and not is_right_to_left() else text


def directed(text: str) -> str:
    """A text whose lines have the direction of the language: for what draws a line by the first letter in it."""
    return "\n".join(f"{RIGHT}{line}" for line in text.split("\n")) if is_right_to_left() and text else text


def mark(text: str) -> str:
    """The text as it is: ``tr`` translates it where it is shown."""
    return text


def written(translated: str, text: str, details: Mapping[str, object]) -> str:
    """A template with its places filled; ``text``, the English one, stands in for one that cannot be filled."""
    try:
        return _filled(translated, details)
    except (LookupError, ValueError):
        if translated == text:
            raise
        return _filled(text, details)


def _filled(template: str, details: Mapping[str, object]) -> str:
    if numerals() is ENGLISH_NUMERALS:  # many rows of a list are filled: the quick way where it is enough
        return template.format_map(details)
    if is_right_to_left():
        return filled(template, details, number_text)
    return _FILLING.vformat(template, (), details)


def first_known(wanted: Iterable[str | None]) -> str:
    """The first of these that is offered, by code or locale (``de``, ``de_AT.UTF-8``, ``fa-IR``), or English."""
    for each in wanted:
        code = (each or "").replace("-", "_").split(".")[0].split("@")[0].split("_")[0].lower()
        if code in SHIPPED:
            return code
    return ENGLISH


def wanted_by_system(environment: Mapping[str, str] = os.environ) -> list[str]:
    """What the system asks for, the most wanted first: LANGUAGE, LC_ALL, LC_MESSAGES, LANG, then the locale."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return environment[name].split(":")
    return [locale.getlocale()[0] or ENGLISH]


def is_known(code: str) -> bool:
    """Whether a language can be asked for by its code."""
    return code in SHIPPED or code == PSEUDO


@lru_cache(maxsize=8)
def _texts(language: str) -> gettext.NullTranslations:
    if language == ENGLISH:
        return gettext.NullTranslations()
    if language == PSEUDO:
        return PseudoTranslations()
    if language not in SHIPPED:
        raise ValueError(f"no such language: {language}")
    return gettext.translation(DOMAIN, paths.resources_dir() / "i18n", [language], fallback=True)
