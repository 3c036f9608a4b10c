"""A worklist that is damaged: what can be is kept, and the rest is set aside and said."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from bone_age_gui.core.values.reading import Examination
from bone_age_gui.store.entered import NOTHING
from bone_age_gui.store.worklist import FILE, open_worklist
from worklists import FILM, FULL, OTHER, opened


@pytest.mark.parametrize("damage", ["overwritten", "cut", "no database", "no table"])
def test_a_damaged_file_is_set_aside_and_said(tmp_path: Path, damage: str) -> None:
    worklist = opened(tmp_path)
    for number in range(200):
        worklist.enter(f"{number:064d}", NOTHING, FULL)
    worklist.close()
    path = tmp_path / FILE
    content = path.read_bytes()
    if damage == "no table":
        connection = sqlite3.connect(path)
        connection.execute("DROP TABLE entered")
        connection.close()
        content = path.read_bytes()
    else:
        spoiled = bytearray(content)
        spoiled[4096:20000] = os.urandom(20000 - 4096)
        content = {"overwritten": bytes(spoiled), "cut": content[:9000], "no database": b"hello" * 999}[damage]
        path.write_bytes(content)
    new, error = open_worklist(path)
    assert error is not None
    assert error.code == "worklist_damaged"
    aside = [each for each in tmp_path.iterdir() if "damaged" in each.name]
    assert [each.read_bytes() for each in aside if each.suffix == ".sqlite"] == [content]
    assert error.details["kept_as"] == min(each.name for each in aside)
    new.enter(FILM, NOTHING, FULL)
    assert new.entered(FILM).reading == FULL.reading


def test_an_age_that_cannot_be_read_costs_that_film_only(tmp_path: Path) -> None:
    worklist = opened(tmp_path)
    for film in (FILM, OTHER):
        worklist.put_final(film, "child", Examination(film[:1], 136.0), "m")
    other = sqlite3.connect(tmp_path / FILE)
    other.execute("UPDATE final SET value = '{' WHERE film = ?", (FILM,))
    other.commit()
    other.close()
    assert [each.image for each in worklist.examinations("child")] == [OTHER[:1]]


def test_the_log_of_a_damaged_file_goes_along_with_it(tmp_path: Path) -> None:
    """Another window still has it open: its log holds what was entered last, and is no log of the new file."""
    worklist = opened(tmp_path)
    for number in range(50):
        worklist.enter(f"{number:064d}", NOTHING, FULL)
    worklist.close()
    other = opened(tmp_path)
    other.enter(FILM, NOTHING, FULL)
    path = tmp_path / FILE
    log = path.with_name(f"{FILE}-wal").read_bytes()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"x" * 16000)
    new, error = open_worklist(path)
    assert error is not None
    assert (tmp_path / f"{error.details['kept_as']}-wal").read_bytes() == log
    new.close()
    other.close()
