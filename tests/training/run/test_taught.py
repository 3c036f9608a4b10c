"""A network that goes on under a bundle's lessons, on crops by the joints, and on copies that users could bring."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from bundles import make_bundle, make_seeing_bundle
from configs import CONFIGS, write_small
from films import hand_like
from rsna import RsnaFolder, write_rsna, write_splits

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.__main__ import main  # noqa: E402
from training.configs.read import make_config, read_config  # noqa: E402
from training.configs.values import JointCrops  # noqa: E402
from training.films.batches import Batch  # noqa: E402
from training.films.by_joints import JointCropper  # noqa: E402
from training.films.changes import changed_at_random  # noqa: E402
from training.films.data import Films  # noqa: E402
from training.run import loop  # noqa: E402
from training.run.loop import TrainingStep  # noqa: E402
from training.run.trainer import make_trainer  # noqa: E402

STEADY = CONFIGS / "steady_fine.toml"
CPU = torch.device("cpu")


@pytest.fixture
def rsna(tmp_path: Path) -> RsnaFolder:
    write_splits(tmp_path / "splits", report=["1"], tune=["2"])
    return write_rsna(tmp_path / "rsna", 5, stretch_to=120)


def written(tmp_path: Path, bundle: Path, size: int = 96) -> Path:
    path = write_small(STEADY, tmp_path / "steady.toml", size=size)
    text = path.read_text(encoding="utf-8").replace('"models/densenet121"', json.dumps(str(bundle)))
    path.write_text(text, encoding="utf-8")
    return path


def test_the_command_takes_lessons_and_copies_of_films_that_are_not_held_out(
    rsna: RsnaFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_seeing_bundle(tmp_path / "bundle")
    finer = write_rsna(tmp_path / "finer", 4, size=(480, 600), first_id=1)
    seen: list[Films] = []
    epoch = loop.train_epoch

    def watched(trainer: Any, films: Films, **more: Any) -> Any:
        seen.append(films)
        return epoch(trainer, films, **more)

    monkeypatch.setattr(loop, "train_epoch", watched)
    paths = ["--config", written(tmp_path, tmp_path / "bundle"), "--splits", tmp_path / "splits"]
    paths += ["--run", tmp_path / "run", "--cache", tmp_path / "cache"]
    paths += ["--finer-images", finer.images, "--finer-labels", finer.labels]
    assert main(["train", *rsna.words(), *map(str, paths), "--device", "cpu"]) == 0, capsys.readouterr().err
    [films] = seen
    assert films.ids == ("3", "4", "5", "3", "4", "5", "3", "4", "3", "4")
    assert films.finer is not None
    assert films.finer.tolist() == [False] * 6 + [True] * 4
    assert films.lessons is not None
    assert np.array_equal(films.lessons[:3], films.lessons[3:6]), "a changed film's lesson is that of the film itself"
    assert films.lessons.sum(axis=1) == pytest.approx(1, abs=1e-3)
    assert not np.array_equal(films.pixels[:3], films.pixels[3:6])
    assert len(list((tmp_path / "cache").glob("lessons-*.npy"))) == 2


def test_lessons_weigh_as_much_as_the_configuration_says(tmp_path: Path) -> None:
    raw = read_config(write_small(STEADY, tmp_path / "steady.toml", size=48, dropout=0.0)).raw
    raw = {name: value for name, value in raw.items() if name not in ("changed", "joint_crops", "finer")}
    images, sex, months = torch.rand(4, 1, 48, 32), torch.zeros(4, 2), torch.full((4,), 100.0)
    lessons = loop.bell(torch.full((4,), 60.0), 6.0)

    def loss(share: float, taught: Any) -> float:
        config = make_config({**raw, "lessons": {**raw["lessons"], "share": share}})
        step = TrainingStep(make_trainer(config, CPU, load_weights=False)).eval()
        return float(step(Batch(images, sex, months, taught), config.phases[0])[0].detach())

    alone, taught = loss(0.0, lessons), loss(1.0, lessons)
    assert alone == pytest.approx(loss(0.6, None))
    assert loss(0.6, lessons) == pytest.approx(0.4 * alone + 0.6 * taught, rel=1e-4)
    assert taught != pytest.approx(alone, rel=0.01)


def test_a_bundle_without_a_distribution_cannot_teach(
    rsna: RsnaFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_bundle(tmp_path / "bundle", outputs=("bone_age_months",), calibration=None)
    config = written(tmp_path, tmp_path / "bundle")
    words = ["train", *rsna.words(), "--config", str(config), "--splits", str(tmp_path / "splits")]
    assert main([*words, "--run", str(tmp_path / "run"), "--device", "cpu"]) != 0
    assert "finder" in capsys.readouterr().err


def test_by_joints_a_hand_fills_the_crop_wherever_it_lies(tmp_path: Path) -> None:
    make_seeing_bundle(tmp_path / "bundle")
    crop = JointCropper(JointCrops(str(tmp_path / "bundle"), 1.85, 0.27)).crop(hand_like(300, 240))
    assert crop is not None
    assert (crop.spec.most_apart, crop.spec.most_turned) == (0.0, 0.0)


def test_changes_by_chance_are_the_generators_own() -> None:
    film = hand_like(220, 180)
    one, again, other = (changed_at_random(film, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert one.dtype == np.uint16
    assert one.shape != other.shape or not np.array_equal(one, other)


def test_no_copies_are_said_by_leaving_the_table_out() -> None:
    with pytest.raises(BoneAgeError, match=r"changed\.copies should be from 1"):
        make_config({**read_config(STEADY).raw, "changed": {"copies": 0}})
