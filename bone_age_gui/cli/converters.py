"""What argparse makes of the text of an option, and says where it cannot."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TypeVar

from bone_age_gui.core.values.digits import plain_digits
from bone_age_gui.core.values.typed_values import WrongValueError
from bone_age_gui.wording.command_line import not_whole
from bone_age_gui.wording.typed_values import wrong_value_words

T = TypeVar("T")


def checked(parse: Callable[[str], T]) -> Callable[[str], T]:
    """A parser of ``core.values.typed_values`` whose mistakes argparse tells, with the text that was given."""

    def convert(text: str) -> T:
        try:
            return parse(text)
        except WrongValueError as error:
            raise argparse.ArgumentTypeError(wrong_value_words(f"'{text}'", error.fact)) from None

    return convert


def whole_within(low: int, high: int) -> Callable[[str], int]:
    """A converter of a whole number within these limits, in any digits."""

    def convert(text: str) -> int:
        digits = plain_digits(text)
        if not (digits.isascii() and digits.isdigit()) or not low <= int(digits) <= high:
            raise argparse.ArgumentTypeError(not_whole(text, low, high))
        return int(digits)

    return convert
