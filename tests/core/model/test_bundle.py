"""Bundles and cards: what is written is read again, and anything else is refused with its reason."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.model.card import SCHEMA_VERSION, AgeLimits, Card
from bone_age_gui.core.model.graph import ModelFile, Tensor
from bone_age_gui.core.values.digest import file_sha256
from bone_age_gui.core.values.errors import BoneAgeError
from bundles import tiny_card, tiny_graph, write_bundle
from refused import message_of, refused


def edited(directory: Path, change: Any) -> BoneAgeError:
    """Write a good bundle, change its card's plain values, and give the refusal."""
    write_bundle(directory)
    path = directory / "card.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(BoneAgeError) as refusal:
        load_bundle(directory)
    return refusal.value


def test_a_bundle_says_what_its_card_says(tmp_path: Path) -> None:
    card = write_bundle(tmp_path)
    bundle = load_bundle(tmp_path)
    assert bundle.card == card
    assert (bundle.name, bundle.version) == ("tiny", "0.1")
    assert bundle.sha256 == file_sha256(bundle.model_path)
    assert bundle.spec == card.preprocessing
    assert bundle.film_shape == (1, 280, 280)
    assert bundle.output_names == ("bone_age_months", "distribution", "features", "heat_map")


def test_a_card_survives_json_without_loss(tmp_path: Path) -> None:
    card = write_bundle(tmp_path)
    assert Card.from_json(card.to_json()) == card
    assert Card.from_dict(card.to_dict()).to_dict() == card.to_dict()


def test_a_card_without_calibration_survives_json(tmp_path: Path) -> None:
    card = write_bundle(tmp_path, outputs=("bone_age_months",))
    assert card.calibration is None
    assert Card.from_json(card.to_json()) == card


def test_a_card_is_never_written_with_a_number_that_is_none(tmp_path: Path) -> None:
    card = replace(write_bundle(tmp_path), limits=AgeLimits((0.0, float("nan")), (1.0, 2.0)))
    with pytest.raises(ValueError, match="not JSON compliant"):
        card.to_json()


@pytest.mark.parametrize(
    "field",
    ["version", "preprocessing", "calibration", "terms", "limitations", "metrics", "training", "schema_version"],
)
def test_a_missing_field_is_refused_by_name(tmp_path: Path, field: str) -> None:
    error = edited(tmp_path, lambda values: values.pop(field))
    assert error.code == "bad_card"
    assert field in message_of(error)


@pytest.mark.parametrize(
    "path",
    ["model", "limits", "training", "calibration", "preprocessing", "preprocessing.cleaning", "sex_encoding", "parity"],
)
def test_missing_and_unknown_fields_inside_are_refused(tmp_path: Path, path: str) -> None:
    def part(values: Any) -> Any:
        for key in path.split("."):
            values = values[key]
        return values

    unknown = edited(tmp_path / "a", lambda values: part(values).update(surprise=1))
    assert unknown.code == "bad_card"
    assert "surprise" in message_of(unknown)
    missing = edited(tmp_path / "b", lambda values: part(values).popitem())
    assert missing.code == "bad_card"


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda card: card.update(name=3), "card.name should be text"),
        (lambda card: card["training"].update(seed=1.5), "card.training.seed should be a whole number"),
        (lambda card: card["training"].update(seed=True), "card.training.seed should be a whole number"),
        (lambda card: card["limits"].update(output_months=[0]), "should have 2 entries"),
        (lambda card: card["limits"].update(output_months=[240, 0]), "should rise"),
        (lambda card: card["metrics"]["report"].update(n="4"), "card.metrics.report.n should be a whole number"),
        (lambda card: card["model"].update(file="../model.onnx"), "without a folder"),
        (lambda card: card["inputs"].reverse(), "image and sex"),
        (lambda card: card["outputs"].pop(0), "card.outputs"),
        (lambda card: card["outputs"].pop(1), "needs the output distribution"),
        (lambda card: card["inputs"][0].update(shape=["N", 1, 224, 224]), "network_width"),
        (lambda card: card["inputs"][0].update(shape=["N", "C", 280, 280]), "channels"),
        (lambda card: card.update(limitations="none"), "card.limitations should be a list"),
        (lambda card: card.update(model=[]), "card.model should be a group of fields"),
    ],
)
def test_wrong_values_are_refused_with_the_field(tmp_path: Path, change: Any, words: str) -> None:
    error = edited(tmp_path, change)
    assert error.code == "bad_card"
    assert words in message_of(error)
    assert "Install the model again" in message_of(error)


SENSELESS = {
    "calibration.interval_factor": -1,
    "calibration.spread_scale": -0.5,
    "calibration.spread_offset_months": 10**400,
    "calibration.interval_level": 1.5,
    "calibration.n": -1,
    "preprocessing.cleaning.blur_sigma": 0,
    "preprocessing.cleaning.widest": 0,
    "preprocessing.cleaning.tightest": -1,
    "preprocessing.cleaning.palm_reach": -3,
    "preprocessing.cleaning.height_per_palm": 0,
    "preprocessing.cleaning.bar_share": 2,
    "preprocessing.cleaning.erosion": 0.9,
    "preprocessing.cleaning.rounds": 0,
    "preprocessing.cleaning.tilt_limit": 400,
    "preprocessing.sharpening.sigma": 0,
    "preprocessing.sharpening.strength": -1,
    "preprocessing.film_long_side": 10**9,
    "preprocessing.equalisation_bins": 1,
    "preprocessing.gamma": -2.5,
    "preprocessing.mean": 10**400,
    "preprocessing.deviation": 0,
    "preprocessing.framing": "squash",
    "limits.output_months": [0, 10**400],
    "limits.covered_months": [-12, 240],
    "sex_encoding.female": [1e300, 0],
    "metrics.report.mae_months": -1,
    "metrics.report.within_6": 101,
    "metrics.report.n": -4,
    "parity.max_abs_difference_months": -1,
    "name": "a" * 101,
    "version": "1\x000",
    "model.file": "model\x00.onnx",
    "model.sha256": "0",
    "model.architecture": "x\u202ey",
    "terms": "t\x00",
    "training.data_set": "d" * 20_001,
}


@pytest.mark.parametrize("field", SENSELESS)
def test_a_senseless_value_is_refused_with_its_field(tmp_path: Path, field: str) -> None:
    *groups, last = field.split(".")

    def change(card: Any) -> None:
        for group in groups:
            card = card[group]
        card[last] = SENSELESS[field]

    error = edited(tmp_path, change)
    assert error.code == "bad_card"
    assert f"card.{field}" in message_of(error)


def test_a_card_of_absurd_size_is_not_read(tmp_path: Path) -> None:
    write_bundle(tmp_path)
    with (tmp_path / "card.json").open("r+b") as file:
        file.truncate(64 * 2**20)
    with refused(match="more than 16 MB"):
        load_bundle(tmp_path)


def with_network(directory: Path, content: bytes) -> BoneAgeError:
    """Write a good bundle with another network, hash and all, and give the refusal."""
    directory.mkdir()
    (directory / "weights.bin").write_bytes(bytes(64))
    card = write_bundle(directory)
    (directory / "model.onnx").write_bytes(content)
    model = replace(card.model, sha256=hashlib.sha256(content).hexdigest())
    (directory / "card.json").write_text(replace(card, model=model).to_json(), encoding="utf-8")
    with pytest.raises(BoneAgeError) as refusal:
        load_bundle(directory)
    return refusal.value


def outside(tensor: onnx.TensorProto) -> None:
    """Keep the values of a tensor in another file of the bundle's folder."""
    onnx.external_data_helper.set_external_data(tensor, "weights.bin")
    tensor.ClearField("raw_data")


def test_weights_in_another_file_are_refused_wherever_they_are_named(tmp_path: Path) -> None:
    direct, constant, branch = tiny_graph(), tiny_graph(), tiny_graph()
    outside(direct.graph.initializer[0])
    node = onnx.helper.make_node("Constant", [], ["c"], value=onnx.numpy_helper.from_array(np.zeros(4, np.float32)))
    outside(node.attribute[0].t)
    constant.graph.node.append(node)
    inner = onnx.helper.make_graph([node], "inner", [], [onnx.helper.make_tensor_value_info("c", 1, [4])])
    branch.graph.node.append(onnx.helper.make_node("If", ["sex"], ["d"], then_branch=inner, else_branch=inner))
    for name, model in {"direct": direct, "constant": constant, "branch": branch}.items():
        error = with_network(tmp_path / name, model.SerializeToString())
        assert (error.code, "another file" in message_of(error)) == ("model_damaged", True), name


@pytest.mark.parametrize("content", [b"no network", b"\x08", b"\xff" * 64, b"\x3a\x7f" + bytes(20), b"\x0b" * 40])
def test_a_file_that_is_no_network_is_refused_before_it_is_run(tmp_path: Path, content: bytes) -> None:
    assert with_network(tmp_path / "bundle", content).code == "model_damaged"


def test_another_schema_version_is_refused_with_advice(tmp_path: Path) -> None:
    error = edited(tmp_path, lambda card: card.update(schema_version=SCHEMA_VERSION + 1, something_new=1))
    assert error.code == "card_schema"
    assert "Update the program" in message_of(error)


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{", '{"a": 1, "a": 2}', '{"schema_version": NaN}', "[" * 100_000, '"card"']
)
def test_text_that_is_no_card_is_refused(tmp_path: Path, text: str) -> None:
    write_bundle(tmp_path)
    (tmp_path / "card.json").write_text(text, encoding="utf-8")
    with pytest.raises(BoneAgeError) as refusal:
        load_bundle(tmp_path)
    assert refusal.value.code == "bad_card"


def test_a_card_that_is_not_text_is_refused(tmp_path: Path) -> None:
    write_bundle(tmp_path)
    (tmp_path / "card.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BoneAgeError) as refusal:
        load_bundle(tmp_path)
    assert refusal.value.code == "bad_card"


def test_one_changed_bit_of_the_network_is_noticed(tmp_path: Path) -> None:
    write_bundle(tmp_path)
    path = tmp_path / "model.onnx"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(BoneAgeError) as refusal:
        load_bundle(tmp_path)
    assert refusal.value.code == "model_damaged"


def test_a_missing_network_is_refused(tmp_path: Path) -> None:
    write_bundle(tmp_path)
    (tmp_path / "model.onnx").unlink()
    with pytest.raises(BoneAgeError) as refusal:
        load_bundle(tmp_path)
    assert refusal.value.code == "model_damaged"
    assert "missing" in message_of(refusal.value)


def test_a_folder_without_a_card_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BoneAgeError) as refusal:
        load_bundle(tmp_path)
    assert refusal.value.code == "model_not_found"


def test_an_unknown_output_is_refused(tmp_path: Path) -> None:
    card = tiny_card("0" * 64, "tiny", ("bone_age_months",), write_bundle(tmp_path).preprocessing)
    more = (*card.outputs, Tensor("height_cm", "float32", ("N",)))
    (tmp_path / "card.json").write_text(replace(card, outputs=more).to_json(), encoding="utf-8")
    with refused(match=r"card\.outputs"):
        load_bundle(tmp_path)


def test_the_file_name_comes_from_the_card(tmp_path: Path) -> None:
    card = write_bundle(tmp_path)
    (tmp_path / "model.onnx").rename(tmp_path / "net.onnx")
    model = ModelFile("net.onnx", card.model.sha256, "x", "float32")
    (tmp_path / "card.json").write_text(replace(card, model=model).to_json(), encoding="utf-8")
    assert load_bundle(tmp_path).model_path == tmp_path / "net.onnx"
