"""Both seeds' configurations as the papers print them, run for a few steps on made-up films."""

import argparse
import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from configs import CONFIGS

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.configs.read import make_config, merged, read_config  # noqa: E402
from training.configs.values import TrainingConfig  # noqa: E402
from training.films.batches import Batch  # noqa: E402
from training.films.data import Films, pixels_key, read_ids  # noqa: E402
from training.films.prepared import write_prepared  # noqa: E402
from training.films.source import add_film_options, training_films  # noqa: E402
from training.network.bone_age import BoneAgeNetwork  # noqa: E402
from training.run import loop, train  # noqa: E402
from training.run.features import with_features  # noqa: E402
from training.run.loop import TrainingStep, fit, train_epoch  # noqa: E402
from training.run.train import train_or_resume  # noqa: E402
from training.run.trainer import Trainer, make_trainer  # noqa: E402

SEED_1, SEED_2 = CONFIGS / "sirati_amsheh_2023.toml", CONFIGS / "xception_sex.toml"
SPLITS = CONFIGS.parent / "splits"
CPU = torch.device("cpu")


def small(path: Path, **changes: Any) -> TrainingConfig:
    """A seed's configuration on small pictures, from random weights."""
    raw = merged(read_config(path).raw, {"network": {"weights": "none"}})
    raw["preprocessing"] |= {"network_width": 64, "network_height": 64}
    raw["phases"][0]["size"] = 64
    return make_config(merged(raw, changes))


def drawn_films(count: int, side: int = 64) -> Films:
    random = np.random.default_rng(3)
    pixels = random.integers(0, 255, (count, side, side), dtype=np.uint8)
    months = random.uniform(24, 216, count).astype(np.float32)
    return Films(tuple(map(str, range(count))), pixels, months, np.arange(count) % 2 == 0)


def weights(trainer: Trainer) -> dict[str, Any]:
    return {name: value.clone() for name, value in trainer.network.state_dict().items()}


def test_seed_1_has_the_printed_preprocessing_and_network() -> None:
    config = read_config(SEED_1)
    spec, network = config.preprocessing, config.network
    assert (spec.cleaning, spec.gamma, spec.network_width, spec.network_height) == (None, 2.5, 280, 280)
    assert spec.equalisation_bins is not None
    assert spec.sharpening is not None
    assert (network.backbone, network.weights, network.use_sex) == ("densenet121", "imagenet", False)
    assert len(network.hidden) >= 2  # "dense layers"
    assert [phase.augment for phase in config.phases] == [None]


def test_seed_1_draws_the_printed_numbers_of_films_and_its_200_from_report(tmp_path: Path) -> None:
    config = read_config(SEED_1)
    report = read_ids(SPLITS / "report.txt")
    ids = [*report, *(f"x{number}" for number in range(12_611 - len(report)))]
    films = Films(tuple(ids), np.zeros((12_611, 2, 2), np.uint8), np.zeros(12_611, np.float32), np.zeros(12_611, bool))
    write_prepared(films, tmp_path, pixels_key(config.preprocessing, unstretched=False))
    parser = argparse.ArgumentParser()
    add_film_options(parser)
    args = parser.parse_args(["--prepared", str(tmp_path)])
    sets = training_films(args, config)
    assert sets.test is not None
    assert [len(part) for part in (sets.train, sets.tune, sets.test)] == [8197, 4214, 200]
    assert len({*sets.train.ids, *sets.tune.ids, *sets.test.ids}) == 12_611
    assert set(sets.test.ids) < set(report)
    share = len(set(report) & set(sets.train.ids)) / 800  # what is left of report falls on both sides, at random
    assert share == pytest.approx(8197 / 12_411, abs=0.06)
    again = training_films(args, config)
    assert again.train.ids == sets.train.ids
    other = training_films(args, replace(config, seed=1))
    assert other.test is not None
    assert set(other.test.ids) != set(sets.test.ids)
    with pytest.raises(BoneAgeError, match="draws 12411 films") as caught:
        training_films(args, replace(config, split=replace(config.split, test=201, train=8197)))  # type: ignore[type-var]
    assert caught.value.code == "too_few_films"


def test_seed_1_trains_its_head_alone_by_adam_in_batches_of_16(monkeypatch: pytest.MonkeyPatch) -> None:
    config, films = small(SEED_1), drawn_films(48)
    trainer = make_trainer(config, CPU, load_weights=True)
    assert type(trainer.optimiser) is torch.optim.Adam
    assert {(group["lr"], group["weight_decay"]) for group in trainer.optimiser.param_groups} == {(1e-3, 0.0)}
    sizes = []
    step = TrainingStep.forward

    def noted(self: TrainingStep, batch: Batch, phase: Any) -> Any:
        sizes.append(len(batch.images))
        return step(self, batch, phase)

    monkeypatch.setattr(TrainingStep, "forward", noted)
    before = weights(trainer)
    train_epoch(trainer, films, show=False)
    assert sizes == [16, 16, 16]
    moved = {name for name, value in weights(trainer).items() if not torch.equal(value, before[name])}
    assert moved == {name for name in before if name.startswith("head.")}


def test_the_loss_of_seed_1_is_mse_and_its_l2_pulls_on_the_dense_kernels_alone() -> None:
    """Keras' ``L2(1e-4)`` adds 1e-4 |w|^2 to the loss: a gradient of 2e-4 w."""
    films, sex = drawn_films(16), torch.zeros(16, 2)
    images, months = torch.from_numpy(films.pixels)[:, None] / 255, torch.from_numpy(films.months)
    gradients, losses = [], []
    for decay in (1e-4, 0.0):
        config = small(SEED_1, optimisation={"decay": decay})
        trainer = make_trainer(config, CPU, load_weights=True)
        step = TrainingStep(trainer).train()
        loss, errors = step(Batch(images, sex, months, None), config.phases[0])
        loss.backward()
        gradients.append({name: weight.grad for name, weight in trainer.network.named_parameters()})
        losses.append(float(loss.detach()))
        head = {name: weight.detach() for name, weight in trainer.network.named_parameters() if "head." in name}
    assert losses[1] == pytest.approx(float(errors.square().mean()), rel=1e-5)
    kernels = {name: weight for name, weight in head.items() if weight.ndim == 2}
    assert len(kernels) == 3
    assert losses[0] - losses[1] == pytest.approx(1e-4 * sum(float((w**2).sum()) for w in kernels.values()), rel=0.02)
    for name, gradient in gradients[0].items():
        if not name.startswith("head."):
            assert gradient is None
        elif name in kernels:
            assert torch.allclose(
                gradient - gradients[1][name], 2e-4 * kernels[name], atol=1e-3 * float(gradient.abs().max())
            )
        else:
            assert torch.equal(gradient, gradients[1][name])


@pytest.mark.parametrize(("path", "factor", "epochs"), [(SEED_1, 0.5, 9), (SEED_2, 0.8, 11)])
def test_the_rate_falls_training_stops_and_the_best_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: Path, factor: float, epochs: int
) -> None:
    """Keras' ReduceLROnPlateau, EarlyStopping and ModelCheckpoint, while *tune* says the same after each epoch."""
    config = small(path, network={"backbone": "resnet10t"}, optimisation={"batch": 4})
    trainer, films = make_trainer(config, CPU, load_weights=True), drawn_films(4)
    monkeypatch.setattr(loop, "estimate_months", lambda network, tune, *_: tune.months + 10.0)
    fit(trainer, films, films, tmp_path, show=False)
    assert (trainer.epoch, trainer.best_epoch) == (epochs, 1)
    assert trainer.epoch < config.epochs
    falls = (epochs - 1) // (config.optimisation.plateau_patience + 1)
    assert trainer.optimiser.param_groups[0]["lr"] == pytest.approx(1e-3 * factor**falls)
    assert torch.load(tmp_path / "best.pt", weights_only=True)["epoch"] == 1


def test_seed_2_is_what_its_paper_prints() -> None:
    config = read_config(SEED_2)
    spec, network = config.preprocessing, config.network
    assert spec.cleaning is not None
    assert spec.network_width == spec.network_height
    assert (network.backbone, network.weights, network.frozen) == ("legacy_xception", "imagenet", ())
    assert (network.head, network.use_sex, len(network.hidden) >= 1) == ("dense", True, True)
    assert (config.loss.kind, config.epochs, config.split) == ("mse", 20, None)
    assert config.phases[0].augment is not None
    assert config.optimisation.schedule == "plateau"
    assert 0 < config.optimisation.patience < 20


def test_seed_2_trains_every_layer_and_sees_the_sex() -> None:
    config, films = small(SEED_2, optimisation={"batch": 4}, network={"dropout": 0.0}), drawn_films(8)
    trainer = make_trainer(config, CPU, load_weights=True)
    before = weights(trainer)
    figures = train_epoch(trainer, films, show=False)
    assert trainer.steps == 2
    assert figures.loss == pytest.approx(figures.mse, rel=1e-5)  # MSE, and nothing beside it
    learned = {name for name, _ in trainer.network.named_parameters()}
    assert all(not torch.equal(value, before[name]) for name, value in weights(trainer).items() if name in learned)
    trainer.network.eval()
    film = torch.rand(1, 1, 64, 64)
    with torch.inference_mode():
        girl, boy = (trainer.network(film, torch.tensor([sex]))["bone_age_months"] for sex in ([1.0, 0.0], [0.0, 1.0]))
    assert float(girl) != float(boy)


def test_a_frozen_backbone_looks_at_each_film_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config, films, tune = small(SEED_1), drawn_films(48), drawn_films(8)
    config = make_config(
        merged(config.raw, {"network": {"backbone": "resnet10t"}})
        | {"phases": [{"size": 64, "epochs": 3, "share": 1.0}]}
    )
    looks: list[int] = []
    see = BoneAgeNetwork.features

    def noted(self: BoneAgeNetwork, image: Any, *rest: Any) -> Any:
        looks.append(len(image))
        return see(self, image, *rest)

    monkeypatch.setattr(BoneAgeNetwork, "features", noted)
    trainer = train_or_resume(config, films, tune, tmp_path / "kept", CPU, show=False)
    assert sum(looks) == 48 + 8
    assert len(list((tmp_path / "kept" / "features").iterdir())) == 2
    longer = make_config(merged(config.raw, {}) | {"phases": [{"size": 64, "epochs": 4, "share": 1.0}]})
    train_or_resume(longer, films, tune, tmp_path / "kept", CPU, show=False)
    assert sum(looks) == 48 + 8  # a run that goes on takes them from the files
    monkeypatch.setattr(train, "features_can_be_kept", lambda config: False)
    plain = train_or_resume(config, films, tune, tmp_path / "plain", CPU, show=False)
    assert trainer.best == pytest.approx(plain.best, abs=0.05)
    for name, value in plain.network.head.state_dict().items():
        kept = torch.load(tmp_path / "plain" / "last.pt", weights_only=True)["model"][f"head.{name}"]
        assert torch.allclose(value, kept)


def test_features_take_nothing_from_their_films(tmp_path: Path) -> None:
    trainer = make_trainer(small(SEED_1, network={"backbone": "resnet10t"}), CPU, load_weights=False)
    lessons = np.full((4, 241), 1 / 241, np.float32)
    films = replace(drawn_films(4), finer=np.array([True, False, True, False]), lessons=lessons)
    seen = with_features(trainer, films, tmp_path, show=False)
    assert seen.features is not None
    assert seen.lessons is lessons
    assert seen.finer is films.finer


def test_other_films_or_weights_get_features_of_their_own(tmp_path: Path) -> None:
    config, tune = small(SEED_1, network={"backbone": "resnet10t"}), drawn_films(4)
    config = make_config(merged(config.raw, {}) | {"phases": [{"size": 64, "epochs": 1, "share": 1.0}]})
    for number, seed in enumerate((1, 2)):
        (tmp_path / "last.pt").unlink(missing_ok=True)
        train_or_resume(replace(config, seed=seed), drawn_films(16), tune, tmp_path, CPU, show=False)
        assert len(list((tmp_path / "features").iterdir())) == 2 * (number + 1)


def test_both_errors_of_training_and_validation_stand_in_the_history(tmp_path: Path) -> None:
    config, films = small(SEED_1, network={"backbone": "resnet10t"}), drawn_films(32)
    config = make_config(merged(config.raw, {}) | {"phases": [{"size": 64, "epochs": 2, "share": 1.0}]})
    (tmp_path / "history.csv").write_text(
        "epoch,size,loss,tune_mae_months,tune_bias_months,films_per_second\r\n0,64,9.0,9.0,1.0,5.0\r\n",
        encoding="utf-8",
    )  # of a version that did not keep them
    fit(make_trainer(config, CPU, load_weights=True), films, films, tmp_path, show=False)
    with (tmp_path / "history.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert (len(rows), rows[0]["tune_mae_months"], rows[0]["train_mse"]) == (3, "9.0", "")
    best = min(rows[1:], key=lambda row: float(row["tune_mae_months"]))
    with (tmp_path / "tune.csv").open(encoding="utf-8") as file:
        errors = [float(row["error"]) for row in csv.DictReader(file)]
    assert float(best["tune_mse"]) == pytest.approx(np.square(errors).mean(), rel=1e-4)
    for row in rows[1:]:
        assert float(row["train_mse"]) == pytest.approx(float(row["loss"]), rel=1e-2)  # the L2 term apart
        assert 0 < float(row["train_mae_months"]) ** 2 < float(row["train_mse"])
