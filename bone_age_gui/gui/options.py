"""The window's own options."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bone_age_gui import DISCLAIMER, __version__

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


def parse(argv: Sequence[str]) -> Options:
    """Read the arguments; wrong ones end the program with code 2."""
    parser = argparse.ArgumentParser(
        prog="bone-age-gui",
        description="Estimate bone age from hand radiographs, in a window.",
        epilog=DISCLAIMER,
        allow_abbrev=False,
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="radiographs or folders to open")
    parser.add_argument("--estimate", action="store_true", help="estimate them at once")
    parser.add_argument("--screenshot", type=Path, metavar="PNG", help="save a picture of the window and quit")
    parser.add_argument("--size", type=_size, metavar="WxH", help="size of the window, for example 1280x720")
    parser.add_argument("--theme", choices=("light", "dark", "system"))
    parser.add_argument("--model", metavar="NAME|DIR", help="model bundle to use")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"))
    parser.add_argument("--smoke-test", action="store_true", help="try every part of the program and say what works")
    parser.add_argument("--version", action="version", version=f"bone-age-gui {__version__}")
    typed = parser.parse_args(argv)
    files = tuple(path.absolute() for path in typed.files)
    return Options(
        files, typed.estimate, typed.screenshot, typed.size, typed.theme, typed.model, typed.device, typed.smoke_test
    )


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{3,5})x(\d{3,5})", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"write it like 1280x720, not {text!r}")
    return int(match[1]), int(match[2])
