"""One step's forward pass, from pictures to the loss: the module that an engine may spread over devices."""

from __future__ import annotations

from torch import Tensor, nn

from training.films.batches import normalised, scaled
from training.network.bone_age import BoneAgeNetwork, DenseHead
from training.network.distil import Distiller
from training.network.losses import bell, distribution_loss, linear_loss
from training.run.config import Phase, TrainingConfig
from training.run.distributed import Engine


class TrainingStep(nn.Module):
    """Images 0..1 (n, 1, h, w), sex (n, 2), readings (n,) and the phase of the training -> mean loss."""

    def __init__(
        self, network: BoneAgeNetwork, config: TrainingConfig, distiller: Distiller | None, engine: Engine
    ) -> None:
        super().__init__()
        self.network, self.config, self.distiller, self.engine = network, config, distiller, engine

    def forward(self, images: Tensor, sex: Tensor, months: Tensor, phase: Phase) -> Tensor:
        loss = self.config.loss
        with self.engine.autocast(images.device):
            depths = self.distiller.depths if self.distiller is not None else ()
            seen = normalised(scaled(images, phase.size), self.config.preprocessing)
            maps, pooled = self.network.features(seen, depths)
            raw = self.network.head(pooled, sex)
            if isinstance(self.network.head, DenseHead):
                return linear_loss(raw, months, loss)
            from_label = distribution_loss(raw, bell(months, loss.sigma), months, loss)
            if self.distiller is None:
                return from_label
            share = self.distiller.share
            from_teacher, hint = self.distiller(images, sex, raw, maps, loss)
            return (1 - share) * from_label + share * from_teacher + phase.hint * hint
