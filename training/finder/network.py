"""The finder's network: a small U-Net from a grey film to maps of joints, offsets and two scores of hands."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import torch
from torch import nn
from torch.nn import functional

from training.errors import TrainingError

CLASSES = 6
WIDTHS = (16, 32, 64, 96, 128)
BLOCKS = (1, 2, 2, 2, 1)
NORM_CELL = 8
"""Pixels that the local mean and deviation are counted over, side of one cell; three cells are averaged."""
START_LOGIT = -4.0
"""Bias of the heat maps at the start: hardly any pixel is a joint."""


def _conv(inputs: int, outputs: int, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class _Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = _conv(width, width)
        self.second = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return functional.relu(values + self.second(self.first(values)))


class LocalContrast(nn.Module):
    """Adds a second channel: the film less its local mean, over its local deviation; steady under exposure."""

    def forward(self, film: torch.Tensor) -> torch.Tensor:
        """Film (n, 1, h, w) in 0..1 -> (n, 2, h, w)."""
        mean = self._local(film)
        square = self._local(film * film)
        deviation = torch.sqrt((square - mean * mean).clamp(min=0) + 1e-4)
        return torch.cat([2 * film - 1, (film - mean) / (3 * deviation)], 1)

    @staticmethod
    def _local(values: torch.Tensor) -> torch.Tensor:
        cells = functional.avg_pool2d(values, NORM_CELL)
        cells = functional.avg_pool2d(cells, 5, 1, 2, count_include_pad=False)
        return functional.interpolate(cells, scale_factor=NORM_CELL, mode="bilinear", align_corners=False)


class FinderNet(nn.Module):
    """Film float32 (n, 1, s, s) in 0..1 -> maps (n, 8, s/2, s/2) and hands (n, 2), both as logits.

    The first six maps are the logits of the joint classes; the last two are the offset (x, y) from a joint to the
    joint before it (DIP to PIP to MCP to wrist, radius and ulna to wrist, wrist to the middle of the knuckles) in
    sixteenths of the map's side. ``hands`` holds the logits of "part of a hand" and "more than one hand".
    """

    def __init__(self) -> None:
        super().__init__()
        self.contrast = LocalContrast()
        self.stem = _conv(2, WIDTHS[0], 5, 2)
        self.down, self.encode = nn.ModuleList(), nn.ModuleList()
        for level, width in enumerate(WIDTHS):
            self.down.append(_conv(WIDTHS[level - 1], width, 3, 2) if level else nn.Identity())
            self.encode.append(nn.Sequential(*[_Residual(width) for _ in range(BLOCKS[level])]))
        self.mix, self.decode = nn.ModuleList(), nn.ModuleList()
        for width, below in pairwise(WIDTHS):
            self.mix.append(_conv(width + below, width, 1))
            self.decode.append(_Residual(width))
        self.maps = nn.Sequential(_conv(WIDTHS[0], 32), nn.Conv2d(32, CLASSES + 2, 1))
        self.hands = nn.Linear(WIDTHS[-1], 2)
        bias = cast(torch.Tensor, cast(nn.Conv2d, self.maps[1]).bias)
        nn.init.constant_(bias[:CLASSES], START_LOGIT)

    def forward(self, film: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Maps (n, 8, s/2, s/2) and hands (n, 2), logits, of films (n, 1, s, s) in 0..1."""
        values = self.stem(self.contrast(film))
        kept: list[torch.Tensor] = []
        for down, encode in zip(self.down, self.encode, strict=True):
            values = encode(down(values))
            kept.append(values)
        hands = self.hands(values.mean((2, 3)))
        for level in reversed(range(len(self.mix))):
            larger = functional.interpolate(values, scale_factor=2, mode="nearest")
            values = self.decode[level](self.mix[level](torch.cat([kept[level], larger], 1)))
        return self.maps(values), hands


def load_weights(network: FinderNet, path: Path) -> dict[str, Any]:
    """Give the network the weights of a checkpoint, and return all of its content; nothing in it is executed.

    Raises ``BoneAgeError`` (``bad_checkpoint``).
    """
    try:
        content: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        network.load_state_dict(content["model"])
    except Exception as error:  # torch reports a broken file in many ways
        raise TrainingError(
            "The checkpoint cannot be used",
            f"{path.parent.name}/{path.name} cannot be read ({type(error).__name__}). Delete it to learn again.",
            "bad_checkpoint",
        ) from error
    return content
