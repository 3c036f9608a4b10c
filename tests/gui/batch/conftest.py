"""A window on the real line with its batch window open, and films for it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from batches import make_films
from bone_age_gui.gui.launch import make_window
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.options import parse
from bone_age_gui.gui.work.line import core_backend
from windows import WAIT_MS


@pytest.fixture
def window(qtbot: QtBot, tiny_bundle: Path) -> Iterator[MainWindow]:
    """A window on the real line, its model loaded and its batch window open."""
    made = make_window(parse(["--size", "1280x720", "--theme", "light"]), core_backend())
    made.show()
    made.session.load_engine(str(tiny_bundle), "cpu")
    made.batches.open()
    qtbot.waitUntil(lambda: made.session.engine is not None, timeout=WAIT_MS)
    yield made
    made.close()
    made.deleteLater()
    assert not multiprocessing.active_children()


@pytest.fixture
def films(tmp_path: Path) -> Path:
    return make_films(tmp_path / "films")
