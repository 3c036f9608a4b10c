"""``python -m training trust``: a bundle gets a finder, a crop by joints, and the distance to its training films."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed (extra 'train')")
from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.pipeline import process
from bone_age_gui.core.values.strict_json import dump_json, to_plain
from bone_age_gui.paths import growth_dir
from bundles import make_bundle
from joints import finder_file, maps_of, placed_hand
from rsna import RsnaFolder, write_rsna, write_splits
from training.__main__ import main
from training.trust import novelty
from training.trust.command import AGREEMENT
from training.trust.limits import BEYOND_TUNE

TUNE = range(3, 31)


@dataclass(frozen=True)
class Work:
    """A bundle without a finder, a finder that always sees the same hand, and films."""

    folder: Path
    films: RsnaFolder

    def words(self, **changes: Path) -> list[str]:
        places = {name: self.folder / name for name in ("model", "finder", "splits", "out")} | changes
        given = [word for name, path in places.items() for word in (f"--{name}", str(path))]
        return ["trust", *self.films.words(), *given]


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Work:
    make_bundle(tmp_path / "model")
    (tmp_path / "finder").mkdir()
    card = finder_file(tmp_path / "finder" / "finder.onnx", maps_of(placed_hand((42, 76), 60)))
    card = replace(card, spec=replace(card.spec, most_hands=0))
    (tmp_path / "finder" / "finder.json").write_text(dump_json(to_plain(card)), encoding="utf-8")
    write_splits(tmp_path / "splits", report=["1", "2"], tune=[str(number) for number in TUNE])
    monkeypatch.setattr(novelty, "fit_novelty", functools.partial(novelty.fit_novelty, axes=3))
    return Work(tmp_path, write_rsna(tmp_path / "films", count=40))


def test_a_bundle_learns_to_refuse_and_to_doubt(work: Work, capsys: pytest.CaptureFixture[str]) -> None:
    before = (work.folder / "model" / "model.onnx").read_bytes()
    finer = write_rsna(work.folder / "finer", count=34, size=(360, 450))
    cached = ["--cache", str(work.folder / "cache"), "--version", "2.0", "--quiet"]
    both = ["--finer-images", str(finer.images), "--finer-labels", str(finer.labels)]
    assert main([*work.words(), *both, *cached]) == 0
    assert (work.folder / "model" / "model.onnx").read_bytes() == before
    made = load_bundle(work.folder / "out")
    card = made.card
    assert card.version == "2.0"
    assert card.finder is not None
    assert card.quality is not None
    assert card.joint_crop is not None
    assert (card.joint_crop.height, card.joint_crop.middle) != (AGREEMENT.height, AGREEMENT.middle)
    assert card.joint_crop.pose is not None
    assert abs(card.joint_crop.pose.angle) < 30
    assert "tune (n 28)" in card.quality.measured
    assert "report (n 2)" in card.quality.measured
    printed = capsys.readouterr().out
    assert all(f"{name} (n {n})" in printed for name, n in (("tune", 28), ("tune_native", 28), ("report_native", 2)))
    assert "finer films in no split (n 4): of 1000 films 995 are sharper than" in printed
    assert "tune_native, girls" in printed
    assert {"report", "report_native", "tune", "tune_native", "report_unknown_sex"} <= set(card.metrics)
    kept = len(list((work.folder / "cache").iterdir()))
    assert kept == 10 + 2 * 30
    assert main([*work.words(out=work.folder / "again"), *both, *cached]) == 0
    assert (capsys.readouterr().out, len(list((work.folder / "cache").iterdir()))) == (printed, kept)
    predictor = Predictor(made, "cpu")
    reference = GrowthReference.load_all(growth_dir())
    highest = []
    for folder in (work.films, finer):
        cases = [process(folder.images / f"{film_id}.png", predictor, reference) for film_id in TUNE]
        distances = [case.estimate.novelty for case in cases if case.estimate is not None]
        assert len(distances) == len(TUNE)
        highest.append(np.percentile(distances, 99.5))
    assert card.quality.most_novelty == pytest.approx(BEYOND_TUNE * max(highest), rel=1e-4)


def test_a_finder_that_is_none_is_refused_before_anything_is_made(
    work: Work, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(work.words(finder=work.folder / "nowhere")) == 2
    assert "python -m training finder" in capsys.readouterr().err
    with (work.folder / "finder" / "finder.onnx").open("ab") as file:
        file.write(b"damage")
    assert main(work.words()) == 2
    assert not (work.folder / "out").exists()


def test_too_few_films_are_said_in_words_and_leave_nothing(work: Work, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*work.words(), "--films", "5", "--quiet"]) == 2
    assert "Too few films. The distance to the training films needs 6 films" in capsys.readouterr().err
    assert not (work.folder / "out").exists()
