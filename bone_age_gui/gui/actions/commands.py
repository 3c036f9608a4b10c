"""What the actions do that need a dialog, the clipboard or a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox, QWidget

from bone_age_gui import paths
from bone_age_gui.about.diagnostics import Sections, diagnose
from bone_age_gui.about.licences import Licence, licences
from bone_age_gui.core.model.bundle import bundle_names
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.gui.dialogs import text as text_dialogs
from bone_age_gui.gui.dialogs.error import ErrorDialog
from bone_age_gui.gui.dialogs.help_pages import DiagnosticsDialog, LicencesDialog
from bone_age_gui.gui.dialogs.settings import SettingsDialog
from bone_age_gui.gui.dialogs.text import TextDialog
from bone_age_gui.gui.settings import Settings
from bone_age_gui.gui.view.stages_picture import save_stages_picture
from bone_age_gui.gui.work.session import Session
from bone_age_gui.wording.window import clipboard_text

FILTER = (
    "Radiographs (*.dcm *.dicom *.ima *.png *.jpg *.jpeg *.tif *.tiff *.webp *.DCM *.DICOM *.IMA *.PNG *.JPG *.JPEG "
    "*.TIF *.TIFF *.WEBP);;All files (*)"
)


class Commands(QObject):
    """Commands of one window."""

    def __init__(self, window: QWidget, session: Session, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._settings = settings
        self._shows_bug = False

    def open_paths(self, found: list[Path], then_estimate: bool = False) -> None:
        """Open files and folders, and remember the files if the user wants that."""
        for path in reversed(found):
            if path.is_file():
                self._settings.remember(path)
        self._session.open(found, then_estimate)

    def open_files(self) -> None:
        """Ask for files."""
        names, _ = QFileDialog.getOpenFileNames(self._window, "Open radiographs", "", FILTER)
        if names:
            self.open_paths([Path(name) for name in names])

    def open_folder(self) -> None:
        """Ask for a folder."""
        name = QFileDialog.getExistingDirectory(self._window, "Open the films of a folder")
        if name:
            self._session.open([Path(name)])

    def open_sample(self) -> None:
        """Open the drawn phantom."""
        samples = paths.sample_files()
        if samples:
            self._session.open(samples[:1])
        else:
            self._session.said.emit("The sample is not installed.")

    def copy_result(self) -> None:
        """Put the result on the clipboard."""
        film = self._session.current
        text = clipboard_text(film.case) if film is not None else ""
        if text:
            QApplication.clipboard().setText(text)
            self._session.said.emit("Result copied, without patient data.")

    def save_stages(self) -> None:
        """Ask where, then draw and write in the background."""
        film = self._session.current
        if film is None or not film.case.stages:
            return
        name, _ = QFileDialog.getSaveFileName(self._window, "Save stages as picture", "stages.png", "PNG (*.png)")
        if name:
            path = Path(name) if Path(name).suffix.lower() == ".png" else Path(f"{name}.png")
            self._session.run_job(partial(save_stages_picture, film.case, path), self._saved, self.show_error)

    def _saved(self, path: Path) -> None:
        self._session.said.emit("The picture was saved.")

    def show_error(self, error: BoneAgeError) -> None:
        """Show what went wrong and what to do."""
        box = QMessageBox(QMessageBox.Icon.Warning, "Bone Age", error.title, parent=self._window)
        box.setInformativeText(error.message)
        self._ask(box)

    def show_bug(self, error: BaseException) -> None:
        """Show a report of a fault of the program; one at a time, for faults come in swarms."""
        if not self._shows_bug:
            self._shows_bug = True
            self._ask(ErrorDialog(error, self._window))
            self._shows_bug = False

    def edit_settings(self, changed: Callable[[], None]) -> None:
        """Show the settings; ``changed`` is called when they were accepted."""
        models = bundle_names(paths.model_search_path())
        if self._ask(SettingsDialog(self._settings, models, self._window)):
            changed()

    def show_film_info(self) -> None:
        """How the film was read."""
        if self._session.current is not None:
            self._show("Film information", text_dialogs.film_html(self._session.current))

    def show_model_info(self) -> None:
        """The model's card."""
        if self._session.engine is not None:
            self._show("About the model", text_dialogs.model_html(self._session.engine))

    def show_shortcuts(self) -> None:
        """Keys and mouse."""
        self._show("Keys and mouse", text_dialogs.shortcuts_html(self._window.actions()))

    def show_diagnostics(self) -> None:
        """What runs here; asked in the background, for it may load the model."""
        engine = self._session.engine
        predictor = engine.predictor if engine is not None else None
        work = partial(diagnose, self._settings.model, self._settings.device, predictor)
        self._session.run_job(work, self._show_diagnostics, self.show_error)

    def _show_diagnostics(self, sections: Sections) -> None:
        DiagnosticsDialog(sections, self._window).exec()

    def show_licences(self) -> None:
        """The parts of the program and their terms."""
        self._session.run_job(licences, self._show_licences, self.show_error)

    def _show_licences(self, parts: list[Licence]) -> None:
        LicencesDialog(parts, self._window).exec()

    def show_about(self) -> None:
        """Version and purpose."""
        self._show("About", text_dialogs.about_html())

    def _show(self, title: str, html: str) -> None:
        self._ask(TextDialog(title, html, self._window))

    @staticmethod
    def _ask(dialog: QDialog) -> bool:
        """Show a dialog until it is closed; True if it was accepted."""
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        dialog.deleteLater()
        return accepted
