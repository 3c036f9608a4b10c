"""The DICOM samples beside the checkout: each opens in the window or is refused with words."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from bone_age_gui import paths
from bone_age_gui.gui.main_window import MainWindow
from bone_age_gui.gui.work.film import FilmState
from bone_age_gui.wording.stages import stage_caption
from refused import message_of
from windows import WAIT_MS, drive, wait_for_flag

pytestmark = pytest.mark.usefixtures("own_settings", "nothing_left_running")

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "data" / "dicom"
needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the DICOM samples (../shared/data/dicom) are not there"
)
needs_model = pytest.mark.skipif(
    not (paths.models_dir() / "densenet121" / "card.json").is_file(), reason="the shipped model is not there"
)


@needs_samples
def test_every_sample_opens_or_is_refused_with_words(qtbot: QtBot, tiny_bundle: Path) -> None:
    def script(window: MainWindow) -> None:
        session = window.session
        qtbot.waitUntil(lambda: len(session.films) > 5 and session.engine is not None, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: session.is_idle, timeout=2 * WAIT_MS)
        for film in session.films:
            session.select(film.number)
            error = film.case.error
            if error is None:
                assert film.state is FilmState.ESTIMATED, film.name
                qtbot.waitUntil(lambda: window.viewer.view.has_picture, timeout=WAIT_MS)  # perhaps read again
            else:
                assert error.code != "bug"
                assert message_of(error) in window.result.accessibleDescription()
                assert not window.estimate_bar.button.isEnabled()
        assert {film.state for film in session.films} == {FilmState.ESTIMATED, FilmState.REFUSED}

    drive(qtbot, [str(SAMPLES), "--estimate", "--model", str(tiny_bundle), "--device", "cpu"], script)


@needs_samples
@needs_model
def test_a_real_hand_gets_an_age_from_the_shipped_model(qtbot: QtBot) -> None:
    def script(window: MainWindow) -> None:
        film = wait_for_flag(qtbot, window)
        estimate = film.case.estimate
        assert estimate is not None
        assert 0 < estimate.bone_age_months < 240
        assert estimate.model_name == "densenet121"

    drive(qtbot, [str(SAMPLES / "hand_cr_jpeg2000.dcm"), "--estimate", "--device", "cpu"], script)


@needs_model
def test_a_film_gets_the_same_age_whichever_way_it_lies(qtbot: QtBot, tmp_path: Path) -> None:
    upright = cv2.imread(str(paths.resources_dir() / "sample" / "phantom_hand.png"), cv2.IMREAD_UNCHANGED)
    assert upright is not None
    for quarters in range(4):
        cv2.imwrite(str(tmp_path / f"{quarters}.png"), np.rot90(upright, quarters))

    def script(window: MainWindow) -> None:
        session = window.session
        qtbot.waitUntil(lambda: len(session.films) == 4 and session.engine is not None, timeout=WAIT_MS)
        qtbot.waitUntil(lambda: session.is_idle, timeout=2 * WAIT_MS)
        ages = [film.case.estimate.bone_age_months for film in session.films if film.case.estimate is not None]
        assert len(ages) == 4
        assert max(ages) - min(ages) < 5  # 24 to 46 months apart with model 3.0, which turned nothing
        captions = [stage_caption(film.case.stages[0].fact) for film in session.films]
        assert ["turned upright" in caption for caption in captions] == [False, True, True, True]

    drive(qtbot, [str(tmp_path), "--estimate", "--device", "cpu"], script)


def test_the_shipped_sample_says_that_it_is_a_phantom(qtbot: QtBot, tiny_bundle: Path) -> None:
    def script(window: MainWindow) -> None:
        qtbot.waitUntil(lambda: window.session.engine is not None, timeout=WAIT_MS)
        window.actions_by_name["open_sample"].trigger()
        qtbot.waitUntil(lambda: window.session.current is not None and window.session.is_idle, timeout=WAIT_MS)
        assert window.viewer.banner.isVisible()
        assert "phantom" in window.viewer.banner.accessibleDescription()

    drive(qtbot, ["--model", str(tiny_bundle), "--device", "cpu"], script)
