"""Keys and mouse, and what may differ from the viewer that one is used to."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtGui import QAction, QKeySequence

from bone_age_gui.gui.dialogs.text import bullets, html_table
from bone_age_gui.wording.language import mark, tr

MOUSE = (
    (mark("Left drag on the film"), mark("window and level, pan or a length, by the tool: W, P, L")),
    (mark("Right drag on the film"), mark("zoom: up enlarges, about the point where the drag began")),
    (mark("Right click on the film"), mark("menu")),
    (mark("Middle drag, or space and drag"), mark("pan")),
    (mark("Wheel / Ctrl+wheel"), mark("zoom / next film (or the other way round, see Settings)")),
    (mark("Double click on W and L"), mark("type width and level")),
    (mark("Double click on a stage"), mark("large, and back")),
    (mark("Arrow keys on a picture"), mark("pan")),
    (mark("Return on a stage"), mark("large, and back")),
    (mark("Escape"), mark("back to the original")),
)
DIFFERENCES = (
    mark("The wheel zooms, because a film has no slices to go through; Settings lets it go to the next film instead."),
    mark("Window and level: dragging to the right widens the window, dragging down brightens the film."),
    mark(
        "A film opens with a window made from its own histogram inside the exposed field, unless its DICOM window fits."
    ),
    mark("Shift+A, Shift+D and Shift+R choose the automatic window, that of the file and the full range."),
    mark("Width and level are in the film's own units where these are known, else in per cent of its range."),
    mark("Turning, mirroring and hanging with the fingers up are for viewing only: the network gets the film as read."),
    mark(
        "Lengths are in mm at the patient or at the detector plane, as the film says; without a spacing there are none."
    ),
    mark("Delete takes a film out of the list. It never deletes a file."),
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
        f"<h4>{escape(tr('Mouse'))}</h4>{html_table((tr(what), tr(does)) for what, does in MOUSE)}"
        f"<h4>{escape(tr('Keys'))}</h4>{html_table(rows)}"
        f"<h4>{escape(tr('What may differ from the viewer next to this one'))}</h4>"
        f"{bullets(tr(text) for text in DIFFERENCES)}"
    )
