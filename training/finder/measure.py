"""How well a finder places joints: films with boxes by two people, upright and turned; made pictures without a hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from bone_age_gui.core.model.finder.looks import Network, find_joints
from bone_age_gui.core.values.joints import Finding, JointKind
from training.finder.config import SPEC
from training.finder.films import JointFilm
from training.finder.joints import CLASS_NAMES, CLASS_OF, hand_direction, hand_length

NEAR_SHARE = 0.05
"""A joint is right within this share of the hand's length."""
TURNED_DEGREES = 10.0


@dataclass
class Tally:
    """Counts over films: joints by class that were right, all, false ones, and directions."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wanted: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    false: int = 0
    loose: int = 0
    films: int = 0
    pointed: int = 0
    whole: int = 0
    hands: int = 0
    worst: list[tuple[float, str]] = field(default_factory=list)

    def shares(self) -> dict[str, float]:
        """Figures as shares and means, by name."""
        figures = {name: self.right[name] / max(1, self.wanted[name]) for name in CLASS_NAMES}
        figures["all"] = sum(self.right.values()) / max(1, sum(self.wanted.values()))
        films = max(1, self.films)
        return figures | {
            "false_per_film": self.false / films,
            "loose_per_film": self.loose / films,
            "direction_within_10_degrees": self.pointed / films,
            "one_hand": self.hands / films,
            "all_17": self.whole / films,
        }


def turned_film(film: JointFilm, degrees: float) -> tuple[np.ndarray, np.ndarray]:
    """The film turned about its middle on a canvas that holds all of it, and the affine (2, 3) of points."""
    height, width = film.pixels.shape
    matrix: np.ndarray = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (round(height * sin + width * cos), round(height * cos + width * sin))
    matrix[:, 2] += [(size[0] - width) / 2, (size[1] - height) / 2]
    edge = np.concatenate([film.pixels[0], film.pixels[-1], film.pixels[:, 0], film.pixels[:, -1]])
    pixels = cv2.warpAffine(film.pixels, matrix, size, flags=cv2.INTER_LINEAR, borderValue=float(np.median(edge)))
    return pixels, matrix


def measure(
    network: Network, films: Sequence[JointFilm], other: Sequence[JointFilm], degrees: float, tally: Tally
) -> None:
    """Find the joints of each film turned by an angle and count them; truth is the nearer of two readers' points."""
    second = {film.film_id: film.joints for film in other}
    for film in films:
        pixels, matrix = turned_film(film, degrees)
        both = [joints @ matrix[:, :2].T + matrix[:, 2] for joints in (film.joints, second[film.film_id])]
        _count(tally, find_joints(network, pixels, SPEC), both, film.film_id)


def _count(tally: Tally, finding: Finding, readers: Sequence[np.ndarray], name: str) -> None:
    length = float(np.mean([hand_length(joints) for joints in readers]))
    joints = finding.hands[0].joints if finding.hands else ()
    missed = 0
    for index, kind in enumerate(CLASS_NAMES):
        points = np.array([joint.at for joint in joints if joint.kind == JointKind(kind)]).reshape(-1, 2)
        truth = np.stack([reader[index == CLASS_OF] for reader in readers])
        distance = np.linalg.norm(truth[:, :, None] - points[None, None], axis=-1).min(0)
        right = _matches(distance < NEAR_SHARE * length, distance)
        tally.right[kind] += right
        tally.wanted[kind] += truth.shape[1]
        tally.false += len(points) - right
        missed += truth.shape[1] - right
    tally.loose += len(finding.loose) + sum(len(hand.joints) for hand in finding.hands[1:])
    tally.films += 1
    tally.hands += len(finding.hands) == 1
    tally.whole += missed == 0
    tally.worst.append((missed, name))
    if finding.hands:
        wanted = [direction / np.linalg.norm(direction) for direction in map(hand_direction, readers)]
        cosine = max(float(direction @ finding.hands[0].direction) for direction in wanted)
        tally.pointed += int(np.degrees(np.arccos(np.clip(cosine, -1, 1))) <= TURNED_DEGREES)


def _matches(near: np.ndarray, distance: np.ndarray) -> int:
    """Number of pairs of a true and a given point, nearest first, each used once."""
    rows, columns = np.nonzero(near)
    used_rows: set[int] = set()
    used_columns: set[int] = set()
    for at in np.argsort(distance[rows, columns]):
        row, column = int(rows[at]), int(columns[at])
        if row not in used_rows and column not in used_columns:
            used_rows.add(row)
            used_columns.add(column)
    return len(used_rows)
