"""Films per second of a training against the bare forward and backward pass of the same network. Run by hand:

    python tests/benchmarks/training.py [--config training/configs/shipped.toml] [--sizes 160 224] [--steps 12]

Both run in turn in one process, on drawn films already in memory; the training adds what an epoch really does: draw,
scaling, augmentation, teacher, clipping, optimiser, averaged weights. ``bare`` is the network alone, and with a
teacher also the teacher's forward pass, for that is part of what has to be computed. No test depends on this.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

import numpy as np  # noqa: E402
import torch  # noqa: E402

from bone_age_gui.core.stages.preprocess import PreprocessingSpec  # noqa: E402
from training.configs.read import read_config  # noqa: E402
from training.configs.values import TrainingConfig  # noqa: E402
from training.films.batches import normalised, scaled  # noqa: E402
from training.films.data import Films  # noqa: E402
from training.network.bone_age import build_network  # noqa: E402
from training.run.loop import train_epoch  # noqa: E402
from training.run.trainer import Teacher, Trainer, make_trainer  # noqa: E402

ROUNDS = 3


def drawn_films(count: int, spec: PreprocessingSpec) -> Films:
    """Films of noise: their pictures do not matter, their number does."""
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (count, *spec.network_shape), dtype=np.uint8)
    months = random.uniform(12, 216, count).astype(np.float32)
    return Films(tuple(map(str, range(count))), pixels, months, np.arange(count) % 2 == 0)


def bare(trainer: Trainer, size: int, steps: int) -> float:
    """Films per second of forward and backward alone, on one batch again and again."""
    device, batch = trainer.device, trainer.config.optimisation.batch
    images = scaled(torch.rand(batch, 1, *trainer.config.preprocessing.network_shape, device=device), size)
    sex = torch.zeros(batch, 2, device=device)
    drawn = scaled(images, max(size, trainer.distiller.size)) if trainer.distiller is not None else images
    begun = time.perf_counter()
    for _ in range(steps):
        trainer.network.zero_grad(set_to_none=True)
        with trainer.processes.autocast(device):
            raw = trainer.network.raw(normalised(images, trainer.config.preprocessing), sex)
            if trainer.distiller is not None:
                trainer.distiller.teach(drawn, sex)
        raw.float().square().mean().backward()
        _wait(device)
    return batch * steps / (time.perf_counter() - begun)


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def whole(trainer: Trainer, films: Films) -> float:
    """Films per second of an epoch."""
    speed = train_epoch(trainer, films, show=False).films_per_second
    _wait(trainer.device)
    return speed


def taught(config: TrainingConfig, folder: Path, device: torch.device) -> Trainer:
    """A training as the configuration asks for it; weights are drawn, they cost the same."""
    teacher = None
    if config.distillation is not None:
        by = read_config(folder / config.distillation.teacher)
        teacher = Teacher(build_network(by.network).to(device), by)
    return make_trainer(config, device, load_weights=False, teacher=teacher)


def main() -> int:
    """Print a line for each picture size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, default=ROOT / "training" / "configs" / "shipped.toml")
    parser.add_argument("--sizes", type=int, nargs="+", default=[192, 288])
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    args = parser.parse_args()
    device, config = torch.device(args.device), read_config(args.config)
    films = drawn_films(args.steps * config.optimisation.batch, config.preprocessing)
    print(f"{device}, {torch.get_num_threads()} threads, {config.network.backbone}, batch {config.optimisation.batch}")
    for size in args.sizes:
        phase = replace(config.phases[0], size=size, epochs=1, share=1.0)
        trainer = taught(replace(config, phases=(phase,)), args.config.parent, device)
        bare(trainer, size, 2)
        whole(trainer, films.subset(range(2 * config.optimisation.batch)))
        pairs = [(bare(trainer, size, args.steps), whole(trainer, films)) for _ in range(ROUNDS)]
        alone, trained = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{size} px: bare {alone:.1f}, training {trained:.1f} films/s, ratio {trained / alone:.2f}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
