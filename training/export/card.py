"""What a card says about a model trained on the RSNA films, apart from its figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from bone_age_gui.core.model.card import (
    SCHEMA_VERSION,
    AgeLimits,
    Card,
    Parity,
    SexEncoding,
    Training,
)
from bone_age_gui.core.model.graph import ModelFile, Tensor
from bone_age_gui.core.stages.preprocess import PreprocessingSpec
from training.films.data import Label
from training.measure.scoring import hash_id

OUTPUT_MONTHS = (0.0, 240.0)
FILMS_TO_COVER = 100
"""Training films that a year of age needs to count as covered."""

DATA_SET = (
    "RSNA Pediatric Bone Age Challenge 2017, training set (Halabi et al., Radiology 2019;290:498-503), 12,611 films, "
    "as public 299 x 299 copies whose stretch is undone"
)
TERMS = (
    "Trained on films of the RSNA Pediatric Bone Age Challenge, which are for research and education, with attribution "
    "and without redistribution. The weights are given under the same terms."
)
INTENDED_USE = (
    "Research and education: a second look at the bone age of a child's hand radiograph beside a radiologist's own "
    "reading. Not a medical device; no decision about a patient may rest on it."
)
WITHOUT_FINDER = (
    "It answers for any picture that passes the reader's checks, also where there is no hand: look at the stages."
)
WITH_FINDER = (
    "Pictures without a whole hand are refused or doubted by a finder that learned from films and made pictures; what "
    "was never tried may pass: look at the joints and the stages."
)
LIMITATIONS = (
    "Learned from one radiologist's reading of each film in one challenge: it repeats that reader's habits.",
    "Few training films show children below 2 or above 16 years: estimates there are less sure.",
    "The films come from two hospitals in the USA; other populations, devices and exposures may read differently.",
    "Bone dysplasias, fractures, casts, implants and other changes of the hand were not looked at.",
    WITHOUT_FINDER,
)


def make_card(
    *,
    name: str,
    version: str,
    description: str,
    model: ModelFile,
    tensors: tuple[tuple[Tensor, ...], tuple[Tensor, ...]],
    preprocessing: PreprocessingSpec,
    training: Training,
    covered_months: tuple[float, float],
    parity: Parity,
) -> Card:
    """A card without calibration and figures, which need the card's own model to be scored first."""
    return Card(
        schema_version=SCHEMA_VERSION,
        name=name,
        version=version,
        created=datetime.now(UTC).date().isoformat(),
        description=description,
        model=model,
        inputs=tensors[0],
        outputs=tensors[1],
        sex_encoding=SexEncoding(female=(1.0, 0.0), male=(0.0, 1.0), unknown=(0.0, 0.0)),
        preprocessing=preprocessing,
        finder=None,
        quality=None,
        joint_crop=None,
        legibility=None,
        growth_ends=None,
        limits=AgeLimits(OUTPUT_MONTHS, covered_months),
        training=training,
        calibration=None,
        parity=parity,
        metrics={},
        evidence={},
        intended_use=INTENDED_USE,
        limitations=LIMITATIONS,
        terms=TERMS,
    )


def training_record(
    labels: Iterable[Label],
    held_out: Mapping[str, Iterable[str]],
    *,
    seed: int,
    config: Mapping[str, Any],
    budget: Mapping[str, Any],
) -> tuple[Training, tuple[float, float]]:
    """The card's training block and the covered ages; ``held_out`` lists ids by the name of their set."""
    out = {film_id for ids in held_out.values() for film_id in ids}
    trained = [label for label in labels if label.film_id not in out]
    counts = {"train": len(trained)} | {name: len(set(ids)) for name, ids in held_out.items()}
    never = tuple(sorted(hash_id(film_id) for film_id in out))
    return Training(DATA_SET, counts, never, seed, config, budget), covered_ages([label.months for label in trained])


def covered_ages(months: Iterable[float]) -> tuple[float, float]:
    """Unbroken range of ages about the commonest year in which every year has enough films, in months.

    A smaller set than any year needs covers what it holds.
    """
    ages = list(months)
    if not ages:
        return OUTPUT_MONTHS
    years = Counter(int(age // 12) for age in ages)
    commonest = max(years, key=lambda year: years[year])
    if years[commonest] < FILMS_TO_COVER:
        return float(min(ages)), float(max(max(ages), min(ages) + 1))
    first = last = commonest
    while years[first - 1] >= FILMS_TO_COVER:
        first -= 1
    while years[last + 1] >= FILMS_TO_COVER:
        last += 1
    return 12.0 * first, 12.0 * (last + 1)
