"""The ablations train what they name, each with one thing changed, and compare it with the base film by film."""

import csv
from pathlib import Path

import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from configs import CONFIGS, TEACHER, write_small
from rsna import write_rsna, write_splits

pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.__main__ import main
from training.configs.read import merged
from training.configs.values import TrainingConfig
from training.measure.ablate import read_variants


def trained_pixels(config: TrainingConfig) -> float:
    height, width = config.preprocessing.network_shape
    return sum(width / height * phase.size**2 * phase.epochs * phase.share for phase in config.phases)


def test_the_variants_in_the_box_change_what_they_say() -> None:
    variants = {item.name: item for item in read_variants(CONFIGS.parent / "ablations.toml")}
    base = next(iter(variants.values())).config
    assert base.phases[0].epochs == 2
    assert variants["whole-film"].config.preprocessing.cleaning is None
    assert variants["plain-grey"].config.preprocessing.gamma is None
    assert variants["no-augmentation"].config.phases[0].augment is None
    assert variants["mse"].config.loss.kind == "mse"
    assert variants["stretched"].stretched
    for item in list(variants.values())[1:]:
        assert item.config.seed == base.seed
        assert item.config.raw["phases"] == base.raw["phases"] or item.name == "tall"
        assert trained_pixels(item.config) == pytest.approx(trained_pixels(base), rel=0.02)  # the same budget
        assert dict(item.config.raw) | {"name": ""} != dict(base.raw) | {"name": ""} or item.stretched


def test_merging_leaves_the_base_alone() -> None:
    base = {"a": {"x": 1, "y": 2}, "b": [1]}
    assert merged(base, {"a": {"y": 3}, "b": [2]}) == {"a": {"x": 1, "y": 3}, "b": [2]}
    assert base == {"a": {"x": 1, "y": 2}, "b": [1]}


def write_ablations(folder: Path, *variants: str) -> Path:
    write_small(TEACHER, folder / "small.toml")
    path = folder / "ablations.toml"
    common = "[common]\nphases = [{ size = 32, epochs = 1, share = 1.0 }]\n"
    common += "[common.preprocessing]\nnetwork_width = 48\nnetwork_height = 48\n"
    path.write_text('base = "small.toml"\n' + common + "".join(variants), encoding="utf-8")
    return path


def test_the_command_trains_compares_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rsna = write_rsna(tmp_path / "rsna", 14, stretch_to=120)
    splits = write_splits(tmp_path / "splits", report=["1"], tune=["2", "3"])
    config = write_ablations(
        tmp_path,
        '[[variants]]\nname = "base"\nwhy = "base"\n',
        '[[variants]]\nname = "whole"\nwhy = "no crop"\nwithout = ["preprocessing.cleaning"]\nstretched = true\n',
        '[[variants]]\nname = "never"\nwhy = "left out"\n',
    )
    words = [*rsna.words(), "--config", str(config), "--splits", str(splits), "--device", "cpu"]
    words += ["--runs", str(tmp_path / "runs"), "--only", "whole"]
    assert main(["ablate", *words]) == 0
    with (tmp_path / "runs" / "ablations.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["base", "whole"]
    assert float(rows[0]["difference"]) == 0
    assert float(rows[1]["difference"]) == pytest.approx(
        float(rows[1]["tune_mae_months"]) - float(rows[0]["tune_mae_months"]), abs=2e-3
    )
    assert len(list((tmp_path / "runs" / "cache").iterdir())) == 2
    capsys.readouterr()
    assert main(["ablate", *words]) == 0
    assert capsys.readouterr().out.count("going on after epoch 1") == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[[variants]]\nname = "x"\nwhy = "y"\nwihtout = []\n', "wihtout"),
        ("variants = 3\n", "variants"),
        ("variants = [1]\n", "variants"),
        ("variants = []\n", "at least one"),
        ('common = 1\n[[variants]]\nname = "x"\nwhy = "y"\n', "common"),
        ('cmomon = 1\n[[variants]]\nname = "x"\nwhy = "y"\n', "cmomon"),
        ('[[variants]]\nname = "x"\nwhy = 3\n', "why"),
        ('[[variants]]\nname = "x"\nwhy = "y"\nstretched = 1\n', "stretched"),
        ('[[variants]]\nname = "x"\nwhy = "y"\nchange = 1\n', "change"),
        ('[[variants]]\nname = "x"\nwhy = "y"\nchange = { optimisation = { rate = -1.0 } }\n', "optimisation.rate"),
        ('[[variants]]\nname = "x"\nwhy = "y"\nwithout = ["loss.gama"]\n', "loss.gama"),
        ('[[variants]]\nname = "x"\nwhy = "y"\n' * 2, "a name of its own"),
    ],
)
def test_a_wrong_file_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    path = write_ablations(tmp_path)
    path.write_text(f'base = "small.toml"\n{text}', encoding="utf-8")
    with pytest.raises(BoneAgeError, match=reason) as caught:
        read_variants(path)
    assert caught.value.code == "bad_config"


def test_a_variant_that_is_not_there_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_ablations(tmp_path, '[[variants]]\nname = "x"\nwhy = "y"\n')
    words = ["--images", str(tmp_path), "--labels", str(tmp_path / "none.csv"), "--runs", str(tmp_path / "runs")]
    assert main(["ablate", "--config", str(path), *words, "--only", "z"]) == 2
    assert "called z; there are x" in capsys.readouterr().err
