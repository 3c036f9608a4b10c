"""Films of a higher resolution beside the others: how they are drawn, and from which a network may learn."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from configs import CONFIGS, write_small
from rsna import RsnaFolder, write_rsna, write_splits

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.__main__ import main  # noqa: E402
from training.configs.read import make_config  # noqa: E402
from training.configs.values import TrainingConfig  # noqa: E402
from training.films.batches import batches  # noqa: E402
from training.films.data import Films  # noqa: E402
from training.run import loop  # noqa: E402

FINE = CONFIGS / "fine.toml"
CPU = torch.device("cpu")


def config(**changes: Any) -> TrainingConfig:
    """The fine network's with a small network, pictures 48 pixels high and batches of four."""
    raw = tomllib.loads(FINE.read_text(encoding="utf-8"))
    raw["network"] |= {"backbone": "resnet10t", "weights": "none", "dropout": 0.0}
    raw["optimisation"] |= {"batch": 4}
    raw["sampling"] |= {"unknown_sex": 0.0}
    raw["phases"] = [{"size": 48, "epochs": 1, "share": 1.0}]
    for table, values in changes.items():
        raw[table] = raw[table] | values
    return make_config(raw)


def films(count: int, first: int = 0) -> Films:
    random = np.random.default_rng(first)
    months = random.uniform(24, 216, count).astype(np.float32)
    pixels = random.integers(0, 255, (count, 48, 32), dtype=np.uint8)
    return Films(tuple(str(first + number) for number in range(count)), pixels, months, np.arange(count) % 2 == 0)


@pytest.mark.parametrize(("others", "drawn"), [(0.0, (8, 0)), (0.5, (8, 4)), (2.0, (8, 16))])
@pytest.mark.parametrize("balance", [0.0, 0.25])
def test_an_epoch_draws_every_finer_film_and_so_many_of_the_others(
    others: float, drawn: tuple[int, int], balance: float
) -> None:
    both = films(40).with_finer(films(8, first=100))
    how = config(finer={"others": others}, sampling={"balance": balance})
    months = torch.cat([batch.months for batch in batches(both, how, 0, 48, CPU)]).numpy()
    finer = np.isin(months, both.months[40:])
    assert (int(finer.sum()), int((~finer).sum())) == drawn
    if balance == 0:
        assert sorted(months[finer]) == sorted(both.months[40:])


def test_a_part_of_the_films_keeps_which_are_finer() -> None:
    both = films(3).with_finer(films(2, first=100))
    assert both.ids == ("0", "1", "2", "100", "101")
    part = both.subset([4, 0])
    assert part.finer is not None
    assert part.finer.tolist() == [True, False]


@pytest.fixture
def rsna(tmp_path: Path) -> RsnaFolder:
    write_splits(tmp_path / "splits", report=["1"], tune=["2", "3"])
    return write_rsna(tmp_path / "rsna", 8, stretch_to=120)


def command(rsna: RsnaFolder, tmp_path: Path, *more: object) -> list[str]:
    config = write_small(FINE, tmp_path / "small.toml", size=96)
    paths = ["--config", config, "--splits", tmp_path / "splits", "--run", tmp_path / "run", *more]
    return ["train", *rsna.words(), *map(str, paths), "--device", "cpu"]


def test_the_command_learns_from_both_kinds_and_never_from_a_hand_that_is_held_out(
    rsna: RsnaFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    finer = write_rsna(tmp_path / "finer", 6, size=(600, 750), first_id=1)  # 1 is in report, 2 and 3 in tune
    seen: list[Films] = []
    epoch = loop.train_epoch

    def watched(trainer: Any, films: Films, **more: Any) -> Any:
        seen.append(films)
        return epoch(trainer, films, **more)

    monkeypatch.setattr(loop, "train_epoch", watched)
    words = command(rsna, tmp_path, "--finer-images", finer.images, "--finer-labels", finer.labels)
    assert main(words) == 0, capsys.readouterr().err
    [films] = seen
    assert films.finer is not None
    assert films.ids == ("4", "5", "6", "7", "8", "4", "5", "6")
    assert films.finer.tolist() == [False] * 5 + [True] * 3


def test_a_configuration_of_finer_films_asks_for_them(
    rsna: RsnaFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(rsna, tmp_path)) == 2
    assert "--finer-images" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
