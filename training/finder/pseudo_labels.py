"""Pseudo-labels: joints of which the finder is sure on films that nobody has drawn boxes on, for its second round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bone_age_gui.core.model.finder.looks import Network, find_joints
from bone_age_gui.core.values.joints import Finding, JointKind
from bone_age_gui.core.values.whole_files import whole_file
from training.films.arrays import BROKEN
from training.finder.config import SPEC
from training.finder.films import JointFilm, read_small
from training.finder.joints import COUNT, hand_length, order_joints
from training.finder.measure import turned_film

SURE = 0.35
"""Least score of each of the seventeen joints."""
AGREE = 0.03
"""A joint may move by so much, in lengths of the hand, when the film is turned."""
TURN_DEGREES = 137.0


def pseudo_labelled_films(
    network: Network, files: dict[str, Path], sizes: dict[str, tuple[int, int]], wanted: Iterable[str], long_side: int
) -> Iterator[JointFilm]:
    """Films on which the finder sees one whole hand twice at the same place, upright and turned."""
    for film_id in wanted:
        film = JointFilm(film_id, read_small(files[film_id], sizes[film_id], long_side), np.zeros((17, 2), np.float32))
        first = whole_hand(find_joints(network, film.pixels, SPEC))
        if first is None:
            continue
        pixels, matrix = turned_film(film, TURN_DEGREES)
        second = whole_hand(find_joints(network, pixels, SPEC))
        if second is None:
            continue
        back = (second - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
        if np.linalg.norm(back - first, axis=1).max() < AGREE * hand_length(first):
            yield JointFilm(film_id, film.pixels, ((first + back) / 2).astype(np.float32))


def write_joint_films(films: Sequence[JointFilm], path: Path) -> None:
    """Keep films in one file, whole or not at all. ``OSError`` if the file system fails."""
    pixels: dict[str, Any] = {f"pixels_{index}": film.pixels for index, film in enumerate(films)}
    joints = np.array([film.joints for film in films], np.float32).reshape(-1, COUNT, 2)
    with whole_file(path) as temporary:
        np.savez_compressed(temporary, ids=np.array([film.film_id for film in films], str), joints=joints, **pixels)


def read_joint_films(path: Path) -> list[JointFilm] | None:
    """The films that ``write_joint_films`` wrote; ``None`` where there are none that can be read."""
    try:
        with np.load(path, allow_pickle=False) as content:
            return [
                JointFilm(str(film_id), content[f"pixels_{index}"], joints)
                for index, (film_id, joints) in enumerate(zip(content["ids"], content["joints"], strict=True))
            ]
    except BROKEN:
        return None


def whole_hand(finding: Finding) -> np.ndarray | None:
    """The seventeen joints of the only hand on a film in the order of ``training.finder.joints``, or ``None``."""
    if len(finding.hands) != 1:
        return None
    joints = finding.hands[0].joints
    if min(joint.score for joint in joints) < SURE:
        return None
    centres = {kind.value: np.array([joint.at for joint in joints if joint.kind is kind]) for kind in JointKind}
    return order_joints(centres)
