"""All panels of one window, for whoever shows something in several of them."""

from __future__ import annotations

from dataclasses import dataclass

from bone_age_gui.gui.panels.compare import ComparePanel
from bone_age_gui.gui.panels.estimate_bar import EstimateBar
from bone_age_gui.gui.panels.films.panel import FilmsPanel
from bone_age_gui.gui.panels.growth import GrowthPlot
from bone_age_gui.gui.panels.patient_form import PatientForm
from bone_age_gui.gui.panels.reading import ReadingPanel
from bone_age_gui.gui.panels.result import ResultPanel
from bone_age_gui.gui.panels.stages import StagesPanel
from bone_age_gui.gui.panels.start import StartPage
from bone_age_gui.gui.panels.status_line import StatusLine
from bone_age_gui.gui.panels.viewer import ViewerPanel


@dataclass(frozen=True)
class Panels:
    """The panels of one window."""

    films: FilmsPanel
    start: StartPage
    viewer: ViewerPanel
    stages: StagesPanel
    form: PatientForm
    estimate_bar: EstimateBar
    result: ResultPanel
    reading: ReadingPanel
    growth: GrowthPlot
    status: StatusLine
    compare: ComparePanel
