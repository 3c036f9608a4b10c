"""Asking the peers of the tests, and what an honest film and report of theirs look like."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom import Dataset

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.pacs.archive import open_archive
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.deliver import deliver, report_address
from bone_age_gui.pacs.fetch import fetch_series, find_page
from bone_age_gui.pacs.nodes import Node
from bone_age_gui.pacs.query import Query, SeriesMatch, StudyMatch
from bone_age_gui.store.film_cache import FilmCache
from bone_age_gui.wording.errors import error_words
from films import hand_like, write_dicom
from hostile import FILM, SERIES, STUDY

SERIES_THERE = SeriesMatch(StudyMatch(STUDY), SERIES, "DX")


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(BoneAgeError) as caught:
        work()
    words = error_words(caught.value)
    assert words.title
    assert words.message.endswith(".")
    return caught.value.code


def echo(node: Node) -> None:
    with open_archive(node, None, Control()) as archive:
        archive.echo()


def page_of(node: Node, size: int = 50, control: Control | None = None) -> Any:
    with open_archive(node, None, control or Control()) as archive:
        return find_page(archive, Query(modalities=("DX",)), node.charset, size=size)


def fetched(node: Node, folder: Path) -> Any:
    control = Control()
    with open_archive(node, None, control) as archive:
        return fetch_series(archive, SERIES_THERE, FilmCache(folder), control)


def film(tmp_path: Path, **tags: str) -> Dataset:
    uids = {"StudyInstanceUID": STUDY, "SeriesInstanceUID": SERIES, "SOPInstanceUID": FILM}
    return pydicom.dcmread(write_dicom(tmp_path / "honest.dcm", hand_like(120, 100), **(uids | tags)))


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def report(tmp_path: Path) -> Path:
    """A structured report as this program names itself, filed with the film of the peers here."""
    made = film(tmp_path, Manufacturer="Bone Age (open source)", SOPInstanceUID="1.2.3.4.6")
    made.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.22"
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    del made.PixelData
    made.save_as(tmp_path / "report.dcm", enforce_file_format=True)
    return tmp_path / "report.dcm"


def outcome_of(node: Node, path: Path) -> BoneAgeError | None:
    with open_archive(node, None, Control()) as archive:
        (outcome,) = deliver(archive, [(report_address(path.read_bytes()), path)])
    return outcome
