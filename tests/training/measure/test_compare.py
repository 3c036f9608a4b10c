"""Seed 1's Table 2: every cell is trained once, by its own budget, and stands beside the published figures."""

import csv
import json
from pathlib import Path

import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from configs import CONFIGS
from rsna import RsnaFolder, write_rsna, write_splits

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
import timm  # noqa: E402

from training.__main__ import main  # noqa: E402
from training.measure.cells import read_comparison  # noqa: E402
from training.network.bone_age import build_network  # noqa: E402

TABLE_2 = CONFIGS / "table2.toml"
TABLE = """
base = "seed.toml"
sizes = [64]

[random_weights]
network = { weights = "none", frozen = false }
split = { train = 8, validation = 3, test = 2 }
optimisation = { batch = 4 }
phases = [{ size = 64, epochs = 2, share = 1.0 }]

[[backbones]]
title = "ResNet-10"
name = "resnet10t"
published = { enhanced-64 = [23.9, 964.05], original-64 = [28.81, 1390.96] }

[[backbones]]
title = "Test"
name = "test_resnet"
published = { enhanced-64 = [9.8, 165.18] }
"""


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    """The comparison of two small networks on 20 drawn films."""
    rsna: RsnaFolder = write_rsna(tmp_path / "rsna", 20, size=(112, 140))
    splits = write_splits(tmp_path / "splits", report=["1", "2", "3", "4"], tune=["5"])
    seed = (CONFIGS / "sirati_amsheh_2023.toml").read_text(encoding="utf-8")
    for old, new in (
        ("train = 8197\nvalidation = 4214\ntest = 200", "train = 12\nvalidation = 4\ntest = 3"),
        ("epochs = 30", "epochs = 3"),
        ("batch = 16", "batch = 4"),
    ):
        assert old in seed
        seed = seed.replace(old, new)
    (tmp_path / "seed.toml").write_text(seed, encoding="utf-8")
    (tmp_path / "small.toml").write_text(TABLE, encoding="utf-8")
    paths = ["--splits", str(splits), "--runs", str(tmp_path / "runs"), "--device", "cpu"]
    return ["compare", str(tmp_path / "small.toml"), *rsna.words(sizes=False), *paths]


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_table_in_the_box_is_the_papers() -> None:
    comparison = read_comparison(TABLE_2)
    assert len({cell.name for cell in comparison.cells}) == 5 * 2 * 2
    published = {cell.name: cell.published for cell in comparison.cells}
    assert None not in published.values()
    assert published["densenet121-280-enhanced"] == (9.8, 165.18)
    assert published["inception_v3-256-original"] == (16.1, 416.3)
    for cell in comparison.cells:
        config, drawn = comparison.config(cell, "imagenet"), comparison.config(cell, "none")
        for each in (config, drawn):
            spec = each.preprocessing
            assert (spec.network_width, spec.network_height, each.phases[0].size) == (cell.size,) * 3
            stages = (spec.equalisation_bins, spec.sharpening, spec.gamma)
            assert all(stage is not None for stage in stages) == cell.enhanced == any(stages)
            assert each.network.backbone == cell.backbone.name
        assert config.network.frozen == ("",)
        assert config.split is not None
        assert (config.split.train, config.epochs) == (8197, 30)
        assert drawn.network.frozen == ()
        assert (drawn.split, drawn.epochs) == (comparison.config(comparison.cells[0], "none").split, 1)  # equal for all


@pytest.mark.parametrize("name", ["resnet50", "vgg16", "legacy_xception", "inception_v3", "densenet121"])
def test_every_backbone_pools_the_maps_of_its_last_convolutions(name: str) -> None:
    comparison = read_comparison(TABLE_2)
    [cell] = comparison.chosen(f"{name}-256-enhanced")
    with torch.device("meta"):  # shapes without values: no weight is drawn
        network = build_network(comparison.config(cell, "none").network).eval()
        maps, pooled = network.features(torch.zeros(1, 1, 96, 96))
    assert pooled.shape == (1, {"vgg16": 512, "densenet121": 1024}.get(name, 2048))
    assert maps[0].shape[1] == pooled.shape[1]
    learned = sum(weight.numel() for weight in network.backbone.parameters())
    assert learned < 30e6  # no layer of a classifier that nothing uses


def test_cells_are_trained_once_and_the_table_says_random_weights(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "tables" / "mine"
    assert main([*words, "--random-weights", "--out", str(out)]) == 0
    rows = read_rows(out.with_suffix(".csv"))
    assert [(row["backbone"], row["size"], row["films"]) for row in rows] == [
        ("ResNet-10", "64", "enhanced"),
        ("ResNet-10", "64", "original"),
        ("Test", "64", "enhanced"),
        ("Test", "64", "original"),
    ]
    budget = ("weights", "frozen", "n_train", "n_validation", "n_test", "epochs")
    assert {tuple(row[name] for name in budget) for row in rows} == {("random weights", "False", "8", "3", "2", "2")}
    assert [row["published_mae_months"] for row in rows] == ["23.9", "28.81", "9.8", ""]
    test = read_rows(tmp_path / "runs" / "test_resnet-64-original-random" / "test.csv")
    assert {row["id"] for row in test} < {"1", "2", "3", "4"}
    errors = [float(row["error"]) for row in test]
    assert float(rows[3]["mae_months"]) == pytest.approx(sum(map(abs, errors)) / 2, abs=0.01)
    assert float(rows[3]["mse"]) == pytest.approx(sum(error**2 for error in errors) / 2, abs=0.05)
    text = out.with_suffix(".md").read_text(encoding="utf-8")
    assert "4 of 4 cells" in text
    assert "**4 of them began with random weights**" in text
    assert "8/3/2 films, 2 epochs" in text
    assert "| ResNet-10 | 64 | enhanced |" in text
    capsys.readouterr()
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "runs").rglob("*.pt")}
    assert main([*words, "--random-weights", "--out", str(out)]) == 0
    assert capsys.readouterr().out.count("done before") == 4
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "runs").rglob("*.pt")} == before
    assert out.with_suffix(".md").read_text(encoding="utf-8") == text


def test_shares_of_the_cells_make_one_table(words: list[str], tmp_path: Path) -> None:
    table = tmp_path / "runs" / "table.csv"
    assert main([*words, "--random-weights", "--cells", "1/2"]) == 0
    assert [bool(row["mae_months"]) for row in read_rows(table)] == [True, False, True, False]
    assert "not trained" in table.with_suffix(".md").read_text(encoding="utf-8")
    assert main([*words, "--random-weights", "--cells", "resnet10t-64-original"]) == 0
    assert [bool(row["mae_months"]) for row in read_rows(table)] == [True, True, True, False]
    before = table.read_bytes()
    table.unlink()
    assert main([*words, "--cells", "none"]) == 0
    assert table.read_bytes() == before


def test_a_pool_trains_what_one_process_trains(words: list[str], tmp_path: Path) -> None:
    alone = [*words, "--random-weights", "--cells", "test_resnet-64-enhanced,test_resnet-64-original"]
    assert main([*alone, "--jobs", "2", "--runs", str(tmp_path / "pool")]) == 0
    assert main(alone) == 0
    one, many = (read_rows(tmp_path / name / "table.csv") for name in ("runs", "pool"))
    for first, second in zip(one[2:], many[2:], strict=True):
        assert float(first["mae_months"]) == pytest.approx(float(second["mae_months"]), abs=0.05)


def test_imagenet_weights_come_from_a_folder_and_stay_frozen(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    make = timm.create_model

    def offline(name: str, pretrained: bool = False, **more: object) -> torch.nn.Module:
        if pretrained:
            raise OSError("no internet")
        return make(name, **more)

    monkeypatch.setattr(timm, "create_model", offline)
    folder = tmp_path / "weights"
    folder.mkdir()
    torch.manual_seed(9)
    state = make("resnet10t", in_chans=3, num_classes=7).state_dict()
    torch.save(state, folder / "resnet10t.some_tag.pth")
    (folder / "resnet10ts.pth").write_bytes(b"of another network")
    cells = "resnet10t-64-enhanced,test_resnet-64-enhanced"
    assert main([*words, "--weights-dir", str(folder), "--cells", cells]) == 0
    assert "Test: random weights" in capsys.readouterr().out
    rows = read_rows(tmp_path / "runs" / "table.csv")
    assert [(row["weights"], row["frozen"], row["n_train"], row["epochs"]) for row in (rows[0], rows[2])] == [
        ("file resnet10t.some_tag.pth", "True", "12", "3"),
        ("random weights", "False", "8", "2"),
    ]
    run = tmp_path / "runs" / "resnet10t-64-enhanced-imagenet"
    kept = torch.load(run / "last.pt", weights_only=True)["model"]
    assert torch.equal(kept["backbone.layer4.0.conv1.weight"], state["layer4.0.conv1.weight"])
    assert len(list((run / "features").iterdir())) == 2


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (["--cells", "4/3"], "no share"),
        (["--cells", "resnet50-64-enhanced"], "no cell resnet50-64-enhanced"),
        (["--weights-dir", "gone"], "--weights-dir"),
    ],
)
def test_what_cannot_be_done_is_refused(
    words: list[str], capsys: pytest.CaptureFixture[str], more: list[str], reason: str
) -> None:
    assert main([*words, *more]) == 2
    assert reason in capsys.readouterr().err


def test_a_run_folder_of_another_budget_is_refused(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = [*words, "--random-weights", "--cells", "test_resnet-64-enhanced"]
    assert main(one) == 0
    table = tmp_path / "small.toml"
    table.write_text(TABLE.replace("epochs = 2", "epochs = 3"), encoding="utf-8")
    assert main(one) == 2
    assert "another comparison" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('base = "seed.toml"', 'base = "gone.toml"', "gone.toml"),
        ("sizes = [64]", 'sizes = "64"', "sizes"),
        ("sizes = [64]", "sizes = [64]\nszies = [1]", "szies"),
        ('title = "Test"', "", "title"),
        ("train = 8, ", "train = true, ", "split.train"),
        ("frozen = false", "forzen = false", "forzen"),
        ("sizes = [64]", "sizes = [-64]", "sizes"),
        ("sizes = [64]", "sizes = []", "sizes"),
    ],
)
def test_a_wrong_table_is_refused(words: list[str], tmp_path: Path, old: str, new: str, reason: str) -> None:
    table = tmp_path / "small.toml"
    assert old in TABLE
    table.write_text(TABLE.replace(old, new), encoding="utf-8")
    with pytest.raises(BoneAgeError, match=reason) as caught:
        read_comparison(table)
    assert caught.value.code == "bad_config"


def test_a_broken_result_is_named(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "runs" / "resnet10t-64-enhanced-random"
    folder.mkdir(parents=True)
    (folder / "cell.json").write_text(json.dumps({"mae_months": 3}), encoding="utf-8")
    assert main([*words, "--cells", "none"]) == 2
    assert "Delete it" in capsys.readouterr().err
