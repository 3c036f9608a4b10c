"""Where the program's own files lie: in a source tree, an installed wheel and a frozen program.

The wheel and the frozen program carry ``models/`` and ``resources/`` inside the package, under
``bone_age_gui/_data``; in a source tree (also one installed with ``pip install -e``) they lie
beside the package.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

APP_NAME = "bone-age-gui"


def _data_root() -> Path:
    """The folder that holds ``models`` and ``resources``."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "bone_age_gui" / "_data"
    package = Path(__file__).resolve().parent
    inside = package / "_data"
    return inside if inside.is_dir() else package.parent


def resources_dir() -> Path:
    """Icons, growth tables and samples, read-only."""
    return _data_root() / "resources"


def models_dir() -> Path:
    """The model bundles that were shipped, read-only: one folder each."""
    return _data_root() / "models"


def user_data_dir() -> Path:
    """The user's own folder for this program; may not exist yet.

    ``BONE_AGE_DATA`` in the environment moves it, for a shared installation and for tests.
    """
    moved = os.environ.get("BONE_AGE_DATA")
    return Path(moved) if moved else Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))


def model_search_path() -> list[Path]:
    """Folders that hold model bundles, the first hit wins: the user's own, then the shipped ones."""
    return [user_data_dir() / "models", models_dir()]


def growth_dir() -> Path:
    """The tables of growth: bone age, height, share of the adult height."""
    return resources_dir() / "growth"


def sample_files() -> list[Path]:
    """The drawn phantom, DICOM first, then PNG; empty if the folder was removed."""
    folder = resources_dir() / "sample"
    return [*sorted(folder.glob("*.dcm")), *sorted(folder.glob("*.png"))]
