"""The door of the service: says what to install where the extra is missing."""

from __future__ import annotations

import argparse
from importlib.util import find_spec

from bone_age_gui.service.refusals import not_installed

_NEEDED = ("flask", "waitress")


def start(options: argparse.Namespace) -> int:
    """Run the service and return its exit code. ``BoneAgeError``: ``no_service``, and those of ``main.run``."""
    if any(find_spec(name) is None for name in _NEEDED):
        raise not_installed()
    from bone_age_gui.service.main import run

    return run(options)
