"""The growth plot: band of the sex, point of the film."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from matplotlib.colors import to_hex
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from bone_age_gui import paths
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.reading import Reading
from bone_age_gui.core.values.types import Assessment, Case, Flag, Patient, Sex
from bone_age_gui.gui.look.stylesheet import apply_theme
from bone_age_gui.gui.look.theme import DARK, LIGHT, Theme
from bone_age_gui.gui.panels.growth import GrowthPlot, import_matplotlib
from bone_age_gui.gui.work.film import Film, FilmState
from windows import make_estimate

BEHIND = Assessment(Flag.DELAYED, Fact("no_age"), 2.0, 152.0, -16.0, 10.7, -1.5)
GIRL = Case(
    Path("a.dcm"), Patient(Sex.FEMALE, stated_age_months=152.0), estimate=make_estimate(sex=Sex.FEMALE),
    assessment=BEHIND,
)  # fmt: skip


@pytest.fixture
def reference() -> GrowthReference:
    return GrowthReference.load(paths.growth_dir() / "brush_foundation.json")


@pytest.fixture
def plot(qtbot: QtBot) -> GrowthPlot:
    made = GrowthPlot()
    qtbot.addWidget(made)
    import_matplotlib()
    made.make_canvas()
    made.resize(320, 260)
    made.show()
    return made


def canvas_of(plot: GrowthPlot) -> FigureCanvasQTAgg:
    (canvas,) = plot.findChildren(FigureCanvasQTAgg)
    return canvas


def axes(plot: GrowthPlot):  # type: ignore[no-untyped-def]
    return canvas_of(plot).figure.axes[0]


def test_the_point_lies_at_both_ages_in_the_shape_of_its_flag(plot: GrowthPlot, reference: GrowthReference) -> None:
    plot.show_film(Film(1, GIRL, FilmState.ESTIMATED), reference, 2.0)
    point = axes(plot).lines[-1]
    assert (point.get_xdata()[0], point.get_ydata()[0]) == (pytest.approx(152 / 12), pytest.approx(136 / 12))
    assert point.get_marker() == "v"
    assert axes(plot).get_title(loc="left") == "Girls, \N{PLUS-MINUS SIGN}2 SD (Brush Foundation)"


def test_the_band_is_the_one_of_the_reference(plot: GrowthPlot, reference: GrowthReference) -> None:
    plot.show_film(Film(1, GIRL, FilmState.ESTIMATED), reference, 1.5)
    ages, low, _ = reference.band(Sex.FEMALE, 1.5)
    drawn = axes(plot).lines[0]
    np.testing.assert_allclose(drawn.get_xdata(), ages / 12)
    np.testing.assert_allclose(drawn.get_ydata(), low / 12)


def test_without_sex_there_is_no_band_and_without_age_a_line(plot: GrowthPlot, reference: GrowthReference) -> None:
    case = replace(GIRL, patient=Patient(), assessment=Assessment(Flag.NO_REFERENCE, Fact("no_age"), 2.0))
    plot.show_film(Film(1, case, FilmState.ESTIMATED), reference, 2.0)
    assert "Sex unknown" in axes(plot).get_title(loc="left")
    assert len(axes(plot).collections) == 0
    assert list(axes(plot).lines[0].get_ydata()) == [136 / 12, 136 / 12]


def marks(plot: GrowthPlot) -> dict[str, tuple[float, float]]:
    """The labelled marks with their place in years."""
    lines = [line for line in axes(plot).lines if not line.get_label().startswith("_")]
    return {line.get_label(): (line.get_xdata()[0], line.get_ydata()[0]) for line in lines}


def legend(plot: GrowthPlot) -> list[str]:
    legend = axes(plot).get_legend()
    return [text.get_text() for text in legend.get_texts()] if legend is not None else []


@pytest.mark.parametrize("months", [148.0, 136.0])
def test_the_readers_age_is_a_mark_of_its_own_beside_the_models(
    plot: GrowthPlot, reference: GrowthReference, months: float
) -> None:
    plot.show_film(Film(1, GIRL, FilmState.ESTIMATED), reference, 2.0)
    assert legend(plot) == []
    plot.show_film(Film(1, replace(GIRL, reading=Reading(months, None)), FilmState.ESTIMATED), reference, 2.0)
    model, reader = (pytest.approx((152 / 12, age / 12)) for age in (136.0, months))
    assert marks(plot) == {"Model": model, "Reader": reader}
    assert legend(plot) == ["Model", "Reader"]
    model, reader = axes(plot).lines[-2:]
    assert reader.get_fillstyle() == "none"
    assert reader.get_markersize() > model.get_markersize()
    assert "The reader's age" in canvas_of(plot).accessibleDescription()
    plot.show_film(Film(1, GIRL, FilmState.ESTIMATED), reference, 2.0)
    assert list(marks(plot)) == ["Model"]


def test_the_readers_age_is_drawn_without_an_estimate_and_without_an_age(
    plot: GrowthPlot, reference: GrowthReference
) -> None:
    own = Case(Path("a.dcm"), GIRL.patient, reading=Reading(140.0, "reader"))
    plot.show_film(Film(1, own, FilmState.READY), reference, 2.0)
    assert marks(plot) == {"Reader (final)": pytest.approx((152 / 12, 140 / 12))}
    ageless = replace(GIRL, patient=Patient(Sex.FEMALE), reading=Reading(140.0, None))
    plot.show_film(Film(1, ageless, FilmState.ESTIMATED), reference, 2.0)
    model, reader = axes(plot).lines[-2:]
    assert (list(model.get_ydata()), list(reader.get_ydata())) == ([136 / 12] * 2, [140 / 12] * 2)
    assert legend(plot) == ["Model", "Reader"]


@pytest.mark.parametrize(("age", "months"), [(24.0, 220.0), (210.0, 20.0), (152.0, 148.0)])
def test_the_legend_lies_beside_the_marks(
    plot: GrowthPlot, reference: GrowthReference, age: float, months: float
) -> None:
    odd = replace(GIRL, patient=Patient(Sex.FEMALE, stated_age_months=age), reading=Reading(months, None))
    plot.show_film(Film(1, odd, FilmState.ESTIMATED), reference, 2.0)
    canvas_of(plot).draw()
    box = axes(plot).get_legend().get_window_extent()
    assert not any(box.contains(*axes(plot).transData.transform(mark)) for mark in marks(plot).values())


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_readers_mark_stands_out_in_either_theme(
    plot: GrowthPlot, reference: GrowthReference, theme: Theme, qapp: QApplication
) -> None:
    before = qapp.palette()
    apply_theme(qapp, theme)
    try:
        plot.show_film(Film(1, replace(GIRL, reading=Reading(148.0, None)), FilmState.ESTIMATED), reference, 2.0)
        plot.refresh()
        assert axes(plot).lines[-1].get_color() == theme.text
        assert to_hex(axes(plot).get_legend().get_texts()[0].get_color()) == theme.text
    finally:
        qapp.setPalette(before)


def test_a_film_that_goes_takes_its_description_along(plot: GrowthPlot, reference: GrowthReference) -> None:
    plot.show_film(Film(1, GIRL, FilmState.ESTIMATED), reference, 2.0)
    plot.show_film(None, reference, 2.0)
    assert canvas_of(plot).accessibleDescription() == ""


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
    assert not canvas_of(made).figure.axes
    made.show()
    assert len(axes(made).lines) >= 4


def test_words_fit_round_the_axes(plot: GrowthPlot, reference: GrowthReference) -> None:
    plot.show_film(Film(1, GIRL, FilmState.ESTIMATED), reference, 2.0)
    for width, height in ((260, 200), (320, 260), (700, 500)):
        plot.resize(width, height)
        canvas = canvas_of(plot)
        canvas.draw()
        drawn = axes(plot).get_tightbbox()
        assert drawn.x0 >= 0
        assert drawn.y0 >= 0
        assert drawn.x1 <= canvas.figure.bbox.width
        assert drawn.y1 <= canvas.figure.bbox.height
