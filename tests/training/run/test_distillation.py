"""A small network is taught by a larger one."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bone_age_gui.core.values.errors import BoneAgeError

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.configs.read import make_config  # noqa: E402
from training.films.data import Films  # noqa: E402
from training.run import loop  # noqa: E402
from training.run.checkpoint import load_checkpoint, save_checkpoint  # noqa: E402
from training.run.loop import train_epoch  # noqa: E402
from training.run.trainer import Teacher, Trainer, make_trainer  # noqa: E402
from trainings import CPU, drawn_films, fresh, small_config  # noqa: E402


def test_a_hint_without_a_teacher_is_refused() -> None:
    phase = {"size": 32, "epochs": 1, "share": 1.0}
    with pytest.raises(BoneAgeError) as caught:
        make_config(small_config(phases=[phase, phase | {"hint": 0.5}]))
    assert caught.value.code == "bad_config"
    assert "[distillation]" in caught.value.message


def taught(how: dict[str, Any], teacher: Trainer) -> Trainer:
    """A small network and its teacher."""
    config = make_config(small_config(augment=None) | {"distillation": {"teacher": "unused.toml"} | how})
    return make_trainer(config, CPU, load_weights=True, teacher=Teacher(teacher.weights_to_use(), teacher.config))


@pytest.mark.parametrize("depths", [[], [8, 16]])
def test_a_pupil_comes_near_its_teacher_whatever_the_labels_say(depths: list[int]) -> None:
    films = drawn_films(16)
    teacher = fresh(make_config(small_config(augment=None, phases=[{"size": 48, "epochs": 25, "share": 1.0}])))
    for teacher.epoch in range(25):
        train_epoch(teacher, films, show=False)
    lie = Films(films.ids, films.pixels, np.full_like(films.months, 12), films.male)
    trainer = taught({"share": 1.0, "hint": 1.0, "depths": depths}, teacher)
    kept = {name: value.clone() for name, value in teacher.weights_to_use().state_dict().items()}
    said = loop.estimate_months(teacher.weights_to_use(), films, teacher.config, 48, CPU)
    distance = []
    for _ in range(25):
        train_epoch(trainer, lie, show=False)
        distance.append(np.abs(loop.estimate_months(trainer.network, films, trainer.config, 32, CPU) - said).mean())
    assert min(distance[-5:]) < 0.5 * distance[0]
    assert all(torch.equal(value, kept[name]) for name, value in teacher.weights_to_use().state_dict().items())


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
        theirs = trainer.distiller.lesson_for(pictures, sex).maps
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


def test_a_training_that_asks_for_a_teacher_does_not_begin_without() -> None:
    config = make_config(small_config() | {"distillation": {"teacher": "unused.toml", "share": 0.5, "hint": 1.0}})
    with pytest.raises(BoneAgeError) as caught:
        make_trainer(config, CPU, load_weights=False)
    assert caught.value.code == "bad_config"
    assert "leave [distillation] out" in caught.value.message
