"""The window: its panels, menus and docks put together, and what it does when it is dropped on or closed."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from bone_age_gui.gui.actions.children import ChildActions
from bone_age_gui.gui.actions.definition import Actions
from bone_age_gui.gui.actions.disabled_reasons import Reasons
from bone_age_gui.gui.actions.estimates import EstimateActions
from bone_age_gui.gui.actions.films import FilmActions
from bone_age_gui.gui.actions.help import HelpActions
from bone_age_gui.gui.actions.keeping import KeepingActions
from bone_age_gui.gui.actions.layout import LayoutActions
from bone_age_gui.gui.actions.menus import (
    SECOND_LOOK,
    build_film_menu,
    build_menus,
    fill_tool_bar,
    make_tool_bar,
    show_what_is_hidden,
)
from bone_age_gui.gui.actions.messages import Messages
from bone_age_gui.gui.actions.reports import ReportActions
from bone_age_gui.gui.actions.view import ViewActions
from bone_age_gui.gui.actions.window import WindowActions
from bone_age_gui.gui.archive.wiring import Archives
from bone_age_gui.gui.batch.wiring import Batches
from bone_age_gui.gui.built import Built
from bone_age_gui.gui.display import FilmDisplay
from bone_age_gui.gui.look.spoken import language_for, speak_in_window
from bone_age_gui.gui.look.stylesheet import apply_theme
from bone_age_gui.gui.look.theme import theme_for
from bone_age_gui.gui.look.widgets import ScaledLabel
from bone_age_gui.gui.panel_set import Panels
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
from bone_age_gui.gui.places import Places
from bone_age_gui.gui.reading_mode import ReadingMode
from bone_age_gui.gui.settings import Settings
from bone_age_gui.gui.work.session import Session
from bone_age_gui.wording.language import language, tr


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
        self._was_painted = False
        self._apply_look()  # before the panels are made: what is made takes the font that it finds
        self.setAcceptDrops(True)
        self._make_doers()
        self._tool_bar = make_tool_bar(self)
        self._places = Places(self, settings)
        self.docks, self.centre = self._places.docks, self._places.centre
        self._build()
        self.display.refresh()

    # Assembling

    def _make_doers(self) -> None:
        """What outlasts a change of language."""
        session, settings = self.session, self.settings
        self._messages = messages = Messages(self)
        session.crashed.connect(messages.show_bug)
        self.keeping = KeepingActions(self, session, settings, messages)
        self.film_actions = FilmActions(
            self, session, settings, messages, lambda by: self.films.step(by), self.keeping.may_close
        )
        self.report_actions = ReportActions(self, session, messages)
        self.batches = Batches(self, session, self.film_actions, messages)
        self.archives = Archives(self, session, messages)
        self.window_actions = WindowActions(self, session, settings, messages, self.restyle, self.speak_as_chosen)

    def _build(self) -> None:
        """Everything that holds words."""
        doers = set(self.children())
        self.setWindowTitle(tr("Bone Age"))
        self.films = FilmsPanel()
        self.start = StartPage()
        self.viewer = ViewerPanel()
        self.compare = ComparePanel(self.viewer.view)
        self.stages = StagesPanel()
        self.form = PatientForm()
        self.estimate_bar = EstimateBar()
        self.result = ResultPanel()
        self.reading = ReadingPanel()
        self.growth = GrowthPlot()
        self.status = StatusLine()
        panels = Panels(self.films, self.start, self.viewer, self.stages, self.form, self.estimate_bar, self.result,
                        self.reading, self.growth, self.status, self.compare)  # fmt: skip
        self.display = FilmDisplay(self.session, self.settings, panels, self)
        self._front = self._places.fill(panels)
        self.display.has_film.connect(self._front.setCurrentIndex)
        self._reading_mode = ReadingMode(self, self.docks, self._tool_bar, self.stages)
        self._make_actions()
        self._make_menus()
        self.restyle()
        self._spoken = language(), self.settings.own_digits
        built = [child for child in self.children() if child not in doers]
        self._built = Built(self, [*built, *self.docks.contents(), self._front, self.stages])

    def speak_as_chosen(self) -> None:
        """Take another language of the settings, once what was clicked on need not last any longer."""
        if (language_for(self.settings.language), self.settings.own_digits) != self._spoken:
            QTimer.singleShot(0, self, self._change_language)

    def _change_language(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._reading_mode.leave()
        centre, before, old, direction = self.centre.saveState(), self._built, self.display, self.layoutDirection()
        before.take_out()
        speak_in_window(app, language_for(self.settings.language), self.settings.own_digits)
        self._build()
        self.display.take_over(old)
        if direction is not self.layoutDirection():
            self.docks.put_back()
        QTimer.singleShot(0, self, self.docks.fit_patient)  # once the words have found their height
        self.centre.restoreState(centre)
        self._actions.refresh()
        self.batches.change_language()
        self.archives.change_language()
        before.delete()
        self.viewer.view.setFocus()

    def _make_actions(self) -> None:
        session, settings = self.session, self.settings
        self.report_actions.written.connect(self.status.say_written)
        layout = LayoutActions(self, settings, self.stages, self._reading_mode, self.reset_layout)
        why_not = Reasons(session, lambda: self.viewer.view.has_picture)
        self._actions = Actions(self, (
            *self.film_actions.actions(why_not),
            *self.keeping.actions(why_not),
            *self.window_actions.actions(),
            *layout.actions(),
            *ChildActions(self, session, self.display).actions(why_not),
            *ViewActions(self.display, self.viewer.view).actions(why_not),
            *EstimateActions(session, self.batches.open).actions(why_not),
            *self.report_actions.actions(why_not),
            *self.archives.actions(),
            *HelpActions(self, session, settings, self._messages).actions(why_not),
        ))  # fmt: skip
        self.actions_by_name = self._actions.by_name
        self.display.refreshed.connect(self._actions.refresh)
        self.display.refreshed.connect(self.docks.fit_soon)
        self.estimate_bar.estimate_wanted.connect(self.actions_by_name["estimate"].trigger)
        self.start.wanted.connect(lambda name: self.actions_by_name[name].trigger())
        self.start.film_wanted.connect(lambda path: self.film_actions.open_paths([path]))
        self.actions_by_name["clear_recent"].triggered.connect(self.display.offer_recent)
        self.viewer.banner.offer([self.actions_by_name[name] for name in SECOND_LOOK])
        self.display.estimate_began.connect(self.docks.show_result)
        self.result.copy_wanted.connect(self.report_actions.copy_result)

    def _make_menus(self) -> None:
        actions = self.actions_by_name
        self.recent_menu = build_menus(self, actions, [dock.toggleViewAction() for dock in self.docks.all()])
        fill = partial(self.film_actions.fill_recent, self.recent_menu, actions["clear_recent"])
        self.recent_menu.aboutToShow.connect(fill)
        self.film_menu = build_film_menu(self, actions)
        self.viewer.view.menu_wanted.connect(self.film_menu.popup)
        fill_tool_bar(self._tool_bar, actions)
        self.films.add_actions([actions[name] for name in ("estimate", "film_info", "close", "close_all")])

    def lay_out(self, remembered: bool = True) -> None:
        """Place the panels: as they were left, or in their first places."""
        self._places.lay_out(self.stages, remembered=remembered)

    def reset_layout(self) -> None:
        """Every panel in its first place, the stages below the film."""
        self._reading_mode.leave()
        self.lay_out(remembered=False)
        self._actions.refresh()

    def restyle(self) -> None:
        """Apply the settings: theme, text size, icons, mouse wheel."""
        self._apply_look()
        for label in self.findChildren(ScaledLabel):
            label.follow_text_size()
        side = max(20, QFontMetrics(QApplication.font()).height() + 4)
        self._tool_bar.setIconSize(QSize(side, side))
        show_what_is_hidden(self._tool_bar)
        self._actions.refresh_icons()
        self._actions.refresh()
        for view in (self.viewer.view, self.compare.view):
            view.set_wheel(self.settings.wheel)
        self.display.restyle()

    def _apply_look(self) -> None:
        """Text size and colours of the whole program."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        font = app.font()
        font.setPointSizeF(self._point_size * self.settings.text_size / 100)
        app.setFont(font)
        apply_theme(app, theme_for(self.settings.theme))

    # Dropping and closing

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        dropped = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.film_actions.open_paths(dropped)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide at once, cancel the work, wait for what already runs; asked first where a reading is in no report."""
        if not self.keeping.may_close(self.session.films):
            event.ignore()
            return
        self._reading_mode.leave()
        self._places.remember()
        self.settings.save()
        self.hide()
        self.display.stop()
        self.batches.shutdown()
        self.archives.shutdown()
        self.session.shutdown()
        event.accept()
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say when it happens for the first time."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)
