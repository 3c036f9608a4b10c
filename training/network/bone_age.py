"""The networks: a timm backbone on one grey channel, global average pooling, the child's sex, a head.

Two heads. ``distribution`` (ours): class scores over whole months, the distribution's median as the estimate (no other
point has a smaller expected absolute error); the sex shifts the scores by a term of its own, linear in the pooled
features, so that the class-activation map is exact. ``dense`` (the two seeds): dense layers with one linear output.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from training.configs.read import bad_config
from training.configs.values import NetworkSpec
from training.network.weights import make_backbone

MONTHS = 241
"""Classes of the distribution head: 0 to 240 whole months."""
SMALLEST = 1e-12
"""Chances below this count as this much where something is divided by them."""


def share_below_median(chances: Tensor) -> Tensor:
    """How much of each whole month, 0..1, lies below the median; ``chances`` (n, months) add up to one.

    Month k reaches from k - 1/2 to k + 1/2, and its chance is spread evenly over it.
    """
    before = chances.cumsum(dim=1) - chances
    return ((0.5 - before) / chances.clamp_min(SMALLEST)).clamp(0, 1)


def median(chances: Tensor) -> Tensor:
    """Median in months (n,) of chances (n, months) over the whole months 0, 1, 2, ..."""
    return (share_below_median(chances).sum(dim=1) - 0.5).clamp(0, chances.shape[1] - 1)


class DistributionHead(nn.Module):
    """Scores over months from pooled features (n, c) and sex (n, 2; one-hot female, male, zeros unknown)."""

    def __init__(self, channels: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.shared = nn.Linear(channels, MONTHS)
        self.female = nn.Linear(channels, MONTHS)
        self.male = nn.Linear(channels, MONTHS)
        for layer in (self.female, self.male):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, pooled: Tensor, sex: Tensor) -> Tensor:
        kept = self.dropout(pooled)
        female, male = sex[:, :1], sex[:, 1:]
        return self.shared(kept) + female * self.female(kept) + male * self.male(kept)

    def outputs(self, maps: Tensor, pooled: Tensor, sex: Tensor) -> dict[str, Tensor]:
        """Median, distribution and the map of what each place adds to the median.

        The median's slope over the pooled features is known in closed form: ``sum_k p_k (1/2 - b_k) W_k / p_m`` with
        ``b_k`` the share of month k that lies below the median and ``m`` the month that holds it. Times the feature
        maps (n, c, h, w) it gives months per place, signed, (n, h, w).
        """
        chances = self.forward(pooled, sex).float().softmax(dim=1)
        months = median(chances)
        at_median = chances.gather(1, months.round().long()[:, None]).clamp_min(SMALLEST)
        pull = chances * (0.5 - share_below_median(chances)) / at_median
        heat = (maps * self.slope(pull, sex)[:, :, None, None]).sum(dim=1) / (maps.shape[2] * maps.shape[3])
        return {"bone_age_months": months, "distribution": chances, "features": pooled, "heat_map": heat}

    def slope(self, pull: Tensor, sex: Tensor) -> Tensor:
        """By how much an estimate moves with the pooled features, (n, c), if it moves with the scores by ``pull``."""
        slope = pull @ self.shared.weight
        return slope + sex[:, :1] * (pull @ self.female.weight) + sex[:, 1:] * (pull @ self.male.weight)


class DenseHead(nn.Module):
    """Dense layers on pooled features, the sex beside them if asked for, one linear output in months."""

    def __init__(self, channels: int, hidden: Sequence[int], use_sex: bool, dropout: float) -> None:
        super().__init__()
        self.use_sex = use_sex
        sizes = [channels + (2 if use_sex else 0), *hidden]
        layers: list[nn.Module] = []
        for before, after in itertools.pairwise(sizes):
            layers += [nn.Linear(before, after), nn.ReLU(), nn.Dropout(dropout)]
        self.layers = nn.Sequential(*layers, nn.Linear(sizes[-1], 1))

    def forward(self, pooled: Tensor, sex: Tensor) -> Tensor:
        seen = torch.cat([pooled, sex], dim=1) if self.use_sex else pooled
        return self.layers(seen).squeeze(1) * 100 + 120  # starts near the middle of childhood

    def outputs(self, maps: Tensor, pooled: Tensor, sex: Tensor) -> dict[str, Tensor]:
        """The months alone; a dense head has no exact map."""
        months = self.forward(pooled, sex).float()
        if not self.use_sex:  # keeps the graph's input: every bundle has the same two
            months = months + 0 * sex.sum(dim=1)
        return {"bone_age_months": months, "features": pooled}


class BoneAgeNetwork(nn.Module):
    """image (n, 1, h, w) float32 and sex (n, 2) -> dict of outputs, as the bundle's card names them."""

    def __init__(self, backbone: nn.Module, head: DistributionHead | DenseHead, frozen: Sequence[str]) -> None:
        super().__init__()
        self.backbone, self.head, self.always_frozen = backbone, head, tuple(frozen)
        self.freeze(())

    def freeze(self, parts: Sequence[str]) -> None:
        """Freeze these parts of the backbone and those that are always frozen; all others learn.

        A part that the backbone lacks raises ``BoneAgeError`` (``bad_config``).
        """
        self.frozen = (*self.always_frozen, *parts)
        self.backbone.requires_grad_(True)
        for part in self.frozen:
            try:
                self.backbone.get_submodule(part).requires_grad_(False)
            except AttributeError as error:
                raise bad_config(f"The network has no part named {part}", "Correct frozen") from error

    def train(self, mode: bool = True) -> BoneAgeNetwork:
        """Frozen parts keep their batch-norm statistics too."""
        super().train(mode)
        for part in self.frozen:
            self.backbone.get_submodule(part).eval()
        return self

    def features(self, image: Tensor, depths: Sequence[int] = ()) -> tuple[tuple[Tensor, ...], Tensor]:
        """Feature maps, each (n, c, h, w), and the global average (n, c) of the last ones.

        The last maps come first, then those on the way there; ``depths`` are those of ``channels_at``.
        """
        if depths:
            places = [_stage(self.backbone, depth)[0] for depth in depths]
            last, between = self.backbone.forward_intermediates(image, indices=places)  # type: ignore[operator]
        else:
            last, between = self.backbone.forward_features(image), ()  # type: ignore[operator]  # timm's models all have it
        return (last, *between), last.mean(dim=(2, 3))

    def channels_at(self, depths: Sequence[int]) -> tuple[int, ...]:
        """Channels of the maps of ``features``. A depth of 8 means: an eighth of the picture's height and width.

        Depths go from small to large; one that the backbone lacks raises ``BoneAgeError`` (``bad_config``).
        """
        between = tuple(_stage(self.backbone, depth)[1] for depth in depths)
        return int(self.backbone.num_features), *between  # type: ignore[arg-type]  # timm's models all have it

    def raw(self, image: Tensor, sex: Tensor) -> Tensor:
        """What the loss sees: scores (n, 241) of a distribution head, months (n,) of a dense head."""
        return self.head(self.features(image)[1], sex)

    def months(self, raw: Tensor) -> Tensor:
        """Months (n,), float32, of what the head gives: the median of a distribution, or the number itself."""
        return median(raw.float().softmax(dim=1)) if isinstance(self.head, DistributionHead) else raw.float()

    def forward(self, image: Tensor, sex: Tensor) -> dict[str, Tensor]:
        maps, pooled = self.features(image)
        return self.head.outputs(maps[0].float(), pooled.float(), sex)


class MirroredAverage(nn.Module):
    """A network that looks at each film twice, the second time mirrored, and gives the average.

    Same inputs and outputs as the network inside; the mirrored heat map is turned back first, and where there is a
    distribution the months are the median of the averaged one. Twice the time for an estimate that depends less on
    which copy of a film is read.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor, sex: Tensor) -> dict[str, Tensor]:
        looks = self.network(torch.cat([image, image.flip(3)]), torch.cat([sex, sex]))  # a fifth faster than in turn
        outputs = {}
        for name, value in looks.items():
            plain, mirrored = value.reshape(2, -1, *value.shape[1:])
            outputs[name] = (plain + (mirrored.flip(2) if name == "heat_map" else mirrored)) / 2
        if "distribution" in outputs:
            outputs["bone_age_months"] = median(outputs["distribution"])
        return outputs


def build_network(spec: NetworkSpec, *, load_weights: bool = False) -> BoneAgeNetwork:
    """Make the network that a configuration's ``[network]`` table describes.

    ``load_weights`` fetches the starting weights that it names, which raises ``BoneAgeError`` (``no_weights``) where
    they cannot be had. A network that gets a checkpoint anyway needs none, nor does one that
    ``training.network.from_bundle`` fills.
    """
    backbone = make_backbone(spec.backbone, spec.weights if load_weights else "none")
    if spec.norm_momentum is not None:
        for layer in backbone.modules():
            if isinstance(layer, _BatchNorm):
                layer.momentum = spec.norm_momentum
    if spec.head == "distribution":
        head: DistributionHead | DenseHead = DistributionHead(backbone.num_features, spec.dropout)
    else:
        head = DenseHead(backbone.num_features, spec.hidden, spec.use_sex, spec.dropout)
    return BoneAgeNetwork(backbone, head, spec.frozen)


def _stage(backbone: nn.Module, depth: int) -> tuple[int, int]:
    """Which of timm's intermediate maps is ``depth`` times smaller than the picture, and its channels."""
    known: Any = backbone.feature_info if hasattr(backbone, "forward_intermediates") else ()
    for place, maps in enumerate(known):
        if maps["reduction"] == depth:
            return place, int(maps["num_chs"])
    raise bad_config(f"The network has no feature maps at a depth of {depth}", "Correct depths")
