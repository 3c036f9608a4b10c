"""Train one system, resumably.

    python -m training train --config training/configs/shipped.toml --images DIR --labels CSV --run runs/NAME

    torchrun --nproc_per_node N -m training train --run-folder runs/NAME ...      the same on N devices

The run folder holds ``last.pt`` (after every epoch, to resume), ``best.pt`` (the epoch with the smallest
error on *tune*), ``tune.csv`` (that epoch's estimates) and ``history.csv``. *report* is never
looked at, but for the test films of a configuration that draws a split of its own: the best epoch's weights estimate
them at the end (``test.csv``). A backbone that is frozen as a whole looks at each film once (``features``).
A teacher's run is the folder ``teacher`` in it, its own teacher's the folder ``teacher`` in that.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from bone_age_gui.core.model.bundle import load_bundle
from training.configs.read import read_config, with_teachers, with_weights
from training.configs.values import TrainingConfig
from training.errors import TrainingError
from training.films.batches import batch_per_process, normalised, scaled, unit_grey
from training.films.data import Films
from training.films.folds import read_fold
from training.films.source import add_film_options, training_films
from training.network.from_bundle import is_bundle, restore, set_norm_statistics
from training.network.two_looks import look_for
from training.run.checkpoint import load_checkpoint, read_checkpoint
from training.run.distributed import ONE_PROCESS, Processes, add_device_option, add_speed_options, process_group
from training.run.features import features_can_be_kept, with_features
from training.run.journal import write_estimates
from training.run.left_out import write_left_out
from training.run.loop import estimate_months, fit, say
from training.run.trainer import Teacher, Trainer, make_trainer

_FILMS_TO_SETTLE_ON = 64
"""Films whose statistics the norms get that a bundle had folded away."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``train``."""
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
    parser.add_argument("--fold", type=read_fold, help="K/N: leave every Nth film out and answer to them at the end")
    add_device_option(parser)
    add_speed_options(parser)


def run(options: argparse.Namespace) -> None:
    """Train or go on training. Raises ``BoneAgeError``."""
    with process_group(options) as (processes, device):
        _train(options, processes, device)


def _train(options: argparse.Namespace, processes: Processes, device: torch.device) -> None:
    config = with_weights(read_config(options.config), options.weights)
    chain = with_teachers(options.config, config)
    batch_per_process(config.optimisation.batch, processes.world_size)
    with processes.first_goes_ahead():
        films = training_films(options, config)
    show, train, left_out = processes.is_first, films.train, None
    if options.fold is not None:
        out = options.fold.leaves_out(train.ids)
        if out.all() or not out.any():  # said before the training, not when its estimates are written
            raise TrainingError(
                "Too few films",
                f"The fold leaves {int(out.sum())} of {len(train)} films out. Give more films, or another --fold.",
                "too_few_films",
            )
        train, left_out = train.subset(np.flatnonzero(~out)), train.subset(np.flatnonzero(out))
    where = f"{device} in {processes.precision_on(device)}"
    say(show, f"{len(train)} films to train on, {len(films.tune)} to tune on, {config.epochs} epochs on {where}")
    teacher = None
    for depth, each in reversed(list(enumerate(chain))):  # the first teacher first, the network last
        if depth:
            say(show, f"the teacher: {each.name}, {each.epochs} epochs")
        folder = options.run.joinpath(*["teacher"] * depth)
        trainer = train_or_resume(
            each, train, films.tune, folder, device, teacher=teacher, processes=processes, show=show
        )
        teacher = Teacher(trainer.weights_to_use(), each)
    say(show, f"best: epoch {trainer.best_epoch}, MAE on tune {trainer.best:.2f} months")
    if left_out is not None and processes.is_first:
        write_left_out(options.run, trainer.weights_to_use(), left_out, config, device)
    if films.test is not None and processes.is_first:
        mae, mse = score_best(trainer, films.test, options.run)
        say(show, f"test: {len(films.test)} films of report, MAE {mae:.2f} months, MSE {mse:.2f}")


def score_best(trainer: Trainer, test: Films, folder: Path) -> tuple[float, float]:
    """MAE (months) and MSE (months squared) of a run's best epoch on its test films; writes ``test.csv``."""
    best = read_checkpoint(folder / "best.pt", trainer.device)
    network, config = trainer.weights_to_use(), trainer.config
    network.load_state_dict(best["ema"] or best["model"])
    months = estimate_months(network, test, config, config.phases[-1].size, trainer.device, trainer.processes)
    write_estimates(folder / "test.csv", test, months)
    errors = months - test.months
    return float(np.abs(errors).mean()), float(np.square(errors).mean())


def train_or_resume(
    config: TrainingConfig,
    train: Films,
    tune: Films,
    folder: Path,
    device: torch.device,
    *,
    teacher: Teacher | None = None,
    processes: Processes = ONE_PROCESS,
    show: bool = True,
) -> Trainer:
    """Train one system in its run folder, from the last checkpoint there if it holds one."""
    folder.mkdir(parents=True, exist_ok=True)
    last = folder / "last.pt"
    source = Path(config.network.weights)
    resumed = last.exists()
    restored = not resumed and is_bundle(source)
    trainer = make_trainer(config, device, load_weights=not (resumed or restored), teacher=teacher, processes=processes)
    trainer.films = train.digest() + tune.digest()
    if resumed:
        load_checkpoint(trainer, last)
        say(show, f"going on after epoch {trainer.epoch}")
    elif restored:
        _begin_from_bundle(trainer, source, train)
    if features_can_be_kept(config):
        train, tune = (with_features(trainer, films, folder / "features", show=show) for films in (train, tune))
    fit(trainer, train, tune, folder, show=show)
    return trainer


def _begin_from_bundle(trainer: Trainer, folder: Path, films: Films) -> None:
    """Let a training begin where a bundle ended: all weights, the head's too.

    Raises ``BoneAgeError``: ``model_not_found bad_card card_schema model_damaged no_weights``.
    """
    spec, size, device = trainer.config.preprocessing, trainer.config.phases[0].size, trainer.device
    some = films.subset(np.linspace(0, len(films) - 1, min(_FILMS_TO_SETTLE_ON, len(films))).astype(int))
    images = normalised(scaled(unit_grey(some.pixels, device), size), spec)
    look = look_for(spec, load_bundle(folder).card)
    set_norm_statistics(trainer.network, restore(trainer.network, folder, look=look), images)
