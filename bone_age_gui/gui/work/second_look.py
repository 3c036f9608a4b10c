"""What was said of a film's quality, and the second look at one that was refused, because a person wants it."""

from __future__ import annotations

from dataclasses import replace

from bone_age_gui.core.legibility import is_of_estimate
from bone_age_gui.core.values.quality import HandSide
from bone_age_gui.core.values.types import Case
from bone_age_gui.gui.work.film import Film
from bone_age_gui.wording.disabled import CHOOSE_HAND, NO_FILM, NOT_REFUSED, NOT_TWO_HANDS
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.window_messages import hand_is_read

MAY_BE_INSISTED_ON = frozenset({"no_hand", "part_of_hand", "illegible"})
TWO_HANDS = "two_hands"


def with_stages(film: Film, prepared: Case) -> Film:
    """The film with its stages, and with what was said of its quality."""
    case = replace(
        film.case,
        stages=prepared.stages,
        quality=prepared.quality,
        error=prepared.error or (film.case.error if is_of_estimate(film.case.error) else None),
        timings=prepared.timings,
        notices=prepared.notices,
    )
    film = replace(film, case=case)
    return replace(film, state=film.rest_state)


def insisted(film: Film) -> Film:
    """The film, to be estimated whatever it shows."""
    return _anew(replace(film, case=replace(film.case, insisted=True)))


def with_hand(film: Film, side: HandSide) -> Film:
    """The film, of which the left or right hand, as pictured, is to be read."""
    return _anew(replace(film, case=replace(film.case, hand_side=side)))


def why_not_insist(film: Film | None) -> str | None:
    """Why nobody can insist on an estimate, in words for the user; ``None`` where a person can."""
    if film is None:
        return tr(NO_FILM)
    code = film.case.error.code if film.case.error is not None else None
    if code == TWO_HANDS:
        return tr(CHOOSE_HAND)
    return None if code in MAY_BE_INSISTED_ON else tr(NOT_REFUSED)


def why_not_hand(film: Film | None, side: HandSide) -> str | None:
    """Why this hand of two cannot be chosen, in words; ``None`` where it can, also in place of the other one."""
    if film is None:
        return tr(NO_FILM)
    if film.case.hand_side is side:
        return hand_is_read(side)
    two = film.case.error is not None and film.case.error.code == TWO_HANDS
    return None if two or film.case.hand_side is not None else tr(NOT_TWO_HANDS)


def side_at(film: Film, x: float, y: float) -> HandSide | None:
    """Which of two hands lies at a place of the film, in its pixels; ``None`` where neither is near."""
    quality, error = film.case.quality, film.case.error
    if error is None or error.code != TWO_HANDS or quality is None or quality.finding is None:
        return None
    hands = sorted(quality.finding.hands[:2], key=lambda hand: hand.wrist_at[0])
    near = [min((abs(joint.x - x) + abs(joint.y - y)) / hand.length for joint in hand.joints) for hand in hands]
    if len(near) < 2 or min(near) > 0.5:
        return None
    return HandSide.LEFT if near[0] <= near[1] else HandSide.RIGHT


def made_anew(case: Case) -> Case:
    """The case without stages, quality, estimate and assessments, so that all are made again."""
    return replace(
        case, stages=(), quality=None, error=None, estimate=None, assessment=None, reader_assessment=None,
        adult_height=None,
    )  # fmt: skip


def _anew(film: Film) -> Film:
    """The film without anything that was computed from it."""
    film = replace(film, case=made_anew(film.case), problem=None)
    return replace(film, state=film.rest_state)
