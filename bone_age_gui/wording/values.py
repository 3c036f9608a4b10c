"""Values in words: ages, numbers, names and tokens, the same for window, command line and reports."""

from __future__ import annotations

import math

from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.reading import DECIDED_BY_MODEL, DECIDED_BY_READER
from bone_age_gui.wording.language import number_text, tr
from bone_age_gui.wording.templates import Plural, fill

SEX_WORDS = {"F": "female", "M": "male"}
FLAG_WORDS = {
    "normal": "normal",
    "advanced": "advanced",
    "delayed": "delayed",
    "indeterminate": "indeterminate",
    "no_reference": "no reference",
}
BORDERLINE = "borderline"
DECIDED_WORDS = {DECIDED_BY_MODEL: "model", DECIDED_BY_READER: "reader"}
DEVICE_WORDS = {"cpu": "CPU", "cuda": "GPU (CUDA)"}
DOUBTFUL = "Doubtful"
"""Before every reason why an estimate may be wrong."""
SETTING_WORDS = {
    "the model": "the model",
    "the model's card": "the model's card",
    "the limit in SD": "the limit in SD",
    "the table of patients": "the table of patients",
    "the anonymising": "the anonymising",
    "the version of the program": "the version of the program",
    "the wish to estimate every film": "the wish to estimate every film",
    "the reference of bone ages": "the reference of bone ages",
    "the cut-offs of the flag": "the cut-offs of the flag",
    "the reference of heights": "the reference of heights",
}
"""What must be the same when a batch is continued, by its name in the journal."""
MATURE = "skeletally mature"
"""Before a bone age from which on the model can't tell ages apart."""
LIMIT_WORDS = {GrowthEnd.AT_LEAST: "at least", GrowthEnd.AT_MOST: "at most"}
_LIMITED = {GrowthEnd.AT_LEAST: "at least {value}", GrowthEnd.AT_MOST: "at most {value}", None: "{value}"}
_BONE_AGES = {
    GrowthEnd.AT_LEAST: "skeletally mature: at least {age}", GrowthEnd.AT_MOST: "at most {age}", None: "{age}",
}  # fmt: skip
_END_LINES = {GrowthEnd.AT_LEAST: "Skeletally mature: at least", GrowthEnd.AT_MOST: "At most", None: ""}
_MONTHS = Plural("{months} month", "{months} months", "count")
_YEARS, _BEFORE_BIRTH = "{years} y {months} m", "-{years} y {months} m"
_AGE = "{age} ({months})"
_AGE_TO = {
    "year": "{years} y (to the year)",
    "month": "{age} (to the month)",
    "week": "{age} (to the week)",
    "day": "{age} (to the day)",
}
_IN_SD = "{difference} ({score} SD)"
_BORDERLINE_FLAGS = {
    "normal": "borderline normal",
    "advanced": "borderline advanced",
    "delayed": "borderline delayed",
    "indeterminate": "borderline indeterminate",
    "no_reference": "borderline no reference",
}
_PERCENT, _ALMOST_NONE, _ALMOST_ALL = "{percent:.0f} %", "less than 1 %", "more than 99 %"
_INTERVAL_NAME = "{level} % interval"
_SD, _SHORT_MONTHS, _SHORT_MONTHS_IN_SD = "{score} SD", "{months} mo", "{months} mo  ({score} SD)"
_SHORT_RANGE = "{low} \N{EN DASH} {high}"
_RANGE, _FROM, _UP_TO = "{low} to {high}", "from {low}", "up to {high}"
UNKNOWN = "not known"
MINUS = "\N{MINUS SIGN}"
_JOINERS = frozenset("\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}\N{LEFT-TO-RIGHT MARK}\N{RIGHT-TO-LEFT MARK}")
_ISOLATES = frozenset("\u2066\u2067\u2068\u2069")
_END_OF_ISOLATE = "\u2069"


def printable(text: str) -> str:
    """Control characters and undecodable bytes escaped: a file name must not steer a terminal.

    What Persian is written with stays: the non-joiner, and marks of direction that are closed again.
    """
    if text.isprintable():
        return text
    allowed = _JOINERS | _ISOLATES if _is_closed(text) else _JOINERS
    return "".join(char if char.isprintable() or char in allowed else ascii(char)[1:-1] for char in text)


def _is_closed(text: str) -> bool:
    """Whether every isolate (UAX #9) in a text is closed in it."""
    depth = 0
    for char in text:
        depth += (char in _ISOLATES) - 2 * (char == _END_OF_ISOLATE)
        if depth < 0:
            return False
    return depth == 0


def visible(text: str) -> str:
    """One line that any file can carry: line breaks become blanks, other control characters are escaped."""
    return printable(" ".join(text.split()))


def signed(value: float, decimals: int = 1) -> str:
    """A number with its sign, zero excepted, with a true minus."""
    text = f"{abs(value):.{decimals}f}"
    if float(text) == 0:
        return number_text(0.0, f".{decimals}f")
    return number_text(value, f"+.{decimals}f").replace("-", MINUS)


def months_words(months: float, decimals: int = 0) -> str:
    """``"136 months"``, ``"1 month"``."""
    text = f"{months:.{decimals}f}"
    return fill(_MONTHS, {"months": number_text(months, f".{decimals}f"), "count": _grammatical(text)})


def years_words(months: float) -> str:
    """``136.2`` -> ``"11 y 4 m"``, rounded to the whole month; below zero with a leading minus."""
    whole = round(abs(months))
    template = _BEFORE_BIRTH if months < 0 and whole else _YEARS
    return fill(template, {"years": whole // 12, "months": whole % 12})


def sentence_case(text: str) -> str:
    """With a capital at the beginning, whatever follows."""
    return text[:1].upper() + text[1:]


def age_words(months: float | None, decimals: int = 1) -> str:
    """``136.2`` -> ``"11 y 4 m (136.2 months)"``, or that it is not known."""
    if months is None:
        return tr(UNKNOWN)
    return fill(_AGE, {"age": years_words(months), "months": months_words(months, decimals)})


def limit_words(value: str, end: GrowthEnd | None) -> str:
    """``"at least 15 y 10 m"`` or ``"at most ..."`` for a value that is a limit only, else the value."""
    return fill(_LIMITED[end], {"value": value})


def bone_age_words(months: float | None, end: GrowthEnd | None, decimals: int = 1) -> str:
    """``"11 y 4 m (136.2 months)"``, ``"skeletally mature: at least 15 y 10 m (190.1 months)"``."""
    return fill(_BONE_AGES[end], {"age": age_words(months, decimals)})


def end_line(end: GrowthEnd | None) -> str:
    """Above a bone age that is a limit only: ``"Skeletally mature: at least"``; nothing above one that is an age."""
    return tr(_END_LINES[end])


def stated_age_words(months: float | None, interval: tuple[float, float] | None, decimals: int = 1) -> str:
    """An age as ``age_words`` says it, or ``"10 y (to the year)"`` where it is known as an interval only."""
    if months is None or interval is None:
        return age_words(months, decimals)
    width = interval[1] - interval[0]
    if width > 6:
        return fill(_AGE_TO["year"], {"years": round(months) // 12})
    units = ((0.5, "month"), (0.1, "week"))
    unit = next((name for least, name in units if width > least), "day")
    return fill(_AGE_TO[unit], {"age": years_words(months)})


def name_words(name: str | None) -> str:
    """``"Doe^Jane^M"`` -> ``"Doe, Jane M"``, empty if unknown; a name in several ways of writing keeps them all."""
    if not name:
        return ""
    return visible(" = ".join(words for group in name.split("=") if (words := _one_way_of_writing(group))))


def _one_way_of_writing(name: str) -> str:
    family, *rest = (part.strip() for part in name.split("^"))
    given = " ".join(part for part in rest if part)
    return ", ".join(part for part in (family, given) if part)


def difference_words(
    months: float | None, score: float | None = None, decimals: int = 1, end: GrowthEnd | None = None
) -> str:
    """``"-16.0 months (-1.51 SD)"``, ``"+1 month"``, ``"at least +9.0 months"``, or that it is not known."""
    if months is None:
        return tr(UNKNOWN)
    count = _grammatical(f"{abs(months):.{decimals}f}")
    words = limit_words(fill(_MONTHS, {"months": signed(months, decimals), "count": count}), end)
    return fill(_IN_SD, {"difference": words, "score": signed(score, 2)}) if score is not None else words


def list_difference(months: float, score: float | None, end: GrowthEnd | None) -> str:
    """``"-16 mo  (-1.5 SD)"``, for a narrow column."""
    shown = signed(months, 0)
    if score is None:
        return limit_words(fill(_SHORT_MONTHS, {"months": shown}), end)
    return limit_words(fill(_SHORT_MONTHS_IN_SD, {"months": shown, "score": signed(score)}), end)


def in_sd(score: float, decimals: int = 1) -> str:
    """``"-1.5 SD"``."""
    return fill(_SD, {"score": signed(score, decimals)})


def flag_words(flag: str, is_borderline: bool = False) -> str:
    """``"advanced"``, or ``"borderline advanced"`` where the limit is too close for a firm flag."""
    return tr(_BORDERLINE_FLAGS[flag]) if is_borderline else tr(FLAG_WORDS[flag])


def percent_words(probability: float) -> str:
    """``0.384`` -> ``"38 %"``; what is not quite certain is never 0 or 100."""
    if 0 < probability < 0.005:
        return tr(_ALMOST_NONE)
    return tr(_ALMOST_ALL) if 0.995 <= probability < 1 else fill(_PERCENT, {"percent": 100 * probability})


def interval_name(level: float) -> str:
    """``"90 % interval"``."""
    return fill(_INTERVAL_NAME, {"level": round(level * 100)})


def range_words(low: float, high: float) -> str:
    """``"10 y 7 m to 12 y 1 m"``."""
    return fill(_RANGE, {"low": years_words(low), "high": years_words(high)})


def short_range(low: float, high: float) -> str:
    """``"10 y 7 m - 12 y 1 m"``, for a narrow column."""
    return fill(_SHORT_RANGE, {"low": years_words(low), "high": years_words(high)})


def open_range_words(low: float | None, high: float | None) -> str:
    """A range of ages; a side that is open (infinite, or not a number at all) is not named: ``"from 15 y 2 m"``."""
    has_low, has_high = (end is not None and math.isfinite(end) for end in (low, high))
    if low is not None and high is not None and has_low and has_high:
        return range_words(low, high)
    if low is not None and has_low:
        return fill(_FROM, {"low": years_words(low)})
    return fill(_UP_TO, {"high": years_words(high)}) if high is not None and has_high else tr(UNKNOWN)


def device_words(device: str | None) -> str:
    """A device token as people call it."""
    return tr(DEVICE_WORDS.get(device or "", device or UNKNOWN))


def _grammatical(number: str) -> int:
    """1 where the number as it is written takes the form for one, else 2: ``"1"``, but not ``"1.0"``."""
    return 1 if number == "1" else 2
