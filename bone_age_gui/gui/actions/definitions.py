"""Everything that can be done, as actions with text, keys, icon and tip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from bone_age_gui.core.values.types import Stage
from bone_age_gui.gui.look.icons import icon


@dataclass(frozen=True)
class Spec:
    """One action. ``group`` makes it one of several that exclude each other."""

    name: str
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    group: str = ""


SPECS = (
    Spec("open", "&Open\N{HORIZONTAL ELLIPSIS}", "Open one or more radiographs", ("Ctrl+O",), "open"),
    Spec("open_folder", "Open &folder\N{HORIZONTAL ELLIPSIS}", "Open the films of a folder", ("Ctrl+Shift+O",),
         "folder"),
    Spec("open_sample", "Open the &sample", "Open the drawn phantom that comes with the program"),
    Spec("clear_recent", "&Clear this list", "Forget the opened files"),
    Spec("close", "&Close film", "Take this film out of the list", ("Ctrl+W", "Del"), "close"),
    Spec("close_all", "Close &all films", "Take all films out of the list", ("Ctrl+Shift+W",)),
    Spec("film_info", "Film &information", "How this film was read, its tags and notes", ("Ctrl+I",), "info"),
    Spec("settings", "Se&ttings\N{HORIZONTAL ELLIPSIS}", "Theme, model, device, limits, privacy", ("Ctrl+,",),
         "settings"),
    Spec("quit", "&Quit", "Close the program", ("Ctrl+Q",)),
    Spec("fit", "&Fit", "Show the whole film", ("F", "Ctrl+0"), "fit"),
    Spec("actual_size", "&Actual size 1:1", "One film pixel on one screen pixel", ("A", "Ctrl+1"), "actual-size"),
    Spec("zoom_in", "Zoom &in", "Larger", ("+", "=", "Ctrl++"), "zoom-in"),
    Spec("zoom_out", "Zoom &out", "Smaller", ("-", "Ctrl+-"), "zoom-out"),
    Spec("tool_window", "&Window and level", "Left drag changes window and level", ("W",), "window-level", True,
         "tool"),
    Spec("tool_pan", "&Pan", "Left drag moves the film", ("P",), "pan", True, "tool"),
    Spec("rotate_left", "Rotate &left", "Turn left, for viewing only: the network sees the film as read", ("Ctrl+L",),
         "rotate-left"),
    Spec("rotate_right", "Rotate &right", "Turn right, for viewing only: the network sees the film as read",
         ("Ctrl+R",), "rotate-right"),
    Spec("flip", "&Mirror", "Mirror left and right, for viewing only: the network sees the film as read",
         ("Ctrl+M",), "flip"),
    Spec("invert", "In&vert", "Swap dark and bright, for viewing only: the network sees the film as read", ("V",),
         "invert"),
    Spec("reset_view", "R&eset the view", "Upright, whole, full grey range", ("Home",), "reset-view"),
    Spec("heat_map", "&Heat map", "Show on the network stage where the network looked; a hint, no proof", ("H",),
         "heat-map", True),
    Spec("original", "&Original", "Show the original large", ("0",)),
    Spec("previous_film", "Previo&us film", "Show the film above", ("PgUp",), "previous"),
    Spec("next_film", "&Next film", "Show the film below", ("PgDown",), "next"),
    Spec("full_screen", "Full s&creen", "Use the whole screen", ("F11",), "", True),
    Spec("reset_layout", "Reset the la&yout", "Put every panel back in its place"),
    Spec("theme_system", "As the &system", "Colours as the system has them", (), "", True, "theme"),
    Spec("theme_light", "&Light", "Light colours", (), "", True, "theme"),
    Spec("theme_dark", "&Dark", "Dark colours", (), "", True, "theme"),
    Spec("estimate", "&Estimate", "Estimate the bone age of this film", ("Ctrl+Return", "Ctrl+Enter"), "estimate"),
    Spec("estimate_all", "Estimate &all open films", "Estimate every film in the list", ("Ctrl+Shift+Return",),
         "estimate-all"),
    Spec("batch", "Estimate a &folder\N{HORIZONTAL ELLIPSIS}", "Estimate a whole folder, with reports", ("Ctrl+B",),
         "batch"),
    Spec("cancel", "&Cancel the estimates", "Give up the estimates that still wait", ("Ctrl+.",)),
    Spec("report", "&Write reports\N{HORIZONTAL ELLIPSIS}", "Write reports of this film or of all open films",
         ("Ctrl+E",), "report"),
    Spec("copy", "&Copy result as text", "Copy the result without patient data", ("Ctrl+Shift+C",), "copy"),
    Spec("save_stages", "Save &stages as picture\N{HORIZONTAL ELLIPSIS}", "Save original and stages as one PNG",
         ("Ctrl+S",), "save-picture"),
    Spec("shortcuts", "&Keys and mouse", "List every shortcut", ("F1",), "help"),
    Spec("model_info", "About the &model", "What the model is for and how good it is", (), "model"),
    Spec("diagnostics", "&Diagnostics", "What runs here, on which device, and why"),
    Spec("licences", "&Licences", "The parts of this program and their terms"),
    Spec("about", "&About", "Version and purpose"),
)  # fmt: skip
STAGE_KEYS = 9


def make_actions(parent: QWidget) -> dict[str, QAction]:
    """All actions by name, with `stage_1` ... `stage_9`; added to ``parent``, so that their keys work."""
    groups: dict[str, QActionGroup] = {}
    actions = {}
    stages = [Spec(f"stage_{n}", f"Stage &{n}", f"Show stage {n} large", (str(n),)) for n in range(1, STAGE_KEYS + 1)]
    for spec in (*SPECS, *stages):
        action = QAction(spec.text, parent)
        action.setObjectName(spec.name)
        action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
        action.setCheckable(spec.checkable)
        action.setData(spec.tip)
        if spec.group:
            groups.setdefault(spec.group, QActionGroup(parent)).addAction(action)
        parent.addAction(action)
        actions[spec.name] = action
        set_reason(action, None)
    return actions


def name_stages(actions: Mapping[str, QAction], stages: Sequence[Stage]) -> None:
    """Name the stage actions after the stages; those beyond the last stage are not offered."""
    for number in range(1, STAGE_KEYS + 1):
        action = actions[f"stage_{number}"]
        there = number <= len(stages)
        action.setText(f"&{number}  {stages[number - 1].title}" if there else f"Stage &{number}")
        action.setVisible(there or not stages)


def set_reason(action: QAction, reason: str | None) -> None:
    """Enable an action, or disable it and say why in its tip."""
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    tip = f"{action.data()} ({keys})" if keys else str(action.data())
    action.setEnabled(reason is None)
    action.setToolTip(tip if reason is None else f"{tip}\nNot now: {reason}")
    action.setStatusTip("")


def refresh_icons(actions: Mapping[str, QAction]) -> None:
    """Draw the icons in the colours of the theme."""
    for spec in SPECS:
        if spec.icon:
            actions[spec.name].setIcon(icon(spec.icon))
