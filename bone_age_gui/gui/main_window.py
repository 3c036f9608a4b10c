"""Puts the panels together: signals of one become calls of another, and every film state is shown everywhere."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter

from bone_age_gui.gui.actions.commands import Commands
from bone_age_gui.gui.actions.definitions import make_actions, name_stages, refresh_icons, set_reason
from bone_age_gui.gui.actions.disabled_reasons import reasons
from bone_age_gui.gui.actions.menus import build_menus, build_tool_bar
from bone_age_gui.gui.actions.reports import ReportCommands
from bone_age_gui.gui.actions.wiring import call_plainly, connect_actions
from bone_age_gui.gui.batch.panel import BatchPanel
from bone_age_gui.gui.batch.wiring import Batches
from bone_age_gui.gui.docks import Docks, make_dock
from bone_age_gui.gui.look.theme import apply_theme, theme_for
from bone_age_gui.gui.look.widgets import ScaledLabel
from bone_age_gui.gui.panels.estimate_bar import EstimateBar
from bone_age_gui.gui.panels.films import FilmsPanel
from bone_age_gui.gui.panels.growth import GrowthPlot, import_matplotlib
from bone_age_gui.gui.panels.patient_form import PatientForm
from bone_age_gui.gui.panels.reading import ReadingPanel
from bone_age_gui.gui.panels.result import ResultPanel
from bone_age_gui.gui.panels.stages import StagesPanel
from bone_age_gui.gui.panels.status_line import StatusLine
from bone_age_gui.gui.panels.viewer import ViewerPanel
from bone_age_gui.gui.settings import Settings, ThemeChoice
from bone_age_gui.gui.work.film import Film
from bone_age_gui.gui.work.session import Session


class MainWindow(QMainWindow):
    """The window of the program.

    Attributes
    ----------
    painted : Signal
        The window was painted for the first time: heavy work may begin.
    closed : Signal
        The window is closed and no work runs.
    """

    painted = Signal()
    closed = Signal()

    def __init__(self, session: Session, settings: Settings, base_point_size: float = 0.0) -> None:
        super().__init__()
        self.session = session
        session.setParent(self)
        self.settings = settings
        self._point_size = base_point_size or QApplication.font().pointSizeF()
        self._stage = 0
        self._was_painted = False
        self._engine_choice = (settings.model, settings.device)
        self.setWindowTitle("Bone Age")
        self.setAcceptDrops(True)
        self.films = FilmsPanel()
        self.viewer = ViewerPanel()
        self.stages = StagesPanel()
        self.form = PatientForm()
        self.estimate_bar = EstimateBar()
        self.result = ResultPanel()
        self.reading = ReadingPanel()
        self.growth = GrowthPlot()
        self.status = StatusLine()
        self.actions_by_name = make_actions(self)
        self.commands = Commands(self, session, settings)
        self.report_commands = ReportCommands(self, session, self.commands.show_error)
        self.batches = Batches(self, BatchPanel)
        self._assemble()
        self._connect_session()
        self._connect_panels()
        connect_actions(self)
        self.restyle()
        self._refresh()

    # Assembling

    def _assemble(self) -> None:
        self.centre = QSplitter(Qt.Orientation.Vertical)
        self.centre.setChildrenCollapsible(False)
        self.centre.addWidget(self.viewer)
        self.centre.addWidget(self.stages)
        self.centre.setStretchFactor(0, 1)
        self.setCentralWidget(self.centre)
        self.docks = Docks(
            self,
            make_dock(self, "films", "Films", self.films),
            make_dock(self, "patient", "Patient", self.form, self.estimate_bar, grows=False),
            make_dock(self, "result", "Result", self.result, self.reading),
            make_dock(self, "growth", "Growth", self.growth),
        )
        self.setDockOptions(QMainWindow.DockOption.AllowTabbedDocks | QMainWindow.DockOption.AllowNestedDocks)
        panels = [dock.toggleViewAction() for dock in self.docks.all()]
        self._recent_menu = build_menus(self, self.actions_by_name, panels)
        self._recent_menu.aboutToShow.connect(self._fill_recent)
        self._tool_bar = build_tool_bar(self, self.actions_by_name)
        self.setStatusBar(self.status)
        self.films.add_actions([self.actions_by_name[name] for name in ("estimate", "film_info", "close", "close_all")])

    def lay_out(self, remembered: bool = True) -> None:
        """Place the panels: as they were left, or in their first places."""
        geometry, docks, splitter = self.settings.layout()
        self.docks.put_back()
        height = max(self.height(), 400)
        self.centre.setSizes([int(height * 0.68), int(height * 0.32)])
        if remembered and not docks.isEmpty():
            self.restoreGeometry(geometry)
            self.restoreState(docks)
            self.centre.restoreState(splitter)

    def _connect_session(self) -> None:
        session = self.session
        session.film_added.connect(self._film_changed)
        session.film_changed.connect(self._film_changed)
        session.film_removed.connect(self._film_removed)
        session.current_changed.connect(self._current_changed)
        session.engine_changed.connect(self._engine_changed)
        session.work_changed.connect(lambda: self.status.show_progress(*session.progress))
        session.said.connect(self.status.say)
        session.crashed.connect(self.commands.show_bug)

    def _connect_panels(self) -> None:
        self.films.film_wanted.connect(self.session.select)
        self.viewer.stage_wanted.connect(self.show_stage)
        self.viewer.view.film_wanted.connect(self.session.step)
        self.stages.stage_wanted.connect(self.show_stage)
        self.form.patient_edited.connect(self.session.edit_patient)
        self.form.problem_changed.connect(self.session.set_form_problem)
        self.estimate_bar.estimate_wanted.connect(self.actions_by_name["estimate"].trigger)
        self.reading.reading_edited.connect(self.session.set_reading)
        self.result.copy_wanted.connect(self.commands.copy_result)
        self.status.cancel_wanted.connect(self.session.cancel_estimates)

    # Showing

    def show_stage(self, number: int) -> None:
        """Show a stage large (1, 2, ...), or the original (0)."""
        film = self.session.current
        if film is None or number <= len(film.case.stages):
            self._stage = number if film is not None else 0
            self._refresh()

    def toggle_stage(self, number: int) -> None:
        """Show a stage large; the stage that is large gives way to the original."""
        self.show_stage(0 if number == self._stage else number)

    def show_heat(self, wanted: bool) -> None:
        """Lay the heat map over the network stage, or take it away."""
        self.settings.heat_map = wanted
        self._refresh()

    def fit(self) -> None:
        """The whole picture, in the large view and in the stages."""
        self.viewer.view.fit()
        self.stages.fit()

    def reset_view(self) -> None:
        """Upright, whole, full grey range."""
        self.viewer.view.reset_orientation()
        self.viewer.view.reset_windowing()
        self.fit()

    def _film_changed(self, number: int) -> None:
        film = self.session.film(number)
        if film is not None:
            self.films.put(film)
            if self.session.current is not None and self.session.current.number == number:
                self._refresh()
            self._refresh_actions()

    def _film_removed(self, number: int) -> None:
        self.films.remove(number)
        self._refresh_actions()

    def _current_changed(self, number: int) -> None:
        self.films.select(number)
        self._refresh()

    def _engine_changed(self) -> None:
        self.status.show_engine(self.session.engine, self.session.engine_error)
        self._refresh()
        if self.session.engine is not None and not self.growth.is_drawn:
            self.session.run_job(import_matplotlib, lambda _: self.growth.make_canvas())

    def _refresh(self) -> None:
        """Show the current film in every panel."""
        film, session = self.session.current, self.session
        case = film.case if film is not None else None
        self._stage = min(self._stage, len(case.stages) if case is not None else 0)
        self.viewer.set_heat(self.settings.heat_map)
        self.viewer.show_film(film, self._stage)
        self.stages.show_case(case, self._stage, _waiting_words(film, session))
        heat = case.estimate.heat_map if case is not None and case.estimate is not None else None
        self.stages.show_heat(case.stages if case is not None else (), heat if self.settings.heat_map else None)
        self.form.show_film(film)
        self.result.show_film(film)
        self.reading.show_film(film)
        self.growth.show_film(film, session.engine.reference if session.engine else None, session.threshold_sd)
        self.status.show_timings(case.timings if case is not None else {})
        self._refresh_actions()

    def _refresh_actions(self) -> None:
        self.estimate_bar.show_state(self.session.why_not(self.session.current))
        for name, reason in reasons(self.session, self.viewer.view.has_picture).items():
            set_reason(self.actions_by_name[name], reason)
        film = self.session.current
        name_stages(self.actions_by_name, film.case.stages if film is not None else ())

    # Theme, settings, recent files

    def restyle(self) -> None:
        """Dress the program by the settings: theme, text size, icons."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        font = app.font()
        font.setPointSizeF(self._point_size * self.settings.text_size / 100)
        app.setFont(font)
        apply_theme(app, theme_for(self.settings.theme))
        for label in self.findChildren(ScaledLabel):
            label.follow_text_size()
        side = max(20, QFontMetrics(font).height() + 4)
        self._tool_bar.setIconSize(QSize(side, side))
        refresh_icons(self.actions_by_name)
        self.actions_by_name[f"theme_{self.settings.theme}"].setChecked(True)
        self.viewer.banner.refresh_icons()
        self.status.refresh_icons()
        self.viewer.view.set_wheel(self.settings.wheel)
        self.result.refresh()
        self.growth.refresh()

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Change the theme and remember it."""
        self.settings.theme = choice
        self.restyle()

    def settings_changed(self) -> None:
        """Take over settings from the dialog; the model is loaded anew only if it is another one."""
        self.restyle()
        if self.settings.threshold_sd != self.session.threshold_sd:
            self.session.set_threshold(self.settings.threshold_sd)
        choice = (self.settings.model, self.settings.device)
        if choice != self._engine_choice:
            self._engine_choice = choice
            self.session.load_engine(*choice)

    def _fill_recent(self) -> None:
        self._recent_menu.clear()
        for path in self.settings.recent:
            action = self._recent_menu.addAction(path.name)
            action.setToolTip(str(path))
            action.triggered.connect(partial(call_plainly, partial(self.commands.open_paths, [path])))
        if not self.settings.recent:
            words = "No recent files" if self.settings.keep_recent else "Not remembered (see Settings)"
            self._recent_menu.addAction(words).setEnabled(False)
        self._recent_menu.addSeparator()
        self._recent_menu.addAction(self.actions_by_name["clear_recent"])

    # Dropping and closing

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        dropped = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.commands.open_paths(dropped)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Vanish at once, cancel the work, wait for what already runs."""
        self.settings.save_layout(self.saveGeometry(), self.saveState(), self.centre.saveState())
        self.settings.save()
        self.hide()
        self.batches.shutdown()
        self.session.shutdown()
        event.accept()
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first time."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)


def _waiting_words(film: Film | None, session: Session) -> str:
    if film is None or film.case.error is not None:
        return ""
    if session.engine_error is not None:
        return f"{session.engine_error.title}. {session.engine_error.message}"
    return "Preparing the stages\N{HORIZONTAL ELLIPSIS}"
