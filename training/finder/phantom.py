"""The drawn sample film as one more film with known joints: a user's first film must be seen as a hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from training.finder.films import JointFilm, read_small

SIZE = (1500, 2000)
"""Width and height of the drawn film, pixels."""
JOINTS = (
    (762, 1445), (820, 1574), (629, 1583),
    (1118, 1121), (902, 852), (770, 852), (644, 915), (533, 982),
    (1245, 953), (961, 581), (773, 547), (597, 637), (449, 774),
    (996, 421), (775, 353), (568, 457), (401, 652),
)  # fmt: skip
"""Joints of ``resources/sample/phantom_hand.png`` in the order of ``training.finder.joints``, counted from its
anatomy (``resources/sample/phantom_anatomy.py``)."""


def phantom_film(path: Path) -> JointFilm:
    """The sample film, small."""
    pixels = read_small(path, SIZE)
    scale = pixels.shape[1] / SIZE[0]
    joints = (np.array(JOINTS, np.float32) + 0.5) * scale - 0.5
    return JointFilm("phantom", pixels, joints)
