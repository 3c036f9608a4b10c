"""A theme put on the program: its palette, and the style sheet for spacing and lines.

No font sizes here, so that the text size stays the user's.
"""

from __future__ import annotations

from dataclasses import asdict
from string import Template

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from bone_age_gui import paths
from bone_age_gui.gui.look.theme import SURROUND, Theme

_SHEET = Template(
    """
QToolTip { color: $text; background: $raised; border: 1px solid $border; padding: 4px; }
QMenuBar { background: $window; padding: 1px 4px; }
QMenuBar::item { padding: 4px 9px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $accent; color: $on_accent; }
QToolBar { background: $window; border: none; border-bottom: 1px solid $border; spacing: 2px; padding: 3px 6px; }
QToolBar::separator { width: 1px; background: $border; margin: 5px 6px; }
QToolButton { border: 1px solid transparent; border-radius: 5px; padding: 4px 6px; }
QToolButton:hover:enabled { background: $raised; border-color: $border; }
QToolButton:checked { background: $surface; border-color: $accent; }
QToolButton#qt_toolbar_ext_button { padding: 0; border: none; }
QToolButton:focus { border: 1px dashed $text; }
QToolButton:pressed { background: $border; }
QStatusBar { background: $window; border-top: 1px solid $border; }
QStatusBar::item { border: none; }
QMainWindow::separator { background: $window; width: 5px; height: 5px; }
QMainWindow::separator:hover { background: $accent; }
QSplitter::handle { background: $window; }
QSplitter::handle:hover { background: $accent; }
QDockWidget { titlebar-close-icon: none; titlebar-normal-icon: none; }
QWidget#dockTitle { background: $window; }
QFrame[card="true"] { background: $surface; border: 1px solid $border; border-radius: 7px; }
QFrame[card="true"] QLabel { background: transparent; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="heading"] { color: $muted; }
QLabel[role="error"] { color: $error; }
QLabel[role="warning"] { color: $warning; }
QLineEdit { background: $surface; border: 1px solid $border; border-radius: 5px;
    padding: 3px 6px; selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus { border: 1px solid $accent; }
QLineEdit[problem="error"] { border: 1px solid $error; }
QLineEdit[problem="mild"] { border: 1px solid $warning; }
QLineEdit:read-only, QLineEdit:disabled { background: $window; color: $muted; }
QPushButton { background: $raised; border: 1px solid $border; border-radius: 6px; padding: 5px 14px; }
QPushButton:hover:enabled, QPushButton:focus { border-color: $accent; }
QPushButton:pressed { background: $border; }
QPushButton:disabled { color: $muted; }
QPushButton[primary="true"] { background: $accent; color: $on_accent; border: 1px solid $accent; padding: 7px 14px; }
QPushButton[primary="true"]:hover:enabled { background: $accent_hover; }
QPushButton[primary="true"]:focus { border: 2px solid $on_accent; padding: 6px 13px; }
QPushButton[primary="true"]:disabled { background: $raised; color: $muted; border-color: $border; }
QPushButton[segment="true"] { border-radius: 5px; padding: 3px 8px; min-height: 16px; background: $surface; }
QPushButton[segment="true"]:checked { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[segment="true"]:focus { border: 2px solid $text; padding: 2px 7px; }
QPushButton[segment="true"]:checked:focus { border-color: $on_accent; }
QPushButton[segment="true"]:disabled { color: $muted; background: $window; border-color: $border; }
QFrame#banner { background: $warning_back; border: 1px solid $warning; border-radius: 6px; }
QFrame#banner QLabel { color: $warning; background: transparent; }
QFrame#banner QScrollArea { background: transparent; }
QWidget#startPage { background: $surround; }
QWidget#startPage QLabel { color: #e8ecf0; background: transparent; }
QPushButton[target="true"] { background: #24282c; color: #e8ecf0; border: 1px solid #454c53; border-radius: 8px;
    padding: 12px 18px; text-align: left; }
QPushButton[target="true"]:hover:enabled, QPushButton[target="true"]:focus { border: 2px solid #5aabf5;
    padding: 11px 17px; }
QPushButton[recent="true"] { background: transparent; color: #8fc7ff; border: 1px solid transparent; padding: 5px 8px; }
QPushButton[recent="true"]:hover:enabled, QPushButton[recent="true"]:focus { border-color: #5aabf5; }
QFrame#viewerHeader { background: #1d2023; border: none; }
QFrame#viewerHeader QLabel { color: #c5ccd3; background: transparent; }
QFrame#viewerHeader QToolButton { color: #c5ccd3; }
QFrame#viewerHeader QToolButton:hover:enabled, QFrame#viewerHeader QToolButton:checked { background: #30353a; }
QFrame#stageTile { background: #1d2023; border: 2px solid #1d2023; border-radius: 6px; }
QFrame#stageTile[chosen="true"] { border-color: #5aabf5; }
QFrame#stageTile QLabel { color: #e3e8ed; background: transparent; }
QFrame#stageTile QLabel[role="caption"] { color: #a9b3bd; }
QWidget#stageStrip, QWidget#viewer { background: $surround; }
QWidget#stageStrip QLabel[role="placeholder"] { color: #a9b3bd; }
QGraphicsView { border: 1px solid transparent; }
QGraphicsView:focus { border: 1px solid #5aabf5; }
QListView { background: $surface; border: 1px solid $border; border-radius: 7px; outline: 0; }
QListView:focus { border: 1px solid $accent; }
QScrollArea { border: none; background: transparent; }
QScrollBar:vertical { width: 10px; background: transparent; }
QScrollBar:horizontal { height: 10px; background: transparent; }
QScrollBar::handle { background: $border; border-radius: 4px; min-height: 24px; min-width: 24px; margin: 1px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QProgressBar { border: 1px solid $border; border-radius: 4px; background: $surface; text-align: center; }
QCheckBox, QRadioButton { min-height: 22px; border: 1px solid transparent; border-radius: 4px; padding: 0 2px; }
QCheckBox:focus, QRadioButton:focus { border: 1px dashed $text; }
QAbstractSpinBox { min-height: 24px; }
QComboBox { min-height: 24px; background: $surface; border: 1px solid $border; border-radius: 5px; padding: 0 7px; }
QComboBox:hover:enabled { border-color: $accent; }
QComboBox:focus { border: 2px solid $text; padding: 0 6px; min-height: 22px; }
QComboBox:disabled { color: $muted; background: $window; }
QComboBox::drop-down { border: none; width: 1.5em; }
QComboBox::down-arrow { image: url("$down"); width: 0.9em; height: 0.9em; }
QTabBar:focus { border: 1px dashed $text; }
QCheckBox::indicator { width: 1.1em; height: 1.1em; border: 1px solid $muted; border-radius: 3px;
    background: $surface; }
QCheckBox::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked { border-color: $accent; background: $accent; image: url("$check"); }
QCheckBox::indicator:disabled { border-color: $border; background: $window; }
QCheckBox::indicator:checked:disabled { background: $muted; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
"""
)


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Apply a theme to the whole program."""
    app.setStyle("Fusion")
    app.setPalette(_palette(theme))
    app.setStyleSheet(_stylesheet(theme))


def _stylesheet(theme: Theme) -> str:
    ending = f"{'dark' if theme.is_dark else 'light'}.svg"
    signs = {name: (paths.resources_dir() / "icons" / f"{name}-{ending}").as_posix() for name in ("check", "down")}
    return _SHEET.substitute(asdict(theme), surround=SURROUND, **signs)


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.raised,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.error,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Mid: theme.border,
        role.Midlight: theme.border,
        role.Light: theme.raised,
        role.Dark: theme.border,
        role.Accent: theme.accent,
    }
    palette = QPalette()
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    faded = QColor(theme.muted)
    faded.setAlpha(150)
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, faded)
    return palette
