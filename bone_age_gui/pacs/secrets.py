"""Passwords and tokens of nodes: in the environment, in the system's keyring, or in a file for its owner only.

They never stand in the settings. The environment comes first, so that a service needs neither of the others.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from bone_age_gui.core.values.whole_files import write_private
from bone_age_gui.pacs import refusals

SERVICE = "bone-age-gui archive"
FILE = "node-secrets.json"
KEYRING, OWN_FILE = "keyring", "file"


def variable(name: str) -> str:
    """The environment variable of a node: ``My PACS`` -> ``BONE_AGE_SECRET_MY_PACS``."""
    return "BONE_AGE_SECRET_" + re.sub(r"[^A-Z0-9]", "_", name.upper())


def secret_of(name: str, folder: Path) -> str | None:
    """The password or token of the node of this name, ``None`` if there is none."""
    from_environment = os.environ.get(variable(name))
    return from_environment if from_environment is not None else _kept(name, folder)


def _kept(name: str, folder: Path) -> str | None:
    """A password that is kept in the keyring or the file; ``None`` if neither has one."""
    ring = _keyring()
    if ring is not None:
        with contextlib.suppress(Exception):  # a locked or broken keyring holds nothing for us
            if (kept := ring.get_password(SERVICE, name)) is not None:
                return str(kept)
    return _read(folder).get(name)


def rename_secrets(renamed: Mapping[str, str], folder: Path) -> None:
    """Let passwords go along with nodes that have other names now: from old to new names, which may change places.

    Raises ``BoneAgeError`` (``archive_password_not_kept``).
    """
    passwords = {new: _kept(old, folder) for old, new in renamed.items()}
    for old in renamed:
        keep_secret(old, None, folder)
    for new, secret in passwords.items():
        keep_secret(new, secret, folder)


def keep_secret(name: str, secret: str | None, folder: Path) -> str:
    """Keep a password, or forget it (``None``); says where it lies, ``KEYRING`` or ``OWN_FILE``.

    Raises ``BoneAgeError`` (``archive_password_not_kept``).
    """
    in_keyring = _put_into_keyring(name, secret)
    secrets = {key: value for key, value in _read(folder).items() if key != name}
    if secret is not None and not in_keyring:
        secrets[name] = secret
    if secrets or (folder / FILE).exists():
        _write(secrets, folder)
    return KEYRING if in_keyring else OWN_FILE


def _put_into_keyring(name: str, secret: str | None) -> bool:
    """True if the keyring has done it."""
    ring = _keyring()
    if ring is None:
        return False
    try:
        if secret is not None:
            ring.set_password(SERVICE, name, secret)
        elif ring.get_password(SERVICE, name) is not None:
            ring.delete_password(SERVICE, name)
    except Exception:
        return False
    return True


def _keyring() -> ModuleType | None:
    """The system's keyring, ``None`` on a machine without one."""
    try:
        import keyring
        from keyring.backends.fail import Keyring as NoKeyring
        from keyring.backends.null import Keyring as Forgetful

        usable = not isinstance(keyring.get_keyring(), (NoKeyring, Forgetful))
    except Exception:
        return None
    return keyring if usable else None


def _read(folder: Path) -> dict[str, str]:
    path = folder / FILE
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            return {}  # others could have read or written it: not to be trusted
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in values.items()} if isinstance(values, dict) else {}


def _write(secrets: dict[str, str], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_private(folder / FILE, json.dumps(secrets).encode())
    except OSError as error:
        raise refusals.no_password_kept(error.strerror or type(error).__name__) from error
