"""What the result panel says and shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.reading import Reading
from bone_age_gui.core.values.types import Assessment, Case, Flag, Patient, Radiograph, Sex
from bone_age_gui.gui.choices import ThemeChoice
from bone_age_gui.gui.look.stylesheet import apply_theme
from bone_age_gui.gui.look.theme import DARK, LIGHT, theme_for
from bone_age_gui.gui.panels.result import FlagChip, ResultPanel
from bone_age_gui.gui.work.film import Film, FilmState
from bone_age_gui.wording.flag_reasons import reason_text
from bone_age_gui.wording.window_messages import SEX_CHANGED
from windows import make_estimate

BEHIND = Assessment(Flag.DELAYED, Fact("no_age"), 2.0, 152.0, -26.2, 10.7, -2.45)
CASE = Case(
    Path("a.dcm"), Patient(Sex.FEMALE, stated_age_months=152.0), Radiograph(np.zeros((9, 9), np.uint16)),
    estimate=make_estimate(sex=Sex.FEMALE), assessment=BEHIND,
)  # fmt: skip


@pytest.fixture
def panel(qtbot: QtBot) -> ResultPanel:
    made = ResultPanel()
    qtbot.addWidget(made)
    return made


def film(case: Case = CASE, state: FilmState = FilmState.ESTIMATED, **changes: object) -> Film:
    return replace(Film(1, case, state), **changes)  # type: ignore[arg-type]


def said(panel: ResultPanel) -> list[str]:
    """The texts that a person sees, from top to bottom as they were made."""
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisibleTo(panel) and label.text()]


def test_the_answer_in_full(panel: ResultPanel) -> None:
    panel.show_film(film())
    assert {
        "11 y 4 m",
        "136 months",
        "90 % interval: 10 y 7 m to 12 y 1 m",
        "12 y 8 m (152 months)",
        "\N{MINUS SIGN}26 months  (\N{MINUS SIGN}2.5 SD)",
        "DELAYED",
        reason_text(BEHIND.reason),
        "Estimated as female on CPU with densenet121 1.0",
    } <= set(said(panel))


def test_without_distribution_there_is_no_interval(panel: ResultPanel) -> None:
    estimate = make_estimate(spread_months=None, interval_months=None, interval_level=None)
    panel.show_film(film(replace(CASE, estimate=estimate)))
    assert not any("interval" in text for text in said(panel))
    assert any("without knowing the sex" in text for text in said(panel))


def test_the_models_interval_is_not_that_of_the_readers_age(panel: ResultPanel) -> None:
    panel.show_film(film(CASE))
    assert any("interval" in text for text in said(panel))
    panel.show_film(film(replace(CASE, reading=Reading(150.0, "reader"))))
    assert not any("interval" in text for text in said(panel))


def test_without_reference_nothing_is_compared(panel: ResultPanel) -> None:
    case = replace(CASE, assessment=Assessment(Flag.NO_REFERENCE, Fact("no_age"), 2.0))
    panel.show_film(film(case))
    assert said(panel).count("not known") == 2
    assert "NO REFERENCE" in said(panel)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_flags_differ_in_word_colour_and_shape(qapp: QApplication, panel: ResultPanel, theme: object) -> None:
    apply_theme(qapp, theme_for(ThemeChoice.DARK if theme is DARK else ThemeChoice.LIGHT))
    words, colours, shapes = set(), set(), set()
    for flag in Flag:
        panel.show_film(film(replace(CASE, assessment=replace(BEHIND, flag=flag))))
        chip = panel.findChild(FlagChip)
        words.add(chip.word.text())
        colours.add(chip.styleSheet())
        (image,) = (label.pixmap().toImage() for label in chip.findChildren(QLabel) if not label.pixmap().isNull())
        shapes.add(tuple(image.pixelColor(x, y).alpha() > 128 for x in range(22) for y in range(22)))
    assert len(words) == len(colours) == len(shapes) == len(Flag)


def test_quiet_notes_are_listed_and_loud_ones_left_to_the_banner(panel: ResultPanel) -> None:
    notices = (Notice("a", text="A quiet note."), Notice("b", text="A loud one.", loud=True))
    panel.show_film(film(replace(CASE, notices=notices)))
    assert "\N{BULLET} A quiet note." in said(panel)
    assert not any("A loud one." in text for text in said(panel))


def test_refused_failed_waiting_and_empty(panel: ResultPanel) -> None:
    error = BoneAgeError("empty", "no_data")
    refused = "The file is empty\nIt holds no data at all. Copy or export the radiograph again."
    bare = Case(Path("a.dcm"))
    for shown, words in (
        (None, "Open a hand radiograph to begin."),
        (film(replace(bare, error=error), FilmState.REFUSED), refused),
        (film(bare, FilmState.READY, problem=error), refused),
        (film(bare, FilmState.READY), "No estimate yet."),
        (film(bare, FilmState.READY, sex_changed=True), SEX_CHANGED),
        (film(bare, FilmState.ESTIMATING), "Estimating\N{HORIZONTAL ELLIPSIS}"),
    ):  # fmt: skip
        panel.show_film(shown)
        assert said(panel) == [words]


def test_while_estimating_an_old_answer_is_not_shown(panel: ResultPanel) -> None:
    panel.show_film(film(state=FilmState.ESTIMATING))
    assert "136 months" not in said(panel)
    assert panel.findChild(QProgressBar).isVisibleTo(panel)


@pytest.mark.parametrize(
    ("end", "line"),
    [(GrowthEnd.AT_LEAST, "Skeletally mature: at least"), (GrowthEnd.AT_MOST, "At most"), (None, None)],
)
def test_an_age_that_is_a_limit_says_so_above_it(panel: ResultPanel, end: GrowthEnd | None, line: str | None) -> None:
    estimate = make_estimate(bone_age_months=195.0, interval_months=(184.0, float("inf")), end=end)
    panel.show_film(film(replace(CASE, estimate=estimate)))
    texts = said(panel)
    assert (line in texts) == (line is not None)
    begins = {GrowthEnd.AT_LEAST: "at least ", GrowthEnd.AT_MOST: "at most ", None: "\N{MINUS SIGN}"}[end]
    assert any(text.startswith(begins) and text.endswith("SD)") for text in texts)
    assert "90 % interval: from 15 y 4 m" in texts
