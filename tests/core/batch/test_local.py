"""Films that are estimated together, as a GPU does it: one of them costs no other one."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from batches import make_films
from bone_age_gui import paths
from bone_age_gui.core.batch.local import BatchControl, run_local
from bone_age_gui.core.batch.run import plan_batch
from bone_age_gui.core.batch.worker import prepare_film
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.model.estimate import Estimate
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Sex

LAST = 6
"""The network is asked so often: once, for four films together, and for each of these."""


class ByEight(Predictor):
    """Takes eight films at a time, and fails where a boy is among them."""

    batch_size = 8
    asked: list[int]

    def estimate_batch(self, inputs: np.ndarray, sexes: Sequence[Sex | None]) -> list[Estimate]:
        if not self.asked:  # the others are all ready when the first film is done
            until = time.monotonic() + 60
            while multiprocessing.active_children() and time.monotonic() < until:
                time.sleep(0.02)
        self.asked.append(len(inputs))
        if Sex.MALE in sexes:
            raise BoneAgeError("inference_failed", problem="as some driver says")
        if len(self.asked) == LAST:
            return [None]  # type: ignore[list-item]  # a mistake in the program
        return super().estimate_batch(inputs, sexes)


def test_a_film_that_fails_costs_none_of_those_beside_it(tiny_bundle: Path, tmp_path: Path) -> None:
    films = make_films(tmp_path / "films")
    plan = plan_batch(films, tmp_path / "out")
    predictor = ByEight(load_bundle(tiny_bundle), "cpu", 1)
    predictor.asked = []
    reference = GrowthReference.load_all(paths.growth_dir())
    codes = {}
    for finished in run_local(plan.films, predictor, reference, 2.0, 1, prepare_film, BatchControl()):
        error = finished.case.error
        codes[finished.film.name] = error.code if error is not None else None
        assert (error is None) == (finished.case.estimate is not None)
        assert all(stage.pixels.size == 0 for stage in finished.case.stages[:-1]), "they need not go through a pipe"
    assert codes == {
        "1.2.840.9": None, "a.dcm": None, "b.dcm": "inference_failed", "c.png": None, "d.jpg": "internal",
        "e.png": "truncated",
    }  # fmt: skip
    assert predictor.asked == [1, 4, 1, 1, 1, 1], "four together, then each by itself"
