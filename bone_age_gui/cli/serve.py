"""The options of ``bone-age serve``; the service itself is a room of its own, opened by the dispatcher."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from bone_age_gui.cli import comparison
from bone_age_gui.cli.commands import Commands
from bone_age_gui.cli.converters import whole_within
from bone_age_gui.core.machine import physical_cores
from bone_age_gui.wording.language import tr

COMMAND = "serve"
_MOST_WORKERS = 4
"""More films at once hardly help one network, and each takes memory."""


def add_parser(
    commands: Commands, add_model_and_device: Callable[[argparse.ArgumentParser], None], epilog: str
) -> None:
    """Add the command; ``add_model_and_device`` adds the options of model and device."""
    parser = commands.add_parser(
        COMMAND,
        help=tr("answer HTTP requests on this computer"),
        description=tr(
            "A page to upload films, and POST /estimate for programs, on this computer only. Any other "
            "address demands a token: BONE_AGE_TOKEN in the environment, or --token-file. Needs the extra 'service'."
        ),
        epilog=epilog,
        allow_abbrev=False,
    )
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help=tr("address to listen at (127.0.0.1)"))
    parser.add_argument(
        "--port", type=whole_within(0, 65535), default=8080, metavar="N", help=tr("0 takes a free one (8080)")
    )
    parser.add_argument("--token-file", type=Path, metavar="FILE", help=tr("holds the secret that requests must bring"))
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help=tr("a name under which a reverse proxy is asked"),
    )
    _add_limits(parser)
    comparison.add_options(parser)
    add_model_and_device(parser)


def _add_limits(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how much the service takes on."""
    parser.add_argument(
        "--workers", type=whole_within(1, 64), default=min(_MOST_WORKERS, physical_cores()), metavar="N",
        help=tr("films worked on at once (default: the cores, 4 at most)"),
    )  # fmt: skip
    parser.add_argument(
        "--queue",
        type=whole_within(0, 500),
        default=64,
        metavar="N",
        help=tr("films that may wait; more are refused (64)"),
    )
    parser.add_argument(
        "--max-mb", type=whole_within(1, 1000), default=128, metavar="N", help=tr("largest upload in MB (128)")
    )
