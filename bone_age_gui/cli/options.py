"""Options of the command line and what they may hold."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from bone_age_gui import DISCLAIMER, __version__
from bone_age_gui.cli import batch as cli_batch
from bone_age_gui.cli import comparison
from bone_age_gui.cli import diagnose as cli_diagnose
from bone_age_gui.cli import pacs as cli_pacs
from bone_age_gui.cli import report as cli_report
from bone_age_gui.cli import serve as cli_serve
from bone_age_gui.cli import watch as cli_watch
from bone_age_gui.cli.commands import Commands
from bone_age_gui.cli.converters import checked
from bone_age_gui.core.values.exit_codes import ExitCode
from bone_age_gui.core.values.quality import HandSide
from bone_age_gui.core.values.typed_values import given_patient, parse_height, parse_months, parse_sex
from bone_age_gui.wording import arguments
from bone_age_gui.wording.arguments import add_language, speak_as_wanted
from bone_age_gui.wording.command_line import DATES_SWAPPED, DESCRIPTION, EXIT_CODES, SERVICE_EXIT_CODES
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.typed_days import parse_typed_day


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Options with at least ``command``; ``SystemExit`` on wrong usage, on ``--help`` and without a command."""
    speak_as_wanted(argv)
    parser = _make_parser()
    options = parser.parse_args(argv)
    if options.smoke_test:
        options.command = "smoke-test"
    if options.command is None:
        parser.print_help()
        parser.exit(ExitCode.WRONG_USAGE)
    if options.command == "estimate":
        if given_patient(vars(options)).has_study_before_birth:
            parser.error(tr(DATES_SWAPPED))
        cli_report.check(parser, options)
    if options.command == cli_watch.COMMAND:
        cli_watch.check_watch(parser, options)
    return options


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bone-age", description=tr(DESCRIPTION), epilog=f"{tr(EXIT_CODES)} {tr(DISCLAIMER)}", allow_abbrev=False
    )
    add_language(parser)
    parser.add_argument(
        "--version", action="version", version=f"bone-age {__version__}", help=tr(arguments.VERSION_HELP)
    )
    parser.add_argument(
        "--smoke-test", action="store_true", help=tr("try every part of the program and say what works")
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _add_estimate(commands)
    cli_batch.add_parser(commands, _add_model_and_device, f"{tr(EXIT_CODES)} {tr(DISCLAIMER)}")
    info = commands.add_parser("model-info", help=tr("describe a model"), allow_abbrev=False)
    _add_model(info)
    info.add_argument("--json", action="store_true", help=tr("one JSON object instead of text"))
    cli_diagnose.add_parser(commands, _add_model_and_device, tr(DISCLAIMER))
    cli_serve.add_parser(commands, _add_model_and_device, f"{tr(SERVICE_EXIT_CODES)} {tr(DISCLAIMER)}")
    cli_pacs.add_parser(commands, tr(DISCLAIMER))
    cli_watch.add_parser(commands, _add_model_and_device, tr(DISCLAIMER))
    window = commands.add_parser("gui", help=tr("open the window"), allow_abbrev=False)
    window.add_argument("files", nargs="*", metavar="FILE", help=tr("films to open"))
    return parser


def _add_estimate(commands: Commands) -> None:
    parser = commands.add_parser(
        "estimate",
        help=tr("estimate the bone age of one or more films"),
        description=tr(
            "Estimate the bone age of DICOM, PNG, JPEG, TIFF or WebP films. What is not given here is taken "
            "from the DICOM tags; what is given replaces them for every film."
        ),
        epilog=f"{tr(EXIT_CODES)} {tr(DISCLAIMER)}",
        allow_abbrev=False,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help=tr("a radiograph"))
    parser.add_argument("--sex", type=checked(parse_sex), metavar="F|M", help=tr("sex of the child"))
    age = parser.add_mutually_exclusive_group()
    age.add_argument("--birth-date", type=checked(parse_typed_day), metavar="YYYY-MM-DD")
    age.add_argument(
        "--age-months", type=checked(parse_months), metavar="N", help=tr("chronological age at the study, in months")
    )
    parser.add_argument("--study-date", type=checked(parse_typed_day), metavar="YYYY-MM-DD")
    parser.add_argument(
        "--height-cm", type=checked(parse_height), metavar="N", help=tr("height at the study, for the adult height")
    )
    parser.add_argument("--mother-cm", type=checked(parse_height), metavar="N", help=tr("height of the mother"))
    parser.add_argument("--father-cm", type=checked(parse_height), metavar="N", help=tr("height of the father"))
    parser.add_argument("--hand", choices=[str(side) for side in HandSide], help=tr("which of two hands, as pictured"))
    parser.add_argument(
        "--insist",
        action="store_true",
        help=tr("estimate films too that would be refused for what they show; they are marked as doubtful"),
    )
    comparison.add_height_reference(parser)
    comparison.add_options(parser)
    _add_model_and_device(parser)
    parser.add_argument("--json", action="store_true", help=tr("one JSON object per film and line"))
    cli_report.add_options(parser)


def _add_model_and_device(parser: argparse.ArgumentParser) -> None:
    _add_model(parser)
    parser.add_argument(
        "--device",
        choices=("auto", "cpu", "cuda"),
        default="auto",
        help=tr("auto (the default) takes CUDA if it is there, else the CPU, and says so"),
    )


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", metavar="NAME|DIR", help=tr("a model's name or its folder (default: densenet121)"))
