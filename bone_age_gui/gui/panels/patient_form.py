"""Sex, dates and age of the child: filled from the file, edited and checked while typing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from bone_age_gui.core.values.typed_ages import parse_age
from bone_age_gui.core.values.types import Patient, Sex
from bone_age_gui.gui.look.widgets import ElidedLabel, HintedLine, ScaledLabel, card, named, set_property
from bone_age_gui.gui.panels.day_line import DayLine
from bone_age_gui.gui.panels.patient_input import (
    Problem,
    age_problem,
    date_problem,
    height_problem,
    height_text,
    plausibility,
    typed_height,
    with_heights,
)
from bone_age_gui.gui.work.film import Film
from bone_age_gui.wording.language import language, speaking, tr
from bone_age_gui.wording.patient_form import (
    AGE_HINT,
    AGE_SAMPLE,
    AGE_TIP,
    BIRTH_TIP,
    HEIGHT_HINTS,
    HEIGHTS,
    SEX_NAMES,
    SEX_TIP,
    SEXES,
    STUDY_TIP,
    edited_age,
    short_words,
    who_words,
)
from bone_age_gui.wording.typed_days import day_hint, edited_day, parse_date
from bone_age_gui.wording.values import name_words

_SEXES = (Sex.FEMALE, Sex.MALE, None)


class PatientForm(QWidget):
    """The patient of the film that is shown.

    Attributes
    ----------
    patient_edited : Signal(int, object)
        Film number and the new `Patient`, whenever all fields can be used.
    problem_changed : Signal(int, object)
        Film number and why the fields cannot be used (str), or ``None``.
    """

    patient_edited = Signal(int, object)
    problem_changed = Signal(int, object)

    def __init__(self, today: Callable[[], date] = date.today, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.spoken = language()
        self._number = 0
        self._patient = Patient()
        self._from_file = Patient()
        self._filling = False
        self.name = ScaledLabel("", bold=True)
        self.name.setWordWrap(True)
        self.name.hide()
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.sexes = QButtonGroup(self)
        self.birth = named(DayLine(tr(BIRTH_TIP)), tr("Date of birth"))
        self.study = named(DayLine(tr(STUDY_TIP)), tr("Study date"))
        self.age = named(HintedLine(tr(AGE_SAMPLE)), tr("Age"), tr(AGE_TIP))
        self.heights = {name: named(HintedLine(), *map(tr, words)) for name, words in HEIGHTS.items()}
        # One line that is always there: words that come and go must not move what is about to be clicked.
        self.message = ElidedLabel("", 0.95, role="error")
        self.reset = QPushButton(tr("From file"))
        self.reset.setProperty("segment", "true")
        self.reset.setToolTip(tr("Take the values of the file again"))
        self.reset.setAccessibleName(tr("Take the values of the file again"))
        for comes_and_goes in (self.name, self.reset):
            policy = comes_and_goes.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            comes_and_goes.setSizePolicy(policy)
        self.reset.clicked.connect(self._take_from_file)
        self._lay_out()
        self._connect()
        self.show_film(None)

    def _lay_out(self) -> None:
        self.birth.setPlaceholderText(day_hint())
        self.study.setPlaceholderText(day_hint())
        self.age.setPlaceholderText(tr(AGE_HINT))
        frame = card()
        grid = QGridLayout(frame)
        grid.setContentsMargins(10, 8, 10, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        grid.addWidget(self.name, 0, 0, 1, 2)
        grid.addLayout(self._sex_row(), 1, 1)
        rows = ((tr("Sex"), None), (tr("&Born"), self.birth), (tr("S&tudy"), self.study), (tr("A&ge"), None))
        for row, (text, field) in enumerate(rows, 1):
            label = QLabel(text)
            grid.addWidget(label, row, 0)
            if field is not None:
                label.setBuddy(field)
                grid.addWidget(field, row, 1)
        grid.itemAtPosition(4, 0).widget().setBuddy(self.age)  # type: ignore[attr-defined,union-attr]
        last = QHBoxLayout()
        last.addWidget(self.age, 1)
        last.addWidget(self.reset)
        grid.addLayout(last, 4, 1)
        self._lay_out_heights(grid)
        grid.addWidget(self.message, 6, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)

    def _lay_out_heights(self, grid: QGridLayout) -> None:
        """The child's height and the parents' in one row, to save the room of two."""
        row = QHBoxLayout()
        row.setSpacing(4)
        for name, hint in HEIGHT_HINTS.items():
            self.heights[name].setPlaceholderText(tr(hint))
            row.addWidget(self.heights[name], 1)
        label = QLabel(tr("He&ight"))
        label.setBuddy(self.heights["height_cm"])
        grid.addWidget(label, 5, 0)
        grid.addLayout(row, 5, 1)

    def _sex_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(3)
        for index, sex in enumerate(_SEXES):
            button = QPushButton(tr(SEXES[sex]))
            button.setCheckable(True)
            button.setProperty("segment", "true")
            button.setAccessibleName(tr(SEX_NAMES[sex]))
            button.setToolTip(tr(SEX_TIP))
            self.sexes.addButton(button, index)
            row.addWidget(button, 1)
        return row

    def _connect(self) -> None:
        self.sexes.idClicked.connect(self._edited)
        for field in (self.birth, self.study, self.age, *self.heights.values()):
            field.textChanged.connect(self._edited)
            field.editingFinished.connect(self._tidy)

    # Showing

    def show_film(self, film: Film | None) -> None:
        """Fill the form from a film, unless it already shows just that."""
        radiograph = film.case.radiograph if film is not None else None
        number = film.number if film is not None and radiograph is not None else 0
        self.setEnabled(number != 0)
        patient = film.case.patient if film is not None and number else Patient()
        self._from_file = radiograph.patient if radiograph is not None else Patient()
        if number != self._number or patient != self._patient:
            self._number, self._patient = number, patient
            self._fill()
        self.reset.setVisible(number != 0 and self._patient != self._from_file)

    def _fill(self) -> None:
        patient = self._patient
        self._filling = True
        who = who_words(name_words(patient.name), patient.patient_id)
        self.name.setText(who)
        self.name.setToolTip(who)
        self.name.setVisible(bool(who))
        self.sexes.button(_SEXES.index(patient.sex)).setChecked(True)
        self.birth.setText(edited_day(patient.birth_date))
        self.study.setText(edited_day(patient.study_date))
        self.age.setText("" if self._has_both(patient) else edited_age(patient.stated_age_months))
        for name, field in self.heights.items():
            field.setText(height_text(getattr(patient, name)))
        self._filling = False
        self._check()

    def _take_from_file(self) -> None:
        self._patient = self._from_file
        self._fill()
        if self._number:
            self.patient_edited.emit(self._number, self._patient)

    def take_over(self, old: PatientForm) -> None:
        """Keep what is being typed and is no value yet; values come with the film, in the language's own form."""
        with speaking(old.spoken):
            typed = {name: field.text() for name, field in old.fields.items() if old.problem_of(name) is not None}
        for name, text in typed.items():
            self.fields[name].setText(text)

    # Editing

    @property
    def fields(self) -> dict[str, QLineEdit]:
        """The fields of the form, by what they hold."""
        return {"birth": self.birth, "study": self.study, "age": self.age, **self.heights}

    def problem_of(self, name: str) -> Problem | None:
        """Why the text of one field cannot be used, or ``None``."""
        field = self.fields[name]
        if name == "age":
            return None if field.isReadOnly() else age_problem(field.text())
        if name in self.heights:
            return height_problem(name, field.accessibleName(), field.text())
        return date_problem(name, field.text())

    def _edited(self) -> None:
        if self._filling or not self._number:
            return
        if self._check():
            self._patient = self._typed()
            self.patient_edited.emit(self._number, self._patient)

    def _check(self) -> bool:
        """Look at all fields; say what is wrong. True if they can be used."""
        problem = self._find_problem()
        for name, field in self.fields.items():
            is_wrong = problem is not None and problem.field == name
            set_property(field, "problem", ("mild" if problem.mild else "error") if problem and is_wrong else "")
        set_property(self.message, "role", "warning" if problem is not None and problem.mild else "error")
        self.message.setText(problem.text if problem is not None else "")
        self._show_age(problem)
        blocking = problem.text if problem is not None and not problem.mild else None
        if self._number:
            self.problem_changed.emit(self._number, blocking)
        return blocking is None

    def _find_problem(self) -> Problem | None:
        own = next((problem for name in self.fields if (problem := self.problem_of(name)) is not None), None)
        return own or plausibility(self._typed(), self._today())

    def _typed(self) -> Patient:
        sex = _SEXES[max(self.sexes.checkedId(), 0)]
        birth, study = parse_date(self.birth.text()), parse_date(self.study.text())
        stated, unit = self._patient.stated_age_months, self._patient.stated_age_unit_months
        if not (birth and study) and not self.age.isReadOnly():
            typed = self.age.text()
            same = stated is not None and typed == edited_age(stated)
            stated, unit = (stated, unit) if same else (parse_age(typed), 0.0)
        heights = {name: self._typed_height(name) for name in self.heights}
        patient = replace(self._patient, sex=sex, birth_date=birth, study_date=study)
        return with_heights(replace(patient, stated_age_months=stated, stated_age_unit_months=unit), heights)

    def _typed_height(self, name: str) -> float | None:
        """The height in a field; one that was not touched keeps its decimals."""
        text, height_cm = self.heights[name].text(), getattr(self._patient, name)
        return height_cm if height_cm is not None and text == height_text(height_cm) else typed_height(text)

    def _show_age(self, problem: Problem | None) -> None:
        """Show the age that both dates give; without them it can be typed."""
        if problem is not None and not problem.mild:
            return
        patient = self._typed()
        counted = self._has_both(patient)
        was_filling, self._filling = self._filling, True
        age = patient.chronological_age_months
        if counted and age is not None:
            self.age.setText(short_words(age))
        elif self.age.isReadOnly():
            self.age.setText(edited_age(patient.stated_age_months))
        self.age.setReadOnly(counted)
        self.age.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._filling = was_filling

    def _tidy(self) -> None:
        """Write dates as the program does when a field is left."""
        for day in (self.birth, self.study):
            if date_problem("", day.text()) is None:
                day.setText(edited_day(parse_date(day.text())))
        for name, field in self.heights.items():
            if self.problem_of(name) is None:
                field.setText(height_text(self._typed_height(name)))

    @staticmethod
    def _has_both(patient: Patient) -> bool:
        return patient.birth_date is not None and patient.study_date is not None
