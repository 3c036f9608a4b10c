"""From the shipped file back to a network that can be trained on."""

import re
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.model.preparing import PreparingModel
from bone_age_gui.core.values.types import Sex
from configs import BACKBONE, SHIPPED, write_small
from rsna import RsnaFolder, write_rsna, write_splits

torch = pytest.importorskip("torch", reason="torch is not installed (extra 'train')")
from training.__main__ import main  # noqa: E402
from training.configs.read import read_config  # noqa: E402
from training.measure.scoring import film_input  # noqa: E402
from training.network.bone_age import build_network  # noqa: E402
from training.network.from_bundle import restore, set_norm_statistics  # noqa: E402

ROOT = Path(__file__).parents[3]
BUNDLE = ROOT / "models" / "densenet121"
SAMPLE = ROOT / "resources" / "sample" / "phantom_hand.dcm"
CONVOLUTION = "backbone.features.denseblock4.denselayer16.conv2.weight"
"""One that no norm was folded into."""


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    """The sample as the shipped network sees it, (8, 1, h, w): brighter and darker, shifted and mirrored."""
    film = film_input(SAMPLE, PreparingModel(load_bundle(BUNDLE)))
    shifted = [np.roll(film * gain, by, axis=3) for gain in (0.9, 1.1) for by in (-6, 6)]
    return np.concatenate([*shifted, *(film[..., ::-1] for film in shifted)]).astype(np.float32)


def test_the_shipped_network_comes_back_and_can_be_trained_on(pictures: np.ndarray) -> None:
    network = build_network(read_config(SHIPPED).network)
    network.head.dropout.p = 0.0
    images, sex = torch.from_numpy(pictures), torch.tensor([[1.0, 0.0]] * 4 + [[0.0, 1.0]] * 4)
    folded = restore(network, BUNDLE)
    with torch.inference_mode():
        restored = network(images, sex)["bone_age_months"].numpy()
    sexes = [Sex.FEMALE] * 4 + [Sex.MALE] * 4
    shipped = [each.bone_age_months for each in Predictor(load_bundle(BUNDLE), "cpu").estimate_batch(pictures, sexes)]
    assert np.allclose(restored, shipped, atol=0.01)

    def answers() -> np.ndarray:
        with torch.no_grad():
            return network(images, sex)["bone_age_months"].numpy()

    set_norm_statistics(network, folded, images)
    assert np.allclose(answers(), restored, atol=0.01)
    for norm in folded:
        norm.train()  # from here on it goes by the batch, whose statistics it has
    assert np.allclose(answers(), restored, atol=0.1)


@pytest.fixture
def rsna(tmp_path: Path) -> RsnaFolder:
    write_splits(tmp_path / "splits", report=["1"], tune=["2"])
    return write_rsna(tmp_path / "rsna", 8, stretch_to=120)


def command(rsna: RsnaFolder, config: Path, weights: Path) -> list[str]:
    paths = ["--config", config, "--splits", config.parent / "splits", "--run", config.parent / "run"]
    return ["train", *rsna.words(), *map(str, paths), "--weights", str(weights), "--device", "cpu"]


def test_a_training_goes_on_from_the_shipped_file(rsna: RsnaFolder, tmp_path: Path) -> None:
    config = write_small(SHIPPED, tmp_path / "small.toml", size=96, without=["distillation"])
    text = re.sub(r"(?m)^rate = .*$", "rate = 1e-9", config.read_text(encoding="utf-8"))  # hardly a step away
    config.write_text(text.replace(f'"{BACKBONE}"', '"densenet121"'), encoding="utf-8")
    assert main(command(rsna, config, BUNDLE)) == 0
    state = torch.load(tmp_path / "run" / "last.pt", weights_only=True)["model"]
    stored = {each.name: each for each in onnx.load(BUNDLE / "model.onnx").graph.initializer}
    [name] = [name for name in stored if CONVOLUTION in name]
    assert np.allclose(state[CONVOLUTION].numpy(), numpy_helper.to_array(stored[name]), atol=1e-5)
    [name] = [name for name in stored if "head.male.weight" in name]
    assert np.allclose(state["head.male.weight"].numpy(), numpy_helper.to_array(stored[name]), atol=1e-5)


@pytest.mark.parametrize(
    ("weights", "reason"), [(BUNDLE, "densenet121 holds another network"), (ROOT / "models", "model bundle's folder")]
)
def test_a_folder_that_does_not_fit_is_refused(
    rsna: RsnaFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str], weights: Path, reason: str
) -> None:
    config = write_small(SHIPPED, tmp_path / "small.toml", without=["distillation"])
    assert main(command(rsna, config, weights)) == 2
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "run" / "last.pt").exists()
