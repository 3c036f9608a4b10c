"""A graph's file and signature, as a card lists them and as a session has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from bone_age_gui.core.values.bounds import Name, Text, Within
from bone_age_gui.core.values.errors import BoneAgeError

AxisLength = Annotated[int, Within(1, 1_000_000)]
_NUMPY_NAMES = {"tensor(float)": "float32", "tensor(float16)": "float16", "tensor(double)": "float64"}


@dataclass(frozen=True)
class Tensor:
    """One input or output of the graph. ``dtype`` is numpy's name; a symbolic length stands as text (``"N"``)."""

    name: Name
    dtype: Name
    shape: tuple[AxisLength | Name, ...]


@dataclass(frozen=True)
class ModelFile:
    """The ONNX file beside the card. ``weights`` says how they are stored (``"float32"`` or ``"float16"``)."""

    file: Name
    sha256: Annotated[str, Text(longest=64, shortest=64)]
    architecture: Name
    weights: Name


def check_signature(expected: Sequence[Tensor], nodes: Sequence[Any], what: str) -> None:
    """Compare a card with a session: names in order, dtypes, and lengths, where text and ``None`` are free.

    ``what`` is ``"input"`` or ``"output"``. Raises ``BoneAgeError`` (``bad_signature``).
    """
    real = [(node.name, _NUMPY_NAMES.get(node.type, node.type), _lengths(node.shape)) for node in nodes]
    listed = [(tensor.name, tensor.dtype, _lengths(tensor.shape)) for tensor in expected]
    if real != listed:
        raise BoneAgeError("bad_signature", what, real=_listed(real), said=_listed(listed))


def _lengths(shape: Sequence[int | str | None]) -> tuple[int | None, ...]:
    return tuple(length if isinstance(length, int) else None for length in shape)


def _listed(signature: Sequence[tuple[str, str, tuple[int | None, ...]]]) -> str:
    return "; ".join(
        f"{name} {dtype} ({', '.join('N' if length is None else str(length) for length in shape)})"
        for name, dtype, shape in signature
    )
