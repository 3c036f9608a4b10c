"""Films prepared on one machine and trained with on another that has neither films nor readers."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from configs import SHIPPED, write_small
from rsna import RsnaFolder, write_rsna, write_splits

pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.__main__ import main
from training.configs.read import read_config
from training.films.data import load_films, pixels_key
from training.films.prepared import read_prepared

ROOT = Path(__file__).parents[3]


@pytest.fixture
def rsna(tmp_path: Path) -> RsnaFolder:
    return write_rsna(tmp_path / "rsna", 10, stretch_to=120)


def small(path: Path) -> Path:
    return write_small(SHIPPED, path, without=["distillation"])


def prepare(rsna: RsnaFolder, config: Path, out: Path) -> int:
    return main(["prepare", *rsna.words(), "--config", str(config), "--out", str(out)])


def test_what_was_carried_over_is_what_was_prepared(rsna: RsnaFolder, tmp_path: Path) -> None:
    config = small(tmp_path / "small.toml")
    assert prepare(rsna, config, tmp_path / "out") == 0
    spec = read_config(config).preprocessing
    carried = read_prepared(tmp_path / "out", pixels_key(spec, unstretched=True))
    films = load_films(rsna.images, rsna.labels, rsna.sizes, spec)
    assert carried.ids == films.ids
    for name in ("pixels", "months", "male"):
        assert np.array_equal(getattr(carried, name), getattr(films, name))
        assert getattr(carried, name).dtype == getattr(films, name).dtype


def test_the_training_asks_for_nothing_else(rsna: RsnaFolder, tmp_path: Path) -> None:
    config = small(tmp_path / "small.toml")
    splits = write_splits(tmp_path / "splits", report=["1"], tune=["2", "3"])
    assert prepare(rsna, config, tmp_path / "out") == 0
    words = ["--config", str(config), "--prepared", str(tmp_path / "out"), "--splits", str(splits), "--device", "cpu"]
    assert main(["train", *words, "--run", str(tmp_path / "run")]) == 0
    assert (tmp_path / "run" / "best.pt").exists()


def test_a_trial_reads_no_more_films_than_its_limit(
    rsna: RsnaFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = small(tmp_path / "small.toml")
    splits = write_splits(tmp_path / "splits", report=["1"], tune=["2", "3"])
    for film_id in ("9", "10"):
        (rsna.images / f"{film_id}.png").write_bytes(b"no picture")
    assert prepare(rsna, config, tmp_path / "out") == 2
    words = [*rsna.words(), "--config", str(config), "--limit", "5"]
    assert main(["prepare", *words, "--out", str(tmp_path / "out")]) == 0
    assert "5 films" in capsys.readouterr().out
    words += ["--splits", str(splits), "--device", "cpu", "--run", str(tmp_path / "run")]
    assert main(["train", *words]) == 0
    assert "5 films to train on, 2 to tune on" in capsys.readouterr().out


def test_no_reader_of_films_is_needed_for_them() -> None:
    code = "import sys; sys.modules['pydicom'] = sys.modules['imagecodecs'] = None"
    code += "; from training.__main__ import main; main(['train', '--help'])"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=120)


def test_parts_that_were_left_behind_or_arrived_broken_are_missed(
    rsna: RsnaFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.films.prepared.FILMS_PER_FILE", 4)
    config = small(tmp_path / "small.toml")
    assert prepare(rsna, config, tmp_path / "out") == 0
    parts = sorted((tmp_path / "out").iterdir())
    assert len(parts) == 3
    key = pixels_key(read_config(config).preprocessing, unstretched=True)
    content = parts[1].read_bytes()
    for broken in (content[:-100], content[:200] + bytes(300) + content[500:], b""):
        parts[1].write_bytes(broken)
        with pytest.raises(BoneAgeError, match="6 of 10 films"):
            read_prepared(tmp_path / "out", key)
    parts[1].unlink()
    with pytest.raises(BoneAgeError, match="6 of 10 films"):
        read_prepared(tmp_path / "out", key)
    with pytest.raises(BoneAgeError, match="0 of the films"):
        read_prepared(tmp_path / "out", "another")


def test_without_films_it_says_what_to_give(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--config", str(small(tmp_path / "small.toml")), "--run", str(tmp_path / "run")]) == 2
    assert "--prepared" in capsys.readouterr().err


def test_crops_by_joints_are_neither_carried_over_nor_left_out_in_silence(
    rsna: RsnaFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = small(tmp_path / "small.toml")
    crops = '\n[joint_crops]\nfinder = "models/densenet121"\nheight = 2.0\nmiddle = 0.5\n'
    config.write_text(config.read_text(encoding="utf-8") + crops, encoding="utf-8")
    assert prepare(rsna, config, tmp_path / "out") == 2
    assert "not carried over" in capsys.readouterr().err
    paths = ["--config", config, "--prepared", tmp_path / "out", "--run", tmp_path / "run"]
    assert main(["train", *map(str, paths)]) == 2
    assert "Crops by joints" in capsys.readouterr().err
