"""Training from end to end on drawn films: it learns, resumes to the same weights, and leaves *report* alone."""

import csv
import errno
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bone_age_gui.core.values.errors import BoneAgeError

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.configs.read import make_config  # noqa: E402
from training.run import loop  # noqa: E402
from training.run.checkpoint import load_checkpoint, save_checkpoint  # noqa: E402
from training.run.loop import fit, train_epoch  # noqa: E402
from training.run.train import train_or_resume  # noqa: E402
from trainings import CPU, drawn_films, fresh, small_config, weights  # noqa: E402


def test_it_learns_what_can_be_learned(tmp_path: Path) -> None:
    config = make_config(
        small_config(
            augment=None, phases=[{"size": 32, "epochs": 30, "share": 1.0}], optimisation={"rate": 0.003, "ema": 0.8}
        )
    )
    films = drawn_films(32)
    trainer = fresh(config)
    fit(trainer, films, films, tmp_path, show=False)
    guess = float(np.abs(films.months - np.median(films.months)).mean())
    assert trainer.best < 0.6 * guess


def test_a_resumed_training_ends_at_the_same_weights(tmp_path: Path) -> None:
    config, films = make_config(small_config()), drawn_films()
    straight, halted = tmp_path / "straight", tmp_path / "halted"
    for folder in (straight, halted):
        folder.mkdir()
    whole = fresh(config)
    fit(whole, films, films, straight, show=False)
    first = make_config(small_config())
    trainer = fresh(first)
    for _ in range(3):  # as if ended after the third, in the middle of a phase
        train_epoch(trainer, films, show=False)
        trainer.epoch += 1
    trainer.best, trainer.best_epoch = 0.125, 2
    save_checkpoint(trainer, halted / "last.pt")
    resumed = fresh(config)
    load_checkpoint(resumed, halted / "last.pt")
    assert (resumed.epoch, resumed.best, resumed.best_epoch) == (3, 0.125, 2)
    fit(resumed, films, films, halted, show=False)
    for name, value in weights(whole).items():
        assert torch.equal(value, weights(resumed)[name]), name


def test_only_the_last_size_can_be_the_best(tmp_path: Path) -> None:
    config, films = make_config(small_config()), drawn_films()
    trainer = fresh(config)
    fit(trainer, films, films, tmp_path, show=False)
    rows = list(csv.DictReader((tmp_path / "history.csv").open(encoding="utf-8")))
    assert [row["size"] for row in rows] == ["32", "32", "48", "48"]
    best = list(csv.DictReader((tmp_path / "tune.csv").open(encoding="utf-8")))
    assert [row["id"] for row in best] == list(films.ids)
    assert np.mean([abs(float(row["error"])) for row in best]) == pytest.approx(trainer.best, abs=1e-3)
    assert trainer.best_epoch in (3, 4)
    assert trainer.best == pytest.approx(min(float(row["tune_mae_months"]) for row in rows[2:]), abs=1e-3)


def test_early_stopping_and_plateau_look_at_tune(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = small_config(
        optimisation={
            "schedule": "plateau",
            "patience": 3,
            "plateau_patience": 0,
            "plateau_factor": 0.5,
            "ema": 0.0,
        },
        phases=[{"size": 32, "epochs": 20, "share": 1.0}],
    )
    trainer, films = fresh(make_config(raw)), drawn_films(8)
    monkeypatch.setattr(loop, "estimate_months", lambda network, tune, *_: tune.months + 10.0)
    fit(trainer, films, films, tmp_path, show=False)
    assert trainer.epoch == 4  # the first is the best, three more without progress
    assert trainer.optimiser.param_groups[0]["lr"] < raw["optimisation"]["rate"]


def test_the_rate_warms_up_and_falls_to_nearly_nothing() -> None:
    config = make_config(small_config(optimisation={"warm_up": 0.1}))
    trainer, films, rates = fresh(config), drawn_films(16), []
    trainer.optimiser.register_step_pre_hook(lambda optimiser, *_: rates.append(optimiser.param_groups[0]["lr"]))
    for trainer.epoch in range(config.epochs):
        train_epoch(trainer, films, show=False)
    peak = int(np.argmax(rates))
    assert len(rates) >= 3 * config.epochs
    assert rates[0] < 0.1 * max(rates)
    assert rates[-1] < 0.2 * max(rates)
    assert all(earlier >= later for earlier, later in zip(rates[peak:], rates[peak + 1 :], strict=False))
    assert config.progress(0, 0.0) == 0
    assert config.progress(3, 1.0) == 1


def test_an_epoch_without_a_step_is_refused() -> None:
    trainer = fresh(make_config(small_config(sampling={"balance": 0.0})))
    with pytest.raises(BoneAgeError, match="draws 3 films, fewer than a batch of 4"):
        train_epoch(trainer, drawn_films(3), show=False)


def test_no_gradient_is_longer_than_the_configuration_lets_it() -> None:
    longest = {}
    for clip in (0.0, 0.5):
        phases = [{"size": 32, "epochs": 1, "share": 1.0}]
        trainer = fresh(make_config(small_config(optimisation={"clip": clip}, phases=phases)))
        lengths: list[float] = []
        parameters = list(trainer.network.parameters())
        trainer.optimiser.register_step_pre_hook(
            lambda *_, seen=lengths, of=parameters: seen.append(
                float(torch.nn.utils.get_total_norm([weight.grad for weight in of if weight.grad is not None]))
            )
        )
        train_epoch(trainer, drawn_films(8), show=False)
        longest[clip] = max(lengths)
    assert longest[0.5] == pytest.approx(0.5, rel=1e-3)
    assert longest[0.0] > 0.5


def test_the_average_starts_anew_where_the_size_changes() -> None:
    trainer, films = fresh(make_config(small_config(optimisation={"ema": 0.999}))), drawn_films(8)
    steps = []
    for trainer.epoch in range(3):
        train_epoch(trainer, films, show=False)
        steps.append(trainer.averaged_steps)
    live = trainer.network.state_dict()
    assert any(not torch.equal(value, live[name]) for name, value in weights(trainer).items())
    assert steps == [2, 4, 2]  # the third epoch is the first of another size


def test_what_is_frozen_in_a_phase_learns_again_in_the_next() -> None:
    phases = [{"size": 32, "epochs": 1, "share": 1.0} | part for part in ({}, {"frozen": ["conv1", "layer1"]}, {})]
    trainer, films = fresh(make_config(small_config(phases=phases))), drawn_films(8)
    was_frozen = []
    for trainer.epoch in range(3):
        before = {name: value.clone() for name, value in trainer.network.backbone.state_dict().items()}
        train_epoch(trainer, films, show=False)
        after = trainer.network.backbone.state_dict()
        assert any(not torch.equal(after[name], before[name]) for name in after if name.startswith("layer4"))
        moved = {name for name in after if not torch.equal(after[name], before[name])}
        was_frozen.append(not any(name.startswith(("conv1.", "layer1.")) for name in moved))
    assert was_frozen == [False, True, False]


def test_a_phase_keeps_the_configurations_changes_but_for_its_own() -> None:
    phase = {"size": 32, "epochs": 1, "share": 1.0}
    raw = small_config(phases=[phase, phase | {"augment": {"rotation": 3.0}, "hint": 0.25}])
    raw["distillation"] = {"teacher": "unused.toml", "share": 0.5, "hint": 2.0}
    first, second = make_config(raw).phases
    assert first.augment is not None
    assert second.augment == replace(first.augment, rotation=3.0)
    assert (first.hint, second.hint) == (2.0, 0.25)
    plain = make_config({**raw, "augment": None})
    assert [phase.augment for phase in plain.phases] == [None, None]


@pytest.mark.parametrize("phases", [[112], 3, "small", [{"size": 32, "epochs": 1, "share": 1.0, "augment": 0.5}]])
def test_phases_of_the_wrong_shape_are_refused(phases: Any) -> None:
    with pytest.raises(BoneAgeError) as caught:
        make_config(small_config(phases=phases))
    assert caught.value.code == "bad_config"


@pytest.mark.parametrize("wrong", [{"augment": {"rotatoin": 3.0}}, {"frozen": ["layer9"]}, {"frozen": "layer1"}])
def test_a_phase_that_names_what_is_not_there_is_refused_before_the_training(wrong: dict[str, Any]) -> None:
    phases = [{"size": 32, "epochs": 1, "share": 1.0}, {"size": 32, "epochs": 1, "share": 1.0} | wrong]
    with pytest.raises(BoneAgeError) as caught:
        fresh(make_config(small_config(phases=phases)))
    assert caught.value.code == "bad_config"


def test_a_run_folder_of_another_network_is_refused(tmp_path: Path) -> None:
    trainer = fresh(make_config(small_config()))
    save_checkpoint(trainer, tmp_path / "last.pt")
    other = fresh(
        make_config(small_config(network={"head": "dense", "hidden": [4], "use_sex": True}, loss={"kind": "mse"}))
    )
    with pytest.raises(BoneAgeError) as caught:
        load_checkpoint(other, tmp_path / "last.pt")
    assert caught.value.code == "other_run"


OTHERS: dict[str, dict[str, Any]] = {
    "seed": {"seed": 1},
    "optimisation": {"optimisation": {"rate": 0.5}},
    "preprocessing": {"preprocessing": {"gamma": 1.0}},
    "phases": {"phases": [{"size": 40, "epochs": 4, "share": 1.0}]},
    "sampling": {"sampling": {"balance": 0.0}},
}


@pytest.mark.parametrize("table", OTHERS)
def test_a_run_goes_on_with_its_own_configuration_only(table: str, tmp_path: Path) -> None:
    trainer = fresh(make_config(small_config()))
    trainer.epoch = 2
    save_checkpoint(trainer, tmp_path / "last.pt")
    with pytest.raises(BoneAgeError, match=rf"differs in {table}\.") as caught:
        load_checkpoint(fresh(make_config(small_config(**OTHERS[table]))), tmp_path / "last.pt")
    assert caught.value.code == "other_run"


def test_a_run_goes_on_with_its_own_films_and_may_get_more_epochs(tmp_path: Path) -> None:
    one_epoch = [{"size": 32, "epochs": 1, "share": 1.0}]
    config, films = make_config(small_config(phases=one_epoch)), drawn_films()
    train_or_resume(config, films, films, tmp_path, CPU, show=False)
    longer = make_config(small_config(phases=[{"size": 32, "epochs": 2, "share": 1.0}], name="longer"))
    assert train_or_resume(longer, films, films, tmp_path, CPU, show=False).epoch == 2
    others = {
        "fewer": films.subset(range(12)),
        "other readings": replace(films, months=films.months + 1),
        "other pixels": replace(films, pixels=films.pixels // 2),
    }
    for name, other in others.items():
        for train, tune in ((other, films), (films, other)):
            with pytest.raises(BoneAgeError, match="the films") as caught:
                train_or_resume(longer, train, tune, tmp_path, CPU, show=False)
            assert caught.value.code == "other_run", name


def test_a_checkpoint_that_finds_the_disk_full_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    trainer = fresh(make_config(small_config()))
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(BoneAgeError) as caught:
        save_checkpoint(trainer, tmp_path / "last.pt")
    assert caught.value.code == "disk_full"
    assert not list(tmp_path.iterdir())


def test_a_training_that_diverges_ends_in_words_before_it_is_written(tmp_path: Path) -> None:
    config, films = make_config(small_config()), drawn_films()
    trainer = fresh(config)
    with torch.no_grad():
        next(trainer.network.parameters()).fill_(torch.nan)
    with pytest.raises(BoneAgeError) as caught:
        fit(trainer, films, films, tmp_path, show=False)
    assert caught.value.code == "diverged"
    assert not (tmp_path / "last.pt").exists()


@pytest.mark.parametrize("kind", ["mse", "l1", "huber"])
def test_the_dense_head_learns_with_each_loss(kind: str) -> None:
    raw = small_config(network={"head": "dense", "hidden": [8], "use_sex": True}, loss={"kind": kind})
    trainer, films = fresh(make_config(raw)), drawn_films(8)
    before = weights(trainer)
    figures = train_epoch(trainer, films, show=False)
    assert np.isfinite(figures.loss)
    assert figures.films_per_second > 0
    assert any(not torch.equal(value, before[name]) for name, value in weights(trainer).items())
