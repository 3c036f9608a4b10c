"""Fixtures: films that went down the whole line with the tiny bundle, as cases and records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bone_age_gui import paths
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.pipeline import process
from bone_age_gui.core.values.reading import Reading
from bone_age_gui.core.values.record import CaseRecord, record_of
from bone_age_gui.core.values.types import Case
from films import hand_like, write_dicom

CREATED = "2026-11-21T09:30:00+00:00"


@pytest.fixture(scope="session")
def reference() -> GrowthReference:
    """The growth reference of the program."""
    return GrowthReference.load_all(paths.growth_dir())


@pytest.fixture(scope="session")
def estimate(tiny_bundle: Path, reference: GrowthReference) -> Callable[[Path], Case]:
    """Walk the line for a file."""
    predictor = Predictor(load_bundle(tiny_bundle), "cpu")

    def estimate_file(path: Path) -> Case:
        return process(path, predictor, reference)

    return estimate_file


@pytest.fixture(scope="session")
def girl_case(estimate: Callable[[Path], Case], girl: Path) -> Case:
    """A DICOM film with dates, read by a person too."""
    return replace(estimate(girl), reading=Reading(131.5, "reader", "Carpals ahead."))


@pytest.fixture(scope="session")
def picture_case(estimate: Callable[[Path], Case], plain_picture: Path) -> Case:
    """A picture without tags."""
    return estimate(plain_picture)


@pytest.fixture(scope="session")
def refused_case(estimate: Callable[[Path], Case], tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A file that is no picture."""
    path = tmp_path_factory.mktemp("refused") / "notes.png"
    path.write_text("no picture", encoding="utf-8")
    return estimate(path)


@pytest.fixture(scope="session")
def record() -> Callable[[Case], CaseRecord]:
    """The record of a case."""
    return lambda case: record_of(case, program_version="9.8.7", created=CREATED)


@pytest.fixture(scope="session")
def secret_case(estimate: Callable[[Path], Case], tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A film that names its patient in tags, folder, file name and remark."""
    folder = tmp_path_factory.mktemp("Zyxwander")
    path = write_dicom(
        folder / "Zyxwander_Quillana.dcm",
        hand_like(seed=5),
        PatientName="Zyxwander^Quillana",
        PatientID="MRN-7788994",
        birth_date="20140317",
        study_date="20250926",
        body_part="Zyxwander hand",
        AccessionNumber="ACC-5566778",
        ReferringPhysicianName="Prokofjew^Hildegund",
    )
    return replace(estimate(path), reading=Reading(120.0, "model", "Quillana, born 17.03.2014, mrn-7788994: recheck."))
