"""``python -m training train`` on films of a folder: it teaches, goes on, and leaves *report* alone."""

from pathlib import Path

import pytest

from configs import SHIPPED, TEACHER, write_small
from rsna import RsnaFolder, write_rsna, write_splits

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.__main__ import main  # noqa: E402
from training.configs.read import make_config  # noqa: E402
from training.films.data import load_films, split_films_by_id  # noqa: E402
from trainings import small_config  # noqa: E402

WRITTEN = {"best.pt", "last.pt", "history.csv", "tune.csv"}


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
    assert "none.toml: there is no such file. Give the path of a configuration" in capsys.readouterr().err


def test_report_is_left_out_of_training_altogether(rsna: RsnaFolder, tmp_path: Path) -> None:
    spec = make_config(small_config()).preprocessing
    films = load_films(rsna.images, rsna.labels, rsna.sizes, spec)
    train, tune = split_films_by_id(films, tmp_path / "splits")
    assert set(tune.ids) == {"3", "4"}
    assert set(train.ids) == {"5", "6", "7", "8", "9", "10"}
