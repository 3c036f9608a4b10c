"""The saved picture of the stages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Case, Patient, Radiograph
from bone_age_gui.gui.view.stages_picture import save_stages_picture, stages_picture
from windows import with_estimate


def test_the_saved_picture_holds_every_stage(tmp_path: Path, qapp: QApplication) -> None:
    film = Radiograph(np.full((300, 200), 50_000, np.uint16))
    case = with_estimate(Case(Path("doe.dcm"), Patient(name="Doe^Jane"), film))
    path = save_stages_picture(case, tmp_path / "stages.png")
    assert path.stat().st_size > 1000
    image = stages_picture(case)
    bright = [x for x in range(0, image.width(), 10) if image.pixelColor(x, 260).lightness() > 80]
    assert len({x // 436 for x in bright}) == 3
    assert list(tmp_path.glob(".*")) == []
    later = save_stages_picture(replace(case, estimate=None), path)
    assert later == path


def test_a_picture_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path, qapp: QApplication) -> None:
    case = with_estimate(Case(None, radiograph=Radiograph(np.zeros((120, 120), np.uint16))))
    target = tmp_path / "a.png"
    target.mkdir()
    with pytest.raises(BoneAgeError) as caught:
        save_stages_picture(case, target)
    assert caught.value.code == "no_folder"
    assert [path.name for path in tmp_path.iterdir() if path != target and path.name != "settings"] == []
