"""The door of the service: says what to install where the extra is missing."""

from __future__ import annotations

import argparse

from bone_age_gui.core.values.errors import BoneAgeError

_NEEDED = {"flask", "werkzeug", "jinja2", "waitress"}


def start(options: argparse.Namespace) -> int:
    """Run the service and return its exit code. ``BoneAgeError``: ``no_service token_demanded bad_token
    no_address``, and whatever a model or device cannot do."""
    try:
        from bone_age_gui.service.main import run
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in _NEEDED:
            raise
        raise BoneAgeError("no_service") from error
    return run(options)
