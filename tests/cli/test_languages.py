"""The command line in other languages: its words change, what it says to programs does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bone_age_gui.wording.direction import END, FIRST, LEFT, RIGHT
from bone_age_gui.wording.language import CLOSE, ENGLISH, OPEN, PSEUDO, SHIPPED, speak

Run = Callable[..., Any]
COMMANDS = (
    (), ("estimate",), ("batch",), ("diagnose",), ("model-info",), ("serve",), ("pacs",), ("pacs", "find"), ("watch",),
    ("gui",),
)  # fmt: skip
NAMES = {"info", "model", "find", "nodes", "send", "add", "list", "remove", "test", "echo", "tcp", "get", "forget",
         "fetch", "password"}  # fmt: skip
TOKEN = re.compile(r"-{1,2}[a-z][a-z-]*|\{[^}]*\}|[\[\]()|,.:]|\b[A-Z_]+\b|\bbone-age(?:-gui)?\b")


@pytest.fixture(autouse=True)
def back_to_english() -> Iterator[None]:
    yield
    speak(ENGLISH)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_word_of_the_help_is_in_the_catalogue(run: Run, command: tuple[str, ...]) -> None:
    answer = run("--language", PSEUDO, *command, "--help")
    assert answer.code == 0
    rest = answer.out
    while rest != (inner := re.sub(f"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", "", rest)):
        rest = inner
    words = set(re.findall(r"[a-z]{3,}", TOKEN.sub("", rest))) - {word for names in COMMANDS for word in names}
    assert words <= {
        "fetch",
        "info",
        "model",
        "find",
        "nodes",
        "send",
        "add",
        "list",
        "remove",
        "test",
        "echo",
        "tcp",
        "get",
        "forget",
        "password",
    }


def test_a_film_answers_the_same_to_programs_in_every_language(run: Run, tiny_model: Path, film: Path) -> None:
    def answer(language: str) -> tuple[dict[str, Any], str]:
        given = run("--language", language, "estimate", film, "--model", tiny_model, "--device", "cpu", "--json")
        return {**given.record, "created": None, "timings": None, "seconds": None}, given.out

    english, _ = answer(ENGLISH)
    assert english["bone_age_months"] is not None
    for language in (*SHIPPED, PSEUDO):
        record, out = answer(language)
        assert record == english
        assert not any(mark in out for mark in (OPEN, LEFT, FIRST, END, RIGHT))


def test_people_read_their_own_language(run: Run, tiny_model: Path, film: Path, tmp_path: Path) -> None:
    words = {"de": "Skelettalter", "fa": "سن استخوانی", ENGLISH: "Bone age"}
    for language, text in words.items():
        answer = run("--language", language, "estimate", film, "--model", tiny_model, "--device", "cpu")
        assert text in answer.out
    missing = run("--language", PSEUDO, "estimate", tmp_path / "none.dcm", "--model", tiny_model, "--device", "cpu")
    assert OPEN in missing.err + missing.out
    assert run("--language", "xx", "diagnose").code == 2
