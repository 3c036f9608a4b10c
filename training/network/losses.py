"""What a network is told about its answers."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from training.network.bone_age import MONTHS
from training.run.config import Loss


def linear_loss(answers: Tensor, months: Tensor, how: Loss) -> Tensor:
    """Mean loss of a dense head's months (n,) against the readings (n,)."""
    losses = {"mse": functional.mse_loss, "l1": functional.l1_loss, "huber": functional.smooth_l1_loss}
    return losses[how.kind](answers.float(), months)


def distribution_loss(scores: Tensor, chances: Tensor, months: Tensor, how: Loss) -> Tensor:
    """Cross-entropy of scores (n, 241) against wanted chances (n, 241), plus the expectation's error in months."""
    scores = scores.float()
    crossed = -(chances * scores.log_softmax(dim=1)).sum(dim=1).mean()
    return crossed + how.l1 * (expectation(scores.softmax(dim=1)) - months).abs().mean()


def bell(months: Tensor, sigma: float) -> Tensor:
    """Chances (n, 241) of whole months: a normal bell about each reading (n,)."""
    classes = _classes(months)
    return torch.softmax(-((classes - months[:, None]) ** 2) / (2 * sigma**2), dim=1)


def expectation(chances: Tensor) -> Tensor:
    """Expected months (n,) of chances (n, 241)."""
    return (chances * _classes(chances)).sum(dim=1)


def _classes(like: Tensor) -> Tensor:
    return torch.arange(MONTHS, device=like.device, dtype=torch.float32)
