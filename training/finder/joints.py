"""The seventeen joints of one hand in a fixed order, and how boxes without finger names are put into it."""

from __future__ import annotations

from itertools import permutations

import numpy as np

COUNT = 17
WRIST, RADIUS, ULNA = 0, 1, 2
MCP, PIP, DIP = slice(3, 8), slice(8, 13), slice(13, 17)
"""Rays from the thumb to the little finger; the thumb's joint between its phalanges counts as PIP, it has no DIP."""

CLASS_NAMES = ("DIP", "PIP", "MCP", "Radius", "Ulna", "Wrist")
CLASS_OF = np.array([5, 3, 4, *[2] * 5, *[1] * 5, *[0] * 4])
BEFORE = np.array([-1, 0, 0, *[0] * 5, 3, 4, 5, 6, 7, 9, 10, 11, 12])
"""The joint before each one on the way to the wrist; the wrist itself looks at the middle of the four knuckles."""


def order_joints(centres: dict[str, np.ndarray]) -> np.ndarray | None:
    """Name the rays of one whole hand.

    Parameters
    ----------
    centres : dict
        Class name -> float (n, 2), centres of its boxes.

    Returns
    -------
    numpy.ndarray or None
        float (17, 2) in the order of this module; ``None`` where the boxes make no whole hand or leave doubt.
    """
    wanted = {"DIP": 4, "PIP": 5, "MCP": 5, "Radius": 1, "Ulna": 1, "Wrist": 1}
    if any(len(centres.get(name, ())) != count for name, count in wanted.items()):
        return None
    wrist = centres["Wrist"][0]
    mcp = _around(centres["MCP"], wrist)
    pip = centres["PIP"][_partners(mcp, centres["PIP"], mcp - wrist)]
    best = min(range(5), key=lambda thumb: _dip_match(mcp, pip, centres["DIP"], thumb)[0])
    if best not in (0, 4):
        return None
    dip = centres["DIP"][_dip_match(mcp, pip, centres["DIP"], best)[1]]
    if best == 4:
        mcp, pip, dip = mcp[::-1], pip[::-1], dip[::-1]
    return np.vstack([wrist, centres["Radius"], centres["Ulna"], mcp, pip, dip])


def _around(points: np.ndarray, wrist: np.ndarray) -> np.ndarray:
    """Points sorted by their angle about the wrist, cut open opposite their mean direction."""
    rays = points - wrist
    mean = rays.mean(0)
    angle = np.arctan2(rays @ np.array([-mean[1], mean[0]]), rays @ mean)
    return points[np.argsort(angle)]


def _cost(starts: np.ndarray, ends: np.ndarray, along: np.ndarray) -> np.ndarray:
    """(n, m) cost of each end as the next joint of each start: its distance, and three times its way aside."""
    step = ends[None] - starts[:, None]
    unit = along / np.linalg.norm(along, axis=1, keepdims=True)
    ahead = (step * unit[:, None]).sum(-1)
    aside = np.abs(step[..., 0] * unit[:, None, 1] - step[..., 1] * unit[:, None, 0])
    return np.hypot(ahead, aside) + 2 * aside + np.where(ahead < 0, 4 * -ahead, 0)


def _partners(starts: np.ndarray, ends: np.ndarray, along: np.ndarray) -> list[int]:
    cost = _cost(starts, ends, along)
    rows = np.arange(len(starts))
    return list(min(permutations(range(len(ends)), len(starts)), key=lambda order: cost[rows, list(order)].sum()))


def _dip_match(mcp: np.ndarray, pip: np.ndarray, dip: np.ndarray, thumb: int) -> tuple[float, list[int]]:
    rest = [ray for ray in range(5) if ray != thumb]
    along = pip[rest] - mcp[rest]
    order = _partners(pip[rest], dip, along)
    return float(_cost(pip[rest], dip, along)[np.arange(4), order].sum()), order


def hand_length(joints: np.ndarray) -> float:
    """Distance from the wrist to the farthest DIP joint of (17, 2)."""
    return float(np.nanmax(np.linalg.norm(joints[DIP] - joints[WRIST], axis=1)))


def hand_direction(joints: np.ndarray) -> np.ndarray:
    """From the wrist to the middle of the four knuckles, float (2,)."""
    return np.asarray(joints[4:8].mean(0) - joints[WRIST])


def offsets(joints: np.ndarray) -> np.ndarray:
    """Vector from each joint to the one before it, float (17, 2)."""
    vectors = joints[BEFORE] - joints
    vectors[WRIST] = hand_direction(joints)
    return np.asarray(vectors)
