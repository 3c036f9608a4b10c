"""``bone-age diagnose``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from contextlib import nullcontext

from bone_age_gui.cli.commands import Commands
from bone_age_gui.core.values.exit_codes import ExitCode
from bone_age_gui.wording.language import in_english, tr

COMMAND = "diagnose"


def add_parser(
    commands: Commands, add_model_and_device: Callable[[argparse.ArgumentParser], None], epilog: str
) -> None:
    """Add the command ``diagnose``; ``add_model_and_device`` adds the options of model and device."""
    parser = commands.add_parser(
        COMMAND,
        help=tr("say what runs here, on which device and why"),
        description=tr("What runs here and on which device, and if not on CUDA, why and what to do. No patient data."),
        epilog=epilog,
        allow_abbrev=False,
    )
    add_model_and_device(parser)
    parser.add_argument("--json", action="store_true", help=tr("one JSON object instead of text"))


def run(options: argparse.Namespace) -> int:
    """Print the facts; 2 if no model could be loaded."""
    from bone_age_gui.about.diagnostics import PROBLEM, as_text, diagnose

    with in_english() if options.json else nullcontext():
        sections = diagnose(options.model, options.device)
        failed = tr(PROBLEM) in sections[tr("Model")]
    print(json.dumps(sections) if options.json else as_text(sections))
    return ExitCode.WRONG_USAGE if failed else ExitCode.DONE
