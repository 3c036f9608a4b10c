"""The comparison of seed 1 trains what it names and writes one table."""

import csv
from pathlib import Path

import pytest

from films import hand_like
from rsna import write_rsna, write_splits

pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from bone_age_gui.core.stages.preprocess import run_stages
from training.__main__ import main
from training.configs.read import read_config
from training.measure.compare import variant

SEED_1 = Path(__file__).parents[3] / "training" / "configs" / "sirati_amsheh_2023.toml"


def test_original_films_are_not_enhanced_and_both_have_the_wanted_size() -> None:
    raw = read_config(SEED_1).raw
    original, enhanced = (variant(raw, "vgg16", 192, enhanced=wanted) for wanted in (False, True))
    stages = [run_stages(hand_like(), config.preprocessing) for config in (original, enhanced)]
    keys = [[stage.key for stage in each] for each in stages]
    assert keys == [["network"], ["equalised", "sharpened", "gamma", "network"]]
    for config, made in zip((original, enhanced), stages, strict=True):
        assert made[-1].pixels.shape == (192, 192)
        assert config.phases[0].size == 192


def test_original_and_enhanced_are_trained_and_tabled(tmp_path: Path) -> None:
    rsna = write_rsna(tmp_path / "rsna", 24)
    splits = write_splits(tmp_path / "splits", report=["1"], tune=["2", "3"])
    text = SEED_1.read_text(encoding="utf-8").replace("epochs = 30", "epochs = 1")
    config = tmp_path / "short.toml"
    config.write_text(text, encoding="utf-8")
    words = [*rsna.words(sizes=False), "--config", str(config)]
    words += ["--splits", str(splits), "--runs", str(tmp_path / "runs"), "--weights", "none", "--device", "cpu"]
    words += ["--backbones", "resnet10t", "--picture-sizes", "64"]
    assert main(["compare", *words]) == 0
    with (tmp_path / "runs" / "comparison.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["name"] for row in rows} == {"resnet10t-64-enhanced", "resnet10t-64-original"}
    assert [float(row["tune_mae_months"]) for row in rows] == sorted(float(row["tune_mae_months"]) for row in rows)
    assert all((row["n_train"], row["n_tune"]) == ("21", "2") for row in rows)
