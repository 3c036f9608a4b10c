"""Two processes by the same command end where one does. (Batch norm in evaluation mode, no dropout, no augmentation:
under DDP each process normalises by its own share of a batch, so a training with them differs.)"""

import csv
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from configs import BACKBONE, SHIPPED, write_small
from rsna import RsnaFolder, write_rsna, write_splits

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
import timm  # noqa: E402

from training.configs.read import make_config, read_config  # noqa: E402
from training.films.batches import batch_per_process, batches  # noqa: E402
from training.films.data import load_films, split_films_by_id  # noqa: E402
from training.run.distributed import Processes, has_bfloat16  # noqa: E402
from training.run.trainer import make_trainer  # noqa: E402

ROOT = Path(__file__).parents[3]


@pytest.fixture
def rsna(tmp_path: Path) -> RsnaFolder:
    folder = write_rsna(tmp_path / "rsna", 20, stretch_to=120)
    write_splits(tmp_path / "splits", report=["1", "2"], tune=["3", "4"])
    return folder


def write_config(path: Path) -> Path:
    """The shipped configuration without its teacher: a small network whose batch norm stays as it is, in two phases."""
    backbone = timm.create_model(BACKBONE, in_chans=1, num_classes=0)
    norms = [name for name, part in backbone.named_modules() if isinstance(part, torch.nn.BatchNorm2d)]
    write_small(SHIPPED, path, dropout=0.0, frozen=norms, without=["augment", "distillation"])
    with path.open("a", encoding="utf-8") as file:
        file.write('\n[[phases]]\nsize = 32\nepochs = 1\nshare = 1.0\nfrozen = ["layer1"]\n')
    return path


def train(words: list[str], processes: int) -> str:
    many = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node", str(processes)]
    command = [sys.executable, *(many if processes > 1 else []), "-m", "training", "train", *words]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def read_run(folder: Path) -> tuple[list[dict[str, str]], dict[str, Any]]:
    with (folder / "history.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return rows, torch.load(folder / "last.pt", weights_only=True)


def test_two_processes_end_where_one_does(rsna: RsnaFolder, tmp_path: Path) -> None:
    config = write_config(tmp_path / "small.toml")
    words = [*rsna.words(), "--config", str(config), "--splits", str(tmp_path / "splits")]
    words += ["--cache", str(tmp_path / "cache"), "--device", "cpu", "--precision", "fp32"]
    train([*words, "--run-folder", str(tmp_path / "one")], 1)
    said = train([*words, "--run-folder", str(tmp_path / "two")], 2)
    assert said.count("epoch 1:") == 1  # one process speaks for both
    (rows_one, one), (rows_two, two) = read_run(tmp_path / "one"), read_run(tmp_path / "two")
    assert len(rows_one) == len(rows_two) == 2
    for first, second in zip(rows_one, rows_two, strict=True):
        for name in ("loss", "tune_mae_months"):
            assert float(first[name]) == pytest.approx(float(second[name]), abs=2e-3), name
    start = make_trainer(make_config(one["config"]), torch.device("cpu"), load_weights=True).network.state_dict()
    moved = max(float((value - start[name]).abs().max()) for name, value in one["model"].items())
    apart = max(float((value - two["model"][name]).abs().max()) for name, value in one["model"].items())
    assert moved > 1e-3
    assert apart < 0.01 * moved


def test_the_shares_of_two_processes_are_the_batch_of_one(rsna: RsnaFolder, tmp_path: Path) -> None:
    config = read_config(write_config(tmp_path / "small.toml"))
    films, _ = split_films_by_id(
        load_films(rsna.images, rsna.labels, rsna.sizes, config.preprocessing), tmp_path / "splits"
    )
    cpu = torch.device("cpu")
    whole = list(batches(films, config, 0, 32, cpu))
    parts = [list(batches(films, config, 0, 32, cpu, rank=rank, world_size=2)) for rank in (0, 1)]
    for every, one, two in zip(whole, *parts, strict=True):
        assert every.lessons is None
        for all_of_it, first, second in zip(every[:3], one[:3], two[:3], strict=True):
            assert torch.equal(all_of_it[0::2], first)
            assert torch.equal(all_of_it[1::2], second)


def test_a_batch_that_does_not_divide_is_refused(tmp_path: Path) -> None:
    config = make_config(read_config(write_config(tmp_path / "small.toml")).raw)
    assert batch_per_process(config.optimisation.batch, 2) == 2
    with pytest.raises(BoneAgeError, match="cannot be divided"):
        batch_per_process(config.optimisation.batch, 3)


@pytest.mark.parametrize(
    ("capabilities", "has"),
    [
        ({"avx512_f": True, "avx512_bf16": False}, False),
        ({"amx_bf16": True}, True),
        ({"neon": True, "bf16": True}, True),
    ],
)
def test_bfloat16_is_used_where_the_processor_has_it(
    monkeypatch: pytest.MonkeyPatch, capabilities: dict[str, bool], has: bool
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities, raising=False)
    has_bfloat16.cache_clear()
    cpu, numbers = torch.device("cpu"), torch.ones(2, 2)

    def kind(processes: Processes) -> torch.dtype:
        with processes.autocast(cpu):
            return (numbers @ numbers).dtype

    wanted = [kind(Processes(precision=precision)) for precision in ("auto", "bf16", "fp32")]
    has_bfloat16.cache_clear()  # of the processor that was only made up
    assert wanted == [torch.bfloat16 if has else torch.float32, torch.bfloat16, torch.float32]
