"""Which joints belong together: fingers from tip to knuckle, knuckles about a wrist, hands beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bone_age_gui.core.model.finder_card import FinderSpec
from bone_age_gui.core.model.joint_maps import Peak
from bone_age_gui.core.values.joints import HandJoints, Joint, JointKind, Ray

WHOLE = 17
MOST_RAYS = 5
ENOUGH_FINGERS = 3
"""Whole fingers whose knuckles give the direction of a hand; with fewer the wrist's own offset does."""


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
    """A wrist, seen or only pointed at, with what hangs on it."""

    at: np.ndarray
    wrist: Peak | None = None
    radius: Peak | None = None
    ulna: Peak | None = None
    chains: list[_Chain] = field(default_factory=list)


def group(peaks: Sequence[Peak], spec: FinderSpec) -> tuple[tuple[HandJoints, ...], tuple[Joint, ...]]:
    """Peaks of one picture -> hands (best first, in map pixels) and the joints that belong to none."""
    kinds = {kind: [peak for peak in peaks if peak.kind is kind] for kind in JointKind}
    chains = _fingers(kinds[JointKind.MCP], kinds[JointKind.PIP], kinds[JointKind.DIP], spec)
    palms = _palms(kinds[JointKind.WRIST], [chain for chain in chains if chain.mcp is not None], spec)
    palms = [palm for palm in palms if len(palm.chains) >= (1 if palm.wrist is not None else 2)]
    _forearms(kinds[JointKind.RADIUS], kinds[JointKind.ULNA], palms, spec)
    _adopt([chain for chain in chains if chain.mcp is None], palms, spec)
    hands = sorted((_hand(palm) for palm in palms), key=lambda hand: -hand.score)
    used = {(joint.kind, joint.x, joint.y) for hand in hands for joint in hand.joints}
    loose = tuple(joint for joint in map(_joint, peaks) if (joint.kind, joint.x, joint.y) not in used)
    return tuple(hands), loose


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


def _forearms(radii: list[Peak], ulnas: list[Peak], palms: list[_Palm], spec: FinderSpec) -> None:
    """Radius and ulna to the wrist that they point at. They lie near it, so the palm's size says what is near."""
    near = []
    for peak in (*radii, *ulnas):
        for place, palm in enumerate(palms):
            knuckles = [np.linalg.norm(chain.peaks[0].at - palm.at) for chain in palm.chains]
            distance = float(np.linalg.norm(peak.before - palm.at)) / max(float(np.median(knuckles)), 1e-6)
            if distance < spec.near:
                near.append((distance, place, peak))
    for _, place, peak in sorted(near, key=lambda item: item[0]):
        name = peak.kind.name.lower()
        if getattr(palms[place], name) is None:
            setattr(palms[place], name, peak)


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


def _hand(palm: _Palm) -> HandJoints:
    direction = _direction(palm)
    chains = sorted(palm.chains, key=lambda chain: _angle(chain.peaks[-1].at - palm.at, direction))
    peaks = [peak for chain in chains for peak in chain.peaks]
    middle = [peak for peak in (palm.wrist, palm.radius, palm.ulna) if peak is not None]
    return HandJoints(
        wrist=_maybe(palm.wrist),
        radius=_maybe(palm.radius),
        ulna=_maybe(palm.ulna),
        rays=tuple(Ray(_maybe(chain.mcp), _maybe(chain.pip), _maybe(chain.dip)) for chain in chains),
        wrist_at=(float(palm.at[0]), float(palm.at[1])),
        direction=(float(direction[0]), float(direction[1])),
        length=float(max(np.linalg.norm(peak.at - palm.at) for peak in peaks)),
        score=sum(peak.score for peak in peaks + middle) / WHOLE,
    )


def _direction(palm: _Palm) -> np.ndarray:
    """From the wrist to the middle of the fingers' knuckles; the thumb, which has no DIP, would draw it aside."""
    fingers = [chain.mcp.at for chain in palm.chains if chain.mcp is not None and chain.dip is not None]
    if len(fingers) >= ENOUGH_FINGERS:
        return _unit(np.mean(fingers, axis=0) - palm.at)
    if palm.wrist is not None:
        return _unit(palm.wrist.before - palm.wrist.at)
    return _unit(np.mean([_unit(chain.peaks[0].at - palm.at) for chain in palm.chains], axis=0))


def _unit(vector: np.ndarray) -> np.ndarray:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9))


def _angle(step: np.ndarray, direction: np.ndarray) -> float:
    """Angle of a step off a direction, clockwise where y runs down."""
    return float(np.arctan2(direction[0] * step[1] - direction[1] * step[0], direction @ step))


def _joint(peak: Peak) -> Joint:
    return Joint(peak.kind, float(peak.at[0]), float(peak.at[1]), peak.score)


def _maybe(peak: Peak | None) -> Joint | None:
    return None if peak is None else _joint(peak)
