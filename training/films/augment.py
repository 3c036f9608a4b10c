"""Random changes to a batch of prepared films, on whatever device the batch lies."""

from __future__ import annotations

import math

import cv2
import torch
from torch import Tensor
from torch.nn import functional

from training.configs.values import AugmentSpec


def augment(images: Tensor, spec: AugmentSpec, random: torch.Generator) -> Tensor:
    """Change every film of a batch (float32, (n, 1, h, w), 0..1) by its own random draw."""
    images = _move(images, spec, random)
    if spec.border > 0:
        images = _bar(images, spec, random)
    if spec.blur > 0:
        images = _blur(images, spec, random)
    if spec.sharpness > 0:
        images = _sharpen(images, spec, random)
    images = _regrey(images, spec, random)
    if spec.jpeg > 0:
        images = _compress(images, spec, random)
    if spec.occlusion > 0:
        images = _occlude(images, spec, random)
    return _invert(images, spec, random) if spec.invert > 0 else images


def _uniform(count: int, limit: float, random: torch.Generator, device: torch.device) -> Tensor:
    return ((torch.rand(count, generator=random) * 2 - 1) * limit).to(device)


def _move(images: Tensor, spec: AugmentSpec, random: torch.Generator) -> Tensor:
    count, device = len(images), images.device
    angle = torch.deg2rad(_uniform(count, spec.rotation, random, device))
    zoom = torch.exp(_uniform(count, spec.scale, random, device))
    mirror = torch.where(torch.rand(count, generator=random).to(device) < spec.mirror, -1.0, 1.0)
    across, down = (_uniform(count, 2 * spec.shift, random, device) for _ in range(2))
    cosine, sine = torch.cos(angle) * zoom, torch.sin(angle) * zoom
    aspect = images.shape[-1] / images.shape[-2]  # a grid counts both sides as 2: without it turning would shear
    rows = (
        torch.stack([cosine * mirror, -sine / aspect, across], 1),
        torch.stack([sine * mirror * aspect, cosine, down], 1),
    )
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
    tall, wide = images.shape[-2:]
    changed = images.clone()
    for index in _chosen(len(images), spec.occlusion, random):
        height, width = (int(v) for v in (torch.rand(2, generator=random) * 0.18 * wide + 0.04 * wide))
        top, left = (int(v) for v in torch.rand(2, generator=random) * torch.tensor([0.85 * tall, 0.85 * wide]))
        changed[index, :, top : top + height, left : left + width] = float(torch.rand(1, generator=random))
    return changed


def _chosen(count: int, chance: float, random: torch.Generator) -> list[int]:
    return torch.nonzero(torch.rand(count, generator=random) < chance).flatten().tolist()


def _bar(images: Tensor, spec: AugmentSpec, random: torch.Generator) -> Tensor:
    changed = images.clone()
    for index in _chosen(len(images), spec.border, random):
        width, edge, grey = torch.rand(3, generator=random).tolist()
        pixels = max(1, int((0.02 + 0.1 * width) * images.shape[-1]))
        turned = torch.rot90(changed[index], int(4 * edge), dims=(1, 2)).clone()
        turned[:, :pixels] = 0.4 + 0.6 * grey
        changed[index] = torch.rot90(turned, -int(4 * edge), dims=(1, 2))
    return changed


def _blur(images: Tensor, spec: AugmentSpec, random: torch.Generator) -> Tensor:
    """A Gaussian for every film, all at once: films as groups of one convolution, rows first, then columns."""
    count, reach = len(images), math.ceil(3 * spec.blur)
    sigma = (torch.rand(count, generator=random) * spec.blur).clamp(min=0.05)[:, None].to(images.device)
    offsets = torch.arange(-reach, reach + 1, device=images.device, dtype=torch.float32)
    line = torch.exp(-((offsets / sigma) ** 2) / 2)
    line = line / line.sum(dim=1, keepdim=True)
    films = images.transpose(0, 1)
    films = functional.conv2d(films, line[:, None, None, :], padding=(0, reach), groups=count)
    films = functional.conv2d(films, line[:, None, :, None], padding=(reach, 0), groups=count)
    return films.transpose(0, 1)


def _compress(images: Tensor, spec: AugmentSpec, random: torch.Generator) -> Tensor:
    changed = images.clone()
    for index in _chosen(len(images), spec.jpeg, random):
        quality = int(25 + 65 * torch.rand(1, generator=random))
        film = (images[index, 0] * 255).round().to(torch.uint8).cpu().numpy()
        stored = cv2.imencode(".jpg", film, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        changed[index, 0] = torch.from_numpy(cv2.imdecode(stored, cv2.IMREAD_GRAYSCALE)).to(images.device) / 255
    return changed


def _invert(images: Tensor, spec: AugmentSpec, random: torch.Generator) -> Tensor:
    turned = (torch.rand(len(images), generator=random) < spec.invert).to(images.device)
    return torch.where(turned[:, None, None, None], 1 - images, images)
