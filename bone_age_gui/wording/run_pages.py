"""Titles, rows and lines of the reports of a run, of its pages and of its tables."""

from __future__ import annotations

from bone_age_gui.wording.language import tr
from bone_age_gui.wording.notices import doubt_name
from bone_age_gui.wording.templates import Plural, fill
from bone_age_gui.wording.values import FLAG_WORDS, signed

NOTHING_NOTICED = "Nothing was noticed about this film."
IN_MONTHS, IN_CM, IN_SD, JALALI = "{title} (months)", "{title} (cm)", "{title} (SD)", "{title} (Jalali)"
"""Heads of columns."""
_PAGE = "Page {number} of {pages}"
_CONTINUED = "{title}, continued"
_SPAN = "{first} to {last}"
_COMPARED = "{reference}, limit {limit:g} SD."
_AGREEMENT = Plural(
    "Model against reader (Bland-Altman), {count} film", "Model against reader (Bland-Altman), {count} films", "count"
)
_FLAG, _DOUBTFUL, _REFUSED = "Flag: {flag}", "Doubtful: {why}", "Refused: {reason}"
_LIMITS, _MONTHS = "{low} to {high} months", "{months} months"


def page_number_words(number: int, pages: int) -> str:
    """``"Page 1 of 3"``."""
    return fill(_PAGE, {"number": number, "pages": pages})


def continued(title: str) -> str:
    """The title of a page that goes on with a list."""
    return fill(_CONTINUED, {"title": title})


def span_words(first: str, last: str) -> str:
    """From the first to the last time."""
    return fill(_SPAN, {"first": first, "last": last})


def compared_with(reference: str, limit: float) -> str:
    """The reference and the limit of the flag, as a sentence."""
    return fill(_COMPARED, {"reference": reference, "limit": limit})


def agreement_title(films: int) -> str:
    """Over the plot of model against reader."""
    return fill(_AGREEMENT, {"count": films})


def flag_row(flag: str) -> str:
    """The name of the row that counts a flag."""
    return fill(_FLAG, {"flag": tr(FLAG_WORDS[flag])})


def doubtful_row(code: str) -> str:
    """The name of the row that counts a doubt, by its code."""
    return fill(_DOUBTFUL, {"why": doubt_name(code)})


def refused_row(reason: str) -> str:
    """The name of the row that counts a refusal."""
    return fill(_REFUSED, {"reason": reason})


def bias_words(months: float) -> str:
    """``"+1.2 months"``."""
    return fill(_MONTHS, {"months": signed(months)})


def limits_words(low: float, high: float) -> str:
    """``"-12.1 to +13.0 months"``."""
    return fill(_LIMITS, {"low": signed(low), "high": signed(high)})
