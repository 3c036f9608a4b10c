"""Ages as people write them, understood alike wherever one is typed.

Years and months by name (``11 y 6 m``, ``11 Jahre 6 Monate``, Persian too, with its digits), radiologists' short
forms (``11 6/12``, ``11-6``, ``11;6``), months alone (``138 m``) or years as a number (``11.5``). A form that could
mean two ages is refused.
"""

from __future__ import annotations

import re

from bone_age_gui.core.values.digits import plain_digits

_NUMBER = r"([0-9]+(?:\.[0-9]+)?)"
_YEAR_NAMES = r"(?:(?:years?|yrs?|y|jahren?|jahre|jahr|j|ans?|années?|años?|anos?|anni|anno|a|سال)\.?)"
_MONTH_NAMES = r"(?:(?:months?|mos?|mths?|monaten?|monate|monat|mon|mois|mes|meses|mesi|mese|m|ماه)\.?)"
_AND = r"\s*(?:,|and|und|et|y|e|و|\+)?\s*"

_MONTHS = re.compile(rf"{_NUMBER}\s*{_MONTH_NAMES}")
_YEARS = re.compile(rf"{_NUMBER}\s*{_YEAR_NAMES}?")
_BOTH = re.compile(rf"{_NUMBER}\s*{_YEAR_NAMES}{_AND}{_NUMBER}\s*{_MONTH_NAMES}?")
_PLAIN_BOTH = re.compile(rf"{_NUMBER}\s+{_NUMBER}\s*{_MONTH_NAMES}")
_PAIR = re.compile(rf"([0-9]{{1,2}})\s*[-;:+]\s*([0-9]{{1,2}})\s*{_YEAR_NAMES}?")
_TWELFTHS = re.compile(rf"(?:([0-9]{{1,2}})\s*(?:{_YEAR_NAMES})?\s*\+?\s*)?([0-9]{{1,2}})/(2|4|12)\s*{_YEAR_NAMES}?")
_SIGNS = str.maketrans({
    "\N{EN DASH}": "-", "\N{HYPHEN}": "-", "\N{NON-BREAKING HYPHEN}": "-", "\N{FRACTION SLASH}": "/",
    "\N{VULGAR FRACTION ONE HALF}": " 1/2", "\N{VULGAR FRACTION ONE QUARTER}": " 1/4",
    "\N{VULGAR FRACTION THREE QUARTERS}": " 3/4", "\N{NO-BREAK SPACE}": " ",
})  # fmt: skip


def parse_age(text: str) -> float | None:
    """Months from a typed age; ``None`` for an empty text.

    Raises
    ------
    ValueError
        If the text is no age, or its months make up a year or more beside years (``11-12``, ``11 y 13 m``).
    """
    text = plain_digits(text).translate(_SIGNS).strip().casefold()
    text = re.sub(r"(?<=[0-9]),(?=[0-9])", ".", text)  # a decimal comma
    if not text:
        return None
    if match := _MONTHS.fullmatch(text):
        return float(match[1])
    if match := _YEARS.fullmatch(text):
        return 12 * float(match[1])
    if match := _TWELFTHS.fullmatch(text):
        return _years_and(match[1] or "0", 12 * int(match[2]) / int(match[3]))
    if match := _BOTH.fullmatch(text) or _PLAIN_BOTH.fullmatch(text) or _PAIR.fullmatch(text):
        return _years_and(match[1], float(match[2]))
    raise ValueError(text)


def _years_and(years: str, months: float) -> float:
    if months >= 12:
        raise ValueError(f"{months:g} months are a year or more")
    return 12 * float(years) + months
