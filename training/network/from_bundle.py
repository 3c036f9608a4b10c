"""A network's weights out of a model bundle: a training goes on from the shipped file, without a checkpoint.

The exporter folds the batch norm behind a convolution into it. Such a norm comes back as one that adds what was
folded and nothing else; to be trained on, it gets the statistics of films again. The network's outputs stay the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm

from bone_age_gui.core.model.bundle import CARD_FILE, load_bundle
from training.errors import TrainingError

_STORED = {"Conv": nn.Conv2d, "BatchNormalization": _BatchNorm, "Gemm": nn.Linear}
"""Operators that hold weights, and what they were in torch."""


def is_bundle(source: str | Path) -> bool:
    """Whether a configuration's ``weights`` are the folder of a model bundle."""
    return (Path(source) / CARD_FILE).is_file()


@torch.no_grad()
def restore(network: nn.Module, folder: Path, *, look: int = 0) -> list[_BatchNorm]:
    """Give a ``BoneAgeNetwork`` the weights of a bundle that was exported from its like.

    A bundle of two looks holds two networks of one kind: ``look`` 0 is the fine one, 1 the quick one. Returns the norms
    that were folded away, for ``set_norm_statistics``.

    Raises ``BoneAgeError``: ``model_not_found bad_card card_schema model_damaged``, and ``no_weights`` for a file of
    another network, or of fewer.
    """
    bundle = load_bundle(folder)
    stored = _stored_layers(onnx.load(bundle.model_path).graph)
    order = _layers_in_order(network, bundle.film_shape)
    for _ in range(look):
        _fill(order, stored, folder)
    return _fill(order, stored, folder)


def _fill(order: Sequence[nn.Module], stored: Iterator[tuple[str, list[Tensor]]], folder: Path) -> list[_BatchNorm]:
    """Copy the next stored layers into those of a network; returns the norms that were folded away."""
    folded: list[_BatchNorm] = []
    bias = None
    for layer in order:
        if bias is not None and isinstance(layer, _BatchNorm):
            _change_nothing(layer, bias)
            folded.append(layer)
            bias = None
            continue
        kind, values = next(stored, ("", []))
        wanted = _tensors(layer)
        if not isinstance(layer, _STORED.get(kind, ())) or bias is not None:
            raise _misfit(folder)
        if len(values) == len(wanted) + 1:
            bias = values.pop()
        if [value.shape for value in values] != [tensor.shape for tensor in wanted]:
            raise _misfit(folder)
        for tensor, value in zip(wanted, values, strict=True):
            tensor.copy_(value)
    return folded


@torch.no_grad()
def set_norm_statistics(network: nn.Module, folded: list[_BatchNorm], images: Tensor) -> None:
    """Give folded norms the statistics of pictures as the network sees them, (n, 1, h, w)."""
    seen: dict[nn.Module, tuple[Tensor, Tensor]] = {}

    def look(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        seen[norm] = torch.var_mean(inputs[0], dim=(0, 2, 3))

    _watch(network, folded, look, images)
    for norm in folded:
        variance, mean = seen[norm]
        norm.running_var.copy_(variance)  # type: ignore[union-attr]  # these norms all keep them
        norm.running_mean.copy_(mean)  # type: ignore[union-attr]
        norm.weight.copy_(torch.sqrt(variance + norm.eps))
        norm.bias.add_(mean)


def _stored_layers(graph: onnx.GraphProto) -> Iterator[tuple[str, list[Tensor]]]:
    """Kind and weights of the graph's layers as they are computed; one that takes two looks in turn has them twice."""
    values = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    for node in graph.node:
        if node.op_type in ("Identity", "Cast") and node.input[0] in values:  # shared, or kept in 16 bits
            values[node.output[0]] = values[node.input[0]]
        elif node.op_type in _STORED and node.input[1] in values:
            yield node.op_type, [torch.from_numpy(values[name].astype(np.float32)) for name in node.input[1:]]


def _layers_in_order(network: nn.Module, shape: tuple[int, ...]) -> list[nn.Module]:
    order: list[nn.Module] = []
    kinds = tuple(_STORED.values())
    layers = [layer for layer in network.modules() if isinstance(layer, kinds)]
    blank = torch.zeros(1, *shape, device=next(network.parameters()).device)
    _watch(network, layers, lambda layer, _: order.append(layer), blank)
    return order


def _watch(
    network: nn.Module,
    layers: Sequence[nn.Module],
    look: Callable[[nn.Module, tuple[Tensor, ...]], None],
    images: Tensor,
) -> None:
    """Let the network see pictures (n, 1, h, w), and ``look`` each layer and its inputs in their order."""
    hooks = [layer.register_forward_pre_hook(look) for layer in layers]
    network.eval()(images, images.new_zeros(len(images), 2))
    for hook in hooks:
        hook.remove()


def _tensors(layer: nn.Module) -> list[Tensor]:
    """Weight and bias, if it has one, and a norm's mean and variance, in the file's order."""
    names = ("weight", "bias", "running_mean", "running_var")
    return [tensor for name in names if (tensor := getattr(layer, name, None)) is not None]


def _change_nothing(norm: _BatchNorm, bias: Tensor) -> None:
    norm.weight.fill_(1)
    norm.bias.copy_(bias)
    norm.running_mean.zero_()  # type: ignore[union-attr]
    norm.running_var.fill_(1 - norm.eps)  # type: ignore[union-attr]


def _misfit(folder: Path) -> TrainingError:
    return TrainingError(
        "The starting weights do not fit",
        f"The bundle {folder.name} holds another network. Correct weights or backbone.",
        "no_weights",
    )
