"""Values in words: ages, numbers, names and tokens, the same for window, command line and reports."""

from __future__ import annotations

import math

from bone_age_gui.core.values.age import format_months
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.reading import DECIDED_BY_MODEL, DECIDED_BY_READER

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
_END_WORDS = {GrowthEnd.AT_LEAST: "at least ", GrowthEnd.AT_MOST: "at most ", None: ""}
UNKNOWN = "not known"
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
    return f"{text} month" if text == "1" else f"{text} months"


def age_words(months: float | None, decimals: int = 1) -> str:
    """``136.2`` -> ``"11 y 4 m (136.2 months)"``, or that it is not known."""
    return UNKNOWN if months is None else f"{format_months(months)} ({months_words(months, decimals)})"


def end_words(end: GrowthEnd | None) -> str:
    """``"at least "`` or ``"at most "`` before a number that is a limit only, else nothing."""
    return _END_WORDS[end]


def bone_age_words(months: float | None, end: GrowthEnd | None, decimals: int = 1) -> str:
    """``"11 y 4 m (136.2 months)"``, ``"skeletally mature: at least 15 y 10 m (190.1 months)"``."""
    return f"{f'{MATURE}: ' if end is GrowthEnd.AT_LEAST else ''}{end_words(end)}{age_words(months, decimals)}"


def end_line(end: GrowthEnd | None) -> str:
    """Above a bone age that is a limit only: ``"Skeletally mature: at least"``; nothing above one that is an age."""
    words = end_words(end).strip()
    return f"{MATURE}: {words}".capitalize() if end is GrowthEnd.AT_LEAST else words.capitalize()


def stated_age_words(months: float | None, interval: tuple[float, float] | None, decimals: int = 1) -> str:
    """An age as ``age_words`` says it, or ``"10 y (to the year)"`` where it is known as an interval only."""
    if months is None or interval is None:
        return age_words(months, decimals)
    width = interval[1] - interval[0]
    if width > 6:
        return f"{round(months) // 12} y (to the year)"
    units = ((0.5, "month"), (0.1, "week"))
    unit = next((name for least, name in units if width > least), "day")
    return f"{format_months(months)} (to the {unit})"


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
        return UNKNOWN
    words = f"{end_words(end)}{signed(months, decimals)} {months_words(abs(months), decimals).split()[1]}"
    return f"{words} ({signed(score, 2)} SD)" if score is not None else words


def flag_words(flag: str, is_borderline: bool = False) -> str:
    """``"advanced"``, or ``"borderline advanced"`` where the limit is too close for a firm flag."""
    return f"{BORDERLINE} {FLAG_WORDS[flag]}" if is_borderline else FLAG_WORDS[flag]


def percent_words(probability: float) -> str:
    """``0.384`` -> ``"38 %"``; what is not quite certain is never 0 or 100."""
    if 0 < probability < 0.005:
        return "less than 1 %"
    return "more than 99 %" if 0.995 <= probability < 1 else f"{100 * probability:.0f} %"


def interval_name(level: float) -> str:
    """``"90 % interval"``."""
    return f"{round(level * 100)} % interval"


def range_words(low: float, high: float) -> str:
    """``"10 y 7 m to 12 y 1 m"``."""
    return f"{format_months(low)} to {format_months(high)}"


def open_range_words(low: float | None, high: float | None) -> str:
    """As ``range_words``; a side that is open (infinite, or not a number at all) is not named: ``"from 15 y 2 m"``."""
    has_low, has_high = (end is not None and math.isfinite(end) for end in (low, high))
    if low is not None and high is not None and has_low and has_high:
        return range_words(low, high)
    if low is not None and has_low:
        return f"from {format_months(low)}"
    return f"up to {format_months(high)}" if high is not None and has_high else UNKNOWN


def device_words(device: str | None) -> str:
    """A device token as people call it."""
    return DEVICE_WORDS.get(device or "", device or UNKNOWN)
