"""Features of a frozen backbone: computed once for every film, and kept in files."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from training.configs.values import TrainingConfig
from training.films.batches import unchanged
from training.films.data import Films, cached_array, pixels_key, short_hash
from training.network.bone_age import BoneAgeNetwork
from training.run.trainer import Trainer


def features_can_be_kept(config: TrainingConfig) -> bool:
    """Whether the backbone sees every film the same way each time: frozen as a whole, nothing changed at random."""
    alike = len({phase.size for phase in config.phases}) == 1
    changed = any(phase.augment is not None for phase in config.phases)
    return "" in config.network.frozen and alike and not changed and config.distillation is None


def with_features(trainer: Trainer, films: Films, folder: Path, *, show: bool = True) -> Films:
    """The films with their features, from the files in ``folder`` or computed now and written there.

    A file's name holds a hash of all that changes the features: backbone, preprocessing, films, precision.
    """
    path = folder / f"features-{_key(trainer, films)}.npy"
    with trainer.processes.first_goes_ahead():
        features = cached_array(path, lambda: _features(trainer, films, show))
    return replace(films, features=features)


def _key(trainer: Trainer, films: Films) -> str:
    config = trainer.config
    spec, size = config.preprocessing, config.phases[0].size
    seen = [pixels_key(spec, True), hashlib.sha256(films.pixels.data).hexdigest(), spec.mean, spec.deviation, size]
    return short_hash([_digest(trainer.network), *seen, trainer.processes.precision_on(trainer.device)])


def _digest(network: BoneAgeNetwork) -> str:
    digest = hashlib.sha256()
    for name, value in network.backbone.state_dict().items():
        digest.update(name.encode())
        digest.update(value.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


@torch.inference_mode()
def _features(trainer: Trainer, films: Films, show: bool) -> np.ndarray:
    config, network, parts = trainer.config, trainer.network.eval(), []
    seen = unchanged(films, config.preprocessing, config.phases[0].size, trainer.device)
    for images, _ in tqdm(seen, desc="features", unit="batch", disable=not show, mininterval=20):
        with trainer.processes.autocast(trainer.device):
            pooled = network.features(images)[1]
        parts.append(pooled.float().cpu().numpy())
    return np.concatenate(parts)
