"""Real DICOM files and films, where the development data are at hand; nothing of them is in the project."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Sex
from films import write_dicom, write_picture

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the development data (../shared/data) are not here")

REFUSED = {
    "chrJapMulti.dcm": "no_pixel_data",
    "chrJapMultiExplicitIR6.dcm": "no_pixel_data",
    "chrKoreanMulti.dcm": "no_pixel_data",
}
HANDS = {"hand_cr_jpeg2000.dcm"}


@pytest.mark.parametrize("path", sorted((DATA / "dicom").glob("*.dcm")), ids=lambda path: path.name)
def test_every_sample_opens_or_is_refused(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    if path.name in REFUSED:
        with pytest.raises(BoneAgeError) as caught:
            read_radiograph(path)
        assert caught.value.code == REFUSED[path.name]
    else:
        film = read_radiograph(path)
        assert film.pixels.dtype == np.uint16
        assert np.ptp(film.pixels) > 30000
        assert not film.inverted
        loud = {notice.code for notice in film.notices if notice.loud}
        assert ("body_part" in loud) == (path.name not in HANDS)
    assert capfd.readouterr() == ("", "")


def test_the_same_leg_in_every_syntax() -> None:
    legs = {
        path.stem: read_radiograph(path).pixels.astype(np.int32) for path in sorted((DATA / "dicom").glob("RG3_*.dcm"))
    }
    reference = legs.pop("RG3_J2KR")
    lossy = legs.pop("RG3_JPLY")
    assert len(legs) == 3
    assert all(np.array_equal(leg, reference) for leg in legs.values())
    assert np.abs(lossy - reference).mean() < 200


def test_the_real_hand() -> None:
    film = read_radiograph(DATA / "dicom" / "hand_cr_jpeg2000.dcm")
    assert film.pixels.shape == (2500, 2048)
    assert (film.bits, film.body_part, film.modality, film.patient.sex) == (12, "HAND", "CR", Sex.FEMALE)
    assert film.spacing is not None
    assert (film.spacing.row_mm, film.spacing.plane) == (0.115, "detector")


def films(folder: str, count: int) -> list[Path]:
    paths = sorted(DATA.glob(f"{folder}/*/*.*"))
    return paths[:: max(1, len(paths) // count)]


@pytest.mark.parametrize(
    "path",
    films("rsna-299", 40) + films("rsna-half", 10) + films("rsna-validation-crops", 10),
    ids=lambda path: f"{path.parent.parent.name}-{path.stem}",
)
def test_real_films_and_their_negatives(tmp_path: Path, path: Path) -> None:
    film = read_radiograph(path)
    assert not film.inverted
    negative = read_radiograph(write_picture(tmp_path / "negative.png", 65535 - film.pixels, bits=16))
    assert negative.inverted
    assert np.array_equal(negative.pixels, film.pixels)
    claimed = read_radiograph(write_dicom(tmp_path / "negative.dcm", 65535 - film.pixels, bits=16))
    assert claimed.inverted
