"""Random changes to a batch of prepared films, on whatever device the batch lies."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class AugmentSpec:
    """Largest changes; 0 switches one off.

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
    """

    rotation: float
    scale: float
    shift: float
    mirror: float
    gamma: float
    contrast: float
    noise: float
    sharpness: float
    occlusion: float


def augment(images: Tensor, spec: AugmentSpec, random: torch.Generator) -> Tensor:
    """Change every film of a batch (float32, (n, 1, h, w), 0..1) by its own random draw."""
    images = _move(images, spec, random)
    if spec.sharpness > 0:
        images = _sharpen(images, spec, random)
    images = _regrey(images, spec, random)
    return _occlude(images, spec, random) if spec.occlusion > 0 else images


def _uniform(count: int, limit: float, random: torch.Generator, device: torch.device) -> Tensor:
    return ((torch.rand(count, generator=random) * 2 - 1) * limit).to(device)


def _move(images: Tensor, spec: AugmentSpec, random: torch.Generator) -> Tensor:
    count, device = len(images), images.device
    angle = torch.deg2rad(_uniform(count, spec.rotation, random, device))
    zoom = torch.exp(_uniform(count, spec.scale, random, device))
    mirror = torch.where(torch.rand(count, generator=random).to(device) < spec.mirror, -1.0, 1.0)
    across, down = (_uniform(count, 2 * spec.shift, random, device) for _ in range(2))
    cosine, sine = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    rows = (torch.stack([cosine * mirror, -sine, across], 1), torch.stack([sine * mirror, cosine, down], 1))
    grid = functional.affine_grid(torch.stack(rows, 1), list(images.shape), align_corners=False)
    return functional.grid_sample(images, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def _sharpen(images: Tensor, spec: AugmentSpec, random: torch.Generator) -> Tensor:
    edge = torch.tensor([0.25, 0.5, 0.25], device=images.device)
    smooth = functional.conv2d(images, (edge[:, None] * edge)[None, None], padding=1)
    share = _uniform(len(images), spec.sharpness, random, images.device).view(-1, 1, 1, 1)
    return (images + share * (images - smooth)).clamp(0, 1)


def _regrey(images: Tensor, spec: AugmentSpec, random: torch.Generator) -> Tensor:
    count, device = len(images), images.device
    column = (count, 1, 1, 1)
    exponent = torch.exp(_uniform(count, spec.gamma, random, device)).view(column)
    stretch = 1 + _uniform(count, spec.contrast, random, device).view(column)
    strength = torch.rand(count, generator=random).to(device).view(column) * spec.noise
    noise = torch.randn(images.shape, generator=random).to(device) * strength
    return (images.clamp(1e-4, 1) ** exponent * stretch + noise).clamp(0, 1)


def _occlude(images: Tensor, spec: AugmentSpec, random: torch.Generator) -> Tensor:
    side = images.shape[-1]
    changed = images.clone()
    for index in torch.nonzero(torch.rand(len(images), generator=random) < spec.occlusion).flatten().tolist():
        height, width = (int(v) for v in (torch.rand(2, generator=random) * 0.18 * side + 0.04 * side))
        top, left = (int(v) for v in torch.rand(2, generator=random) * 0.85 * side)
        changed[index, :, top : top + height, left : left + width] = float(torch.rand(1, generator=random))
    return changed
