"""The only dispatcher: ``python -m bone_age_gui``, ``bone-age``, ``bone-age-gui`` and both frozen programs begin here.

The command line and the window do not know each other; what one opens of the other is handed to it from here.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Sequence

COMMANDS = (
    "estimate",
    "batch",
    "diagnose",
    "model-info",
    "serve",
    "pacs",
    "watch",
    "gui",
    "--smoke-test",
    "--help",
    "-h",
    "--version",
)


def main() -> int:
    """Start the command line if a command is given, else the window; return the exit code."""
    multiprocessing.freeze_support()  # a frozen program is started anew for each worker process of a batch
    from bone_age_gui.wording.arguments import without_language

    if set(without_language(sys.argv[1:])[:1]) & set(COMMANDS):
        return command_line()
    return window()


def command_line(argv: Sequence[str] | None = None) -> int:
    """Run ``bone-age`` and return its exit code; ``SystemExit`` on wrong usage, ``--help`` and ``--version``."""
    from bone_age_gui.cli.main import main as start

    return start(argv, {"gui": _open_films, "serve": _serve, "smoke-test": _try_everything})


def window(argv: Sequence[str] | None = None) -> int:
    """Open ``bone-age-gui`` and return its exit code; ``SystemExit`` on wrong usage, ``--help`` and ``--version``."""
    from bone_age_gui.gui.app import main as start
    from bone_age_gui.gui.options import parse

    options = parse(sys.argv[1:] if argv is None else argv)
    return smoke_test() if options.smoke_test else start(options)


def smoke_test() -> int:
    """Try every part of the program; 0 if all of it works."""
    from bone_age_gui.smoke.run import main as start

    return start()


def _open_films(options: argparse.Namespace) -> int:
    language = ["--language", options.language] if options.language else []
    return window([*language, "--", *options.files])


def _serve(options: argparse.Namespace) -> int:
    from bone_age_gui.service.start import start

    return start(options)


def _try_everything(options: argparse.Namespace) -> int:
    return smoke_test()


if __name__ == "__main__":
    sys.exit(main())
