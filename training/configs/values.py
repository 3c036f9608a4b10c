"""What a training's configuration holds, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from bone_age_gui.core.stages.preprocess import PreprocessingSpec
from bone_age_gui.core.values.bounds import Count, Name, OneOf, Prose, Share, Text, Within

Some = Annotated[int, Within(1, 1_000_000)]
"""A number of things, at least one."""
Weight = Annotated[float, Within(0, 1000)]
"""How much a term of a loss counts; 0 leaves it out."""
Named = Annotated[str, Text(longest=1000)]
"""A name or a path."""
SomeShare = Annotated[float, Within(0.001, 1)]
Head = Annotated[str, OneOf(("distribution", "dense"))]


@dataclass(frozen=True)
class AugmentSpec:
    """Largest random changes of a film; 0 switches one off.

    Attributes
    ----------
    rotation : float
        Degrees either way.
    scale, shift : float
        Share of the picture's side either way.
    mirror : float
        Chance of a left-right mirror image.
    gamma, contrast : float
        Largest natural logarithm of the exponent, largest relative change of the range.
    noise : float
        Standard deviation of grey noise on 0..1, drawn between 0 and this.
    sharpness : float
        Share of the finest detail added or taken away at most: copies of a film differ in it.
    occlusion : float
        Chance of a grey box over part of the film, as a marker lies.
    border : float
        Chance of a bright or grey bar along one edge, as a collimator leaves it where cleaning misses it.
    blur : float
        Largest sigma of a Gaussian, in pixels, drawn between 0 and this.
    jpeg : float
        Chance that a film is stored as JPEG in between, at a quality of 25 to 90.
    invert : float
        Chance of a negative.
    """

    rotation: Annotated[float, Within(0, 180)]
    scale: Annotated[float, Within(0, 0.9)]
    shift: Share
    mirror: Share
    gamma: Annotated[float, Within(0, 5)]
    contrast: Share
    noise: Share
    sharpness: Annotated[float, Within(0, 10)]
    occlusion: Share
    border: Share
    blur: Annotated[float, Within(0, 50)]
    jpeg: Share
    invert: Share


@dataclass(frozen=True)
class Phase:
    """Some epochs under the same conditions.

    Attributes
    ----------
    size : int
        Height of the pictures, pixels; their width is in proportion.
    epochs : int
    share : float
        Of the films, drawn in each epoch.
    frozen : tuple of str
        Parts of the backbone that do not learn, beside those that the network keeps for good; none if left out.
    augment : AugmentSpec or None
        The configuration's, but for the values that a phase gives itself.
    hint : float
        The distillation's, unless a phase gives its own; 0 where there is no teacher.
    """

    size: Annotated[int, Within(16, 4096)]
    epochs: Some
    share: SomeShare
    frozen: tuple[str, ...]
    augment: AugmentSpec | None
    hint: Weight


@dataclass(frozen=True)
class Optimisation:
    """How the weights are changed.

    Attributes
    ----------
    kind : str
        ``"adam"`` or ``"adamw"``.
    decay : float
        For Adam the factor of a loss term ``decay * |w|^2`` over the kernels of the head's layers alone, as Keras'
        kernel regulariser ``L2(decay)``; for AdamW decoupled weight decay of all weights but biases and norms.
    rate : float
        (Largest) learning rate.
    schedule : str
        ``"cosine"`` with ``warm_up`` (share of the training), or ``"plateau"`` (times ``plateau_factor`` after
        ``plateau_patience`` epochs without progress on *tune*).
    batch : int
    ema : float
        Decay of the averaged weights per step; 0 switches them off.
    patience : int
        Epochs without progress on *tune* after which training stops; 0 never.
    clip : float
        Largest norm of the gradient; 0 does not clip.
    """

    kind: Annotated[str, OneOf(("adam", "adamw"))]
    rate: Annotated[float, Within(1e-9, 10)]
    decay: Annotated[float, Within(0, 10)]
    schedule: Annotated[str, OneOf(("cosine", "plateau"))]
    warm_up: Annotated[float, Within(0, 0.99)]
    plateau_factor: Annotated[float, Within(0.001, 0.999)]
    plateau_patience: Count
    batch: Annotated[int, Within(1, 65_536)]
    ema: Annotated[float, Within(0, 0.999999)]
    patience: Count
    clip: Annotated[float, Within(0, 1e6)]


@dataclass(frozen=True)
class Loss:
    """``"mse"``, ``"l1"``, ``"huber"`` (months, of a dense head), or ``"distribution"``: cross-entropy against a bell
    of ``sigma`` months about the reading, plus ``l1`` times the absolute error of the expectation in months."""

    kind: Annotated[str, OneOf(("distribution", "mse", "l1", "huber"))]
    sigma: Annotated[float, Within(0, 240)]
    l1: Weight


@dataclass(frozen=True)
class Sampling:
    """``unknown_sex``: chance that the sex is withheld. ``balance``: 0 draws films evenly, 1 ages evenly."""

    unknown_sex: Share
    balance: Share


@dataclass(frozen=True)
class Split:
    """Numbers of films of a random split, which a configuration may name instead of the written-down one.

    The ``test`` films are drawn from *report*, so that no network of ours has seen them either; ``train`` and
    ``validation`` from all the others. ``validation`` takes the place of *tune*.
    """

    train: Some
    validation: Some
    test: Some


@dataclass(frozen=True)
class Distillation:
    """``teacher``: configuration file of the teacher, beside this one; it is trained first. ``share``: weight of the
    teacher's distribution, the rest is the label's. ``hint``: weight of the distance between the feature maps, the last
    ones and those at ``depths`` (8: an eighth of the picture's height and width; none if left out)."""

    teacher: Named
    share: Share
    hint: Weight
    depths: tuple[Annotated[int, Within(1, 1024)], ...]


@dataclass(frozen=True)
class Finer:
    """Films of a higher resolution (``--finer-images``) to learn from: an epoch draws as many as there are, and
    ``others`` times as many of the others."""

    others: Annotated[float, Within(0, 1000)]


@dataclass(frozen=True)
class Lessons:
    """A model bundle's distributions for the films as they are, as a second label: they weigh ``share``, the reading
    the rest. What a changed film of the same hand looks like, the lesson stays."""

    model: Named
    share: Share


@dataclass(frozen=True)
class Changed:
    """So many ``copies`` of every film to learn from that went through what a user's film may go through before the
    program's own stages see it (``training/films/changes.py``)."""

    copies: Annotated[int, Within(1, 100)]


@dataclass(frozen=True)
class JointCrops:
    """Every film cropped upright by the joints that the finder of the bundle ``finder`` sees, where it sees one hand.

    ``height`` and ``middle`` are those of ``core.stages.joint_crop.JointCropSpec``; thresholds crop the other films.
    """

    finder: Named
    height: Annotated[float, Within(0.2, 10)]
    middle: Annotated[float, Within(-2, 2)]


@dataclass(frozen=True)
class NetworkSpec:
    """A backbone and its head.

    Attributes
    ----------
    backbone : str
        Its name in timm.
    weights : str
        What it begins with: ``"imagenet"`` (downloaded by timm), ``"package:NAME"`` (an installed package that carries
        a state file), the path of a state file or of a model bundle's folder, or ``"none"``.
    head : str
        ``"distribution"`` over whole months, or ``"dense"`` layers with one linear output.
    dropout : float
    frozen : tuple of str
        Parts of the backbone that never learn; ``""`` is the whole of it. In a file also ``true`` or ``false``.
    hidden : tuple of int
        Widths of a dense head's hidden layers; empty for a distribution.
    use_sex : bool
        Whether a dense head sees the sex; a distribution always does.
    norm_momentum : float or None
        How fast batch norms follow the pictures, 0 to 1; ``None``, what a file leaves out, is the backbone's own. A
        training of a few steps needs more than the usual 0.1, or its norms end nearer to where they began.
    """

    backbone: Named
    weights: Named
    head: Head
    dropout: Annotated[float, Within(0, 0.99)]
    frozen: tuple[str, ...]
    hidden: tuple[Annotated[int, Within(1, 65_536)], ...]
    use_sex: bool
    norm_momentum: Share | None


@dataclass(frozen=True)
class TrainingConfig:
    """One system, as a file in ``training/configs`` describes it.

    ``raw`` are the plain values that it was made from, frozen too; ``training.configs.read.thawed`` copies them.
    """

    name: Name
    description: Prose
    seed: Count
    preprocessing: PreprocessingSpec
    network: NetworkSpec
    loss: Loss
    optimisation: Optimisation
    sampling: Sampling
    phases: tuple[Phase, ...]
    distillation: Distillation | None
    split: Split | None
    finer: Finer | None
    lessons: Lessons | None
    changed: Changed | None
    joint_crops: JointCrops | None
    raw: Mapping[str, Any]

    @property
    def epochs(self) -> int:
        """Epochs of all phases together."""
        return sum(phase.epochs for phase in self.phases)

    def phase_at(self, epoch: int) -> Phase:
        """The phase of an epoch, counted from 0. ``IndexError`` after the last one."""
        for phase in self.phases:
            if epoch < phase.epochs:
                return phase
            epoch -= phase.epochs
        raise IndexError(epoch)

    def progress(self, epoch: int, done_of_epoch: float) -> float:
        """Share of the whole training's pixels seen (0..1) when ``done_of_epoch`` of an epoch is behind."""
        cost = [phase.size**2 * phase.share for phase in self.phases for _ in range(phase.epochs)]
        return (sum(cost[:epoch]) + done_of_epoch * cost[epoch]) / sum(cost)
