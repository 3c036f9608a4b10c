"""Fixtures of the faces without a window: a tiny model, and one film with and without tags."""

from __future__ import annotations

from pathlib import Path

import pytest

from films import hand_like, write_dicom, write_picture


@pytest.fixture(scope="session")
def tiny_model(tiny_bundle: Path) -> Path:
    """Folder of a valid model bundle whose ages mean nothing."""
    return tiny_bundle


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DICOM film: a girl born 2014-03-02, radiographed 2026-11-20."""
    return write_dicom(tmp_path_factory.mktemp("films") / "film.dcm", hand_like())


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same film as PNG, without any tag."""
    return write_picture(tmp_path_factory.mktemp("films") / "film.png", hand_like())
