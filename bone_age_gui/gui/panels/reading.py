"""The reader's own bone age beside the model's, who decides, and a remark."""

from __future__ import annotations

from dataclasses import replace

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

from bone_age_gui.core.values.reading import DECIDED_BY_MODEL, DECIDED_BY_READER, NO_READING, Reading
from bone_age_gui.core.values.typed_ages import parse_age
from bone_age_gui.gui.look.widgets import ElidedLabel, card, set_property
from bone_age_gui.gui.panels.patient_input import MAX_PLAUSIBLE_MONTHS
from bone_age_gui.gui.work.film import Film
from bone_age_gui.wording.dialogs import REMARK_TIP
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.patient_form import edited_age
from bone_age_gui.wording.reading import (
    FINAL_CHOICES,
    NO_MODEL_AGE,
    NO_OWN_AGE,
    OWN_READING,
    READ_FIRST,
    SHOW_ESTIMATE,
    SHOW_ESTIMATE_TIP,
    WRONG_AGE,
    decided_words,
    kept_words,
)
from bone_age_gui.wording.window_messages import two_lines

_EXAMPLE_MONTHS = 138.0
_CHOICES = (None, DECIDED_BY_MODEL, DECIDED_BY_READER)


class ReadingPanel(QWidget):
    """What the reader makes of the film that is shown.

    Attributes
    ----------
    reading_edited : Signal(int, object)
        Film number and the new `Reading`.
    reveal_wanted : Signal(int)
        The reader has read first, and wants to see the model's estimate.
    """

    reading_edited = Signal(int, object)
    reveal_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._reading = NO_READING
        self._film: Film | None = None
        self._filling = False
        self.age = self._field(tr("Bone age by the reader"), tr(OWN_READING), edited_age(_EXAMPLE_MONTHS))
        self.remark = self._field(tr("Remark"), tr(REMARK_TIP), tr("Remark for the report"))
        self.remark.setMaxLength(1000)
        self.choices = QButtonGroup(self)
        self.reveal = QPushButton(tr(SHOW_ESTIMATE))
        self.reveal.setAccessibleName(tr(SHOW_ESTIMATE))
        # One line that is always there: words that come and go must not move what is about to be clicked.
        self.message = ElidedLabel("", 0.95)
        self._lay_out()
        self.age.textChanged.connect(self._edited)
        self.age.editingFinished.connect(self._tidy)
        self.remark.textChanged.connect(self._edited)
        self.choices.idClicked.connect(self._edited)
        self.reveal.clicked.connect(self._reveal)
        self.age.returnPressed.connect(self._reveal)
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
        own = QLabel(tr("Rea&der"))
        own.setBuddy(self.age)
        final = QHBoxLayout()
        final.setSpacing(3)
        for index, token in enumerate(_CHOICES):
            button = QPushButton(tr(FINAL_CHOICES[token].text))
            button.setCheckable(True)
            button.setProperty("segment", "true")
            button.setAccessibleName(tr(FINAL_CHOICES[token].name))
            self.choices.addButton(button, index)
            final.addWidget(button, 1)
        grid.addWidget(own, 0, 0)
        first = QHBoxLayout()
        first.setSpacing(3)
        first.addWidget(self.age, 1)
        first.addWidget(self.reveal)
        grid.addLayout(first, 0, 1)
        grid.addWidget(QLabel(tr("Final")), 1, 0)
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
        self._film = film if number else None
        self.setEnabled(number != 0)
        is_other = number != self._number or _typed_of(reading) != _typed_of(self._reading)
        self._number, self._reading = number, reading
        if is_other:
            self._fill()
        self._offer()

    def take_over(self, old: ReadingPanel) -> None:
        """Keep what is being typed and is no age yet; what is one comes with the film."""
        if old.age.text().strip() and old._typed_age() is None:
            self.age.setText(old.age.text())

    def _fill(self) -> None:
        self._filling = True
        reading = self._reading
        self.age.setText(edited_age(reading.age_months))
        self.remark.setText(reading.remark)
        self._filling = False

    def _offer(self) -> None:
        """Enable what can be chosen, and show what is chosen."""
        reasons = {
            DECIDED_BY_MODEL: None if self._has_estimate or self._waits_for_estimate else tr(NO_MODEL_AGE),
            DECIDED_BY_READER: None if self._reading.age_months is not None else tr(NO_OWN_AGE),
        }
        for index, token in enumerate(_CHOICES):
            tip = tr(FINAL_CHOICES[token].tip)
            button = self.choices.button(index)
            reason = reasons.get(token or "")
            button.setEnabled(reason is None)
            button.setToolTip(tip if reason is None else two_lines(tip, reason))
            if token == self._reading.decided_by:
                button.setChecked(True)
        is_blind = self._film is not None and self._film.is_blind
        self.reveal.setVisible(is_blind)
        self.reveal.setEnabled(self._reading.age_months is not None)
        self.reveal.setToolTip(
            tr(SHOW_ESTIMATE_TIP) if self.reveal.isEnabled() else two_lines(tr(SHOW_ESTIMATE_TIP), tr(NO_OWN_AGE))
        )
        self._say()

    @property
    def _has_estimate(self) -> bool:
        return self._film is not None and self._film.case.estimate is not None

    @property
    def _waits_for_estimate(self) -> bool:
        """The model's age was accepted when the film was open before: it is final again once it is there."""
        return self._film is not None and self._reading.decided_by == DECIDED_BY_MODEL

    def _say(self) -> None:
        """What is wrong, what comes first, or who decided and when."""
        film, reading = self._film, self._reading
        wrong = self._typed_age() is None and bool(self.age.text().strip())
        text, role = "", "muted"
        if wrong:
            text, role = tr(WRONG_AGE), "error"
        elif film is not None and film.is_blind:
            text = tr(READ_FIRST)
        else:
            restored = kept_words(film.kept_at) if film is not None and film.kept_at else ""
            text = " ".join(part for part in (decided_words(reading), restored) if part)
        self.message.setText(text)
        set_property(self.message, "role", role)
        set_property(self.age, "problem", "error" if wrong else "")

    def _reveal(self) -> None:
        if self._film is not None and self._film.is_blind and self._reading.age_months is not None:
            self.reveal_wanted.emit(self._number)

    def _edited(self) -> None:
        if self._filling or not self._number:
            return
        age = self._typed_age()
        decided = _CHOICES[max(self.choices.checkedId(), 0)]
        if decided == DECIDED_BY_READER and age is None:
            decided = None
        self._reading = replace(self._reading, age_months=age, decided_by=decided, remark=self.remark.text())
        self._offer()
        self.reading_edited.emit(self._number, self._reading)

    def _typed_age(self) -> float | None:
        """The typed age in months; ``None`` if there is none or it cannot be."""
        text = self.age.text()
        known = self._reading.age_months
        if known is not None and text == edited_age(known):
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
            self.age.setText(edited_age(self._reading.age_months))
            self._filling = False


def _typed_of(reading: Reading) -> tuple[float | None, str | None, str]:
    """What can be typed and chosen here."""
    return reading.age_months, reading.decided_by, reading.remark
