"""The finder's part of a bundle's card: its file, its signature, how its maps are read, and how good it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from bone_age_gui.core.model.graph import ModelFile, Tensor
from bone_age_gui.core.values.bounds import Count, Name, Percent, Prose, Share, Within

Joints = Annotated[float, Within(0, 10_000)]


@dataclass(frozen=True)
class FinderSpec:
    """How a film becomes the finder's input and its maps become hands.

    Attributes
    ----------
    side : int
        Side of the network's square input, pixels.
    least_score : float
        A peak below this is no joint.
    peak_reach : int
        A peak is the highest value this many map pixels around.
    near : float
        A joint is the one before another if it lies this near to where the offset points, in lengths of the offset.
    near_pixels : float
        The same for very short offsets, map pixels.
    reach : float
        Lengths of a hand about its wrist within which a finger without a knuckle still is this hand's.
    close_length, close_middle : float
        The second look shows a hand upright, this long (sides of the square), with the point so many lengths from
        the wrist in the square's middle.
    worth_a_look : float
        Score of a hand in the first look from which it is looked at again.
    most_looks : int
        Closer looks at one hand: again while the last one shows it turned or of another size than it thought.
    most_hands : int
        Hands that are looked at again, best first.
    """

    side: Annotated[int, Within(64, 1024)]
    least_score: Annotated[float, Within(0.01, 0.99)]
    peak_reach: Annotated[int, Within(1, 10)]
    near: Annotated[float, Within(0.01, 2)]
    near_pixels: Annotated[float, Within(0, 20)]
    reach: Annotated[float, Within(0.01, 5)]
    close_length: Annotated[float, Within(0.1, 1)]
    close_middle: Annotated[float, Within(-1, 2)]
    worth_a_look: Share
    most_looks: Annotated[int, Within(0, 5)]
    most_hands: Annotated[int, Within(0, 10)]


@dataclass(frozen=True)
class FinderParity:
    """Largest differences between the ONNX file and the trained network over ``n`` inputs.

    ``max_score_difference`` is of heat (0 to 1), ``max_offset_difference`` in map pixels.
    """

    max_score_difference: Share
    max_offset_difference: Annotated[float, Within(0, 1024)]
    n: Count
    opset: Count
    torch_version: Name
    onnxruntime_version: Name


@dataclass(frozen=True)
class FinderTraining:
    """How the weights came to be. ``held_out`` are SHA-256 digests of the ids (UTF-8 text) never trained on."""

    data_set: Prose
    boxed_films: Count
    own_answers: Count
    held_out: tuple[Name, ...]
    seed: Count
    steps: Count
    command: Prose


@dataclass(frozen=True)
class FinderMetrics:
    """Figures of one set of films at one or several angles.

    ``joints_within_5_percent`` by class and ``all``, ``direction_within_10_degrees`` and ``all_joints_right`` are
    percentages; ``false_joints`` and ``loose_joints`` are means per film.
    """

    n: Count
    degrees: tuple[Annotated[float, Within(-360, 360)], ...]
    joints_within_5_percent: Mapping[str, Percent]
    false_joints: Joints
    loose_joints: Joints
    direction_within_10_degrees: Percent
    all_joints_right: Percent
    set_description: Prose
    command: Prose


@dataclass(frozen=True)
class FinderCard:
    """Everything about the finder that is not its weights."""

    model: ModelFile
    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]
    spec: FinderSpec
    training: FinderTraining
    parity: FinderParity
    metrics: Mapping[str, FinderMetrics]
