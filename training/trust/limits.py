"""Limits that a card needs before its estimates are trusted, fitted on *tune* and on the readings of training films."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bone_age_gui.core.legibility import Measures
from bone_age_gui.core.model.certainty_card import GrowthEnds
from bone_age_gui.core.model.quality_card import Legibility, LegibilityLimits, Typical
from training.films.data import Label
from training.trust.seen import Seen

BEYOND_TUNE = 1.1
"""A limit of doubt lies so far outside the value of nearly all films of *tune*, one of refusal twice as far again."""
NEARLY_ALL = 99.5
"""Percentile of a measure that stands for nearly all films."""
STEADY = 98.3
"""Percentile of the unsteadiness: films that were damaged exceed it, and fewer than two in a hundred that are fine."""
LEAST_LEVELS = 16.0
"""Grey levels (four bits) below which no hand's bones can be read; the poorest film of *report* and *tune* has 22."""
FEWEST_LEVELS = 8.0
"""Grey levels (three bits) below which a film is refused; a film of *report* drawn with 16 moves by 11 months."""
UNSTEADIEST = 2.0
"""Times the limit of doubt: damaged films beyond it moved by years, and the drawn phantom lies within."""
LEAST_DEVIATION = 1e-6
"""Of a measure that is the same for all films; the card takes no smaller one."""
MATURE_PERCENTILE = 98.0
FILMS_OF_A_YEAR = 50
COMMAND = (
    "python -m training trust --model DIR --finder DIR --images DIR --labels CSV --sizes CSV "
    "--finer-images DIR --finer-labels CSV --out DIR"
)


def novelty_limit(tune: Sequence[Seen]) -> float:
    """The distance to the training films above which a film is unlike them."""
    return BEYOND_TUNE * float(np.percentile([seen.novelty for seen in tune], NEARLY_ALL))


def fit_legibility(tune: Sequence[Seen], kinds: Mapping[str, Sequence[Measures]]) -> Legibility:
    """Limits beyond which a film is doubtful, and farther out those beyond which it is refused.

    ``kinds`` holds the measures of films by the kind of file they come from: copies of few pixels are softer than finer
    films, and each kind's own films lie within the limits. Films of *tune* must have been seen without sex too.
    """
    ends = {name: _ends(films) for name, films in kinds.items()}
    outer = _outermost(list(ends.values()))
    doubt = _limits(outer, BEYOND_TUNE, LEAST_LEVELS)
    legibility = Legibility(
        doubt=doubt,
        refusal=None,
        spread=_typical(tune, lambda seen: seen.spread),
        spread_without_sex=_typical(tune, lambda seen: seen.spread_without_sex),
        novelty=_typical(tune, lambda seen: seen.novelty),
        measured=f"{COMMAND}: {len(tune)} films of tune; "
        + "; ".join(f"{name} (n {len(films)}): {ends[name].words()}" for name, films in kinds.items()),
    )
    sums = [legibility.unsteadiness(seen.spread, seen.novelty, has_sex=True) for seen in tune]
    steady = float(np.percentile(sums, STEADY))
    refusal = _limits(outer, BEYOND_TUNE**3, FEWEST_LEVELS)
    return replace(
        legibility,
        doubt=replace(doubt, most_unsteadiness=steady),
        refusal=replace(refusal, most_unsteadiness=UNSTEADIEST * steady),
    )


@dataclass(frozen=True)
class _Ends:
    """Within these nearly all films of a kind lie; ``shown``: share about the joints that is not clipped.

    ``length`` in pixels.
    """

    sharpness: float
    roughness: float
    blocks: float
    shown: float
    length: float

    def words(self) -> str:
        """For the card."""
        return (
            f"of 1000 films 995 are sharper than {self.sharpness:.3f}, 5 rougher than {self.roughness:.3f}, 5 have "
            f"blocks above {self.blocks:.2f}, 5 are clipped in more than {100 * (1 - self.shown):.1f} %, "
            f"5 have hands shorter than {self.length:.0f} pixels"
        )


def _ends(films: Sequence[Measures]) -> _Ends:
    few = 100 - NEARLY_ALL
    return _Ends(
        sharpness=float(np.percentile([one.sharpness for one in films], few)),
        roughness=float(np.percentile([one.roughness for one in films], NEARLY_ALL)),
        blocks=float(np.percentile([one.blocks for one in films], NEARLY_ALL)),
        shown=float(np.percentile([1 - max(one.black, one.white) for one in films], few)),
        length=float(np.percentile([one.length for one in films], few)),
    )


def _outermost(ends: Sequence[_Ends]) -> _Ends:
    return _Ends(
        sharpness=min(each.sharpness for each in ends),
        roughness=max(each.roughness for each in ends),
        blocks=max(1.0, *(each.blocks for each in ends)),
        shown=min(each.shown for each in ends),
        length=min(each.length for each in ends),
    )


def _limits(outer: _Ends, factor: float, least_levels: float) -> LegibilityLimits:
    """Limits so far outside; that of the unsteadiness is to follow."""
    return LegibilityLimits(
        least_sharpness=outer.sharpness / factor,
        most_roughness=outer.roughness * factor,
        most_blocks=outer.blocks * factor,
        most_clipped=1 - outer.shown / factor,
        least_levels=least_levels,
        least_length=outer.length / factor,
        most_unsteadiness=0.0,
    )


def _typical(tune: Sequence[Seen], of: Callable[[Seen], float]) -> Typical:
    logarithms = np.log([of(seen) for seen in tune])
    return Typical(float(logarithms.mean()), max(float(logarithms.std()), LEAST_DEVIATION))


def fit_ends(labels: Sequence[Label], covered_months: tuple[float, float]) -> GrowthEnds:
    """Where an estimate is a limit only, from the readings of the films that the network learned from.

    A sex of which there are no films has the ages that are covered.
    """
    low, high = covered_months
    at_most, at_least = {"F": low, "M": low}, {"F": high, "M": high}
    for sex, is_male in (("F", False), ("M", True)):
        months = [label.months for label in labels if label.male is is_male]
        if not months:
            continue
        years = Counter(int(age // 12) for age in months)
        enough = [year for year in sorted(years) if years[year] >= FILMS_OF_A_YEAR]
        at_most[sex] = 12.0 * enough[0] if enough else float(min(months))
        at_least[sex] = float(np.percentile(months, MATURE_PERCENTILE))
        if at_most[sex] >= at_least[sex]:  # too few films to say
            at_most[sex], at_least[sex] = low, high
    return GrowthEnds(
        at_most,
        at_least,
        f"at least: the reading above which {100 - MATURE_PERCENTILE:g} of 100 training films of that sex lie, beyond "
        "which the network has seen too few to tell one age from another, and at which the height tables have 99 % of "
        f"the adult height reached; at most: the first year of age with {FILMS_OF_A_YEAR} training films of that sex",
    )
