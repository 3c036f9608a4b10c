"""The distributions that a network gives for the films that its fold left out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from bone_age_gui.core.values.whole_files import whole_file
from training.configs.values import TrainingConfig
from training.films.batches import unchanged
from training.films.data import Films
from training.films.folds import LEFT_OUT_FILE
from training.network.bone_age import BoneAgeNetwork


@torch.inference_mode()
def write_left_out(
    folder: Path, network: BoneAgeNetwork, films: Films, config: TrainingConfig, device: torch.device
) -> None:
    """Write a network's distributions for films, with the sex known and averaged with their mirror images.

    float32, (n, 241), beside the films' ids in the run's folder.
    """
    network.eval()
    parts = []
    for images, sex in unchanged(films, config.preprocessing, config.phases[-1].size, device):
        looks = [network(view, sex)["distribution"] for view in (images, images.flip(3))]
        parts.append(torch.stack(looks).mean(dim=0).float().cpu().numpy())
    with whole_file(folder / LEFT_OUT_FILE) as temporary:
        np.savez_compressed(temporary, ids=np.array(films.ids), chances=np.concatenate(parts))
