"""A user's data folder of each test, an Orthanc for all of them, and the command line in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archives import Orthanc, orthanc_program, running
from bone_age_gui.pacs.nodes import Node, write_nodes
from commands import Answer, run_here

pytest.importorskip("pynetdicom", reason="pynetdicom is not installed (extra 'pacs')")


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data folder, on a machine without a keyring."""
    monkeypatch.setenv("BONE_AGE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return tmp_path / "data"


@pytest.fixture
def nodes(data: Path) -> Callable[..., None]:
    """Set archives up."""

    def set_up(*wanted: Node) -> None:
        write_nodes(data, wanted)

    return set_up


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run ``bone-age`` in this process."""
    return run_here(capsys)


@pytest.fixture(scope="session")
def shared_orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    """One Orthanc, with strict AE titles and a password, for every test that leaves it running."""
    orthanc_program()
    with running(Orthanc(tmp_path_factory.mktemp("orthanc"), with_web=True)) as started:
        yield started


@pytest.fixture
def orthanc(shared_orthanc: Orthanc) -> Orthanc:
    """The shared Orthanc, empty."""
    for patient in shared_orthanc.ask("/patients"):
        shared_orthanc.delete(f"/patients/{patient}")
    return shared_orthanc
