"""Teach the finder: one loop for a given time, resumable, with an average of the weights."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.nn import functional
from torch.utils.data import DataLoader, IterableDataset

from training.errors import TrainingError
from training.finder.films import JointFilm
from training.finder.network import CLASSES, FinderNet, load_weights
from training.finder.placing import SIDE
from training.finder.scenes import make_scene
from training.run.checkpoint import write_state

LOG_EVERY, SAVE_EVERY = 50, 250
COARSE_SIDE = 128
AVERAGE = 0.998
OFFSET_WEIGHT, HANDS_WEIGHT = 0.5, 0.1
FOCUS = 2.0
"""Power of the distance between output and target in the loss of the heat maps (generalised focal loss)."""


@dataclass(frozen=True)
class Plan:
    """How long and how fast: ``steps`` of ``batch`` made films; the rate rises, then falls as a half cosine."""

    steps: int
    coarse: int = 0
    """Steps at the beginning that see films of 128 pixels, which cost less than half."""
    batch: int = 32
    rate: float = 3e-3
    decay: float = 1e-4
    warm_up: int = 200
    seed: int = 2018

    def rate_at(self, step: int) -> float:
        """Learning rate of a step."""
        if step < self.warm_up:
            return self.rate * (step + 1) / self.warm_up
        share = (step - self.warm_up) / max(1, self.steps - self.warm_up)
        return float(self.rate * (0.01 + 0.99 * 0.5 * (1 + np.cos(np.pi * min(share, 1)))))


class Scenes(IterableDataset):
    """An endless stream of made films; each worker and each start has its own chance."""

    def __init__(self, films: Sequence[JointFilm], weights: np.ndarray, seed: int, side: int) -> None:
        self.films, self.weights, self.seed, self.side = films, weights / weights.sum(), seed, side

    def __iter__(self) -> Iterator[tuple[np.ndarray, ...]]:
        cv2.setNumThreads(1)
        worker = torch.utils.data.get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        while True:
            scene = make_scene(self.films, self.weights, rng, self.side)
            yield (scene.film[None], np.rint(scene.heat * 255).astype(np.uint8), scene.counts,
                   scene.offsets.astype(np.float16), scene.near, scene.hands)  # fmt: skip


def losses(
    maps: torch.Tensor, hands: torch.Tensor, lesson: Sequence[torch.Tensor]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Losses of heat maps, offsets and hands, each a mean that its own number of joints or films sets."""
    _, heat, counts, offsets, near, present = lesson
    target = heat.float() / 255
    logits = maps[:, :CLASSES].float()
    distance = (torch.sigmoid(logits) - target).abs() ** FOCUS
    each = functional.binary_cross_entropy_with_logits(logits, target, reduction="none") * distance
    heat_loss = (each * counts[:, None]).sum() / target.sum().clamp(min=1)
    step = functional.smooth_l1_loss(maps[:, CLASSES:].float(), offsets.float(), reduction="none", beta=0.1)
    offset_loss = (step * near[:, None]).sum() / near.sum().clamp(min=1)
    judged = present >= 0
    said = functional.binary_cross_entropy_with_logits(hands.float(), present.clamp(min=0), reduction="none")
    hands_loss = (said * judged).sum() / judged.sum().clamp(min=1)
    return heat_loss, offset_loss, hands_loss


class FinderTrainer:
    """One training in one folder: ``last.pt`` to go on from, ``average.pt`` with the weights to use.

    It begins with the weights of the checkpoint ``start``, if there is one. Raises ``BoneAgeError``: ``bad_checkpoint``
    if it or ``last.pt`` cannot be used, ``other_run`` if ``last.pt`` is of another plan or, when it runs, other films.
    """

    def __init__(self, plan: Plan, folder: Path, start: Path | None = None) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.folder, self.step, self._films = plan, folder, 0, ""
        self.network = FinderNet().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        if start is not None:
            load_weights(self.network, start)
        self.average = {name: value.detach().clone() for name, value in self.network.state_dict().items()}
        self.optimiser = torch.optim.AdamW(self.network.parameters(), plan.rate, weight_decay=plan.decay)
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "last.pt").exists():
            state = load_weights(self.network, folder / "last.pt")
            if state.get("plan", asdict(plan)) != asdict(plan):  # older checkpoints do not say
                raise _other_run(folder, "another plan (--steps, --more-steps, --batch or --seed)")
            self.optimiser.load_state_dict(state["optimiser"])
            self.average, self.step = state["average"], state["step"]
            self._films = state.get("films", "")

    def run(self, films: Sequence[JointFilm], weights: np.ndarray) -> None:
        """Train to the plan's last step."""
        digest = _digest(films, weights)
        if self._films not in ("", digest):
            raise _other_run(self.folder, "other films (--images, --more-images, --boxes or --sizes)")
        self._films = digest
        self.network.train()
        self._until(min(self.plan.coarse, self.plan.steps), COARSE_SIDE, films, weights)
        self._until(self.plan.steps, SIDE, films, weights)

    def _until(self, last: int, side: int, films: Sequence[JointFilm], weights: np.ndarray) -> None:
        if self.step >= last:
            return
        scenes = Scenes(films, weights, self.plan.seed + self.step, side)
        started, shown = time.time(), np.zeros(3)
        # Spawned: a fork would copy OpenCV's pool without its threads, and wait for them for ever.
        lessons = DataLoader(scenes, self.plan.batch, num_workers=1, prefetch_factor=4, multiprocessing_context="spawn")
        for lesson in lessons:
            shown += self._learn(lesson)
            self.step += 1
            if self.step % LOG_EVERY == 0:
                words = " ".join(f"{value / LOG_EVERY:.4f}" for value in shown)
                print(f"step {self.step} heat offset hands {words} {time.time() - started:.0f} s", flush=True)
                shown[:] = 0
            if self.step % SAVE_EVERY == 0 or self.step == last:
                self.save()
            if self.step == last:
                break

    def _learn(self, lesson: Sequence[torch.Tensor]) -> np.ndarray:
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan.rate_at(self.step)
        film = lesson[0].contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            maps, hands = self.network(film)
        heat, offset, some = losses(maps, hands, lesson)
        self.optimiser.zero_grad(set_to_none=True)
        (heat + OFFSET_WEIGHT * offset + HANDS_WEIGHT * some).backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()
        self._average()
        return np.array([heat.item(), offset.item(), some.item()])

    def _average(self) -> None:
        keep = min(AVERAGE, (self.step + 1) / (self.step + 20))
        with torch.no_grad():
            for name, value in self.network.state_dict().items():
                if value.is_floating_point():
                    self.average[name].lerp_(value, 1 - keep)
                else:
                    self.average[name].copy_(value)

    def save(self) -> None:
        """Write both files, each whole or not at all."""
        state = {
            "model": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "average": self.average,
            "step": self.step,
            "plan": asdict(self.plan),
            "films": self._films,
        }
        for name, content in (("last.pt", state), ("average.pt", {"model": self.average, "step": self.step})):
            write_state(self.folder / name, content)


def _digest(films: Sequence[JointFilm], weights: np.ndarray) -> str:
    """Short name of films, their joints and weights."""
    digest = hashlib.sha256(np.ascontiguousarray(weights, np.float64).data)
    for film in films:
        digest.update(film.film_id.encode())
        digest.update(np.ascontiguousarray(film.pixels).data)
        digest.update(np.ascontiguousarray(film.joints, np.float32).data)
    return digest.hexdigest()[:16]


def _other_run(folder: Path, why: str) -> TrainingError:
    return TrainingError(
        "The run folder holds another training",
        f"{folder.name} has learned by {why}. Give another --run folder, or what it began with.",
        "other_run",
    )
