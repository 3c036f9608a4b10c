"""Folders of films for tests of batches, and a run over them in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bone_age_gui import paths
from bone_age_gui.core.batch.run import BatchControl, BatchRow, BatchSettings, BatchSummary, plan_batch, run_batch
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.model.predictor import Predictor
from films import hand_like, write_dicom, write_picture

GOOD = 5
"""Films in the folder of ``make_films`` that can be estimated."""


def make_films(folder: Path) -> Path:
    """Three DICOM films (one without extension), two pictures, one broken file, and what is no film."""
    folder.mkdir(parents=True, exist_ok=True)
    film = hand_like(300, 240)
    write_dicom(folder / "a.dcm", film, PatientName="Zyxwvut^Secret", PatientID="QQ-4711")
    write_dicom(folder / "b.dcm", film, sex="M", PatientName="Zyxwvut^Secret")
    write_dicom(folder / "1.2.840.9", film, PatientName="Zyxwvut^Secret")
    write_picture(folder / "c.png", film)
    write_picture(folder / "d.jpg", film)
    (folder / "e.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    (folder / "notes.txt").write_text("no film", encoding="utf-8")
    (folder / "DICOMDIR").write_bytes((folder / "a.dcm").read_bytes())
    (folder / ".hidden.png").write_bytes((folder / "c.png").read_bytes())
    return folder


def copy_films(folder: Path, count: int = 40) -> Path:
    """So many copies of one small film that a run can be met in the middle, whatever is at work at once."""
    folder.mkdir(parents=True)
    film = write_picture(folder / "film-00.png", hand_like(300, 240)).read_bytes()
    for number in range(1, count):
        (folder / f"film-{number:02}.png").write_bytes(film)
    return folder


def run_folder(
    folder: Path,
    out: Path,
    bundle: Path,
    *,
    on_row: Callable[[BatchRow], None] = lambda row: None,
    control: BatchControl | None = None,
    patients: Path | None = None,
    recursive: bool = False,
    **settings: Any,
) -> BatchSummary:
    """Run a batch on the CPU with two workers, unless told otherwise."""
    plan = plan_batch(folder, out, recursive=recursive, patients=patients)
    chosen = BatchSettings(**({"program_version": "test", "workers": 2} | settings))
    predictor = Predictor(load_bundle(bundle), "cpu", 1)
    return run_batch(plan, predictor, GrowthReference.load_all(paths.growth_dir()), chosen, on_row, control)


def journal_files(out: Path) -> list[str]:
    """The films in a journal, as often as they are there."""
    lines = (out / "journal.jsonl").read_text(encoding="ascii").splitlines()
    return [json.loads(line)["record"]["file"] for line in lines[1:]]
