"""Start a program and write what a screen reader learns of it through AT-SPI: its tree, and what it announces.

Run by the system's Python, which has the bindings (Debian: at-spi2-core, gir1.2-atspi-2.0), within a session bus:
``screen_reader.py SECONDS WORD PROGRAM ARGUMENT ...``. When an announcement holds ``WORD``, or after so many seconds,
one JSON object is printed: ``announced`` (texts) and ``tree`` (role, name, value, states, children).
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

NAME = "bone-age-gui"
STATES = ("focusable", "focused", "checked", "checkable", "enabled", "showing")


def described(item: Any, depth: int = 0) -> dict[str, Any]:
    """One accessible and what is below it; a long table is not walked."""
    states = item.get_state_set()
    value = item.get_value_iface()
    text = item.get_text_iface()
    children = (
        [item.get_child_at_index(place) for place in range(min(item.get_child_count(), 80))] if depth < 30 else []
    )
    return {
        "role": item.get_role_name(),
        "name": item.get_name(),
        "description": item.get_description(),
        "value": Atspi.Value.get_current_value(value) if value is not None else None,
        "text": Atspi.Text.get_text(text, 0, -1) if text is not None else None,
        "states": [name for name in STATES if states.contains(getattr(Atspi.StateType, name.upper()))],
        "children": [described(child, depth + 1) for child in children if child is not None],
    }


def program() -> Any:
    """The program among those of the desktop, ``None`` if it is not there."""
    desktop = Atspi.get_desktop(0)
    there = [desktop.get_child_at_index(place) for place in range(desktop.get_child_count())]
    return next((each for each in there if each is not None and NAME in (each.get_name() or "")), None)


def main() -> None:
    """Listen, start, wait, look, end."""
    seconds, word, command = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
    announced: list[str] = []
    loop = GLib.MainLoop()

    def heard(event: Any) -> None:
        announced.append(str(event.any_data))
        if word in announced[-1]:
            GLib.timeout_add(300, loop.quit)

    Atspi.init()
    listener = Atspi.EventListener.new(heard)
    listener.register("object:announcement")
    started = subprocess.Popen(command)
    GLib.timeout_add(int(seconds * 1000), loop.quit)
    loop.run()
    seen = program()
    print(json.dumps({"announced": announced, "tree": described(seen) if seen is not None else None}))
    started.terminate()
    started.wait(20)


if __name__ == "__main__":
    main()
