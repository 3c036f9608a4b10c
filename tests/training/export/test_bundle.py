"""From a checkpoint to a whole bundle by one command, and the card's figures from the file alone."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch

from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.model.estimate import calibrated_spread
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.model.preparing import PreparingModel
from rsna import RsnaFolder, write_rsna, write_splits
from training.__main__ import main
from training.configs.read import make_network_spec
from training.export import bundle as export
from training.export import onnx_file
from training.export.card import covered_ages, training_record
from training.films.data import Label
from training.measure.calibrate import fit_calibration
from training.measure.scoring import film_input, hash_id
from training.network.bone_age import build_network
from training.network.from_bundle import restore
from training.network.two_looks import two_looks

CONFIG = Path(__file__).parents[3] / "training" / "configs" / "shipped.toml"


@dataclass(frozen=True)
class Work:
    """What one export needs."""

    films: RsnaFolder
    splits: Path
    checkpoint: Path
    network: torch.nn.Module

    def options(self, out: Path, *more: str) -> list[str]:
        paths = ["--checkpoint", self.checkpoint, "--out", out, "--splits", self.splits]
        return ["export", *self.films.words(), *map(str, paths), "--quiet", "--device", "cpu", *more]


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Work:
    """An untrained small network with averaged weights, and 40 drawn films: 24 tune, 8 report, 8 train."""
    folder = tmp_path_factory.mktemp("export")
    films = write_rsna(folder / "rsna", 40, size=(128, 160), stretch_to=128)
    splits = write_splits(folder / "splits", report=films.ids[24:32], tune=films.ids[:24])
    config = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    config["network"] |= {"backbone": "test_resnet", "weights": "none", "head": "distribution"}
    config["preprocessing"] |= {"network_width": 64, "network_height": 96}
    torch.manual_seed(5)
    network = build_network(make_network_spec(config["network"])).eval()
    with torch.no_grad():
        for layer in (network.head.shared, network.head.female, network.head.male):
            layer.weight.normal_(std=0.5)
    wrong = build_network(make_network_spec(config["network"])).state_dict()
    state = {"config": config, "model": wrong, "ema": network.state_dict(), "epoch": 3, "steps": 99, "seed": 7}
    torch.save(state, folder / "best.pt")
    return Work(films, splits, folder / "best.pt", network)


@pytest.fixture(scope="module")
def out(work: Work, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle that the command makes."""
    folder = tmp_path_factory.mktemp("models") / "small"
    assert main(work.options(folder, "--model-version", "2.1", "--budget", "a minute")) == 0
    return folder


def test_the_bundle_is_whole_and_says_where_it_comes_from(work: Work, out: Path) -> None:
    card = load_bundle(out).card
    assert (card.name, card.version) == ("small", "2.1")
    assert card.model.weights == "float32"
    assert card.model.architecture == "test_resnet"
    assert [tensor.name for tensor in card.outputs] == ["bone_age_months", "distribution", "features", "heat_map"]
    assert card.outputs[1].shape == ("N", 241)
    assert card.inputs[0].shape == ("N", 1, 96, 64)
    assert card.training.split_counts == {"train": 8, "report": 8, "tune": 24}
    assert set(card.training.held_out) == {hash_id(film_id) for film_id in work.films.ids[:32]}
    assert card.training.config["network"]["backbone"] == "test_resnet"
    assert card.training.budget == {"epochs": 3, "steps": 99, "spent": "a minute"}
    assert card.calibration is not None
    assert (card.calibration.fitted_on, card.calibration.n) == ("tune", 24)
    assert sorted(path.name for path in out.iterdir()) == ["card.json", "model.onnx"]
    assert [path.name for path in out.parent.iterdir()] == ["small"]


def test_the_file_answers_as_the_averaged_network_does(work: Work, out: Path) -> None:
    predictor = Predictor(load_bundle(out), "cpu")
    assert predictor.bundle.card.parity.n == 16
    assert predictor.bundle.card.parity.max_abs_difference_months < 0.01
    inputs = film_input(work.films.images / "1.png", predictor)
    estimate = predictor.estimate(inputs, None)
    with torch.inference_mode():
        answers = work.network(torch.from_numpy(inputs), torch.zeros(1, 2))
    assert estimate.bone_age_months == pytest.approx(float(answers["bone_age_months"][0]), abs=0.01)
    assert estimate.distribution is not None
    assert np.allclose(estimate.distribution, answers["distribution"][0].numpy(), atol=1e-5)
    assert estimate.heat_map is not None
    weights = answers["heat_map"][0].abs().numpy()
    assert np.allclose(estimate.heat_map, weights / weights.max(), atol=1e-4)


def test_evaluation_of_the_file_gives_the_figures_of_the_card(work: Work, out: Path, tmp_path: Path) -> None:
    films = work.films
    for name, more in (("report", []), ("report_unknown_sex", ["--unknown-sex"])):
        scores = tmp_path / f"{name}.json"
        command = [*films.words(), "--model", out, "--ids", work.splits / "report.txt", "--json", scores]
        assert main(["evaluate", *map(str, command), "--quiet", "--device", "cpu", *more]) == 0
        again = json.loads(scores.read_text(encoding="utf-8"))
        block = load_bundle(out).card.metrics[name]
        assert again["n"] == block.n == 8
        assert again["mae_months"] == block.mae_months
        assert again["interval_coverage"] == block.interval_coverage
        assert again["held_out"] == 8


def test_films_at_another_resolution_get_their_own_block(work: Work, tmp_path: Path) -> None:
    native = write_rsna(tmp_path / "native", 10, size=(256, 320), first_id=28)  # 28 to 37: five of them in report
    out = tmp_path / "models" / "small"
    more = ["--native-images", str(native.images), "--native-labels", str(native.labels)]
    assert main(work.options(out, *more)) == 0
    assert load_bundle(out).card.metrics["report_native"].n == 5


def test_half_stored_weights_keep_the_answer(work: Work, out: Path, tmp_path: Path) -> None:
    half = tmp_path / "half"
    assert main(work.options(half, "--half")) == 0
    card = load_bundle(half).card
    assert card.model.weights == "float16"
    assert 0 < card.parity.max_abs_difference_months < 0.1
    assert (half / "model.onnx").stat().st_size < 0.75 * (out / "model.onnx").stat().st_size


def fine_checkpoint(work: Work, folder: Path) -> tuple[Path, torch.nn.Module]:
    """One of a network that knows pictures half as large again as those of ``work``."""
    state = torch.load(work.checkpoint, weights_only=True)
    state["config"]["preprocessing"] |= {"network_width": 96, "network_height": 144, "film_long_side": 400}
    torch.manual_seed(6)
    network = build_network(make_network_spec(state["config"]["network"])).eval()
    with torch.no_grad():
        for layer in (network.head.shared, network.head.female, network.head.male):
            layer.weight.normal_(std=0.5)
    torch.save(state | {"model": network.state_dict(), "ema": None}, folder / "fine.pt")
    return folder / "fine.pt", network


@pytest.mark.parametrize("mirrored", [True, False])
def test_a_quick_bundle_looks_beside_the_network(work: Work, out: Path, tmp_path: Path, mirrored: bool) -> None:
    checkpoint, fine = fine_checkpoint(work, tmp_path)
    words = Work(work.films, work.splits, checkpoint, fine).options(tmp_path / "two", "--quick", str(out))
    assert main([*words, *(["--mirrored"] if mirrored else [])]) == 0
    bundle = load_bundle(tmp_path / "two")
    assert bundle.card.inputs[0].shape == ("N", 1, 144, 96)
    assert bundle.card.training.config["quick"]["name"] == "small 2.1"
    assert bundle.card.parity.max_abs_difference_months < 0.01
    assert "made smaller" in bundle.card.description
    inputs = film_input(work.films.images / "1.png", PreparingModel(bundle))
    both = Predictor(bundle, "cpu").estimate(inputs, None)
    looks = two_looks(fine, bundle.spec, out, mirrored=mirrored)
    with torch.inference_mode():
        answer = looks(torch.from_numpy(inputs), torch.zeros(1, 2))
    assert both.bone_age_months == pytest.approx(float(answer["bone_age_months"][0]), abs=0.01)
    for look, network in enumerate((fine, work.network)):  # both networks come back from the file
        again = build_network(make_network_spec(bundle.card.training.config["network"])).eval()
        restore(again, tmp_path / "two", look=look)
        size = (144, 96) if look == 0 else (96, 64)
        image = torch.rand(1, 1, *size)
        with torch.inference_mode():
            one, other = (each(image, torch.zeros(1, 2))["bone_age_months"] for each in (again, network))
        assert torch.allclose(one, other, atol=0.01)
    third = tmp_path / "third"  # a bundle of two looks lends its quick one
    assert main([*words[: words.index("--quick")], "--quick", str(tmp_path / "two"), "--out", str(third)]) == 0
    assert load_bundle(third).card.training.config["quick"]["config"]["preprocessing"]["network_height"] == 96


def test_a_file_that_differs_from_its_network_is_not_delivered(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(export, "largest_difference", lambda *_: 0.5)
    target = tmp_path / "kept"
    target.mkdir()
    (target / "model.onnx").write_bytes(b"the old one")
    assert main(work.options(target)) == 4
    assert "differs from the trained network" in capsys.readouterr().err
    assert (target / "model.onnx").read_bytes() == b"the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_the_batch_is_free_and_nothing_lies_outside_the_file(out: Path) -> None:
    model = onnx.load(out / "model.onnx", load_external_data=False)
    assert not any(weight.external_data for weight in model.graph.initializer)
    assert {prop.key: prop.value for prop in model.metadata_props} == {"name": "small", "version": "2.1"}
    predictor = Predictor(load_bundle(out), "cpu")
    inputs = np.random.default_rng(0).normal(size=(3, 1, 96, 64)).astype(np.float32)
    assert len(predictor.estimate_batch(inputs, [None] * 3)) == 3


def test_a_dense_head_is_exported_without_uncertainty(work: Work, tmp_path: Path) -> None:
    state = torch.load(work.checkpoint, weights_only=True)
    began = {"weights": str(CONFIG.parents[2] / "models" / "densenet121")}
    state["config"]["network"] |= {"head": "dense", "hidden": [8], "use_sex": True, **began}
    state["config"] |= {"loss": {"kind": "mse", "sigma": 0.0, "l1": 0.0}, "distillation": None}
    state["config"]["phases"] = [{"size": 96, "epochs": 1, "share": 1.0}]
    torch.manual_seed(1)
    state |= {"model": build_network(make_network_spec(state["config"]["network"])).state_dict(), "ema": None}
    torch.save(state, tmp_path / "dense.pt")
    dense = Work(work.films, work.splits, tmp_path / "dense.pt", work.network)
    assert main(dense.options(tmp_path / "dense")) == 0
    card = load_bundle(tmp_path / "dense").card
    assert [tensor.name for tensor in card.outputs] == ["bone_age_months", "features"]
    assert card.calibration is None
    assert card.metrics["report"].interval_coverage is None
    shipped = load_bundle(Path(began["weights"]))
    assert card.training.config["network"]["weights"] == f"densenet121 {shipped.version}"


@pytest.mark.parametrize("content", [b"", b"no checkpoint", None])
def test_what_is_no_checkpoint_is_refused(work: Work, tmp_path: Path, capsys: Any, content: bytes | None) -> None:
    path = tmp_path / "x.pt"
    if content is None:
        torch.save({"model": {}}, path)
    else:
        path.write_bytes(content)
    broken = Work(work.films, work.splits, path, work.network)
    assert main(broken.options(tmp_path / "out")) == 2
    assert "checkpoint" in capsys.readouterr().err


def test_a_missing_split_is_named(work: Work, tmp_path: Path, capsys: Any) -> None:
    lost = Work(work.films, tmp_path / "gone", work.checkpoint, work.network)
    assert main(lost.options(tmp_path / "out")) == 2
    assert "python -m training split" in capsys.readouterr().err


def test_too_few_films_cannot_calibrate(work: Work, tmp_path: Path, capsys: Any) -> None:
    assert main(work.options(tmp_path / "out", "--limit", "5")) == 2
    assert "cannot be calibrated" in capsys.readouterr().err


def test_calibration_finds_what_made_the_errors() -> None:
    generator = np.random.default_rng(4)
    sd = generator.uniform(2, 12, 4000)
    errors = generator.normal(0, np.hypot(1.4 * sd, 3.0))
    rule = fit_calibration(sd, errors, "made")
    assert rule.spread_scale == pytest.approx(1.4, abs=0.1)
    assert rule.spread_offset_months == pytest.approx(3.0, abs=0.5)
    assert rule.interval_factor == pytest.approx(1.645, abs=0.06)
    fresh = generator.normal(0, np.hypot(1.4 * sd, 3.0))
    spreads = np.array([calibrated_spread(width, rule) for width in sd])
    assert np.mean(np.abs(fresh) <= rule.interval_factor * spreads) == pytest.approx(0.9, abs=0.015)


def test_calibration_survives_films_without_any_error() -> None:
    rule = fit_calibration(np.full(30, 5.0), np.zeros(30), "perfect")
    assert rule.interval_factor == 0
    assert calibrated_spread(5.0, rule) > 0
    with pytest.raises(ValueError, match="at least 20"):
        fit_calibration([1.0] * 19, [1.0] * 19, "few")


def test_covered_ages_are_those_with_enough_films() -> None:
    months = [12 * year + 6.0 for year in range(2, 16) for _ in range(100)] + [6.0] * 99 + [12 * 18.0] * 150
    assert covered_ages(months) == (216.0, 228.0)
    assert covered_ages([month for month in months if month != 216] + [100.0]) == (24.0, 192.0)
    assert covered_ages([50.0, 80.0]) == (50.0, 80.0)
    assert covered_ages([]) == (0.0, 240.0)


def test_held_out_films_are_hashed_and_not_counted_as_trained() -> None:
    labels = [Label(str(number), 100.0, False) for number in range(5)]
    record, _ = training_record(labels, {"report": ["1"], "tune": ["2", "9"]}, seed=1, config={}, budget={})
    assert record.split_counts == {"train": 3, "report": 1, "tune": 2}
    assert record.held_out == tuple(sorted(map(hash_id, ["1", "2", "9"])))


def test_signature_reads_what_the_graph_says(out: Path) -> None:
    inputs, outputs = onnx_file.signature(out / "model.onnx")
    assert inputs == load_bundle(out).card.inputs
    assert outputs == load_bundle(out).card.outputs
