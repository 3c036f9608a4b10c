"""The comparison of seed 1 trains what it names and writes one table."""

import csv
from pathlib import Path

import pytest

from rsna import write_rsna, write_splits

pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.__main__ import main
from training.configs.read import read_config
from training.measure.compare import variant

SEED_1 = Path(__file__).parents[3] / "training" / "configs" / "sirati_amsheh_2023.toml"


def test_original_films_are_not_enhanced() -> None:
    plain = variant(read_config(SEED_1).raw, "vgg16", 256, enhanced=False)
    assert plain.preprocessing.equalisation_bins is None
    assert plain.preprocessing.gamma is None
    assert (plain.preprocessing.network_width, plain.preprocessing.network_height) == (256, 256)
    assert plain.phases[0].size == 256
    enhanced = variant(read_config(SEED_1).raw, "vgg16", 256, enhanced=True)
    assert enhanced.preprocessing.gamma == 2.5


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
