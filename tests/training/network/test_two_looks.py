"""Two networks at two scales as one: the smaller picture, the averaged answer, and what each place adds to it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.stages.preprocess import PreprocessingSpec, network_input, run_stages
from bone_age_gui.core.values.errors import BoneAgeError
from configs import CONFIGS, SHIPPED

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.configs.read import make_network_spec, read_config  # noqa: E402
from training.network.bone_age import BoneAgeNetwork, MirroredAverage, build_network, median  # noqa: E402
from training.network.two_looks import Reduced, TwoLooks, shares  # noqa: E402

QUICK = read_config(SHIPPED).preprocessing
FINE = read_config(CONFIGS / "fine.toml").preprocessing
SAMPLE = Path(__file__).parents[3] / "resources" / "sample" / "phantom_hand.dcm"
SEX = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])


def network(seed: int) -> BoneAgeNetwork:
    """A small one whose answers differ from film to film."""
    spec = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["network"] | {"backbone": "test_resnet", "dropout": 0.0}
    torch.manual_seed(seed)
    made = build_network(make_network_spec(spec)).eval()
    with torch.no_grad():
        for layer in (made.head.shared, made.head.female, made.head.male):
            layer.weight.normal_(std=0.5)
    return made


def small(spec: PreprocessingSpec, height: int) -> PreprocessingSpec:
    return replace(spec, network_height=height, network_width=2 * height // 3)


@pytest.fixture(params=[True, False], ids=["mirrored", "plain"])
def looks(request: pytest.FixtureRequest) -> TwoLooks:
    reduced = Reduced(small(FINE, 144), small(QUICK, 96))
    return TwoLooks(network(1), network(2), reduced, mirrored=request.param).eval()


@pytest.fixture(scope="module")
def images() -> Any:
    random = np.random.default_rng(3)
    return torch.from_numpy(random.normal(size=(3, 1, 144, 96)).astype(np.float32))


def test_even_pieces_are_averages_of_what_they_overlap() -> None:
    assert torch.allclose(
        shares(6, 3), torch.tensor([[0.5, 0.5, 0, 0, 0, 0], [0, 0, 0.5, 0.5, 0, 0], [0, 0, 0, 0, 0.5, 0.5]])
    )
    assert torch.allclose(shares(3, 2), torch.tensor([[2 / 3, 1 / 3, 0], [0, 1 / 3, 2 / 3]]))
    assert torch.allclose(shares(14, 9).sum(dim=1), torch.ones(9))
    assert torch.allclose(shares(9, 14).sum(dim=0), torch.full((9,), 14 / 9))


def test_the_smaller_picture_is_nearly_the_one_that_the_stages_make() -> None:
    film = read_radiograph(SAMPLE).pixels
    fine, quick = (torch.from_numpy(network_input(run_stages(film, spec), spec)) for spec in (FINE, QUICK))
    made = Reduced(FINE, QUICK)(fine)
    assert made.shape == quick.shape == (1, 1, 288, 192)
    apart = (made - quick).abs() * QUICK.deviation
    assert float(apart.mean()) < 0.03
    assert float(np.corrcoef(made.flatten(), quick.flatten())[0, 1]) > 0.98


def test_networks_of_other_stages_are_refused() -> None:
    with pytest.raises(BoneAgeError, match="differ in gamma") as refused:
        Reduced(FINE, replace(QUICK, gamma=1.0))
    assert refused.value.code == "bad_config"


def test_the_answer_is_the_median_of_the_average(looks: TwoLooks, images: Any) -> None:
    with torch.inference_mode():
        answer = looks(images, SEX)
        quick = MirroredAverage(looks.quick)(looks.reduced(images), SEX)
        fine = (MirroredAverage(looks.fine) if looks.mirrored else looks.fine)(images, SEX)
    chances = (quick["distribution"] + fine["distribution"]) / 2
    assert torch.allclose(answer["distribution"], chances, atol=1e-6)
    assert torch.allclose(answer["bone_age_months"], median(chances), atol=1e-3)
    assert torch.equal(answer["features"], torch.cat([quick["features"], fine["features"]], dim=1))
    assert answer["heat_map"].shape[1:] == looks.fine.features(images)[0][0].shape[2:]


def test_the_map_adds_up_to_what_both_networks_features_do_to_the_answer(
    looks: TwoLooks, images: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More of a network's features, everywhere alike, moves the median by its part of the map: true to first order."""
    step = 5e-3
    slopes = []
    for backbone in (looks.quick.backbone, looks.fine.backbone):
        plain = backbone.forward_features
        months = []
        for gain in (1 - step, 1 + step):
            monkeypatch.setattr(backbone, "forward_features", lambda image, gain=gain, plain=plain: plain(image) * gain)
            with torch.inference_mode():
                months.append(looks(images, SEX)["bone_age_months"])
        monkeypatch.setattr(backbone, "forward_features", plain)
        slopes.append((months[1] - months[0]) / (2 * step))
    with torch.inference_mode():
        whole = looks(images, SEX)["heat_map"].sum(dim=(1, 2))
    assert all(float(slope.abs().min()) > 1e-3 for slope in slopes)
    assert torch.allclose(whole, slopes[0] + slopes[1], rtol=0.02, atol=0.02)
