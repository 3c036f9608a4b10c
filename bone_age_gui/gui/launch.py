"""Build the program from its parts and run it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import TracebackType

from PySide6.QtCore import QEvent, QEventLoop, QSize, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from bone_age_gui import __version__
from bone_age_gui.gui.choices import ThemeChoice
from bone_age_gui.gui.first_size import first_size, room_on
from bone_age_gui.gui.look.icons import app_icon
from bone_age_gui.gui.look.spoken import language_for, speak_in_window
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.options import SCREENSHOT_SIZE, Options
from bone_age_gui.gui.screenshot import Screenshot
from bone_age_gui.gui.settings import Settings
from bone_age_gui.gui.work.gc_on_gui_thread import GuiThreadCollector
from bone_age_gui.gui.work.line import Backend, core_backend
from bone_age_gui.gui.work.session import Session
from bone_age_gui.store.worklist import worklist_file

SIZE_HINTS = "propagateSizeHints"


def launch(options: Options) -> int:
    """Show the window and run until it is closed, or until its picture was taken."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("bone-age-gui")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("bone-age-gui")
    app.setWindowIcon(app_icon())
    _quiet_offscreen(app)
    window = make_window(options, core_backend())
    collector = GuiThreadCollector(app)
    try:
        with bugs_shown_by(window):
            return _run(app, window, options)
    finally:
        collector.stop()
        collector.deleteLater()


def make_window(options: Options, backend: Backend) -> MainWindow:
    """The window with its session, not yet shown. Arguments outrank the stored settings and are not stored."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme = ThemeChoice(options.theme) if options.theme is not None else None
    settings = Settings(theme=theme, language=options.language)
    speak_in_window(app, language_for(settings.language), settings.own_digits)
    session = Session(backend, settings.threshold_sd)
    session.assessments.set_comparison(settings.comparison)
    session.reader_name = settings.reader_name
    session.set_blind_first(settings.blind_first)
    window = MainWindow(session, settings)
    app.styleHints().colorSchemeChanged.connect(window.restyle)
    size = options.size or (SCREENSHOT_SIZE if options.screenshot else None)
    window.resize(QSize(*size) if size is not None else first_size(window.screen()))
    window.lay_out(remembered=options.size is None and options.screenshot is None)
    return window


def _keep_on_screen(window: MainWindow) -> None:
    """Panels ask for more room before the style sheet is first applied, and a window does not shrink by itself."""
    if not window.isMaximized() and not window.isFullScreen():
        window.resize(window.size().boundedTo(room_on(window.screen())))


def _run(app: QApplication, window: MainWindow, options: Options) -> int:
    path = options.screenshot
    picture = Screenshot(window, window.session, window.growth, path, options.estimate) if path is not None else None
    loop = QEventLoop()
    window.closed.connect(loop.quit)
    window.painted.connect(lambda: _begin(window, options))
    if options.size is None and path is None:
        window.painted.connect(partial(_keep_on_screen, window))
    if picture is not None:
        picture.finished.connect(window.close)
        picture.start()
    window.show()
    loop.exec()
    code = picture.code if picture is not None else 0
    window.deleteLater()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return code


def _quiet_offscreen(app: QApplication) -> None:
    """Hide the offscreen platform's message, repeated for each window, that it sets no size hints."""
    if app.platformName() != "offscreen":
        return
    before = qInstallMessageHandler(lambda _kind, _context, text: None if SIZE_HINTS in text else _write(text))
    if before is not None:
        qInstallMessageHandler(before)


def _write(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _begin(window: MainWindow, options: Options) -> None:
    settings = window.settings
    if options.screenshot is None:  # a picture of the window shows what was asked for, and keeps nothing
        window.session.keeper.open(worklist_file() if settings.keep_worklist else None)
    if options.files:  # before the model, which takes seconds: a large folder is listed meanwhile
        window.film_actions.open_paths(list(options.files), then_estimate=options.estimate)
    window.session.load_engine(options.model or settings.model, options.device or settings.device)
    window.archives.look_for_waiting()


@contextmanager
def bugs_shown_by(window: MainWindow) -> Iterator[None]:
    """Show every uncaught exception, of any thread, as a report."""

    def from_main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        window.session.crashed.emit(error.with_traceback(trace))

    def from_thread(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            window.session.crashed.emit(arguments.exc_value)

    before = sys.excepthook, threading.excepthook
    sys.excepthook, threading.excepthook = from_main, from_thread
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = before
