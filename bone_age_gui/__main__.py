"""``python -m bone_age_gui``: the command line if a command is given, else the window."""

from __future__ import annotations

import multiprocessing
import sys

COMMANDS = ("estimate", "batch", "diagnose", "model-info", "gui", "--smoke-test", "--help", "-h", "--version")


def main() -> int:
    """Start what the arguments ask for and return its exit code."""
    multiprocessing.freeze_support()  # a frozen program is started anew for each worker process of a batch
    if sys.argv[1:2] and sys.argv[1] in COMMANDS:
        from bone_age_gui.cli import main as command_line

        return command_line()
    from bone_age_gui.gui.app import main as window

    return window(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
