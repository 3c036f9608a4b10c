"""Films of a labelled set with all that limits are fitted to and measured by: joints, measures, estimates."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from bone_age_gui.core.legibility import Measures, doubts_of_film, measures_of, refusal_of_film
from bone_age_gui.core.model.bundle import Bundle
from bone_age_gui.core.model.card import Card
from bone_age_gui.core.model.estimate import make_estimate, standard_deviation, with_certainty
from bone_age_gui.core.model.preparing import PreparingModel
from bone_age_gui.core.model.roles import Preparer
from bone_age_gui.core.pipeline import prepare
from bone_age_gui.core.quality import estimate_doubts, estimate_refusal
from bone_age_gui.core.stages.preprocess import network_input
from bone_age_gui.core.values.types import Case, Estimate
from training.films.data import Label
from training.measure.scoring import FilmSet, ahead, film_case, label_sex
from training.trust.both_sexes import BothSexes
from training.trust.films import AT_ONCE, READERS, crop_of
from training.trust.look_cache import Look, LookCache


@dataclass(frozen=True)
class Seen:
    """One film.

    ``refused`` is the code of a refusal and ``doubts`` are the codes of what its joints call for, both without the
    limits that are fitted here; ``estimate`` is with the child's sex, ``blind`` without it.
    """

    label: Label
    refused: str | None
    doubts: tuple[str, ...]
    measures: Measures | None
    by_joints: bool
    estimate: Estimate
    blind: Estimate | None = None

    @property
    def spread(self) -> float:
        """Standard deviation of the distribution in months, with the child's sex."""
        return deviation(self.estimate)

    @property
    def spread_without_sex(self) -> float:
        """The same without the child's sex, with it where that was not asked."""
        return deviation(self.blind or self.estimate)

    @property
    def novelty(self) -> float:
        """Distance to the training films."""
        assert self.estimate.novelty is not None
        return self.estimate.novelty

    def under(self, card: Card) -> Estimate:
        """The estimate as a card makes it certain."""
        return with_certainty(self.estimate, card)

    def blind_under(self, card: Card) -> Estimate:
        """The same without the child's sex, or with it where that was not asked."""
        return with_certainty(self.blind or self.estimate, card)

    def refusal(self, card: Card) -> str | None:
        """Code of the refusal under the limits of a card, with its reason where there are several."""
        if self.refused is not None:
            return self.refused
        doubts = doubts_of_film(self.measures, card.legibility)
        error = refusal_of_film(self.measures, card.legibility) or estimate_refusal(self.estimate, card, doubts)
        return f"{error.code} {error.why}".strip() if error is not None else None

    def codes(self, card: Card) -> list[str]:
        """Codes of all doubts under the limits of a card."""
        notices = (*doubts_of_film(self.measures, card.legibility), *estimate_doubts(self.estimate, card))
        return [*self.doubts, *(notice.code for notice in notices)]


def deviation(estimate: Estimate) -> float:
    """Standard deviation of an estimate's distribution in months."""
    assert estimate.distribution is not None
    return standard_deviation(estimate.distribution)


def see(films: FilmSet, bundle: Bundle, cache: LookCache, *, quiet: bool = False) -> Iterator[Seen]:
    """Every film of a set, in order, estimated even where it is refused."""
    for (label, _), look in zip(films.films, looks(films, bundle, cache, quiet=quiet), strict=True):
        known, blind = (
            make_estimate(bundle, look.outputs, row, sex, "cpu", 0.0)
            for row, sex in enumerate((label_sex(label), None))
        )
        yield Seen(label, look.refused, look.doubts, look.measures, look.by_joints, known, blind)


def looks(
    films: FilmSet, bundle: Bundle, cache: LookCache, *, cropped: bool = False, quiet: bool = False
) -> Iterator[Look]:
    """What line and network make of every film of a set, in order; those that are kept are not looked at again.

    ``cropped``: the crop that thresholds make is noted too.
    """
    model, network, store = PreparingModel(bundle, READERS), BothSexes(bundle), cache.of(bundle, cropped)

    def one(item: tuple[Label, Path]) -> Look | tuple[Look, np.ndarray]:
        label, path = item
        size = (films.sizes or {}).get(label.film_id)
        return store.look(path, size, label.male) or _prepared(film_case(path, size), model, cropped)

    with ThreadPoolExecutor(READERS) as pool, tqdm(total=len(films.films), desc=films.name, disable=quiet) as progress:
        for (label, path), answer in zip(films.films, ahead(pool, one, films.films, AT_ONCE), strict=True):
            if not isinstance(answer, Look):
                prepared, inputs = answer
                answer = replace(prepared, outputs=network.answers(inputs, label_sex(label)))
                store.keep(path, (films.sizes or {}).get(label.film_id), label.male, answer)
            progress.update()
            yield answer


def film_measures(films: FilmSet, model: Preparer, *, quiet: bool = False) -> list[Measures]:
    """Measures of the films on which there is a hand, without a look by the age network."""

    def one(item: tuple[Label, Path]) -> Measures | None:
        label, path = item
        return _measures(prepare(film_case(path, (films.sizes or {}).get(label.film_id)), model))

    with ThreadPoolExecutor(READERS) as pool:
        answers = tqdm(ahead(pool, one, films.films, AT_ONCE), total=len(films.films), desc=films.name, disable=quiet)
        return [measures for measures in answers if measures is not None]


def _prepared(case: Case, model: Preparer, cropped: bool) -> tuple[Look, np.ndarray]:
    """All but the network's outputs, and its input."""
    case = prepare(case, model)
    look = Look(
        outputs={},
        refused=case.error.code if case.error is not None else None,
        doubts=tuple(doubt.code for doubt in case.quality.doubts) if case.quality is not None else (),
        measures=_measures(case),
        by_joints=case.stages[0].parameters.get("by") == "joints",
        crop=crop_of(case, model.bundle) if cropped else None,
    )
    return look, network_input(case.stages, model.bundle.spec)


def _measures(case: Case) -> Measures | None:
    if case.quality is None or case.quality.hand is None or case.radiograph is None:
        return None
    return measures_of(case.radiograph.pixels, case.quality.hand)
