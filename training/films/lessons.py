"""Lessons: a model bundle's distributions for the films as they are, second labels beside the readings.

One reader's label errs by months; the average of a bundle's looks errs less, and it stays right for the same hand
however the film is turned, stored or spoilt. (Hinton et al. 2015, arXiv:1503.02531.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from tqdm import tqdm

from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.stages.preprocess import PreprocessingSpec
from bone_age_gui.core.values.types import Sex
from training.configs.values import Lessons
from training.errors import TrainingError
from training.films.data import Films, cached_array, short_hash

_BATCH = 8


def lessons_for(settings: Lessons, read: Callable[[PreprocessingSpec], Films], cache: Path | None = None) -> np.ndarray:
    """Distributions (float32, (n, 241)) of the bundle for the films that ``read`` prepares as it knows them, sex known.

    They are kept in the cache folder. Raises ``BoneAgeError``: ``model_not_found bad_card card_schema model_damaged``,
    and ``no_lessons`` for a bundle without a distribution.
    """
    bundle = load_bundle(Path(settings.model))
    if "distribution" not in bundle.output_names:
        raise TrainingError(
            "The model cannot teach", f"{bundle.name} gives no distribution. Name another one.", "no_lessons"
        )
    films = read(bundle.spec)
    key = short_hash([bundle.sha256, hashlib.sha256(films.pixels.data).hexdigest(), list(films.ids)])
    stored = cache / f"lessons-{key}.npy" if cache else None
    return cached_array(stored, lambda: _distributions(Predictor(bundle), films))


def _distributions(predictor: Predictor, films: Films) -> np.ndarray:
    spec, parts = predictor.bundle.spec, list[np.ndarray]()
    for start in tqdm(range(0, len(films), _BATCH), desc="lessons", unit="batch", mininterval=10):
        part = films.subset(range(start, min(start + _BATCH, len(films))))
        inputs = ((part.pixels.astype(np.float32) / 255 - spec.mean) / spec.deviation)[:, None]
        sexes = [Sex.MALE if male else Sex.FEMALE for male in part.male]
        estimates = predictor.estimate_batch(inputs.astype(np.float32), sexes)
        parts += [each.distribution for each in estimates if each.distribution is not None]
    return np.stack(parts).astype(np.float32)
