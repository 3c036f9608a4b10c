"""The predictor: what it got, what it answers, and what it refuses to answer."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.model.devices import missing_driver
from bone_age_gui.core.model.graph import ModelFile, Tensor
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.values.digest import file_sha256
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Sex
from bundles import ALL_OUTPUTS, SIGMA, make_bundle, write_bundle
from refused import message_of

needs_no_driver = pytest.mark.skipif(missing_driver() is None, reason="this machine has a CUDA device")


def picture(seed: int = 0, batch: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).random((batch, 1, 280, 280), dtype=np.float32)


def code_of(call: Any) -> BoneAgeError:
    with pytest.raises(BoneAgeError) as refusal:
        call()
    return refusal.value


def test_an_estimate_carries_all_that_a_report_needs(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path, months=100.0)
    estimate = Predictor(bundle, "cpu").estimate(picture(), Sex.FEMALE)
    assert estimate.bone_age_months == pytest.approx(100)
    assert estimate.spread_months == pytest.approx(np.hypot(SIGMA, 2.0), abs=0.01)
    assert estimate.interval_level == 0.9
    half = 1.7 * np.hypot(SIGMA, 2.0)
    assert estimate.interval_months == pytest.approx((100 - half, 100 + half), abs=0.02)
    assert (estimate.sex, estimate.device) == (Sex.FEMALE, "cpu")
    assert (estimate.model_name, estimate.model_version) == ("tiny", "0.1")
    assert estimate.model_sha256 == file_sha256(bundle.model_path)
    assert estimate.seconds > 0
    assert estimate.distribution is not None
    assert estimate.distribution.shape == (241,)
    assert not estimate.distribution.flags.writeable
    assert estimate.heat_map is not None
    assert estimate.heat_map.shape == (8, 8)
    assert estimate.heat_map.dtype == np.float32
    assert estimate.heat_map.min() >= 0
    assert estimate.heat_map.max() == 1


def test_the_interval_never_goes_below_birth(tmp_path: Path) -> None:
    estimate = Predictor(make_bundle(tmp_path, months=5.0), "cpu").estimate(picture(), None)
    assert estimate.interval_months is not None
    assert estimate.interval_months[0] == 0


def test_a_bundle_with_only_the_age_gives_only_the_age(tmp_path: Path) -> None:
    estimate = Predictor(make_bundle(tmp_path, outputs=("bone_age_months",)), "cpu").estimate(picture(), None)
    assert estimate.bone_age_months > 0
    assert estimate.spread_months is None
    assert estimate.interval_months is None
    assert estimate.interval_level is None
    assert estimate.distribution is None
    assert estimate.heat_map is None


def test_a_distribution_without_calibration_gives_no_spread(tmp_path: Path) -> None:
    estimate = Predictor(make_bundle(tmp_path, calibration=None), "cpu").estimate(picture(), None)
    assert estimate.distribution is not None
    assert estimate.spread_months is None


def test_sex_reaches_the_network_as_the_card_encodes_it(tmp_path: Path) -> None:
    predictor = Predictor(make_bundle(tmp_path), "cpu")
    ages = {sex: predictor.estimate(picture(), sex).bone_age_months for sex in (Sex.FEMALE, None, Sex.MALE)}
    assert ages[Sex.MALE] - ages[None] == pytest.approx(3, abs=1e-3)
    assert ages[None] - ages[Sex.FEMALE] == pytest.approx(3, abs=1e-3)


def test_a_batch_answers_as_single_films_in_order(tmp_path: Path) -> None:
    predictor = Predictor(make_bundle(tmp_path), "cpu")
    films = picture(batch=5)
    films *= np.linspace(0.2, 1, 5, dtype=np.float32)[:, None, None, None]
    sexes = [Sex.MALE, None, Sex.FEMALE, None, Sex.MALE]
    together = predictor.estimate_batch(films, sexes)
    alone = [predictor.estimate(films[index : index + 1], sex) for index, sex in enumerate(sexes)]
    assert [e.bone_age_months for e in together] == [e.bone_age_months for e in alone]
    assert [e.sex for e in together] == sexes
    assert predictor.estimate_batch(films[:0], []) == []


def test_short_batches_are_filled_up_and_cut_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    predictor = Predictor(make_bundle(tmp_path), "cpu")
    films, sexes = picture(batch=5), [Sex.MALE, None, Sex.FEMALE, None, Sex.MALE]
    alone = [e.bone_age_months for e in predictor.estimate_batch(films, sexes)]
    monkeypatch.setattr(Predictor, "batch_size", 4)
    together = [e.bone_age_months for e in predictor.estimate_batch(films, sexes)]
    assert together == pytest.approx(alone, abs=1e-3)


def test_many_threads_get_the_same_answers(tmp_path: Path) -> None:
    predictor = Predictor(make_bundle(tmp_path), "cpu", threads=2)
    films = [picture(seed) for seed in range(16)]
    expected = [predictor.estimate(film, None).bone_age_months for film in films]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda film: predictor.estimate(film, None).bone_age_months, films)) == expected


@pytest.mark.parametrize("months", [float("nan"), float("inf"), -1.0, 240.5, 1e9])
def test_an_implausible_answer_is_an_error_and_no_number(tmp_path: Path, months: float) -> None:
    predictor = Predictor(make_bundle(tmp_path, outputs=("bone_age_months",), months=months), "cpu")
    error = code_of(lambda: predictor.estimate(picture(), None))
    assert error.code == "implausible_answer"
    assert "Check that the film" in message_of(error)


def test_a_film_with_nan_is_no_number_either(tmp_path: Path) -> None:
    predictor = Predictor(make_bundle(tmp_path), "cpu")
    film = picture()
    film[0, 0, 100, 100] = np.nan
    assert code_of(lambda: predictor.estimate(film, None)).code == "implausible_answer"


@pytest.mark.parametrize(
    "film", [np.zeros((1, 1, 280, 281), np.float32), np.zeros((1, 1, 280, 280)), np.zeros((2, 1, 280, 280), np.float32)]
)
def test_a_wrong_input_is_a_mistake_of_the_program(tmp_path: Path, film: np.ndarray) -> None:
    predictor = Predictor(make_bundle(tmp_path), "cpu")
    with pytest.raises(ValueError, match="expected float32"):
        predictor.estimate(film, None)


def test_films_and_sexes_must_pair(tmp_path: Path) -> None:
    predictor = Predictor(make_bundle(tmp_path), "cpu")
    with pytest.raises(ValueError, match="2 films with 1 sexes"):
        predictor.estimate_batch(picture(batch=2), [None])


@pytest.mark.parametrize(
    "wrong",
    [
        Tensor("heat_map", "float32", ("N", 9, 9)),
        Tensor("heat_map", "float16", ("N", 8, 8)),
        Tensor("heat_map", "float32", ("N", 8, "W")),
        Tensor("heat_map", "float32", (1, 8, 8)),
    ],
)
def test_a_network_that_differs_from_its_card_is_refused(tmp_path: Path, wrong: Tensor) -> None:
    bundle = make_bundle(tmp_path)
    bundle = replace(bundle, card=replace(bundle.card, outputs=(*bundle.card.outputs[:-1], wrong)))
    error = code_of(lambda: Predictor(bundle, "cpu"))
    assert error.code == "bad_signature"
    assert "heat_map" in message_of(error)


def test_an_output_that_the_network_lacks_is_refused(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path, outputs=("bone_age_months", "distribution"))
    more = make_bundle(tmp_path / "more", outputs=ALL_OUTPUTS).card.outputs
    bundle = replace(bundle, card=replace(bundle.card, outputs=more))
    assert code_of(lambda: Predictor(bundle, "cpu")).code == "bad_signature"


def test_a_file_that_is_no_network_is_refused_in_plain_words(tmp_path: Path) -> None:
    card = write_bundle(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"not a network")
    digest = file_sha256(tmp_path / "model.onnx")
    model = ModelFile("model.onnx", digest, "none", "float32")
    (tmp_path / "card.json").write_text(replace(card, model=model).to_json(), encoding="utf-8")
    error = code_of(lambda: Predictor(load_bundle(tmp_path), "cpu"))
    assert error.code == "model_damaged"
    assert str(tmp_path) not in message_of(error)


@needs_no_driver
def test_cuda_without_a_driver_is_an_error_for_the_administrator(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path)
    error = code_of(lambda: Predictor(bundle, "cuda"))
    assert error.code == "cuda_unavailable"
    assert "river" in message_of(error)
    assert "administrator" in message_of(error)


@needs_no_driver
def test_auto_falls_back_to_the_cpu_and_says_why(tmp_path: Path) -> None:
    predictor = Predictor(make_bundle(tmp_path), "auto")
    assert predictor.device == "cpu"
    assert predictor.fallback_reason
    assert predictor.estimate(picture(), None).device == "cpu"


def test_the_cpu_asked_for_is_no_fallback(tmp_path: Path) -> None:
    predictor = Predictor(make_bundle(tmp_path), "cpu")
    assert (predictor.device, predictor.fallback_reason) == ("cpu", None)


@pytest.mark.parametrize("blind", [False, True])
@needs_no_driver
def test_a_missing_cuda_leaves_no_native_lines(tmp_path: Path, blind: bool) -> None:
    """Even where the driver seems to be there and only its libraries are missing."""
    make_bundle(tmp_path)
    program = (
        "import sys; from pathlib import Path\n"
        "from bone_age_gui.core.model import predictor\n"
        "from bone_age_gui.core.model.bundle import load_bundle\n"
        f"if {blind}: predictor.missing_driver = lambda: None\n"
        "p = predictor.Predictor(load_bundle(Path(sys.argv[1])), 'auto')\n"
        "print(p.device, p.fallback_reason)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.startswith("cpu ")
    assert len(done.stdout.strip().splitlines()) == 1
    assert done.stderr == ""


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads as Linux lists them")
@pytest.mark.parametrize("wanted, more", [(None, False), ("2", True)])
def test_the_algebra_library_starts_no_threads_beside_the_network_s_unless_told(wanted: str | None, more: bool) -> None:
    """Idle, they would spin on the cores that the network needs."""
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    environment |= {"OPENBLAS_NUM_THREADS": wanted} if wanted else {}
    program = "import os, bone_age_gui.core.stages.preprocess; print(len(os.listdir('/proc/self/task')))"
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert (int(done.stdout) > 1) == (more and (os.cpu_count() or 1) > 1)


def test_unknown_devices_and_thread_counts_are_mistakes(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path)
    with pytest.raises(ValueError, match="unknown device"):
        Predictor(bundle, "tpu")
    with pytest.raises(ValueError, match="threads"):
        Predictor(bundle, "cpu", threads=0)
    assert Predictor(bundle, "cpu", threads=3).threads == 3
    assert 1 <= Predictor(bundle, "cpu").threads <= 4
