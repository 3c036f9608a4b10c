"""Keys and mouse, and what may differ from the viewer that one is used to."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from PySide6.QtGui import QAction, QKeySequence

from bone_age_gui.gui.dialogs.text import bullets, html_table
from bone_age_gui.wording.dialogs import VIEWER_HINTS
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
        f"{bullets(tr(text) for text in VIEWER_HINTS)}"
    )
