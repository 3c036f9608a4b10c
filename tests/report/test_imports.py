"""Reports load what they need, when they need it, and never a window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import bone_age_gui

SCRIPT = """
import sys
from bone_age_gui.report import case_files, run_files
from bone_age_gui.report.dicom import encapsulated_pdf as dicom_pdf
from bone_age_gui.report.dicom import sr as dicom_sr
from bone_age_gui.report.tables import json_lines
from bone_age_gui.report.pdf import case as pdf_case
from bone_age_gui.report.pdf import run as pdf_run
from bone_age_gui.report.tables import spreadsheet
print(*sorted({"PySide6", "highdicom", "torch", "matplotlib.pyplot", "openpyxl"} & set(sys.modules)))
"""
LIGHT = """
import sys
from bone_age_gui.report import case_files, run_files
from bone_age_gui.report.tables import columns
from bone_age_gui.report.tables import spreadsheet
from bone_age_gui.wording import report as wording
print(*sorted({"matplotlib", "highdicom", "openpyxl", "pydicom"} & set(sys.modules)))
"""


def loaded(script: str) -> str:
    root = Path(bone_age_gui.__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_no_report_loads_qt_pyplot_or_highdicom_before_it_is_written() -> None:
    assert loaded(SCRIPT) == ""


def test_the_doors_to_the_reports_are_light() -> None:
    assert loaded(LIGHT) == ""
