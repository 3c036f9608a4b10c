"""A teacher beside the network that is trained: its distribution as a second label, its feature maps as a hint.

One reader's label errs by months; a teacher's answer to the very picture that the student sees errs less, and
its feature maps say where on the film the answer comes from.
(Hinton et al. 2015, arXiv:1503.02531; Romero et al. 2015, arXiv:1412.6550.)
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.batches import normalised, scaled
from training.config import Distillation, Loss, TrainingConfig
from training.losses import distribution_loss, expectation
from training.network import BoneAgeNetwork, DistributionHead


@dataclass(frozen=True)
class Lesson:
    """A teacher's answer: chances (n, 241) and feature maps (n, c, h, w)."""

    chances: Tensor
    maps: Tensor


class Distiller(nn.Module):
    """The teacher, which stays as it is, and the projection of the student's maps onto the teacher's, which learns."""

    def __init__(self, teacher: BoneAgeNetwork, config: TrainingConfig, channels: int, how: Distillation) -> None:
        """``config`` is the teacher's, ``channels`` counts the student's feature maps."""
        super().__init__()
        assert isinstance(teacher.head, DistributionHead)
        self.teacher = teacher.requires_grad_(False).eval()
        self.spec, self.size, self.share = config.preprocessing, config.phases[-1].size, how.share
        wanted = int(teacher.backbone.num_features)  # type: ignore[arg-type]  # timm's models all have it
        self.project = nn.Conv2d(channels, wanted, 1)
        self.standardise = nn.BatchNorm2d(wanted, affine=False)

    def train(self, mode: bool = True) -> Distiller:
        """The teacher never trains."""
        super().train(mode)
        self.teacher.eval()
        return self

    def learned(self) -> dict[str, Tensor]:
        """What a checkpoint has to keep: all but the teacher."""
        return {name: value for name, value in self.state_dict().items() if not name.startswith("teacher.")}

    @torch.no_grad()
    def teach(self, images: Tensor, sex: Tensor) -> Lesson:
        """The teacher's answer to images 0..1 (n, 1, h, w)."""
        maps, pooled = self.teacher.features(normalised(scaled(images, self.size), self.spec))
        return Lesson(self.teacher.head(pooled, sex).float().softmax(dim=1), maps)

    def forward(self, images: Tensor, sex: Tensor, scores: Tensor, maps: Tensor, loss: Loss) -> tuple[Tensor, Tensor]:
        """Loss against the teacher's distribution, and mean squared distance of the feature maps."""
        lesson = self.teach(images, sex)
        told = distribution_loss(scores, lesson.chances, expectation(lesson.chances), loss)
        if maps.shape[2:] != lesson.maps.shape[2:]:
            maps = functional.interpolate(maps, size=lesson.maps.shape[2:], mode="bilinear", align_corners=False)
        hint = functional.mse_loss(self.project(maps).float(), self.standardise(lesson.maps.float()))
        return told, hint
