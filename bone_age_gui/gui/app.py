"""The window's start: find a screen, load ONNX Runtime, and only then touch Qt."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from bone_age_gui.core.values.exit_codes import ExitCode
from bone_age_gui.gui.options import Options
from bone_age_gui.wording.command_line import NO_SCREEN
from bone_age_gui.wording.language import tr


def main(options: Options) -> int:
    """Open the window; return the exit code."""
    if lacks_screen(sys.platform, os.environ):
        if options.screenshot is None:
            sys.stderr.write(f"{tr(NO_SCREEN)}\n")
            return ExitCode.WRONG_USAGE
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from bone_age_gui.gui.work.line import load_onnxruntime

    load_onnxruntime()
    from bone_age_gui.gui.launch import launch

    return launch(options)


def lacks_screen(system: str, environment: Mapping[str, str]) -> bool:
    """True on Linux without X11, Wayland or a chosen Qt platform."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return system.startswith("linux") and not any(environment.get(name) for name in names)
