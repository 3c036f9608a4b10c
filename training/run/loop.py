"""The training loop, top to bottom: all epochs, one epoch, one step with its loss, and what *tune* says."""

from __future__ import annotations

import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import get_ema_multi_avg_fn
from tqdm import tqdm

from training.configs.values import Loss, Optimisation, Phase, TrainingConfig
from training.errors import TrainingError
from training.films.batches import Batch, batches, films_in_epoch, normalised, scaled, unchanged
from training.films.data import Films
from training.network.bone_age import MONTHS, BoneAgeNetwork, DenseHead
from training.network.distil import Distiller
from training.run.checkpoint import save_checkpoint
from training.run.distributed import ONE_PROCESS, Processes
from training.run.journal import TrainFigures, TuneFigures, append_epoch, write_estimates
from training.run.trainer import Trainer


def fit(trainer: Trainer, train: Films, tune: Films, folder: Path, *, show: bool = True) -> None:
    """Train to the end or until *tune* says stop, from wherever the trainer stands.

    Raises ``BoneAgeError``: ``diverged``, ``bad_table``, and those of a file that cannot be written.
    """
    config, patience = trainer.config, trainer.config.optimisation.patience
    while trainer.epoch < config.epochs:
        phase = config.phase_at(trainer.epoch)
        learned = train_epoch(trainer, train, show=show)
        if not math.isfinite(learned.loss):  # before it is written: the last checkpoint can be gone on from
            raise TrainingError(
                "The training has diverged",
                f"The loss of epoch {trainer.epoch + 1} is no number. Lower optimisation.rate, or give a clip.",
                "diverged",
            )
        estimates, tuned = _tune_figures(trainer, tune, phase.size)
        if trainer.plateau is not None:
            trainer.plateau.step(tuned.mae)
        trainer.epoch += 1
        # Phases differ in size: only errors at the last size can be the best of the run.
        counts = phase.size == config.phases[-1].size
        improved = counts and tuned.mae < trainer.best
        if improved:
            trainer.best, trainer.best_epoch = tuned.mae, trainer.epoch
        if estimates is not None:  # the first process
            if improved:
                write_estimates(folder / "tune.csv", tune, estimates)
            for name in ("best.pt", "last.pt") if improved else ("last.pt",):
                save_checkpoint(trainer, folder / name)
            append_epoch(folder / "history.csv", trainer.epoch, phase.size, learned, tuned)
        speed = f"{learned.films_per_second:.1f} films/s"
        figures = f"{phase.size} px, loss {learned.loss:.3f}, tune MAE {tuned.mae:.2f}, {speed}"
        say(show, f"epoch {trainer.epoch}: {figures}")
        if patience and counts and trainer.epoch - trainer.best_epoch >= patience:
            break


def train_epoch(trainer: Trainer, films: Films, *, show: bool = True) -> TrainFigures:
    """One epoch."""
    config, network, processes = trainer.config, trainer.network, trainer.processes
    phase = config.phase_at(trainer.epoch)
    network.freeze(phase.frozen)
    step = processes.data_parallel(TrainingStep(trainer))  # after freezing: only what learns has gradients to average
    step.train()
    _restart_average(trainer)
    drawn_size = max(phase.size, trainer.distiller.size) if trainer.distiller is not None else phase.size
    part = {"rank": processes.rank, "world_size": processes.world_size, "workers": processes.workers}
    drawn = batches(films, config, trainer.epoch, drawn_size, trainer.device, **part)
    steps = films_in_epoch(films, config, trainer.epoch) // config.optimisation.batch
    # On the device: to read a figure after each step would make a GPU wait for it.
    sums, seen, begun = torch.zeros(3, device=trainer.device), 0, time.monotonic()
    bar = tqdm(total=steps, desc=f"epoch {trainer.epoch + 1}/{config.epochs}", disable=not show, mininterval=20)
    for number, batch in enumerate(drawn):
        _set_rate(trainer, number / steps)
        loss, errors = step(batch, phase)
        trainer.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if config.optimisation.clip > 0:
            torch.nn.utils.clip_grad_norm_(network.parameters(), config.optimisation.clip)
        trainer.optimiser.step()
        trainer.steps += 1
        _average(trainer)
        means = torch.stack([loss.detach(), errors.abs().mean(), errors.square().mean()])
        sums, seen = sums + means * len(batch.months), seen + len(batch.months)
        bar.update()
        bar.set_postfix(films_per_s=f"{seen / (time.monotonic() - begun):.1f}", refresh=False)
    bar.close()
    totals = sums.tolist()
    speed = seen * processes.world_size / (time.monotonic() - begun)
    mean_loss, mae, mse = (processes.mean(float(total) / max(seen, 1), trainer.device) for total in totals)
    return TrainFigures(mean_loss, mae, mse, speed)


class TrainingStep(nn.Module):
    """A batch and the phase of the training -> mean loss, and the errors of the estimates in months (n,), which carry
    no gradient.

    A module, so that torch can average its gradients over processes.
    """

    def __init__(self, trainer: Trainer) -> None:
        super().__init__()
        self.network: BoneAgeNetwork = trainer.network
        self.distiller: Distiller | None = trainer.distiller
        self.config, self.processes = trainer.config, trainer.processes

    def forward(self, batch: Batch, phase: Phase) -> tuple[Tensor, Tensor]:
        images, sex, months, lessons = batch
        settings, distiller = self.config.loss, self.distiller
        with self.processes.autocast(images.device):
            maps: tuple[Tensor, ...] = ()
            pooled = images
            if images.ndim == 4:  # else a frozen backbone has looked at them before
                seen = normalised(scaled(images, phase.size), self.config.preprocessing)
                maps, pooled = self.network.features(seen, distiller.depths if distiller is not None else ())
            raw = self.network.head(pooled, sex)
            if isinstance(self.network.head, DenseHead):
                loss = linear_loss(raw, months, settings)
            else:
                loss = distribution_loss(raw, bell(months, settings.sigma), months, settings)
            if lessons is not None and self.config.lessons is not None:
                share = self.config.lessons.share
                loss = (1 - share) * loss + share * distribution_loss(raw, lessons, expectation(lessons), settings)
            if distiller is not None:
                lesson = distiller.lesson_for(images, sex)
                from_teacher = distribution_loss(raw, lesson.chances, expectation(lesson.chances), settings)
                hint = distiller.distance(maps, lesson)
                loss = (1 - distiller.share) * loss + distiller.share * from_teacher + phase.hint * hint
            return loss + kernel_penalty(self.network, self.config.optimisation), self._errors(raw, months)

    @torch.no_grad()
    def _errors(self, raw: Tensor, months: Tensor) -> Tensor:
        return self.network.months(raw.detach()) - months


def kernel_penalty(network: BoneAgeNetwork, settings: Optimisation) -> Tensor | float:
    """``decay * |w|^2`` over the kernels of the head's layers, the seeds' L2 with Adam; AdamW's decay is its own."""
    if settings.kind != "adam" or settings.decay == 0:
        return 0.0
    kernels = [weight for weight in network.head.parameters() if weight.ndim > 1]
    return settings.decay * torch.stack([kernel.square().sum() for kernel in kernels]).sum()


def linear_loss(months: Tensor, readings: Tensor, settings: Loss) -> Tensor:
    """Mean loss of a dense head's months (n,) against the readings (n,)."""
    losses = {"mse": functional.mse_loss, "l1": functional.l1_loss, "huber": functional.smooth_l1_loss}
    return losses[settings.kind](months.float(), readings)


def distribution_loss(scores: Tensor, chances: Tensor, months: Tensor, settings: Loss) -> Tensor:
    """Cross-entropy of scores (n, 241) against wanted chances (n, 241), plus the expectation's error in months."""
    scores = scores.float()
    crossed = -(chances * scores.log_softmax(dim=1)).sum(dim=1).mean()
    return crossed + settings.l1 * (expectation(scores.softmax(dim=1)) - months).abs().mean()


def bell(months: Tensor, sigma: float) -> Tensor:
    """Chances (n, 241) of whole months: a normal bell about each reading (n,)."""
    classes = _classes(months)
    return torch.softmax(-((classes - months[:, None]) ** 2) / (2 * sigma**2), dim=1)


def expectation(chances: Tensor) -> Tensor:
    """Expected months (n,) of chances (n, 241)."""
    return (chances * _classes(chances)).sum(dim=1)


def _classes(like: Tensor) -> Tensor:
    return torch.arange(MONTHS, device=like.device, dtype=torch.float32)


def _set_rate(trainer: Trainer, done_of_epoch: float) -> None:
    """Warm up, then cosine down to nearly nothing over all phases; a plateau schedule sets its own rate.

    Progress is counted in pixels seen, so that the few epochs at full size get a rate that still teaches.
    """
    settings = trainer.config.optimisation
    if settings.schedule != "cosine":
        return
    done = trainer.config.progress(trainer.epoch, done_of_epoch)
    rest = (done - settings.warm_up) / (1 - settings.warm_up)
    factor = done / settings.warm_up if done < settings.warm_up else 0.5 * (1 + math.cos(math.pi * rest))
    for group in trainer.optimiser.param_groups:
        group["lr"] = settings.rate * max(factor, 0.002)


def _average(trainer: Trainer) -> None:
    """Early on the average follows closely: half of it is never older than half of its own steps."""
    if trainer.averaged is None:
        return
    decay = min(trainer.config.optimisation.ema, (1 + trainer.averaged_steps) / (10 + trainer.averaged_steps))
    trainer.averaged.multi_avg_fn = get_ema_multi_avg_fn(decay)
    trainer.averaged.update_parameters(trainer.network)
    trainer.averaged_steps += 1


def _restart_average(trainer: Trainer) -> None:
    """Start the average again where the picture size changes: weights of two sizes do not mix.

    Carried over from 112 to 160 px, the averaged weights read 12.9 months too young, while the network itself had
    adapted.
    """
    before = trainer.config.phase_at(trainer.epoch - 1).size if trainer.epoch else None
    if trainer.averaged is not None and before != trainer.config.phase_at(trainer.epoch).size:
        trainer.averaged.module.load_state_dict(trainer.network.state_dict())
        trainer.averaged_steps = 0


def _tune_figures(trainer: Trainer, tune: Films, size: int) -> tuple[np.ndarray | None, TuneFigures]:
    """Estimates of *tune* and their figures, which the first process alone works out; the others get the figures."""
    estimates, figures = None, [0.0, 0.0, 0.0]
    if trainer.processes.is_first:
        estimates = estimate_months(
            trainer.weights_to_use(), tune, trainer.config, size, trainer.device, trainer.processes
        )
        errors = estimates - tune.months
        figures = [float(np.abs(errors).mean()), float(errors.mean()), float(np.square(errors).mean())]
    return estimates, TuneFigures(*trainer.processes.broadcast(figures, trainer.device))


@torch.inference_mode()
def estimate_months(
    network: BoneAgeNetwork,
    films: Films,
    config: TrainingConfig,
    size: int,
    device: torch.device,
    processes: Processes = ONE_PROCESS,
) -> np.ndarray:
    """Months (float64, (n,)) that a network estimates with the sex known, at one picture size."""
    network.eval()
    parts = []
    for seen, sex in unchanged(films, config.preprocessing, size, device):
        with processes.autocast(device):
            if films.features is not None:
                months = network.months(network.head(seen, sex))
            else:
                months = network(seen, sex)["bone_age_months"]
        parts.append(months.double().cpu().numpy())
    return np.concatenate(parts)


def say(show: bool, text: str) -> None:
    """A line for whoever watches, at once."""
    if show:
        print(text, flush=True)
