"""Folders of the tests' own for data, settings and caches, so that nothing of whoever runs them is read or written."""

from __future__ import annotations

import os
import shutil
import site
import tempfile
from pathlib import Path

_FOLDERS = {
    "XDG_DATA_HOME": ".local/share", "XDG_STATE_HOME": ".local/state", "XDG_CONFIG_HOME": ".config",
    "XDG_CACHE_HOME": ".cache",
}  # fmt: skip
_STILL_THE_USERS = {"GIT_CONFIG_GLOBAL": ".gitconfig", "PIP_CONFIG_FILE": ".config/pip/pip.conf"}
"""Settings of tools, not of the program: which folders git trusts, where pip looks for packages."""


def move_home() -> None:
    """Give this process, and all that it starts, an empty home, which ``remove_home`` takes away."""
    environment, users = os.environ, Path.home()
    for name, file in _STILL_THE_USERS.items():
        if (users / file).is_file():
            environment.setdefault(name, str(users / file))
    environment["PYTHONUSERBASE"] = site.getuserbase()
    home = Path(tempfile.mkdtemp(prefix="bone-age-tests-")) / "home"
    environment["HOME"] = str(home)
    for name, folder in _FOLDERS.items():
        (home / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        environment[name] = str(home / folder)
    environment["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    environment["BONE_AGE_DATA"] = str(_root() / "session")


def remove_home() -> None:
    """Take the home away that ``move_home`` has made, with all that lies beside it."""
    shutil.rmtree(_root(), ignore_errors=True)


def folder_of_one_test() -> Path:
    """A new folder beside the home."""
    return Path(tempfile.mkdtemp(prefix="test-", dir=_root()))


def left_in_home() -> list[str]:
    """What the program has put into the home, where it puts a user's things: a test went past its own folders."""
    home = Path(os.environ["HOME"])
    return sorted(str(path.relative_to(home)) for path in home.rglob("*bone*age*"))


def _root() -> Path:
    return Path(os.environ["HOME"]).parent
