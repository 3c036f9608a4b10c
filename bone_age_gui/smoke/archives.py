"""Whether the part for archives works: both protocols try a port of this machine on which nothing listens."""

from __future__ import annotations

import socket
from importlib.util import find_spec
from pathlib import Path

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.pacs.archive import open_archive
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.nodes import Node, Protocol

_PACKAGES = ("pynetdicom", "dicomweb_client", "keyring", "watchfiles")


def check_archives(folder: Path) -> str:
    """What works. ``RuntimeError`` where a part is lost."""
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if len(missing) == len(_PACKAGES):
        return "not installed"
    if missing:
        raise RuntimeError(f"missing: {', '.join(missing)}")
    import keyring
    import watchfiles

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        for node in (
            Node("smoke", host="127.0.0.1", port=port, ae_title="NOBODY"),
            Node("smoke", protocol=Protocol.DICOMWEB, url=f"https://127.0.0.1:{port}/"),
        ):
            _try_to_connect(node)
    return f"DICOM and DICOMweb; keyring {type(keyring.get_keyring()).__name__}; {watchfiles.__name__}"


def _try_to_connect(node: Node) -> None:
    try:
        with open_archive(node, None, Control()) as archive:
            archive.echo()
    except BoneAgeError as error:
        if error.code != "archive_refused":
            raise RuntimeError(f"{node.protocol}: {error.code}") from error
        return
    raise RuntimeError(f"{node.protocol}: somebody answers")
