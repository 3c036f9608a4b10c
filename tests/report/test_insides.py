"""The search for names sees what is packed: every kind of file that hides one gives it away."""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib
import pytest
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure
from openpyxl import Workbook
from openpyxl.comments import Comment
from pydicom import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian

import insides
from insides import found_in

NAME = "Zyxwander-Müller"


@pytest.fixture(params=[True, False], ids=["pdftotext", "alone"])
def _reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With another program that reads PDFs, where there is one, and without."""
    if not request.param:
        monkeypatch.setattr(insides.shutil, "which", lambda name: None)


def make_pdf(path: Path, text: str, kind: int = 42, title: str = "Report") -> Path:
    figure = Figure(figsize=(4, 1))
    figure.text(0.1, 0.5, text)
    with matplotlib.rc_context({"pdf.fonttype": kind}), PdfPages(path, metadata={"Title": title}) as pdf:
        pdf.savefig(figure)
    return path


@pytest.mark.usefixtures("_reader")
@pytest.mark.parametrize("kind", [3, 42])
def test_a_name_on_a_page_of_a_pdf(tmp_path: Path, kind: int) -> None:
    path = make_pdf(tmp_path / "a.pdf", f"AVATo {NAME} (WAVE) \\ 7", kind)
    assert NAME.encode() not in path.read_bytes()
    assert found_in(path, [NAME, "AVATo", "(WAVE) \\ 7", "nobody"]) == {NAME, "AVATo", "(WAVE) \\ 7"}


@pytest.mark.usefixtures("_reader")
def test_a_name_in_the_title_of_a_pdf_and_one_without_text(tmp_path: Path) -> None:
    assert found_in(make_pdf(tmp_path / "a.pdf", "words", title="Zyxwander"), ["zyxwander"])
    with pytest.raises(ValueError, match="no text"):
        found_in(make_pdf(tmp_path / "b.pdf", ""), [NAME])


def test_a_name_in_a_workbook(tmp_path: Path) -> None:
    for place in ("cell", "comment", "property", "sheet"):
        book = Workbook()
        sheet = book.worksheets[0]
        sheet["B2"] = NAME if place == "cell" else 7
        if place == "comment":
            sheet["B2"].comment = Comment(NAME, "x")
        if place == "property":
            book.properties.keywords = NAME
        if place == "sheet":
            sheet.title = NAME
        book.save(path := tmp_path / f"{place}.xlsx")
        assert found_in(path, [NAME, "nobody"]) == {NAME}, place


def test_a_name_in_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"a": [{"b": NAME}]}) + "\n", encoding="ascii")
    assert NAME not in path.read_text(encoding="ascii")
    assert found_in(path, [NAME, "nobody"]) == {NAME}


def test_a_name_in_a_tag_of_a_sequence_and_in_a_wrapped_pdf(tmp_path: Path) -> None:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = EncapsulatedPDFStorage, "2.25.4711"
    file = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    file.SpecificCharacterSet = "ISO_IR 100"
    item = Dataset()
    item.TextValue = NAME
    file.ContentSequence = [item]
    pdf = make_pdf(tmp_path / "a.pdf", "Quillana").read_bytes()
    file.EncapsulatedDocument = pdf + b"\0" * (len(pdf) % 2)
    file.save_as(path := tmp_path / "a.dcm", enforce_file_format=True)
    assert found_in(path, [NAME, "Quillana", "2.25.4711", "nobody"]) == {NAME, "Quillana", "2.25.4711"}
