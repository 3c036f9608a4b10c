"""Whole numbers on the command line, in any digits."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from bone_age_gui.core.values.digits import plain_digits
from bone_age_gui.wording.command_line import not_whole


def whole_within(low: int, high: int) -> Callable[[str], int]:
    """A converter for argparse of a whole number within these limits."""

    def convert(text: str) -> int:
        digits = plain_digits(text)
        if not (digits.isascii() and digits.isdigit()) or not low <= int(digits) <= high:
            raise argparse.ArgumentTypeError(not_whole(text, low, high))
        return int(digits)

    return convert
