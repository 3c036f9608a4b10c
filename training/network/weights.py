"""A backbone and the weights that it starts with: timm's download, an installed package's, or a file."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import timm
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from training.configs.read import bad_config
from training.errors import TrainingError


def make_backbone(name: str, source: str) -> Any:
    """timm's network ``name`` on one grey channel, without its classifier, with weights as ``NetworkSpec`` names them.

    Raises ``BoneAgeError``: ``bad_config`` for a name that timm does not know or whose pictures have a fixed size,
    ``no_weights`` where the weights cannot be had or do not fit.
    """
    backbone = _timm_backbone(name, source == "imagenet")
    if source not in ("imagenet", "none"):
        _load_local(backbone, _packaged(source) if source.startswith("package:") else Path(source))
    return backbone


def _timm_backbone(name: str, pretrained: bool) -> Any:
    if not timm.is_model(name):
        raise bad_config(f"timm knows no network named {name}", "Correct network.backbone")
    try:
        backbone: Any = timm.create_model(name, pretrained=pretrained, in_chans=1, num_classes=0)
    except (OSError, RuntimeError) as error:
        if not pretrained:
            raise
        raise TrainingError(
            "The ImageNet weights could not be downloaded",
            f"timm could not fetch {name} ({type(error).__name__}). Connect to the internet once, or save the weights "
            'elsewhere and give the file as weights = "PATH" in the configuration, or start from weights = "none".',
            "no_weights",
        ) from error
    if backbone.default_cfg.get("fixed_input_size"):  # transformers: they give no maps (n, c, h, w) for a tall picture
        raise bad_config(f"The network {name} takes pictures of one size only", "Correct network.backbone")
    if isinstance(backbone, timm.models.VGG):
        # Dense layers of the classifier, 119 million weights that nothing uses.
        backbone.pre_logits = nn.Identity()  # type: ignore[assignment]
    return backbone


def _packaged(source: str) -> Path:
    """The state file inside an installed package."""
    name = source.removeprefix("package:")
    spec = importlib.util.find_spec(name)
    folders = spec.submodule_search_locations if spec is not None else None
    files = sorted(path for folder in folders or () for path in Path(folder).rglob("*.pth"))
    if not files:
        raise TrainingError(
            "The starting weights are missing",
            f"The package {name} is not installed or holds no weights. Install the extra 'train', or give --weights.",
            "no_weights",
        )
    return files[0]


def _load_local(backbone: nn.Module, path: Path) -> None:
    """Weights from a file of this program's checkpoints or a plain state dict; ``weights_only`` runs no code."""
    if not path.is_file():
        raise TrainingError(
            "The starting weights are missing",
            f"{path} is neither a file nor a model bundle's folder. Correct weights.",
            "no_weights",
        )
    state = _read_state(path)
    plain = {name.removeprefix("backbone."): value for name, value in state.items() if not name.startswith("head.")}
    first = next((name for name, value in plain.items() if value.ndim == 4), None)
    if first is None:
        raise _misfit(path)
    if plain[first].shape[1] == 3:  # colour weights: their sum gives the same for a grey film
        plain[first] = plain[first].sum(dim=1, keepdim=True)
    wanted = backbone.state_dict()
    if not set(wanted) <= set(plain):
        plain = _renamed(plain, wanted, path)
    backbone.load_state_dict({name: plain[name] for name in wanted}, strict=True)


def _read_state(path: Path) -> dict[str, Tensor]:
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        state = torch.load(path, map_location="cpu", weights_only=True)
        state = state.get("ema") or state.get("model") or state
        return {name: value for name, value in state.items() if isinstance(value, Tensor)}
    except Exception as error:  # torch and safetensors report a broken file in many ways
        raise TrainingError(
            "The starting weights cannot be read",
            f"{path.name} is no file of weights ({type(error).__name__}). Correct weights.",
            "no_weights",
        ) from error


def _renamed(plain: dict[str, Tensor], wanted: Mapping[str, Tensor], path: Path) -> dict[str, Tensor]:
    """The same network written by another library: same tensors in the same order, under other names."""
    pairs = zip(wanted.items(), plain.values(), strict=False)  # a classifier may follow
    renamed = {name: value for (name, like), value in pairs if like.shape == value.shape}
    if len(renamed) < len(wanted):
        raise _misfit(path)
    return renamed


def _misfit(path: Path) -> TrainingError:
    return TrainingError(
        "The starting weights do not fit",
        f"{path.name} holds weights of another network. Correct weights or backbone.",
        "no_weights",
    )
