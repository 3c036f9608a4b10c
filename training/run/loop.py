"""Train one system, resumably.

    python -m training.run.train --config training/configs/shipped.toml --images DIR --labels CSV --run runs/NAME

    torchrun --nproc_per_node N -m training.run.train --run-folder runs/NAME ...      the same on N devices

The run folder holds ``last.pt`` (after every epoch, to resume), ``best.pt`` (the epoch with the smallest
error on *tune*), ``tune.csv`` (that epoch's estimates) and ``history.csv``. *report* is never
looked at. A teacher's run is the folder ``teacher`` in it, its own teacher's the folder ``teacher`` in that.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch.optim.swa_utils import get_ema_multi_avg_fn
from tqdm import tqdm

from bone_age_gui.core.values.errors import BoneAgeError
from training.films.batches import batches, normalised, one_hot, scaled, unit_grey
from training.films.data import Films
from training.films.film_source import add_film_options, training_films
from training.network.bone_age import BoneAgeNetwork
from training.network.from_bundle import begin_from_bundle, is_bundle
from training.run.config import TrainingConfig, read_config, with_teachers
from training.run.distributed import ALONE, PRECISIONS, Engine, own_share, started
from training.run.journal import note_epoch, write_estimates
from training.run.trainer import Teacher, Trainer, load_checkpoint, make_trainer, save_checkpoint


def train_epoch(trainer: Trainer, films: Films, *, show: bool = True) -> tuple[float, float]:
    """One epoch; returns the mean loss and the films per second."""
    config, network = trainer.config, trainer.network
    phase = config.phase_at(trainer.epoch)
    trainer.enter(phase)
    _average_anew(trainer)
    drawn = max(phase.size, trainer.distiller.size) if trainer.distiller is not None else phase.size
    steps = max(1, int(len(films) * phase.share) // config.optimisation.batch)
    total, seen, begun = 0.0, 0, time.monotonic()
    drawn_batches = batches(films, config, trainer.epoch, drawn, trainer.device, trainer.engine)
    bar = tqdm(total=steps, desc=f"epoch {trainer.epoch + 1}/{config.epochs}", disable=not show, mininterval=20)
    for number, (images, sex, months) in enumerate(drawn_batches):
        _set_rate(trainer, number / steps)
        batch_loss = trainer.spread(images, sex, months, phase)
        trainer.optimiser.zero_grad(set_to_none=True)
        batch_loss.backward()
        if config.optimisation.clip > 0:
            torch.nn.utils.clip_grad_norm_(network.parameters(), config.optimisation.clip)
        trainer.optimiser.step()
        trainer.steps += 1
        if trainer.averaged is not None:
            _average(trainer)
        total, seen = total + float(batch_loss.detach()) * len(images), seen + len(images)
        bar.update()
        bar.set_postfix(
            loss=f"{total / seen:.3f}", films_per_s=f"{seen / (time.monotonic() - begun):.1f}", refresh=False
        )
    bar.close()
    loss = trainer.engine.mean(total / max(seen, 1), trainer.device)
    return loss, seen * trainer.engine.world / (time.monotonic() - begun)


def _set_rate(trainer: Trainer, done_of_epoch: float) -> None:
    """Warm up, then cosine down to nearly nothing over all phases; a plateau schedule sets its own rate.

    Progress is counted in pixels seen, so that the few epochs at full size get a rate that still teaches.
    """
    how = trainer.config.optimisation
    if how.schedule != "cosine":
        return
    done = trainer.config.progress(trainer.epoch, done_of_epoch)
    rest = (done - how.warm_up) / (1 - how.warm_up)
    factor = done / how.warm_up if done < how.warm_up else 0.5 * (1 + math.cos(math.pi * rest))
    for group in trainer.optimiser.param_groups:
        group["lr"] = how.rate * max(factor, 0.002)


def _average(trainer: Trainer) -> None:
    """Early on the average follows closely: half of it is never older than half of its own steps."""
    assert trainer.averaged is not None
    decay = min(trainer.config.optimisation.ema, (1 + trainer.averaged_steps) / (10 + trainer.averaged_steps))
    trainer.averaged.multi_avg_fn = get_ema_multi_avg_fn(decay)
    trainer.averaged.update_parameters(trainer.network)
    trainer.averaged_steps += 1


def _average_anew(trainer: Trainer) -> None:
    """Start the average again where the picture size changes: weights of two sizes do not mix.

    Carried over from 112 to 160 px, the averaged weights read 12.9 months too young, while the network itself had
    adapted.
    """
    before = trainer.config.phase_at(trainer.epoch - 1).size if trainer.epoch else None
    if trainer.averaged is not None and before != trainer.config.phase_at(trainer.epoch).size:
        trainer.averaged.module.load_state_dict(trainer.network.state_dict())
        trainer.averaged_steps = 0


@torch.inference_mode()
def answers(
    network: BoneAgeNetwork,
    films: Films,
    config: TrainingConfig,
    size: int,
    device: torch.device,
    engine: Engine = ALONE,
) -> np.ndarray:
    """Months (float64, (n,)) that a network answers with the sex known, at one picture size."""
    network.eval()
    parts = []
    for start in range(0, len(films), 32):
        part = films.subset(range(start, min(start + 32, len(films))))
        images = normalised(scaled(unit_grey(part.pixels, device), size), config.preprocessing)
        with engine.autocast(device):
            out = network(images, one_hot(part.male).to(device))
        parts.append(out["bone_age_months"].double().cpu().numpy())
    return np.concatenate(parts)


def run(trainer: Trainer, train: Films, tune: Films, folder: Path, *, show: bool = True) -> None:
    """Train to the end or until *tune* says stop, from wherever the trainer stands."""
    config, patience = trainer.config, trainer.config.optimisation.patience
    while trainer.epoch < config.epochs:
        phase = config.phase_at(trainer.epoch)
        loss, speed = train_epoch(trainer, train, show=show)
        estimates, error, bias = _judge(trainer, tune, phase.size)
        if trainer.plateau is not None:
            trainer.plateau.step(error)
        trainer.epoch += 1
        # Phases differ in size: only errors at the last size can be the best of the run.
        counts = phase.size == config.phases[-1].size
        improved = counts and error < trainer.best
        if improved:
            trainer.best, trainer.best_epoch = error, trainer.epoch
        if estimates is not None:  # the first process
            if improved:
                write_estimates(folder / "tune.csv", tune, estimates)
            for name in ("best.pt", "last.pt") if improved else ("last.pt",):
                save_checkpoint(trainer, folder / name)
            note_epoch(folder / "history.csv", trainer.epoch, phase.size, (loss, error, bias, speed))
        told = f"{phase.size} px, loss {loss:.3f}, tune MAE {error:.2f}, {speed:.1f} films/s"
        _say(show, f"epoch {trainer.epoch}: {told}")
        if patience and counts and trainer.epoch - trainer.best_epoch >= patience:
            break


def _judge(trainer: Trainer, tune: Films, size: int) -> tuple[np.ndarray | None, float, float]:
    """Estimates, MAE and bias on *tune*, found by the first process; the others are told MAE and bias."""
    estimates, found = None, [0.0, 0.0]
    if trainer.engine.is_first:
        estimates = answers(trainer.judged(), tune, trainer.config, size, trainer.device, trainer.engine)
        errors = estimates - tune.months
        found = [float(np.abs(errors).mean()), float(errors.mean())]
    error, bias = trainer.engine.share(found, trainer.device)
    return estimates, error, bias


def main(argv: list[str] | None = None) -> int:
    """Train or go on training."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, required=True)
    add_film_options(parser)
    # torchrun takes "--run" for the beginning of an option of its own: hence the long name.
    parser.add_argument(
        "--run", "--run-folder", type=Path, required=True, help="folder for checkpoints; goes on if it holds one"
    )
    parser.add_argument(
        "--weights",
        help="starting weights instead of the configuration's: imagenet, none, a file or a model bundle's folder",
    )
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument(
        "--precision",
        choices=PRECISIONS,
        default="auto",
        help="of forward passes; auto: bf16 where the device computes in it itself",
    )
    args = parser.parse_args(argv)
    try:
        with started(args.device, precision=args.precision) as (engine, device):
            return _train(args, engine, device)
    except BoneAgeError as error:
        print(f"{error.title}. {error.message}")
        return 2


def _train(args: argparse.Namespace, engine: Engine, device: torch.device) -> int:
    config = read_config(args.config)
    if args.weights:
        config.network["weights"] = args.weights  # type: ignore[index]  # the file's table, ours to change
    chain = with_teachers(args.config, config)
    own_share(config.optimisation.batch, engine)
    with engine.first_goes_ahead():
        train, tune = training_films(args, config.preprocessing)
    show = engine.is_first
    where = f"{device} in {engine.precision_on(device)}"
    _say(show, f"{len(train)} films to train on, {len(tune)} to tune on, {config.epochs} epochs on {where}")
    teacher = None
    for depth, each in reversed(list(enumerate(chain))):  # the first teacher first, the network last
        if depth:
            _say(show, f"the teacher: {each.name}, {each.epochs} epochs")
        folder = args.run.joinpath(*["teacher"] * depth)
        trainer = train_or_resume(each, train, tune, folder, device, teacher=teacher, engine=engine, show=show)
        teacher = Teacher(trainer.judged(), each)
    _say(show, f"best: epoch {trainer.best_epoch}, MAE on tune {trainer.best:.2f} months")
    return 0


def _say(show: bool, text: str) -> None:
    if show:
        print(text, flush=True)


def train_or_resume(
    config: TrainingConfig,
    train: Films,
    tune: Films,
    folder: Path,
    device: torch.device,
    *,
    teacher: Teacher | None = None,
    engine: Engine = ALONE,
    show: bool = True,
) -> Trainer:
    """Train one system in its run folder, from the last checkpoint there if it holds one."""
    folder.mkdir(parents=True, exist_ok=True)
    last = folder / "last.pt"
    source = Path(config.network["weights"])
    resumed = last.exists()
    restored = not resumed and is_bundle(source)
    trainer = make_trainer(config, device, load_weights=not (resumed or restored), teacher=teacher, engine=engine)
    if resumed:
        load_checkpoint(trainer, last)
        _say(show, f"going on after epoch {trainer.epoch}")
    elif restored:
        begin_from_bundle(trainer, source, train)
    run(trainer, train, tune, folder, show=show)
    return trainer


if __name__ == "__main__":
    raise SystemExit(main())
