"""``bone-age-gui``: read the arguments, find a screen, load ONNX Runtime, and only then touch Qt."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bone_age_gui import DISCLAIMER, __version__

SMOKE_TEST = "--smoke-test"
NO_SCREEN = 1
NO_SCREEN_TEXT = (
    "bone-age-gui: there is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set). Start it on a desktop, use "
    "'bone-age estimate FILE' for answers without a window, or '--screenshot PNG' for a picture of the window."
)
SCREENSHOT_SIZE = (1280, 720)


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line; ``None`` leaves the stored setting."""

    files: tuple[Path, ...]
    estimate: bool
    screenshot: Path | None
    size: tuple[int, int] | None
    theme: str | None
    model: str | None
    device: str | None


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window; return the exit code."""
    given = sys.argv[1:] if argv is None else argv
    options = parse(given)
    if SMOKE_TEST in given:
        from bone_age_gui.smoke import main as try_everything

        return try_everything()
    if lacks_screen(sys.platform, os.environ):
        if options.screenshot is None:
            sys.stderr.write(NO_SCREEN_TEXT + "\n")
            return NO_SCREEN
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from bone_age_gui.gui.backend import load_onnxruntime

    load_onnxruntime()
    from bone_age_gui.gui.launch import launch

    return launch(options)


def lacks_screen(system: str, environment: Mapping[str, str]) -> bool:
    """True on Linux without X11, Wayland or a chosen Qt platform."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return system.startswith("linux") and not any(environment.get(name) for name in names)


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
    parser.add_argument(SMOKE_TEST, action="store_true", help="try every part of the program and say what works")
    parser.add_argument("--version", action="version", version=f"bone-age-gui {__version__}")
    found = parser.parse_args(argv)
    files = tuple(path.absolute() for path in found.files)
    return Options(files, found.estimate, found.screenshot, found.size, found.theme, found.model, found.device)


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{3,5})x(\d{3,5})", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"write it like 1280x720, not {text!r}")
    return int(match[1]), int(match[2])


if __name__ == "__main__":
    sys.exit(main())
