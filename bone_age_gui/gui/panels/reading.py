"""The reader's own bone age beside the model's, who decides, and a remark."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from bone_age_gui.core.values.age import format_months
from bone_age_gui.core.values.record import DECIDED_BY_MODEL, DECIDED_BY_READER
from bone_age_gui.core.values.types import Reading
from bone_age_gui.gui.look.widgets import ScaledLabel, card, set_property
from bone_age_gui.gui.panels.patient_input import MAX_PLAUSIBLE_MONTHS, parse_age
from bone_age_gui.gui.work.film import Film

NO_READING = Reading(None, None)
CHOICES = (
    (None, "Undecided", "Nobody has decided yet: the reports use the model's age and say so."),
    (DECIDED_BY_MODEL, "Model", "Accept the model's age as the final bone age of the reports."),
    (DECIDED_BY_READER, "Reader", "Your age is the final bone age of the reports, in place of the model's."),
)
_NO_MODEL_AGE = "Not now: there is no estimate to accept."
_NO_OWN_AGE = "Not now: type your own age first."
_WRONG = "Bone age: write it like 11 y 6 m, 138 m or 11.5, up to 20 years."


class ReadingPanel(QWidget):
    """What the reader makes of the film that is shown.

    Attributes
    ----------
    reading_edited : Signal(int, object)
        Film number and the new `Reading`.
    """

    reading_edited = Signal(int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._reading = NO_READING
        self._has_estimate = False
        self._filling = False
        self.age = self._field("Bone age by the reader", "Your own reading: 11 y 6 m, 138 m or 11.5", "11 y 6 m")
        self.remark = self._field("Remark", "A remark for the report; write no names.", "Remark for the report")
        self.remark.setMaxLength(1000)
        self.choices = QButtonGroup(self)
        self.message = ScaledLabel(_WRONG, 0.95, role="error")
        self.message.setWordWrap(True)
        self._lay_out()
        self.age.textChanged.connect(self._edited)
        self.age.editingFinished.connect(self._tidy)
        self.remark.textChanged.connect(self._edited)
        self.choices.idClicked.connect(self._edited)
        self.show_film(None)

    @staticmethod
    def _field(name: str, tip: str, example: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setToolTip(tip)
        field.setPlaceholderText(example)
        field.setMinimumWidth(60)
        field.setAcceptDrops(False)
        return field

    def _lay_out(self) -> None:
        frame = card()
        grid = QGridLayout(frame)
        grid.setContentsMargins(10, 8, 10, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        own = QLabel("Rea&der")
        own.setBuddy(self.age)
        final = QHBoxLayout()
        final.setSpacing(3)
        for index, (_, text, _) in enumerate(CHOICES):
            button = QPushButton(text)
            button.setCheckable(True)
            button.setProperty("segment", "true")
            button.setAccessibleName(f"Final bone age: {text.lower()}")
            self.choices.addButton(button, index)
            final.addWidget(button, 1)
        grid.addWidget(own, 0, 0)
        grid.addWidget(self.age, 0, 1)
        grid.addWidget(QLabel("Final"), 1, 0)
        grid.addLayout(final, 1, 1)
        grid.addWidget(self.remark, 2, 0, 1, 2)
        grid.addWidget(self.message, 3, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)

    def show_film(self, film: Film | None) -> None:
        """Fill the panel from a film, unless it already shows just that."""
        case = film.case if film is not None and film.case.radiograph is not None else None
        number = film.number if film is not None and case is not None else 0
        reading = (case.reading if case is not None else None) or NO_READING
        self._has_estimate = case is not None and case.estimate is not None
        self.setEnabled(number != 0)
        if number != self._number or reading != self._reading:
            self._number, self._reading = number, reading
            self._fill()
        self._offer()

    def _fill(self) -> None:
        self._filling = True
        reading = self._reading
        self.age.setText(format_months(reading.age_months) if reading.age_months is not None else "")
        self.remark.setText(reading.remark)
        self._filling = False

    def _offer(self) -> None:
        """Enable what can be chosen, and show what is chosen."""
        reasons = {
            DECIDED_BY_MODEL: None if self._has_estimate else _NO_MODEL_AGE,
            DECIDED_BY_READER: None if self._reading.age_months is not None else _NO_OWN_AGE,
        }
        for index, (token, _, tip) in enumerate(CHOICES):
            button = self.choices.button(index)
            reason = reasons.get(token or "")
            button.setEnabled(reason is None)
            button.setToolTip(tip if reason is None else f"{tip}\n{reason}")
            if token == self._reading.decided_by:
                button.setChecked(True)
        wrong = self._typed_age() is None and bool(self.age.text().strip())
        self.message.setVisible(wrong)
        set_property(self.age, "problem", "error" if wrong else "")

    def _edited(self) -> None:
        if self._filling or not self._number:
            return
        age = self._typed_age()
        decided = CHOICES[max(self.choices.checkedId(), 0)][0]
        if decided == DECIDED_BY_READER and age is None:
            decided = None
        self._reading = Reading(age, decided, self.remark.text())
        self._offer()
        self.reading_edited.emit(self._number, self._reading)

    def _typed_age(self) -> float | None:
        """The typed age in months; ``None`` if there is none or it cannot be."""
        text = self.age.text()
        known = self._reading.age_months
        if known is not None and text == format_months(known):
            return known
        try:
            months = parse_age(text)
        except ValueError:
            return None
        return months if months is not None and months <= MAX_PLAUSIBLE_MONTHS else None

    def _tidy(self) -> None:
        """Write the age as the program writes ages when the field is left."""
        if self._reading.age_months is not None:
            self._filling = True
            self.age.setText(format_months(self._reading.age_months))
            self._filling = False
