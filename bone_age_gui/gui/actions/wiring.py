"""Which call each action makes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from bone_age_gui.gui.actions.definitions import STAGE_KEYS
from bone_age_gui.gui.settings import ThemeChoice
from bone_age_gui.gui.view.film_view import Tool

if TYPE_CHECKING:
    from bone_age_gui.gui.main_window import MainWindow

ZOOM = 1.25


def call_plainly(call: Callable[[], object], _checked: bool = False) -> None:
    """Call without the state that ``triggered`` hands over."""
    call()


def connect_actions(window: MainWindow) -> None:
    """Connect every action of the window."""
    actions = window.actions_by_name
    for name, call in (_film_calls(window) | _view_calls(window) | _stage_calls(window)).items():
        actions[name].triggered.connect(partial(call_plainly, call))
    actions["tool_window"].setChecked(True)
    actions["heat_map"].setChecked(window.settings.heat_map)


Calls = dict[str, Callable[[], object]]


def _film_calls(window: MainWindow) -> Calls:
    commands, session = window.commands, window.session
    return {
        "open": commands.open_files,
        "open_folder": commands.open_folder,
        "open_sample": commands.open_sample,
        "clear_recent": window.settings.clear_recent,
        "close": lambda: session.close(session.current.number) if session.current else None,
        "close_all": session.close_all,
        "film_info": commands.show_film_info,
        "settings": lambda: commands.edit_settings(window.settings_changed),
        "quit": window.close,
        "previous_film": lambda: session.step(-1),
        "next_film": lambda: session.step(1),
        "estimate": lambda: session.estimate(session.current.number) if session.current else None,
        "estimate_all": session.estimate_all,
        "batch": window.batches.open,
        "cancel": session.cancel_estimates,
        "copy": commands.copy_result,
        "report": window.report_commands.write,
        "save_stages": commands.save_stages,
        "shortcuts": commands.show_shortcuts,
        "model_info": commands.show_model_info,
        "diagnostics": commands.show_diagnostics,
        "licences": commands.show_licences,
        "about": commands.show_about,
    }


def _view_calls(window: MainWindow) -> Calls:
    view, actions = window.viewer.view, window.actions_by_name
    return {
        "fit": window.fit,
        "actual_size": view.show_actual_size,
        "zoom_in": lambda: view.zoom_by(ZOOM),
        "zoom_out": lambda: view.zoom_by(1 / ZOOM),
        "tool_window": lambda: view.set_tool(Tool.WINDOW),
        "tool_pan": lambda: view.set_tool(Tool.PAN),
        "rotate_left": lambda: view.turn(-1),
        "rotate_right": lambda: view.turn(1),
        "flip": view.flip,
        "invert": view.invert,
        "reset_view": window.reset_view,
        "heat_map": lambda: window.show_heat(actions["heat_map"].isChecked()),
        "full_screen": lambda: window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen),
        "reset_layout": lambda: window.lay_out(remembered=False),
    }


def _stage_calls(window: MainWindow) -> Calls:
    calls: Calls = {"original": lambda: window.show_stage(0)}
    calls |= {f"theme_{choice.value}": partial(window.choose_theme, choice) for choice in ThemeChoice}
    return calls | {f"stage_{number}": partial(window.toggle_stage, number) for number in range(1, STAGE_KEYS + 1)}
