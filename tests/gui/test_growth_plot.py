"""The growth plot: band of the sex, point of the film."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bone_age_gui import paths
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.types import Assessment, Case, Flag, Patient, Sex
from bone_age_gui.gui.film import Film, FilmState
from bone_age_gui.gui.growth_plot import GrowthPlot, import_matplotlib
from windows import make_estimate

BEHIND = Assessment(Flag.DELAYED, "Behind.", 2.0, 152.0, -16.0, 10.7, -1.5)
GIRL = Case(
    Path("a.dcm"), Patient(Sex.FEMALE, stated_age_months=152.0), estimate=make_estimate(sex=Sex.FEMALE),
    assessment=BEHIND,
)  # fmt: skip


@pytest.fixture
def reference() -> GrowthReference:
    return GrowthReference.load(paths.growth_file())


@pytest.fixture
def plot(qtbot: QtBot) -> GrowthPlot:
    made = GrowthPlot()
    qtbot.addWidget(made)
    import_matplotlib()
    made.make_canvas()
    made.resize(320, 260)
    made.show()
    return made


def axes(plot: GrowthPlot):  # type: ignore[no-untyped-def]
    assert plot._canvas is not None
    return plot._canvas.figure.axes[0]


def test_the_point_lies_at_both_ages_in_the_shape_of_its_flag(plot: GrowthPlot, reference: GrowthReference) -> None:
    plot.show_film(Film(1, GIRL, FilmState.ESTIMATED), reference, 2.0)
    point = axes(plot).lines[-1]
    assert (point.get_xdata()[0], point.get_ydata()[0]) == (pytest.approx(152 / 12), pytest.approx(136 / 12))
    assert point.get_marker() == "v"
    assert axes(plot).get_title(loc="left") == "Girls, \N{PLUS-MINUS SIGN}2 SD (Brush)"


def test_the_band_is_the_one_of_the_reference(plot: GrowthPlot, reference: GrowthReference) -> None:
    plot.show_film(Film(1, GIRL, FilmState.ESTIMATED), reference, 1.5)
    ages, low, _ = reference.band(Sex.FEMALE, 1.5)
    drawn = axes(plot).lines[0]
    np.testing.assert_allclose(drawn.get_xdata(), ages / 12)
    np.testing.assert_allclose(drawn.get_ydata(), low / 12)


def test_without_sex_there_is_no_band_and_without_age_a_line(plot: GrowthPlot, reference: GrowthReference) -> None:
    case = replace(GIRL, patient=Patient(), assessment=Assessment(Flag.NO_REFERENCE, "Unknown.", 2.0))
    plot.show_film(Film(1, case, FilmState.ESTIMATED), reference, 2.0)
    assert "Sex unknown" in axes(plot).get_title(loc="left")
    assert len(axes(plot).collections) == 0
    assert list(axes(plot).lines[0].get_ydata()) == [136 / 12, 136 / 12]


def test_an_empty_plot_can_be_shown(plot: GrowthPlot, reference: GrowthReference) -> None:
    plot.show_film(None, reference, 2.0)
    plot.show_film(None, None, 2.0)
    plot.refresh()
    assert plot.is_drawn


def test_before_matplotlib_is_there_nothing_is_drawn(qtbot: QtBot, reference: GrowthReference) -> None:
    made = GrowthPlot()
    qtbot.addWidget(made)
    made.show_film(Film(1, GIRL, FilmState.ESTIMATED), reference, 2.0)
    made.refresh()
    assert not made.is_drawn
    made.make_canvas()
    assert not made._canvas.figure.axes  # type: ignore[union-attr]
    made.show()
    assert len(axes(made).lines) >= 4


def test_words_fit_round_the_axes(plot: GrowthPlot, reference: GrowthReference) -> None:
    plot.show_film(Film(1, GIRL, FilmState.ESTIMATED), reference, 2.0)
    for width, height in ((260, 200), (320, 260), (700, 500)):
        plot.resize(width, height)
        canvas = plot._canvas
        assert canvas is not None
        canvas.draw()
        drawn = axes(plot).get_tightbbox()
        assert drawn.x0 >= 0
        assert drawn.y0 >= 0
        assert drawn.x1 <= canvas.figure.bbox.width
        assert drawn.y1 <= canvas.figure.bbox.height
