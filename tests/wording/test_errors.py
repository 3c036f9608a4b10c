"""A refusal names an option on the command line only, and none that is in use."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import bone_age_gui
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.wording.errors import command_line_error, error_line

NO_FILMS = BoneAgeError("no_films")
PACKAGE = Path(bone_age_gui.__file__).parent
OPTION = re.compile(r"(?<![-\w])--[a-z]")
TERMINAL = {
    "__main__.py": "the terminal's own door",
    "wording/arguments.py": "what argparse says",
    "wording/errors.py": "the sentences that the command line adds, and nobody else",
    "wording/command_line.py": "said on the terminal where no window can open",
    "gui/options.py": "how the window is started",
    "service/openapi.py": "tells programs which object of the command line an answer is",
    "service/log.py": "for those who run the service",
    "service/main.py": "for those who run the service",
}
"""Outside ``cli`` and ``smoke``: files whose words only a terminal shows, and why."""


def test_the_command_line_names_the_option_that_helps() -> None:
    said = command_line_error(NO_FILMS, {"command": "batch", "recursive": False})
    assert said == f"{error_line(NO_FILMS)} To look into the folders below too, add --recursive."


def test_an_option_that_is_in_use_is_not_named() -> None:
    assert command_line_error(NO_FILMS, {"command": "batch", "recursive": True}) == error_line(NO_FILMS)
    assert command_line_error(NO_FILMS, {"command": "estimate"}) == error_line(NO_FILMS)


def test_the_service_names_its_options_to_those_who_start_it() -> None:
    error = BoneAgeError("token_demanded", length=16)
    said = command_line_error(error, {"command": "serve"})
    assert said.startswith(error_line(error))
    assert "--token-file" in said
    assert "--port" in command_line_error(BoneAgeError("no_address", system="in use"), {"command": "serve"})


def test_no_option_is_named_where_no_command_line_is() -> None:
    naming = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE)
        if place.parts[0] not in ("cli", "smoke") and (named := _named_options(path)):
            naming[place.as_posix()] = named
    assert naming.keys() == TERMINAL.keys(), {place: naming.get(place) for place in naming.keys() ^ TERMINAL.keys()}


def _named_options(path: Path) -> list[str]:
    """Texts of a file that name an option, but for its docstrings."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    described = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    texts = [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in described]
    return [node.value for node in texts if isinstance(node.value, str) and OPTION.search(node.value)]
