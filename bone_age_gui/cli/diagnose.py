"""``bone-age diagnose``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

from bone_age_gui.cli.commands import Commands
from bone_age_gui.core.values.exit_codes import ExitCode

COMMAND = "diagnose"


def add_parser(commands: Commands, add_engine: Callable[[argparse.ArgumentParser], None], epilog: str) -> None:
    """Add the command ``diagnose``; ``add_engine`` adds the options of model and device."""
    parser = commands.add_parser(
        COMMAND,
        help="say what runs here, on which device and why",
        description="What runs here and on which device, and if not on CUDA, why and what to do. No patient data.",
        epilog=epilog,
        allow_abbrev=False,
    )
    add_engine(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of text")


def run(options: argparse.Namespace) -> int:
    """Print the facts; 2 if no model could be loaded."""
    from bone_age_gui.about.diagnostics import PROBLEM, as_text, diagnose

    sections = diagnose(options.model, options.device)
    print(json.dumps(sections) if options.json else as_text(sections))
    return ExitCode.WRONG_USAGE if PROBLEM in sections["Model"] else ExitCode.DONE
