"""Two networks that look at one picture: a quick one at all of it made smaller, a fine one at its detail.

What they get wrong they get wrong apart, more than two trainings at one scale do: the average of their
distributions errs less than either (training/EXPERIMENTS.md). The picture comes at the fine network's size; the quick
one's is made from it inside the graph.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.model.card import Card
from bone_age_gui.core.stages.preprocess import PreprocessingSpec
from training.configs.read import bad_config, make_config
from training.network.bone_age import (
    SMALLEST,
    BoneAgeNetwork,
    DistributionHead,
    build_network,
    median,
    share_below_median,
)
from training.network.from_bundle import restore


def two_looks(fine: nn.Module, spec: PreprocessingSpec, quick: Path, *, mirrored: bool) -> TwoLooks:
    """A trained network for the pictures of ``spec`` and, beside it, the (quick) network of a bundle.

    ``mirrored``: whether the fine one looks at the mirrored picture too, as the quick one always does. Raises
    ``BoneAgeError``: ``model_not_found bad_card card_schema model_damaged no_weights`` for the bundle, and
    ``bad_config`` where the two do not go together.
    """
    card = load_bundle(quick).card
    config = make_config(quick_config(card))
    network = build_network(config.network)
    restore(network, quick, look=quick_look(card))
    if not (isinstance(fine, BoneAgeNetwork) and isinstance(fine.head, DistributionHead)):
        raise bad_config("Two looks need two networks that give a distribution", "Export without --quick")
    return TwoLooks(network, fine, Reduced(spec, config.preprocessing), mirrored=mirrored).eval()


_QUICK = "quick"
"""Where the card of two looks keeps the training of its quick network, beside the fine one's."""


def quick_config(card: Card) -> Mapping[str, Any]:
    """The training of a bundle's quick network, or of its only one, as plain values."""
    quick = card.training.config.get(_QUICK)
    return card.training.config if quick is None else quick["config"]


def quick_look(card: Card) -> int:
    """Which look of a bundle, for ``restore``, its quick or only network is."""
    return 1 if _QUICK in card.training.config else 0


def look_for(spec: PreprocessingSpec, card: Card) -> int:
    """Which look of a bundle, for ``restore``, a network of this preprocessing goes on from: the one of its size."""
    if quick_look(card) == 0:
        return 0
    quick = make_config(quick_config(card)).preprocessing
    return int((quick.network_width, quick.network_height) == (spec.network_width, spec.network_height))


class Reduced(nn.Module):
    """Images as a network of larger pictures knows them, (n, 1, h, w), made smaller for another one by area averages.

    Their stages are the same but for the size. On films of 299 pixels and of twice that this comes as near to what the
    smaller picture's own stages make as undoing the gamma and sharpening anew does (training/EXPERIMENTS.md).
    """

    rows: Tensor
    columns: Tensor

    def __init__(self, larger: PreprocessingSpec, smaller: PreprocessingSpec) -> None:
        """Raises ``BoneAgeError`` (``bad_config``) where the two differ in more than their sizes."""
        super().__init__()
        _check_alike(larger, smaller)
        self.larger, self.smaller = larger, smaller
        self.register_buffer("rows", shares(larger.network_height, smaller.network_height), persistent=False)
        self.register_buffer("columns", shares(larger.network_width, smaller.network_width).T, persistent=False)

    def forward(self, images: Tensor) -> Tensor:
        grey = self.rows @ (images * self.larger.deviation + self.larger.mean) @ self.columns
        return (grey - self.smaller.mean) / self.smaller.deviation


def _check_alike(larger: PreprocessingSpec, smaller: PreprocessingSpec) -> None:
    free = ("film_long_side", "network_width", "network_height", "mean", "deviation")
    one, two = ({k: v for k, v in spec.to_dict().items() if k not in free} for spec in (larger, smaller))
    if one != two:
        names = ", ".join(name for name in one if one[name] != two[name])
        raise bad_config(f"The two networks know pictures that differ in {names}", "Take networks of the same stages")


def shares(length: int, count: int) -> Tensor:
    """Weights (count, length), float32: ``count`` even pieces as averages of the ``length`` ones that they overlap."""
    begins = torch.arange(count, dtype=torch.float64)[:, None] * length / count
    places = torch.arange(length, dtype=torch.float64)
    overlap = torch.minimum(begins + length / count, places + 1) - torch.maximum(begins, places)
    return (overlap.clamp(min=0) * count / length).float()


@dataclass(frozen=True)
class NetworkLook:
    """A network's outputs, looks then films: chances (l, n, 241), pooled features (l, n, c), maps (l, n, c, h, w)."""

    head: DistributionHead
    chances: Tensor
    pooled: Tensor
    maps: Tensor


class TwoLooks(nn.Module):
    """image (n, 1, h, w) float32, as the fine network knows it, and sex (n, 2) -> dict of outputs.

    The outputs are those of ``BoneAgeNetwork``. ``distribution`` is the average of all looks, each network weighing as
    much as the other, ``bone_age_months`` its median. ``features`` are the quick network's, then the fine one's.
    ``heat_map`` is what each place adds to that median, to first order, both networks together, on the fine one's grid.
    """

    def __init__(self, quick: BoneAgeNetwork, fine: BoneAgeNetwork, reduced: Reduced, *, mirrored: bool) -> None:
        super().__init__()
        self.quick, self.fine, self.reduced, self.mirrored = quick, fine, reduced, mirrored

    def forward(self, image: Tensor, sex: Tensor) -> dict[str, Tensor]:
        fine = _look(self.fine, image, sex, twice=self.mirrored)  # first, as from_bundle expects
        quick = _look(self.quick, self.reduced(image), sex, twice=True)
        chances = (quick.chances.mean(dim=0) + fine.chances.mean(dim=0)) / 2
        months = median(chances)
        below = share_below_median(chances)
        at_median = chances.gather(1, months.round().long()[:, None]).clamp_min(SMALLEST)
        coarse, heat = (_heat(look, below, at_median, sex) / 2 for look in (quick, fine))
        rows, columns = (_spread(coarse.shape[side], heat.shape[side]).to(heat.device) for side in (1, 2))
        return {
            "bone_age_months": months,
            "distribution": chances,
            "features": torch.cat([quick.pooled.mean(dim=0), fine.pooled.mean(dim=0)], dim=1),
            "heat_map": heat + rows @ coarse @ columns.T,
        }


def _look(network: BoneAgeNetwork, image: Tensor, sex: Tensor, *, twice: bool) -> NetworkLook:
    """A look at the pictures and, if asked for, one at their mirror images."""
    if twice:  # side by side: a fifth faster than in turn
        image, sex = torch.cat([image, image.flip(3)]), torch.cat([sex, sex])
    maps, pooled = network.features(image)
    pooled = pooled.float()
    chances = network.head(pooled, sex).float().softmax(dim=1)
    parts = (chances, pooled, maps[0].float())
    head: DistributionHead = network.head  # type: ignore[assignment]  # two_looks has checked it
    return NetworkLook(head, *(each.reshape(2 if twice else 1, -1, *each.shape[1:]) for each in parts))


def _heat(look: NetworkLook, below: Tensor, at_median: Tensor, sex: Tensor) -> Tensor:
    """What each place, (n, h, w), adds to the median of an average of distributions if this network's are all of it.

    ``below`` (n, 241) is the share of each month below that median, ``at_median`` (n, 1) the chance of its month. A
    score ``s_k`` moves the median by ``p_k (sum_j p_j b_j - b_k) / p_m``, where p outside the fraction's lower part is
    the look's own distribution.
    """
    parts = []
    for number, (chances, maps) in enumerate(zip(look.chances, look.maps, strict=True)):
        pull = chances * ((chances * below).sum(dim=1, keepdim=True) - below) / at_median
        heat = (maps * look.head.slope(pull, sex)[:, :, None, None]).sum(dim=1) / (maps.shape[2] * maps.shape[3])
        parts.append(heat.flip(2) if number else heat)
    return torch.stack(parts).mean(dim=0)


def _spread(count: int, length: int) -> Tensor:
    """Weights (length, count) that lay what is in ``count`` even pieces out over ``length``; the sum stays."""
    return shares(length, count).T
