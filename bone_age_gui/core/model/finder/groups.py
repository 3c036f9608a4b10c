"""Which joints belong together: fingers from tip to knuckle, knuckles about a wrist, hands beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bone_age_gui.core.model.finder.card import FinderSpec
from bone_age_gui.core.model.finder.maps import Peak
from bone_age_gui.core.values.joints import HandJoints, Joint, JointKind, Ray

WHOLE = 17
SAME_END = 0.12
"""Peaks of radius and ulna nearer than this (breadths of the palm) are one end of a bone."""
ENDS = (JointKind.RADIUS, JointKind.ULNA)
THUMB_SIDE = 0.4
"""Score for a radius on the side of the thumb, and against one on the other side."""
MOST_RAYS = 5
ENOUGH_FINGERS = 3
"""Fingers whose knuckles give the direction of a hand; with fewer the wrist's own offset does."""


@dataclass
class _Chain:
    """A finger in the making; ``knuckle`` is where its MCP lies or should lie, ``wrist`` where its wrist should."""

    mcp: Peak | None = None
    pip: Peak | None = None
    dip: Peak | None = None

    @property
    def peaks(self) -> list[Peak]:
        return [peak for peak in (self.mcp, self.pip, self.dip) if peak is not None]

    @property
    def score(self) -> float:
        return sum(peak.score for peak in self.peaks)


@dataclass
class _Palm:
    """A wrist, seen or only pointed at, with the fingers that belong to it."""

    at: np.ndarray
    wrist: Peak | None = None
    radius: Peak | None = None
    ulna: Peak | None = None
    chains: list[_Chain] = field(default_factory=list)
    thumb: int | None = None
    direction: np.ndarray = field(default_factory=lambda: np.zeros(2))

    @property
    def breadth(self) -> float:
        """Median distance of the knuckles from the wrist."""
        return max(float(np.median([np.linalg.norm(chain.peaks[0].at - self.at) for chain in self.chains])), 1e-6)


def group(peaks: Sequence[Peak], spec: FinderSpec) -> tuple[tuple[HandJoints, ...], tuple[Joint, ...]]:
    """Peaks of one picture -> hands (best first, in map pixels) and the joints that belong to none."""
    kinds = {kind: [peak for peak in peaks if peak.kind is kind] for kind in JointKind}
    chains = _fingers(kinds[JointKind.MCP], kinds[JointKind.PIP], kinds[JointKind.DIP], spec)
    palms = _palms(kinds[JointKind.WRIST], [chain for chain in chains if chain.mcp is not None], spec)
    palms = [palm for palm in palms if len(palm.chains) >= (1 if palm.wrist is not None else 2)]
    _adopt([chain for chain in chains if chain.mcp is None], palms, spec)
    for palm in palms:
        _arrange(palm)
    _forearms(kinds[JointKind.RADIUS] + kinds[JointKind.ULNA], palms, spec)
    hands = sorted(map(_hand, palms), key=lambda hand: -hand.score)
    return tuple(hands), tuple(joint for joint in map(_joint, peaks) if not _belongs(joint, hands))


def _belongs(joint: Joint, hands: Sequence[HandJoints]) -> bool:
    """Whether a joint is one of a hand's, or the same end of its radius or ulna under the other's name."""
    for hand in hands:
        if any(joint.kind is own.kind and (joint.x, joint.y) == (own.x, own.y) for own in hand.joints):
            return True
        ends = [end for end in (hand.radius, hand.ulna) if end is not None]
        if joint.kind in ENDS and any(np.hypot(*(joint.at - end.at)) < SAME_END * hand.length / 2 for end in ends):
            return True
    return False


def _pairs(starts: Sequence[Peak], ends: Sequence[Peak], spec: FinderSpec) -> dict[int, int]:
    """Each start with the end that its offset points at, each end once, nearest first."""
    near = []
    for i, start in enumerate(starts):
        reach = max(spec.near * float(np.linalg.norm(start.before - start.at)), spec.near_pixels)
        for k, end in enumerate(ends):
            distance = float(np.linalg.norm(start.before - end.at)) / reach
            if distance < 1:
                near.append((distance, i, k))
    partners: dict[int, int] = {}
    for _, i, k in sorted(near):
        if i not in partners and k not in partners.values():
            partners[i] = k
    return partners


def _fingers(mcps: list[Peak], pips: list[Peak], dips: list[Peak], spec: FinderSpec) -> list[_Chain]:
    chains = [_Chain(mcp=peak) for peak in mcps]
    by_pip = {}
    to_mcp = _pairs(pips, mcps, spec)
    for index, peak in enumerate(pips):
        chain = chains[to_mcp[index]] if index in to_mcp else _Chain()
        if index not in to_mcp:
            chains.append(chain)
        chain.pip = peak
        by_pip[index] = chain
    to_pip = _pairs(dips, pips, spec)
    for index, peak in enumerate(dips):
        if index in to_pip:
            by_pip[to_pip[index]].dip = peak
        else:
            chains.append(_Chain(dip=peak))
    return chains


def _palms(wrists: list[Peak], chains: list[_Chain], spec: FinderSpec) -> list[_Palm]:
    """Knuckles about the wrists that they point at; where none was seen, about the place they agree on."""
    palms = [_Palm(peak.at, peak) for peak in wrists]
    for chain in sorted(chains, key=lambda chain: -chain.score):
        mcp = chain.mcp
        assert mcp is not None
        reach = spec.near * float(np.linalg.norm(mcp.before - mcp.at))
        distances = [float(np.linalg.norm(palm.at - mcp.before)) for palm in palms]
        if distances and min(distances) < reach:
            palm = palms[int(np.argmin(distances))]
        else:
            palm = _Palm(mcp.before)
            palms.append(palm)
        palm.chains.append(chain)
        if palm.wrist is None:
            palm.at = np.mean([held.mcp.before for held in palm.chains if held.mcp is not None], axis=0)
    for palm in palms:
        palm.chains = sorted(palm.chains, key=lambda chain: -chain.score)[:MOST_RAYS]
    return palms


def _adopt(chains: list[_Chain], palms: list[_Palm], spec: FinderSpec) -> None:
    """Fingers whose knuckle was not seen go to the hand in whose reach the knuckle should lie."""
    for chain in sorted(chains, key=lambda chain: -chain.score):
        knuckle = chain.peaks[0].before
        best, least = None, spec.reach
        for palm in palms:
            reach = max(float(np.linalg.norm(peak.at - palm.at)) for held in palm.chains for peak in held.peaks)
            distance = float(np.linalg.norm(knuckle - palm.at)) / max(reach, 1e-6)
            if distance < least and len(palm.chains) < MOST_RAYS:
                best, least = palm, distance
        if best is not None:
            best.chains.append(chain)


def _forearms(ends: Sequence[Peak], palms: Sequence[_Palm], spec: FinderSpec) -> None:
    """Radius and ulna to the nearest wrist that they point at; the radius lies on the side of the thumb."""
    for palm in palms:
        own = [
            peak
            for peak in ends
            if min(palms, key=lambda other: _from_wrist(peak, other)) is palm and _from_wrist(peak, palm) < spec.near
        ]
        spots: list[dict[JointKind, Peak]] = [{peak.kind: peak} for peak in own if peak.kind is JointKind.RADIUS]
        for peak in own:
            if peak.kind is JointKind.ULNA:
                same = [spot for spot in spots if len(spot) == 1 and _apart(spot, peak) < SAME_END * palm.breadth]
                if same:
                    min(same, key=lambda spot: _apart(spot, peak))[JointKind.ULNA] = peak
                else:
                    spots.append({JointKind.ULNA: peak})
        palm.radius, palm.ulna = _best_ends(spots, palm)


def _from_wrist(peak: Peak, palm: _Palm) -> float:
    """How far from a wrist a peak points, in breadths of its palm: offsets of these short ways are rough."""
    return float(np.linalg.norm(peak.before - palm.at)) / palm.breadth


def _apart(spot: dict[JointKind, Peak], peak: Peak) -> float:
    return float(np.linalg.norm(next(iter(spot.values())).at - peak.at))


def _best_ends(spots: Sequence[dict[JointKind, Peak]], palm: _Palm) -> tuple[Peak | None, Peak | None]:
    """The two spots that fit radius and ulna best; at one spot peaks of both kinds may lie."""
    best: tuple[float, Peak | None, Peak | None] = (0.0, None, None)
    for one in (None, *spots):
        for other in (None, *spots):
            if one is other:
                continue
            radius, ulna = _as_kind(one, JointKind.RADIUS), _as_kind(other, JointKind.ULNA)
            score = sum(peak.score for peak in (radius, ulna) if peak is not None)
            if radius is not None and ulna is not None:
                score += THUMB_SIDE * _on_thumbs_side(radius.at - ulna.at, palm)
            if score > best[0]:
                best = score, radius, ulna
    return best[1], best[2]


def _as_kind(spot: dict[JointKind, Peak] | None, kind: JointKind) -> Peak | None:
    """A spot as one of the two; half the score where only the other kind was seen there."""
    if spot is None:
        return None
    if kind in spot:
        return spot[kind]
    seen = next(iter(spot.values()))
    return replace(seen, kind=kind, score=seen.score / 2)


def _on_thumbs_side(step: np.ndarray, palm: _Palm) -> int:
    """1 where a step goes towards the thumb's side of the hand, -1 where away from it, 0 where no thumb was seen."""
    if palm.thumb is None:
        return 0
    side = np.sign(_angle(step, palm.direction)) * (1 if palm.thumb else -1)
    return int(side)


def _arrange(palm: _Palm) -> None:
    """Rays in order, the thumb without a DIP, and the direction."""
    rough = _unit(np.mean([_unit(chain.peaks[0].at - palm.at) for chain in palm.chains], axis=0))
    palm.chains.sort(key=lambda chain: _angle(chain.peaks[0].at - palm.at, rough))
    palm.thumb = _thumb(palm, palm.chains, rough)
    if palm.thumb is not None and len(palm.chains[palm.thumb].peaks) > 1:
        palm.chains[palm.thumb].dip = None
    palm.direction = _direction(palm, [chain for place, chain in enumerate(palm.chains) if place != palm.thumb])


def _hand(palm: _Palm) -> HandJoints:
    chains, direction = palm.chains, palm.direction
    peaks = [peak for chain in chains for peak in chain.peaks]
    middle = [peak for peak in (palm.wrist, palm.radius, palm.ulna) if peak is not None]
    return HandJoints(
        wrist=_maybe(palm.wrist),
        radius=_maybe(palm.radius),
        ulna=_maybe(palm.ulna),
        rays=tuple(Ray(_maybe(chain.mcp), _maybe(chain.pip), _maybe(chain.dip)) for chain in chains),
        thumb=palm.thumb,
        wrist_at=(float(palm.at[0]), float(palm.at[1])),
        direction=(float(direction[0]), float(direction[1])),
        length=float(max(np.linalg.norm(peak.at - palm.at) for peak in peaks)),
        score=sum(peak.score for peak in peaks + middle) / WHOLE,
    )


def _thumb(palm: _Palm, chains: Sequence[_Chain], direction: np.ndarray) -> int | None:
    """Which of five rays in order is the thumb: the one without DIP at an end, else the end that stands apart."""
    if len(chains) != MOST_RAYS:
        return None
    ends = [place for place in (0, MOST_RAYS - 1) if chains[place].dip is None]
    if len(ends) == 1:
        return ends[0]
    angles = [_angle(chain.peaks[0].at - palm.at, direction) for chain in chains]
    return 0 if angles[1] - angles[0] > angles[-1] - angles[-2] else MOST_RAYS - 1


def _direction(palm: _Palm, fingers: Sequence[_Chain]) -> np.ndarray:
    """From the wrist to the middle of the fingers' knuckles; without enough of them as the wrist's offset says."""
    knuckles = [chain.mcp.at for chain in fingers if chain.mcp is not None]
    if len(knuckles) >= ENOUGH_FINGERS or palm.wrist is None:
        return _unit(np.mean([chain.peaks[0].at for chain in fingers], axis=0) - palm.at)
    return _unit(palm.wrist.before - palm.wrist.at)


def _unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9))


def _angle(step: np.ndarray, direction: np.ndarray) -> float:
    """Angle of a step off a direction, clockwise where y runs down."""
    return float(np.arctan2(direction[0] * step[1] - direction[1] * step[0], direction @ step))


def _joint(peak: Peak) -> Joint:
    return Joint(peak.kind, float(peak.at[0]), float(peak.at[1]), peak.score)


def _maybe(peak: Peak | None) -> Joint | None:
    return None if peak is None else _joint(peak)
