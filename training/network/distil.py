"""A teacher beside the network that is trained: its distribution as a second label, its feature maps as a hint.

One reader's label errs by months; a teacher's estimate of the very picture that the student sees errs less, and
its feature maps say where on the film the estimate comes from.
(Hinton et al. 2015, arXiv:1503.02531; Romero et al. 2015, arXiv:1412.6550.)
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.configs.values import Distillation, TrainingConfig
from training.films.batches import normalised, scaled
from training.network.bone_age import BoneAgeNetwork, DistributionHead


@dataclass(frozen=True)
class Lesson:
    """What a teacher makes of a batch: chances (n, 241) and feature maps, each (n, c, h, w), the last ones first."""

    chances: Tensor
    maps: tuple[Tensor, ...]


class Hint(nn.Module):
    """How far a student's feature maps are from a teacher's, both (n, c, h, w), of any number and size of their own.

    The student's are projected onto the teacher's, which count in units of their own spread. The projection learns.
    """

    def __init__(self, channels: int, wanted: int) -> None:
        super().__init__()
        self.project = nn.Conv2d(channels, wanted, 1)
        self.standardise = nn.BatchNorm2d(wanted, affine=False)

    def forward(self, maps: Tensor, wanted: Tensor) -> Tensor:
        if maps.shape[2:] != wanted.shape[2:]:
            maps = functional.interpolate(maps, size=wanted.shape[2:], mode="bilinear", align_corners=False)
        return functional.mse_loss(self.project(maps).float(), self.standardise(wanted.float()))


class Distiller(nn.Module):
    """The teacher, which stays as it is, and the hints, whose projections learn."""

    def __init__(
        self, teacher: BoneAgeNetwork, config: TrainingConfig, student: BoneAgeNetwork, settings: Distillation
    ) -> None:
        """``config`` is the teacher's. A depth that one of the two lacks raises ``BoneAgeError`` (``bad_config``)."""
        super().__init__()
        assert isinstance(teacher.head, DistributionHead)
        self.teacher = teacher.requires_grad_(False).eval()
        self.spec, self.size = config.preprocessing, config.phases[-1].size
        self.share, self.depths = settings.share, settings.depths
        pairs = zip(student.channels_at(settings.depths), teacher.channels_at(settings.depths), strict=True)
        self.hints = nn.ModuleList(Hint(channels, wanted) for channels, wanted in pairs)

    def train(self, mode: bool = True) -> Distiller:
        """The teacher never trains."""
        super().train(mode)
        self.teacher.eval()
        return self

    def learned(self) -> dict[str, Tensor]:
        """What a checkpoint has to keep: all but the teacher."""
        return {name: value for name, value in self.state_dict().items() if not name.startswith("teacher.")}

    @torch.no_grad()
    def lesson_for(self, images: Tensor, sex: Tensor) -> Lesson:
        """The teacher's distributions and feature maps for images 0..1 (n, 1, h, w) and sex (n, 2)."""
        maps, pooled = self.teacher.features(normalised(scaled(images, self.size), self.spec), self.depths)
        return Lesson(self.teacher.head(pooled, sex).float().softmax(dim=1), maps)

    def distance(self, maps: tuple[Tensor, ...], lesson: Lesson) -> Tensor:
        """Sum of the distances between the student's feature maps, as ``features`` gives them, and the teacher's."""
        hints = [hint(mine, theirs) for hint, mine, theirs in zip(self.hints, maps, lesson.maps, strict=True)]
        return torch.stack(hints).sum()
