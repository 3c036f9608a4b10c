"""A refusal names an option on the command line only, and none that is in use."""

from __future__ import annotations

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.wording.errors import command_line_error, error_line

NO_FILMS = BoneAgeError("no_films")


def test_the_command_line_names_the_option_that_helps() -> None:
    said = command_line_error(NO_FILMS, {"command": "batch", "recursive": False})
    assert said == f"{error_line(NO_FILMS)} To look into the folders below too, add --recursive."


def test_an_option_that_is_in_use_is_not_named() -> None:
    assert command_line_error(NO_FILMS, {"command": "batch", "recursive": True}) == error_line(NO_FILMS)
    assert command_line_error(NO_FILMS, {"command": "estimate"}) == error_line(NO_FILMS)
