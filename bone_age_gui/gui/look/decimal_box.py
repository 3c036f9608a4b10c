"""A field for a number with decimals, in the numerals of the language; point and comma are both understood."""

from __future__ import annotations

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox

from bone_age_gui.core.values.digits import plain_digits
from bone_age_gui.wording.language import numerals
from bone_age_gui.wording.numerals import without_direction_marks


class DecimalBox(QDoubleSpinBox):
    """Qt's spin box without the system's locale: it would read ``2.5`` as 25 on a German desktop."""

    def textFromValue(self, value: float) -> str:
        """The number as the language writes it."""
        return without_direction_marks(f"{value:.{self.decimals()}f}", numerals())

    def valueFromText(self, text: str) -> float:
        """The number that was typed; the lowest one if it is no number."""
        value = self._number(text)
        return self.minimum() if value is None else value

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Whether the text is a number in the range, or may become one."""
        value = self._number(text)
        if value is None:
            is_start = self._bare(text) in ("", ".", "-")
            return (QValidator.State.Intermediate if is_start else QValidator.State.Invalid), text, place
        is_inside = self.minimum() <= value <= self.maximum()
        return (QValidator.State.Acceptable if is_inside else QValidator.State.Intermediate), text, place

    def _number(self, text: str) -> float | None:
        try:
            return float(self._bare(text))
        except ValueError:
            return None

    def _bare(self, text: str) -> str:
        return plain_digits(text.removesuffix(self.suffix())).strip().replace(",", ".")
