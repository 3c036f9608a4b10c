"""The window's own options."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bone_age_gui import DISCLAIMER, __version__
from bone_age_gui.wording import arguments
from bone_age_gui.wording.arguments import add_language, speak_as_wanted
from bone_age_gui.wording.command_line import not_a_size
from bone_age_gui.wording.language import tr

SCREENSHOT_SIZE = (1280, 720)


@dataclass(frozen=True)
class Options:
    """What was asked for when the window was started; ``None`` leaves the stored setting."""

    files: tuple[Path, ...]
    estimate: bool
    screenshot: Path | None
    size: tuple[int, int] | None
    theme: str | None
    model: str | None
    device: str | None
    smoke_test: bool = False
    language: str | None = None


def parse(argv: Sequence[str]) -> Options:
    """Read the arguments; wrong ones end the program with code 2."""
    speak_as_wanted(argv)
    parser = argparse.ArgumentParser(
        prog="bone-age-gui",
        description=tr("Estimate bone age from hand radiographs, in a window."),
        epilog=tr(DISCLAIMER),
        allow_abbrev=False,
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=tr("radiographs or folders to open"))
    parser.add_argument("--estimate", action="store_true", help=tr("estimate them at once"))
    parser.add_argument("--screenshot", type=Path, metavar="PNG", help=tr("save a picture of the window and quit"))
    parser.add_argument("--size", type=_size, metavar=tr("WxH"), help=tr("size of the window, for example 1280x720"))
    parser.add_argument("--theme", choices=("light", "dark", "system"))
    parser.add_argument("--model", metavar="NAME|DIR", help=tr("model bundle to use"))
    add_language(parser)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"))
    parser.add_argument(
        "--smoke-test", action="store_true", help=tr("try every part of the program and say what works")
    )
    parser.add_argument(
        "--version", action="version", version=f"bone-age-gui {__version__}", help=tr(arguments.VERSION_HELP)
    )
    typed = parser.parse_args(argv)
    files = tuple(path.absolute() for path in typed.files)
    return Options(
        files,
        typed.estimate,
        typed.screenshot,
        typed.size,
        typed.theme,
        typed.model,
        typed.device,
        typed.smoke_test,
        typed.language,
    )


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{3,5})x(\d{3,5})", text)
    if match is None:
        raise argparse.ArgumentTypeError(not_a_size(text))
    return int(match[1]), int(match[2])
