"""What is kept of archives: passwords and waiting reports go along with them, and end with them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from bone_age_gui import paths
from bone_age_gui.core.values.reported import FiledReport
from bone_age_gui.gui.work.archive_calls import NodesChange, keep_nodes, waiting_reports
from bone_age_gui.pacs.nodes import Node, read_nodes
from bone_age_gui.pacs.secrets import FILE, keep_secret, secret_of
from bone_age_gui.store.outbox import Outbox

FIRST, SECOND, THIRD = (Node(name, host="127.0.0.1", ae_title="A") for name in ("First", "Second", "Third"))


@pytest.fixture
def data(own_settings: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data folder, on a machine without a keyring."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return paths.user_data_dir()


def test_a_removed_archive_takes_its_password_and_a_renamed_one_brings_all(data: Path) -> None:
    for node in (FIRST, SECOND, THIRD):
        keep_secret(node.name, f"password of {node.name}", data)
    for node in (FIRST, SECOND):
        Outbox(data).add(node.name, b"report", FiledReport("1", "1", "1", f"1.{node.name}"))
    renamed = Node("Hospital", host="127.0.0.1", ae_title="A")
    keep_nodes(NodesChange((FIRST, SECOND, THIRD), (renamed, THIRD), {"First": "Hospital"}, {"Third": "typed"}))
    assert [node.name for node in read_nodes(data)] == ["Hospital", "Third"]
    passwords = {name: secret_of(name, data) for name in ("First", "Second", "Third", "Hospital")}
    assert passwords == {"First": None, "Second": None, "Third": "typed", "Hospital": "password of First"}
    assert waiting_reports()["Hospital"] == 1
    if os.name == "posix":
        assert stat.S_IMODE((data / FILE).stat().st_mode) == 0o600


def test_only_archives_for_which_reports_wait_are_named(data: Path) -> None:
    assert waiting_reports() == {}
    outbox = Outbox(data)
    for uid in ("1.1", "1.2"):
        outbox.add("First", b"report", FiledReport("1", "1", "1", uid))
    outbox.add("Second", b"report", FiledReport("1", "1", "1", "1.3"))
    for parcel in outbox.claim("Second"):
        outbox.sent(parcel)
    assert waiting_reports() == {"First": 2}
