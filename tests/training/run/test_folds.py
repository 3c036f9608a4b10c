"""Teachers that leave a part of the films out, and a network that learns from their answers to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from configs import CONFIGS, write_small
from rsna import RsnaFolder, write_rsna, write_splits

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.__main__ import main  # noqa: E402
from training.configs.read import read_config  # noqa: E402
from training.films.batches import batches  # noqa: E402
from training.films.data import Films, load_films  # noqa: E402
from training.run import loop  # noqa: E402

CPU = torch.device("cpu")


@pytest.fixture
def rsna(tmp_path: Path) -> RsnaFolder:
    write_splits(tmp_path / "splits", report=["1"], tune=["2"])
    return write_rsna(tmp_path / "rsna", 10, stretch_to=120)


def words(tmp_path: Path, config: Path, run: str) -> list[str]:
    paths = ["--config", config, "--splits", tmp_path / "splits", "--run", tmp_path / run, "--device", "cpu"]
    return ["train", *map(str, paths)]


def test_a_network_is_taught_by_those_that_never_saw_the_film(
    rsna: RsnaFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    learned: list[Films] = []
    epoch = loop.train_epoch

    def watched(trainer: object, films: Films, **more: object) -> object:
        learned.append(films)
        return epoch(trainer, films, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(loop, "train_epoch", watched)
    teacher = write_small(CONFIGS / "fold_teacher.toml", tmp_path / "teacher.toml", size=96)
    student = write_small(CONFIGS / "taught_quick.toml", tmp_path / "student.toml", size=96)
    folds = tmp_path / "runs"
    student.write_text(student.read_text(encoding="utf-8").replace('"runs/folds"', f'"{folds}"'), encoding="utf-8")
    finer = write_rsna(tmp_path / "finer", 6, size=(480, 600), first_id=1)
    for source, out, sizes in ((rsna, "prepared", True), (finer, "finer_prepared", False)):
        prepared = ["prepare", *source.words(sizes=sizes), "--config", str(student), "--out", str(tmp_path / out)]
        assert main(prepared) == 0
    carried = ["--prepared", str(tmp_path / "prepared")]

    assert main([*words(tmp_path, teacher, "runs/1"), *carried, "--fold", "999/1000"]) == 2, "it leaves none out"
    assert "leaves 0 of 8 films out" in capsys.readouterr().err
    assert main([*words(tmp_path, teacher, "runs/1"), *carried, "--fold", "1/2"]) == 0, capsys.readouterr().err
    both = [*carried, "--finer-prepared", str(tmp_path / "finer_prepared")]
    assert main([*words(tmp_path, student, "taught"), *both]) == 2, "a fold is missing"
    assert "Train all the folds first" in capsys.readouterr().err
    (folds / "2").mkdir()
    (folds / "2" / "left_out.npz").write_bytes((folds / "1" / "left_out.npz").read_bytes()[:-50])
    assert main([*words(tmp_path, student, "taught"), *both]) == 2, "a fold's file is broken"
    assert "Train all the folds first" in capsys.readouterr().err
    assert main([*words(tmp_path, teacher, "runs/2"), *carried, "--fold", "2/2", "--workers", "2"]) == 0
    before = (folds / "1" / "left_out.npz").read_bytes()
    assert main([*words(tmp_path, teacher, "runs/1"), *carried, "--fold", "2/2"]) == 2, "a run of another fold"
    assert "--fold" in capsys.readouterr().err
    assert (folds / "1" / "left_out.npz").read_bytes() == before

    one, two = ({*films.ids} for films in learned)
    assert not one & two
    assert one | two == {*rsna.ids} - {"1", "2"}
    left_out = {number: np.load(folds / number / "left_out.npz") for number in "12"}
    assert {*left_out["1"]["ids"].tolist()} == two, "the first run answers to what the second learned from"

    assert main([*words(tmp_path, student, "taught"), *both]) == 0, capsys.readouterr().err
    films = learned[2]
    assert films.lessons is not None
    wanted = {
        film_id: lesson
        for each in left_out.values()
        for film_id, lesson in zip(each["ids"].tolist(), each["chances"], strict=True)
    }
    assert films.ids == ("3", "4", "5", "6", "7", "8", "9", "10", "3", "4", "5", "6")
    assert films.finer is not None
    assert films.finer.sum() == 4
    for film_id, lesson in zip(films.ids, films.lessons, strict=True):
        assert np.array_equal(lesson, wanted[film_id])
        assert lesson.sum() == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("fold", ["0/4", "5/4", "1/1", "1", "a/b", "1/4/2"])
def test_a_fold_that_is_none_is_wrong_usage(fold: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words(tmp_path, CONFIGS / "fold_teacher.toml", "run"), "--fold", fold])
    assert ended.value.code == 2
    assert "give K/N" in capsys.readouterr().err


def test_batches_are_the_same_with_any_number_of_workers(rsna: RsnaFolder, tmp_path: Path) -> None:
    config = read_config(write_small(CONFIGS / "taught_quick.toml", tmp_path / "small.toml", size=96))
    films = load_films(rsna.images, rsna.labels, rsna.sizes, config.preprocessing)
    alone, beside = (list(batches(films, config, 0, 96, CPU, workers=workers)) for workers in (0, 2))
    assert len(alone) == 2
    for one, other in zip(alone, beside, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True) if a is not None)
    assert not torch.equal(alone[0].images, alone[1].images)
