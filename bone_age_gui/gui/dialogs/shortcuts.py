"""Keys and mouse, and what may differ from the viewer that one is used to."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QAction, QKeySequence

from bone_age_gui.gui.dialogs.text import bullets, html_table

MOUSE = (
    ("Left drag on the film", "window and level, pan or a length, by the tool: W, P, L"),
    ("Right drag on the film", "zoom: up enlarges, about the point where the drag began"),
    ("Right click on the film", "menu"),
    ("Middle drag, or space and drag", "pan"),
    ("Wheel / Ctrl+wheel", "zoom / next film (or the other way round, see Settings)"),
    ("Double click on W and L", "type width and level"),
    ("Double click on a stage", "large, and back"),
    ("Arrow keys on a picture", "pan"),
    ("Return on a stage", "large, and back"),
    ("Escape", "back to the original"),
)
DIFFERENCES = (
    "The wheel zooms, because a film has no slices to go through; Settings lets it go to the next film instead.",
    "Window and level: dragging to the right widens the window, dragging down brightens the film.",
    "A film opens with a window made from its own histogram inside the exposed field, unless its DICOM window fits.",
    "Shift+A, Shift+D and Shift+R choose the automatic window, that of the file and the full range.",
    "Width and level are in the film's own units where these are known, else in per cent of its range.",
    "Turning, mirroring and hanging with the fingers up are for viewing only: the network gets the film as read.",
    "Lengths are in mm at the patient or at the detector plane, as the film says; without a spacing there are none.",
    "Delete takes a film out of the list. It never deletes a file.",
)


def shortcuts_html(actions: Iterable[QAction]) -> str:
    """Every action with its keys, what the mouse does, and what may differ elsewhere."""
    native = QKeySequence.SequenceFormat.NativeText
    rows = [
        (action.text().replace("&", ""), ", ".join(keys.toString(native) for keys in action.shortcuts()))
        for action in actions
        if action.shortcuts()
    ]
    return (
        f"<h4>Mouse</h4>{html_table(MOUSE)}<h4>Keys</h4>{html_table(rows)}"
        f"<h4>What may differ from the viewer next to this one</h4>{bullets(DIFFERENCES)}"
    )
