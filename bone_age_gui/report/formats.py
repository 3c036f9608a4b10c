"""What can be written: one list of formats for the window, the command line and the writers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bone_age_gui.core.values.typed_values import parse_list
from bone_age_gui.wording.language import mark


@dataclass(frozen=True)
class Format:
    """One kind of report: ``title`` in a few words, ``about`` in a sentence, ``file`` the name of what is one file."""

    title: str
    file: str = ""
    about: str = ""


CASE_FORMATS = {
    "pdf": Format(mark("PDF report of each film")),
    "sr": Format(mark("DICOM structured report of each film")),
    "dicom-pdf": Format(mark("PDF report as a DICOM object")),
    "dicom-image": Format(mark("First page of the PDF report as a DICOM picture")),
    "csv": Format(mark("Table as CSV"), "bone-age.csv"),
    "xlsx": Format(mark("Table as Excel workbook"), "bone-age.xlsx"),
    "json": Format(mark("Table as JSON lines"), "bone-age.jsonl"),
    "summary": Format(mark("PDF summary of all films"), "bone-age-summary.pdf"),
}
"""For films that are at hand with their pictures, in the order in which they are offered."""
FILM_FORMATS = tuple(name for name, kind in CASE_FORMATS.items() if not kind.file)
"""Formats in which each film gets a file of its own."""
RUN_FORMATS = {
    "csv": Format(mark("CSV"), "results.csv", mark("A table as plain text")),
    "xlsx": Format(mark("Excel"), "results.xlsx", mark("A workbook with typed cells and a summary")),
    "pdf": Format(mark("PDF"), "report.pdf", mark("A report of the run: distribution, flags, refusals")),
    "json": Format(mark("JSON"), "results.jsonl", mark("One object per film and line, for programs")),
    "sr": Format(mark("DICOM SR"), "sr", mark("One structured report per film, for the archive")),
}
"""For a batch, which keeps no pictures; ``sr`` is a folder with one DICOM object for each estimated film."""


def parse_formats(text: str, formats: Collection[str]) -> tuple[str, ...]:
    """``"PDF, csv"`` -> ``("pdf", "csv")``. ``ValueError`` for an unknown one, or none at all."""
    wanted = tuple(dict.fromkeys(name.lower() for name in parse_list(text)))
    if not wanted or not set(wanted) <= set(formats):
        raise ValueError(text)
    return wanted
