"""Menus and tool bar, built from the actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QToolButton

from bone_age_gui.gui.actions.view import STAGE_KEYS
from bone_age_gui.gui.look.icons import icon
from bone_age_gui.wording.actions import MORE_TOOLS
from bone_age_gui.wording.language import mark, tr

LINE = ""
PLACES = ("fit", "actual_size", "zoom_in", "zoom_out")
DRAGS = ("tool_window", "tool_pan", "tool_length")
TURNS = ("rotate_left", "rotate_right", "flip", "hang")
GREYS = ("greys_auto", "greys_file", "greys_full", LINE, "greys_type", "invert")
SECOND_LOOK = ("insist", "hand_left", "hand_right")
"""What can be done with a film that was refused for what it shows."""
FILM_MENU = ("estimate", LINE, *DRAGS, "remove_lengths", LINE, "fit", "actual_size", "reset_view", LINE, *TURNS, LINE)
TOOLS = (
    "open", "open_folder", LINE, "estimate", LINE, *PLACES, LINE, *DRAGS, LINE, *TURNS, "invert", "reset_view", LINE,
    "heat_map", LINE, "report", "copy", "save_stages",
)  # fmt: skip
WITH_TEXT = ("open", "open_folder", "estimate")
SHORT_TEXT = {"open": mark("Open"), "open_folder": mark("Folder"), "estimate": mark("Estimate")}


def _fill(menu: QMenu | QToolBar, actions: Mapping[str, QAction], names: Sequence[str]) -> None:
    for name in names:
        if name == LINE:
            menu.addSeparator()
        else:
            menu.addAction(actions[name])


def build_menus(window: QMainWindow, actions: Mapping[str, QAction], panels: Sequence[QAction]) -> QMenu:
    """Fill the menu bar; gives back the menu of recent files, which changes."""
    bar = window.menuBar()
    file = _menu(bar.addMenu(tr("&File")))
    _fill(file, actions, ("open", "open_folder", "from_archive", "open_sample"))
    recent = _menu(file.addMenu(tr("&Recent files")))
    children = ("join", "separate", LINE, "forget_child", "forget_all")
    _fill(file, actions, (LINE, "film_info", "close", "close_all", LINE, *children, LINE))
    _fill(file, actions, ("settings", "archives", LINE, "quit"))
    view = _menu(bar.addMenu(tr("&View")))
    _fill(view, actions, (*PLACES, LINE, *DRAGS, "remove_lengths", LINE))
    _fill(_menu(view.addMenu(tr("O&rientation"))), actions, TURNS)
    _fill(_menu(view.addMenu(tr("&Brightness"))), actions, GREYS)
    _fill(view, actions, ("reset_view", LINE, "heat_map", "joints"))
    stages = _menu(view.addMenu(tr("&Stage")))
    _fill(stages, actions, ("original", *(f"stage_{number}" for number in range(1, STAGE_KEYS + 1))))
    _fill(view, actions, (LINE, "previous_film", "next_film", "compare", LINE))
    _fill(_menu(view.addMenu(tr("&Theme"))), actions, ("theme_system", "theme_light", "theme_dark"))
    shown = _menu(view.addMenu(tr("Si&de panels")))
    shown.addActions(list(panels))
    _fill(shown, actions, ("stage_strip",))
    _fill(view, actions, ("reading_mode", "full_screen", "reset_layout"))
    _fill(
        _menu(bar.addMenu(tr("&Estimate"))),
        actions,
        ("estimate", "estimate_all", "cancel", LINE, *SECOND_LOOK, LINE, "batch"),
    )
    _fill(_menu(bar.addMenu(tr("&Report"))), actions, ("report", "send", "send_waiting", LINE, "copy", "save_stages"))
    _fill(_menu(bar.addMenu(tr("&Help"))), actions, ("shortcuts", "model_info", "diagnostics", "licences", "about"))
    return recent


def build_film_menu(window: QMainWindow, actions: Mapping[str, QAction]) -> QMenu:
    """What a click of the right button on the film offers."""
    menu = _menu(QMenu(tr("Film"), window))
    _fill(menu, actions, FILM_MENU)
    _fill(_menu(menu.addMenu(tr("&Brightness"))), actions, GREYS)
    _fill(menu, actions, ("heat_map", "joints", "original", LINE, "film_info", "close"))
    return menu


def _menu(menu: QMenu) -> QMenu:
    menu.setToolTipsVisible(True)
    return menu


def make_tool_bar(window: QMainWindow) -> QToolBar:
    """The tool bar, still empty."""
    bar = QToolBar()
    bar.setObjectName("tools")
    bar.setMovable(False)
    bar.setIconSize(QSize(20, 20))
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    window.addToolBar(bar)
    return bar


def show_what_is_hidden(bar: QToolBar) -> None:
    """A sign in the program's colours where there is no room for all tools; Qt's own is black on every ground."""
    button = bar.findChild(QToolButton, "qt_toolbar_ext_button")
    if button is not None:
        button.setIcon(icon("next"))
        button.setAccessibleName(tr(MORE_TOOLS))
        button.setToolTip(tr(MORE_TOOLS))


def fill_tool_bar(bar: QToolBar, actions: Mapping[str, QAction]) -> None:
    """Every button reachable by Tab and named; what was in the bar before is taken out."""
    bar.clear()
    bar.setWindowTitle(tr("Tools"))
    _fill(bar, actions, TOOLS)
    for name in TOOLS:
        button = bar.widgetForAction(actions[name]) if name else None
        if isinstance(button, QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(actions[name].text().replace("&", "").replace("…", ""))
            if name in WITH_TEXT:
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
                actions[name].setIconText(tr(SHORT_TEXT[name]))
