"""No test reads or writes what belongs to whoever runs it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import platformdirs
import pytest
from PySide6.QtCore import QSettings

from bone_age_gui import paths
from bone_age_gui.gui.settings import APPLICATION, ORGANISATION
from commands import program  # noqa: F401
from own_folders import left_in_home

pwd = pytest.importorskip("pwd", reason="homes are named by the environment on POSIX alone")


def test_data_settings_and_caches_lie_elsewhere(tmp_path: Path) -> None:
    users = Path(pwd.getpwuid(os.getuid()).pw_dir)
    settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, ORGANISATION, APPLICATION)
    places = [
        paths.user_data_dir(), Path(settings.fileName()), platformdirs.user_data_path(), platformdirs.user_cache_path(),
        platformdirs.user_config_path(), platformdirs.user_state_path(), Path.home(),
    ]  # fmt: skip
    hidden = [users / name for name in (".local", ".config", ".cache", "Library")]
    assert not [place for place in places if place == users or any(place.is_relative_to(each) for each in hidden)]


def test_a_program_of_its_own_keeps_what_lasts_there(program: Callable[..., object]) -> None:  # noqa: F811
    program("pacs", "add", "--node", "hospital", "--host", "pacs.example", "--port", "11112", "--ae-title", "PACS")
    assert (paths.user_data_dir() / "nodes.json").is_file()
    assert not left_in_home()
