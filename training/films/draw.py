"""A random split of known films, drawn again alike wherever the same films lie."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from training.configs.values import Split
from training.errors import TrainingError


def draw_split(ids: Iterable[str], report: Iterable[str], split: Split, seed: int) -> dict[str, list[str]]:
    """Ids of ``train``, ``validation`` and ``test``; the last are drawn from *report*, the others from what is left.

    Raises BoneAgeError (``too_few_films``) where there are not enough.
    """
    known = sorted(set(ids))
    random = np.random.default_rng(seed)
    test = _drawn(random, sorted(set(report) & set(known)), split.test, "test from report")
    left = sorted(set(known) - set(test))
    drawn = _drawn(random, left, split.validation + split.train, "training and validation")
    return {"train": drawn[split.validation :], "validation": drawn[: split.validation], "test": test}


def _drawn(random: np.random.Generator, ids: list[str], count: int, purpose: str) -> list[str]:
    if count > len(ids):
        raise TrainingError(
            "Too few films for the split",
            f"The configuration draws {count} films for {purpose}, and there are {len(ids)}. "
            "Correct [split], or check --images and --splits.",
            "too_few_films",
        )
    return [ids[place] for place in random.permutation(len(ids))[:count]]
