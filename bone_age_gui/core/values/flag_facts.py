"""Why a flag is what it is, as facts: what was compared, how it ended, and for whom."""

from __future__ import annotations

import math

from bone_age_gui.core.values.facts import Detail, Fact
from bone_age_gui.core.values.flags import WIDEST_INTERVAL, is_usable, width_of
from bone_age_gui.core.values.growth_end import says_nothing_of
from bone_age_gui.core.values.types import Estimate, Flag, Sex

_CHILDREN = {Sex.MALE: "boys", Sex.FEMALE: "girls"}


def why_not_comparable(estimate: Estimate, *, is_doubtful: bool) -> Fact | None:
    """Why a model's age cannot be held against a limit; ``None`` where it can.

    A film that may show something else, or an estimate that leaves four years open, gives no comparison.
    """
    if is_doubtful:
        return Fact("doubtful")
    if (width := width_of(estimate)) > WIDEST_INTERVAL:
        return Fact("wide", {"width": width, "most": WIDEST_INTERVAL})
    return None


def why_open_age(interval: tuple[float, float], flags: tuple[Flag, ...]) -> Fact:
    """An age that is not exact, and over which the flag changes."""
    listed = tuple(flag.value for flag in Flag if flag in flags)
    return Fact("open_age", {"low": interval[0], "high": interval[1], "flags": listed})


def why_flag(
    flag: Flag,
    estimate: Estimate,
    ages: tuple[float, float],
    limit: float,
    threshold_sd: float,
    sex: Sex,
    chance: float | None,
    *,
    is_borderline: bool,
) -> Fact:
    """What was compared, how it ended, and for whom: ``"ahead beyond girls"``; ``chance`` as ``probability_beyond``."""
    compared, details = _compared(estimate.bone_age_months, ages)
    details |= {"threshold": threshold_sd, "limit": limit}
    if chance is not None:
        details["chance"] = chance
    if estimate.spread_months is not None and not is_usable(estimate.spread_months):
        end = "unusable"
    elif flag is Flag.INDETERMINATE and says_nothing_of(estimate.end, estimate.bone_age_months - ages[0]):
        return Fact("one_side", {"threshold": threshold_sd, "limit": limit})
    elif is_borderline and estimate.spread_months is not None:
        end, details["spread"] = "close", estimate.spread_months
    else:
        end = "within" if flag is Flag.NORMAL else "beyond"
    return Fact(f"{compared} {end} {_CHILDREN[sex]}", details)


def why_incomparable(bone_age: float, age: float | None) -> Fact:
    """A bone age or chronological age that is no number to compare."""
    if not math.isfinite(bone_age):
        return Fact("no_bone_age")
    if age is None or math.isnan(age):
        return Fact("no_age")
    return Fact("negative_age") if age < 0 else Fact("bad_age")


def why_no_reference(sex: Sex | None, age: float, ends: tuple[float, float] | None) -> Fact:
    """A child for whom the reference says nothing; ``ends`` are the first and last age of its table for the sex."""
    if sex is None or ends is None:
        return Fact("no_sex")
    side = "below" if age < ends[0] else "above"
    return Fact(f"{side} {_CHILDREN[sex]}", {"age": age, "first": ends[0], "last": ends[1]})


def _compared(bone_age: float, ages: tuple[float, float]) -> tuple[str, dict[str, Detail]]:
    """The difference to an age, or to an age that lies between two."""
    least, most = sorted((bone_age - age for age in ages), key=abs)
    if least * most < 0:
        return "inside", {}
    if abs(most) < 0.05:
        return "equal", {}
    side = "ahead" if most > 0 else "behind"
    if least == most:
        return side, {"months": abs(most)}
    return f"{side}_range", {"least": abs(least), "most": abs(most)}
