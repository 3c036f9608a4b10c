"""Ends of the ages that a model can tell apart: an estimate there is a limit and no age."""

from __future__ import annotations

import math
from enum import StrEnum


class GrowthEnd(StrEnum):
    """Which limit an estimate is: the bone age is at least, or at most, the months that are said."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


def opened(interval: tuple[float, float], end: GrowthEnd | None) -> tuple[float, float]:
    """An interval in months whose side beyond the end is open: infinite."""
    low, high = interval
    if end is GrowthEnd.AT_LEAST:
        return low, math.inf
    return (-math.inf, high) if end is GrowthEnd.AT_MOST else interval


def says_nothing_of(end: GrowthEnd | None, difference: float) -> bool:
    """Whether a limit says nothing of a difference in months: "at least" of one below 0, "at most" of one above."""
    return (end is GrowthEnd.AT_LEAST and difference < 0) or (end is GrowthEnd.AT_MOST and difference > 0)
