"""Films of a labelled set with all that limits are fitted to and measured by: joints, measures, estimates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bone_age_gui.core.legibility import Measures, doubts_of_film, measures_of
from bone_age_gui.core.model.card import Card
from bone_age_gui.core.model.estimate import standard_deviation, with_certainty
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.pipeline import doubts_of
from bone_age_gui.core.stages.preprocess import network_input
from bone_age_gui.core.values.types import Case, Estimate
from training.films.data import Label
from training.measure.scoring import FilmSet, label_sex
from training.trust.films import prepared_films


@dataclass(frozen=True)
class Seen:
    """One film.

    ``refused`` is the code of a refusal and ``doubts`` are the codes of what its joints call for, both without the
    limits that are fitted here; ``estimate`` is with the child's sex, ``spread_without_sex`` in months without it.
    """

    label: Label
    refused: str | None
    doubts: tuple[str, ...]
    measures: Measures | None
    by_joints: bool
    estimate: Estimate
    spread_without_sex: float | None = None

    @property
    def spread(self) -> float:
        """Standard deviation of the distribution in months, with the child's sex."""
        assert self.estimate.distribution is not None
        return standard_deviation(self.estimate.distribution)

    @property
    def novelty(self) -> float:
        """Distance to the training films."""
        assert self.estimate.novelty is not None
        return self.estimate.novelty

    def under(self, card: Card) -> Estimate:
        """The estimate as a card makes it certain."""
        return with_certainty(self.estimate, card)

    def codes(self, card: Card) -> list[str]:
        """Codes of all doubts under the limits of a card."""
        notices = (*doubts_of_film(self.measures, card.legibility), *doubts_of(self.estimate, card))
        return [*self.doubts, *(notice.code for notice in notices)]


def see(films: FilmSet, predictor: Predictor, *, without_sex: bool = False, quiet: bool = False) -> Iterator[Seen]:
    """Every film of a set, in order, estimated even where it is refused."""
    for label, (_, case) in zip(
        (label for label, _ in films.films), prepared_films(films, predictor, quiet=quiet), strict=True
    ):
        yield _seen(label, case, predictor, without_sex)


def _seen(label: Label, case: Case, predictor: Predictor, without_sex: bool) -> Seen:
    inputs = network_input(case.stages, predictor.bundle.spec)
    estimate = predictor.estimate(inputs, label_sex(label))
    blind = predictor.estimate(inputs, None).distribution if without_sex else None
    hand = case.quality.hand if case.quality is not None else None
    assert case.radiograph is not None
    return Seen(
        label=label,
        refused=case.error.code if case.error is not None else None,
        doubts=tuple(doubt.code for doubt in case.quality.doubts) if case.quality is not None else (),
        measures=measures_of(case.radiograph.pixels, hand) if hand is not None else None,
        by_joints=case.stages[0].parameters.get("by") == "joints",
        estimate=estimate,
        spread_without_sex=standard_deviation(blind) if blind is not None else None,
    )
