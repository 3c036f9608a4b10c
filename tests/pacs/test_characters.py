"""Names of every script: in the question, and in answers that name their character set, or do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydicom import Dataset

from archives import PASSWORD, Orthanc
from bone_age_gui.pacs.archive import open_archive
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.fetch import find_page
from bone_age_gui.pacs.nodes import Node
from bone_age_gui.pacs.query import Query
from films import hand_like, write_dicom
from hostile import listed, scp

NAMES = {
    "Müller^Jürgen": "ISO_IR 100",
    "Иванова^Анна": "ISO_IR 144",
    "Παπαδόπουλος^Γιώργος": "ISO_IR 126",
    "王^小东": "GB18030",
    "رضایی^زهرا": "ISO_IR 192",
    "Ōno^Tarō": "ISO_IR 192",
}


def names_found(node: Node, name: str, secret: str | None = None) -> list[str]:
    with open_archive(node, secret, Control()) as archive:
        return [series.study.patient_name for series in find_page(archive, Query(name=name), node.charset).series]


@pytest.mark.parametrize("name, charset", NAMES.items())
def test_a_name_of_any_script_is_found_and_read_back(name: str, charset: str, orthanc: Orthanc, tmp_path: Path) -> None:
    orthanc.upload(write_dicom(tmp_path / "f.dcm", hand_like(), PatientName=name, SpecificCharacterSet=charset))
    orthanc.upload(write_dicom(tmp_path / "g.dcm", hand_like(), PatientName="Other^One"))
    for node, secret in ((orthanc.node(), None), (orthanc.web_node(), PASSWORD)):
        assert names_found(node, "", secret).count(name) == 1
        assert names_found(node, name.split("^")[0], secret) == [name]


def peer_that_writes(content: bytes, charset: str | None) -> Any:
    def find(event: Any) -> Iterator[tuple[int, Dataset]]:
        level = event.identifier.QueryRetrieveLevel
        answer = listed(level)
        if level == "STUDY":
            if charset is not None:
                answer.SpecificCharacterSet = charset
            answer.add_new(0x00100010, "PN", content)
        yield 0xFF00, answer

    return scp(find=find)


@pytest.mark.parametrize("name, charset", NAMES.items())
def test_an_answer_that_names_its_characters(name: str, charset: str) -> None:
    from pydicom.charset import python_encoding

    with peer_that_writes(name.encode(python_encoding[charset]), charset) as node:
        assert names_found(node, "") == [name]


@pytest.mark.parametrize("name, charset", NAMES.items())
def test_an_answer_that_names_none_is_read_in_the_nodes(name: str, charset: str) -> None:
    from dataclasses import replace

    from pydicom.charset import python_encoding

    with peer_that_writes(name.encode(python_encoding[charset]), None) as node:
        assert names_found(replace(node, charset=charset), "") == [name]


def test_without_any_hint_utf_8_and_latin_1_are_tried() -> None:
    with peer_that_writes("Müller^Анна".encode(), None) as node:
        assert names_found(node, "") == ["Müller^Анна"]
    with peer_that_writes("Müller".encode("latin-1"), None) as node:
        assert names_found(node, "") == ["Müller"]


def test_the_question_is_asked_in_utf_8() -> None:
    asked = []

    def find(event: Any) -> Iterator[tuple[int, Dataset]]:
        asked.append((event.identifier.SpecificCharacterSet, str(event.identifier.PatientName)))
        yield from ()

    with scp(find=find) as node:
        names_found(node, "Иванова, Анна")
    assert asked == [("ISO_IR 192", "Иванова^Анна*")] * 2, "once for each modality"


def test_a_count_in_signs_that_are_no_digits_is_not_known() -> None:
    def find(event: Any) -> Iterator[tuple[int, Dataset]]:
        answer = listed(event.identifier.QueryRetrieveLevel, SpecificCharacterSet="ISO_IR 100")
        if answer.QueryRetrieveLevel == "SERIES":
            answer.add_new(0x00201209, "LO", "²")
        yield 0xFF00, answer

    with scp(find=find) as node, open_archive(node, None, Control()) as archive:
        (series,) = find_page(archive, Query(), node.charset).series
    assert series.instances is None
