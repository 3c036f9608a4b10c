"""Values in words: ages, numbers, names and tokens, the same for window, command line and reports."""

from __future__ import annotations

import math

from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.reading import DECIDED_BY_MODEL, DECIDED_BY_READER
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import Plural, fill

SEX_WORDS = {"F": "female", "M": "male"}
FLAG_WORDS = {
    "normal": "normal",
    "advanced": "advanced",
    "delayed": "delayed",
    "indeterminate": "indeterminate",
    "no_reference": "no reference",
}
_BORDERLINE = "borderline {flag}"
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
"""What a hand is, from a bone age on from which the model can't tell ages apart."""
_ENDS = {GrowthEnd.AT_LEAST: "at least", GrowthEnd.AT_MOST: "at most"}
_WITH_END = {GrowthEnd.AT_LEAST: "at least {value}", GrowthEnd.AT_MOST: "at most {value}"}
_END_LINES = {GrowthEnd.AT_LEAST: "Skeletally mature: at least", GrowthEnd.AT_MOST: "At most"}
_MATURE_AT = "skeletally mature: at least {age}"
_AGE = "{years} y {months} m"
_BEFORE_BIRTH = "-{years} y {months} m"
_MONTHS = Plural("{months} month", "{months} months", "count")
_BOTH = "{age} ({months})"
_TO_THE_YEAR = "{years} y (to the year)"
_TO_THE_UNIT = ((0.5, "{age} (to the month)"), (0.1, "{age} (to the week)"), (-math.inf, "{age} (to the day)"))
"""An age that is known as an interval wider than so many months, the widest first."""
_IN_SD = "{difference} ({score} SD)"
_NEARLY_NONE, _NEARLY_ALL = "less than 1 %", "more than 99 %"
_PERCENT = "{percent:.0f} %"
_INTERVAL = "{percent} % interval"
_RANGE = "{low} to {high}"
_FROM, _UP_TO = "from {low}", "up to {high}"
UNKNOWN = "not known"
UNKNOWN_DAY = "day not known"
MINUS = "\N{MINUS SIGN}"


def printable(text: str) -> str:
    """Control characters and undecodable bytes escaped: a file name must not steer a terminal."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def visible(text: str) -> str:
    """One line that any file can carry: line breaks become blanks, other control characters are escaped."""
    return printable(" ".join(text.split()))


def signed(value: float, decimals: int = 1) -> str:
    """A number with its sign, zero excepted, with a true minus."""
    text = f"{abs(value):.{decimals}f}"
    if float(text) == 0:
        return text
    return f"{'+' if value > 0 else MINUS}{text}"


def months_words(months: float, decimals: int = 0) -> str:
    """``"136 months"``, ``"1 month"``."""
    text = f"{months:.{decimals}f}"
    return fill(_MONTHS, {"months": text, "count": _counted(text)})


def _counted(text: str) -> int:
    """The number that chooses the form of a word: one with decimals is never one thing, ``"1.0 months"``."""
    return int(text) if text.isdigit() else 2


def years_words(months: float) -> str:
    """``136.2`` -> ``"11 y 4 m"``, rounded to the whole month; below zero with a leading minus."""
    whole = round(abs(months))
    template = _BEFORE_BIRTH if months < 0 and whole else _AGE
    return fill(template, {"years": whole // 12, "months": whole % 12})


def sentence_case(text: str) -> str:
    """With a capital at the beginning, whatever follows."""
    return text[:1].upper() + text[1:]


def age_words(months: float | None, decimals: int = 1) -> str:
    """``136.2`` -> ``"11 y 4 m (136.2 months)"``, or that it is not known."""
    if months is None:
        return tr(UNKNOWN)
    return fill(_BOTH, {"age": years_words(months), "months": months_words(months, decimals)})


def end_words(end: GrowthEnd | None) -> str:
    """``"at least"`` or ``"at most"`` for a number that is a limit only, else nothing."""
    return tr(_ENDS[end]) if end is not None else ""


def with_end(end: GrowthEnd | None, value: str) -> str:
    """A value, or ``"at least 15 y 10 m"`` where it is a limit only."""
    return fill(_WITH_END[end], {"value": value}) if end is not None else value


def bone_age_words(months: float | None, end: GrowthEnd | None, decimals: int = 1) -> str:
    """``"11 y 4 m (136.2 months)"``, ``"skeletally mature: at least 15 y 10 m (190.1 months)"``."""
    age = age_words(months, decimals)
    return fill(_MATURE_AT, {"age": age}) if end is GrowthEnd.AT_LEAST else with_end(end, age)


def end_line(end: GrowthEnd | None) -> str:
    """Above a bone age that is a limit only: ``"Skeletally mature: at least"``; nothing above one that is an age."""
    return tr(_END_LINES[end]) if end is not None else ""


def stated_age_words(months: float | None, interval: tuple[float, float] | None, decimals: int = 1) -> str:
    """An age as ``age_words`` says it, or ``"10 y (to the year)"`` where it is known as an interval only."""
    if months is None or interval is None:
        return age_words(months, decimals)
    width = interval[1] - interval[0]
    if width > 6:
        return fill(_TO_THE_YEAR, {"years": round(months) // 12})
    template = next(words for least, words in _TO_THE_UNIT if width > least)
    return fill(template, {"age": years_words(months)})


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
    count = _counted(f"{abs(months):.{decimals}f}")
    words = with_end(end, fill(_MONTHS, {"months": signed(months, decimals), "count": count}))
    return fill(_IN_SD, {"difference": words, "score": signed(score, 2)}) if score is not None else words


def flag_words(flag: str, is_borderline: bool = False) -> str:
    """``"advanced"``, or ``"borderline advanced"`` where the limit is too close for a firm flag."""
    words = tr(FLAG_WORDS[flag])
    return fill(_BORDERLINE, {"flag": words}) if is_borderline else words


def percent_words(probability: float) -> str:
    """``0.384`` -> ``"38 %"``; what is not quite certain is never 0 or 100."""
    if 0 < probability < 0.005:
        return tr(_NEARLY_NONE)
    return tr(_NEARLY_ALL) if 0.995 <= probability < 1 else fill(_PERCENT, {"percent": 100 * probability})


def interval_name(level: float) -> str:
    """``"90 % interval"``."""
    return fill(_INTERVAL, {"percent": round(level * 100)})


def range_words(low: float, high: float) -> str:
    """``"10 y 7 m to 12 y 1 m"``."""
    return fill(_RANGE, {"low": years_words(low), "high": years_words(high)})


def open_range_words(low: float | None, high: float | None) -> str:
    """As ``range_words``; a side that is open (infinite, or not a number at all) is not named: ``"from 15 y 2 m"``."""
    has_low, has_high = (end is not None and math.isfinite(end) for end in (low, high))
    if low is not None and high is not None and has_low and has_high:
        return range_words(low, high)
    if low is not None and has_low:
        return fill(_FROM, {"low": years_words(low)})
    return fill(_UP_TO, {"high": years_words(high)}) if high is not None and has_high else tr(UNKNOWN)


def device_words(device: str | None) -> str:
    """A device token as people call it."""
    return tr(DEVICE_WORDS.get(device or "", device or UNKNOWN))
