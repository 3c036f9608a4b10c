"""Training from end to end on drawn films: it learns, resumes to the same weights, and leaves *report* alone."""

import csv
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from configs import SHIPPED, TEACHER, write_small
from rsna import RsnaFolder, write_rsna, write_splits

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.__main__ import main  # noqa: E402
from training.configs.read import make_config  # noqa: E402
from training.configs.values import TrainingConfig  # noqa: E402
from training.films.data import Films, load_films, split_films_by_id  # noqa: E402
from training.run import loop  # noqa: E402
from training.run.checkpoint import load_checkpoint, save_checkpoint  # noqa: E402
from training.run.loop import fit, train_epoch  # noqa: E402
from training.run.trainer import Teacher, Trainer, make_trainer  # noqa: E402

CPU = torch.device("cpu")
WRITTEN = {"best.pt", "last.pt", "history.csv", "tune.csv"}


def small_config(**changes: Any) -> dict[str, Any]:
    """The shipped configuration with a small network and two short phases."""
    raw = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    raw["network"] |= {"backbone": "resnet10t", "dropout": 0.0}
    raw["optimisation"] |= {"batch": 4, "ema": 0.9}
    del raw["distillation"]
    raw["phases"] = [{"size": 32, "epochs": 2, "share": 1.0}, {"size": 48, "epochs": 2, "share": 1.0}]
    for table, values in changes.items():
        raw[table] = raw[table] | values if isinstance(values, dict) else values
    return raw


def drawn_films(count: int = 16) -> Films:
    """Films whose grey tells their age."""
    random = np.random.default_rng(5)
    months = random.uniform(24, 216, count).astype(np.float32)
    pixels = np.clip(random.normal(months[:, None, None] + 20, 12, (count, 96, 64)), 0, 255).astype(np.uint8)
    return Films(tuple(map(str, range(count))), pixels, months, np.arange(count) % 2 == 0)


def weights(trainer: Trainer) -> dict[str, Any]:
    return {name: value.clone() for name, value in trainer.judged().state_dict().items()}


def fresh(config: TrainingConfig) -> Trainer:
    return make_trainer(config, CPU, load_weights=True)


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
    for _ in range(2):  # two epochs, as if ended after the second
        train_epoch(trainer, films, show=False)
        trainer.epoch += 1
    save_checkpoint(trainer, halted / "last.pt")
    resumed = fresh(config)
    load_checkpoint(resumed, halted / "last.pt")
    assert resumed.epoch == 2
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


def test_a_hint_without_a_teacher_is_refused() -> None:
    phase = {"size": 32, "epochs": 1, "share": 1.0}
    with pytest.raises(BoneAgeError) as caught:
        make_config(small_config(phases=[phase, phase | {"hint": 0.5}]))
    assert caught.value.code == "bad_config"
    assert "[distillation]" in caught.value.message


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


@pytest.mark.parametrize("kind", ["mse", "l1", "huber"])
def test_the_dense_head_learns_with_each_loss(kind: str) -> None:
    raw = small_config(network={"head": "dense", "hidden": [8], "use_sex": True}, loss={"kind": kind})
    trainer, films = fresh(make_config(raw)), drawn_films(8)
    before = weights(trainer)
    figures = train_epoch(trainer, films, show=False)
    assert np.isfinite(figures.loss)
    assert figures.films_per_second > 0
    assert any(not torch.equal(value, before[name]) for name, value in weights(trainer).items())


def taught(how: dict[str, Any], teacher: Trainer) -> Trainer:
    """A small network and its teacher."""
    config = make_config(small_config(augment=None) | {"distillation": {"teacher": "unused.toml"} | how})
    return make_trainer(config, CPU, load_weights=True, teacher=Teacher(teacher.judged(), teacher.config))


@pytest.mark.parametrize("depths", [[], [8, 16]])
def test_a_pupil_comes_near_its_teacher_whatever_the_labels_say(depths: list[int]) -> None:
    films = drawn_films(16)
    teacher = fresh(make_config(small_config(augment=None, phases=[{"size": 48, "epochs": 25, "share": 1.0}])))
    for teacher.epoch in range(25):
        train_epoch(teacher, films, show=False)
    lie = Films(films.ids, films.pixels, np.full_like(films.months, 12), films.male)
    trainer = taught({"share": 1.0, "hint": 1.0, "depths": depths}, teacher)
    kept = {name: value.clone() for name, value in teacher.judged().state_dict().items()}
    said = loop.estimate_months(teacher.judged(), films, teacher.config, 48, CPU)
    distance = []
    for _ in range(25):
        train_epoch(trainer, lie, show=False)
        distance.append(np.abs(loop.estimate_months(trainer.network, films, trainer.config, 32, CPU) - said).mean())
    assert min(distance[-5:]) < 0.5 * distance[0]
    assert all(torch.equal(value, kept[name]) for name, value in teacher.judged().state_dict().items())


def test_a_taught_training_resumes_with_its_projection(tmp_path: Path) -> None:
    films, teacher = drawn_films(8), fresh(make_config(small_config()))
    trainer = taught({"share": 0.5, "hint": 1.0, "depths": [8]}, teacher)
    train_epoch(trainer, films, show=False)
    save_checkpoint(trainer, tmp_path / "last.pt")
    again = taught({"share": 0.5, "hint": 1.0, "depths": [8]}, teacher)
    load_checkpoint(again, tmp_path / "last.pt")
    assert trainer.distiller is not None
    assert again.distiller is not None
    for name, value in trainer.distiller.learned().items():
        assert torch.equal(value, again.distiller.learned()[name]), name
    untaught = fresh(make_config(small_config()))
    for other in (untaught, taught({"share": 0.5, "hint": 1.0}, teacher)):  # nor does it go on taught otherwise
        with pytest.raises(BoneAgeError):
            load_checkpoint(other, tmp_path / "last.pt")


def test_the_maps_on_the_way_come_near_the_teachers_too() -> None:
    films, teacher = drawn_films(16), fresh(make_config(small_config()))
    trainer = taught({"share": 1.0, "hint": 1.0, "depths": [8, 16]}, teacher)
    assert trainer.distiller is not None
    pictures, sex = torch.from_numpy(films.pixels[:, None] / np.float32(255)), torch.zeros(16, 2)

    def distances() -> list[float]:
        theirs = trainer.distiller.teach(pictures, sex).maps
        mine = trainer.network.features(pictures, (8, 16))[0]
        hints = zip(trainer.distiller.hints, mine, theirs, strict=True)
        return [float(hint(a, b).detach()) for hint, a, b in hints]

    before = distances()
    assert len(before) == 3
    for _ in range(10):
        train_epoch(trainer, films, show=False)
    assert all(now < then for now, then in zip(distances(), before, strict=True))


@pytest.mark.parametrize(("depths", "reason"), [([16, 8], "small to large"), ([3], "depth of 3")])
def test_depths_that_cannot_be_are_refused(depths: list[int], reason: str) -> None:
    with pytest.raises(BoneAgeError) as caught:
        taught({"share": 0.5, "hint": 1.0, "depths": depths}, fresh(make_config(small_config())))
    assert caught.value.code == "bad_config"
    assert reason in caught.value.message


@pytest.fixture
def rsna(tmp_path: Path) -> RsnaFolder:
    folder = write_rsna(tmp_path / "rsna", 10, stretch_to=120)
    write_splits(tmp_path / "splits", report=["1", "2"], tune=["3", "4"])
    return folder


def write_config(path: Path) -> Path:
    """The shipped file and its teacher's with small networks."""
    write_small(TEACHER, path.with_name("teacher.toml"), size=48, frozen=["conv1"])
    return write_small(SHIPPED, path)


def command(rsna: RsnaFolder, config: Path, folder: Path) -> list[str]:
    words = [*rsna.words(), "--config", str(config), "--splits", str(folder / "splits"), "--run", str(folder / "run")]
    return ["train", *words, "--cache", str(folder / "cache"), "--device", "cpu"]


def write_chain(path: Path, first: str) -> Path:
    """A network whose teacher was taught in its turn by ``first``."""
    write_config(path)
    text = path.read_text(encoding="utf-8")
    path.with_name("middle.toml").write_text(text.replace('"teacher.toml"', f'"{first}"'), encoding="utf-8")
    path.write_text(text.replace('"teacher.toml"', '"middle.toml"'), encoding="utf-8")
    return path


def test_a_training_that_asks_for_a_teacher_does_not_begin_without() -> None:
    config = make_config(small_config() | {"distillation": {"teacher": "unused.toml", "share": 0.5, "hint": 1.0}})
    with pytest.raises(BoneAgeError) as caught:
        make_trainer(config, CPU, load_weights=False)
    assert caught.value.code == "bad_config"
    assert "leave [distillation] out" in caught.value.message


def test_a_teacher_that_has_a_teacher_is_taught_first(
    rsna: RsnaFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = command(rsna, write_chain(tmp_path / "small.toml", "teacher.toml"), tmp_path)
    assert main(words) == 0
    runs = [tmp_path / "run", tmp_path / "run" / "teacher", tmp_path / "run" / "teacher" / "teacher"]
    hints = [torch.load(run / "last.pt", weights_only=True)["distiller"] is not None for run in runs]
    assert hints == [True, True, False]
    assert capsys.readouterr().out.count("the teacher: ") == 2
    assert main(words) == 0
    assert capsys.readouterr().out.count("going on after epoch 1") == 3


def test_a_network_that_would_be_its_own_teacher_is_refused(
    rsna: RsnaFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = command(rsna, write_chain(tmp_path / "small.toml", "small.toml"), tmp_path)
    assert main(words) == 2
    assert "small.toml is named as a teacher of its own" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_the_command_trains_from_films_and_goes_on(
    rsna: RsnaFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = command(rsna, write_config(tmp_path / "small.toml"), tmp_path)
    assert main(words) == 0
    assert "6 films to train on, 2 to tune on" in capsys.readouterr().out
    assert {path.name for path in (tmp_path / "run").iterdir()} == {*WRITTEN, "teacher"}
    assert {path.name for path in (tmp_path / "run" / "teacher").iterdir()} == WRITTEN
    assert len(list((tmp_path / "cache").iterdir())) == 1
    assert main(words) == 0
    assert capsys.readouterr().out.count("going on after epoch 1") == 2


def test_the_command_tells_what_is_wrong(rsna: RsnaFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [*rsna.words(), "--run", str(tmp_path / "run")]
    assert main(["train", "--config", str(tmp_path / "none.toml"), *words]) == 2
    assert "Compare it with" in capsys.readouterr().err


def test_report_is_left_out_of_training_altogether(rsna: RsnaFolder, tmp_path: Path) -> None:
    spec = make_config(small_config()).preprocessing
    films = load_films(rsna.images, rsna.labels, rsna.sizes, spec)
    train, tune = split_films_by_id(films, tmp_path / "splits")
    assert set(tune.ids) == {"3", "4"}
    assert set(train.ids) == {"5", "6", "7", "8", "9", "10"}
