"""What the service says of itself: OpenAPI, the model, its health."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from bone_age_gui.report.case_json import FIELDS, KINDS
from bone_age_gui.report.json_schema import case_schema
from bone_age_gui.service.form import FIELDS as FORM
from bone_age_gui.service.openapi import openapi
from services import Service, printed


@pytest.fixture(scope="module")
def description(service: Service) -> Iterator[dict[str, Any]]:
    return json.loads(service.get("/openapi.json").data)


def schema(description: dict[str, Any], name: str) -> Draft202012Validator:
    return Draft202012Validator({**description["components"]["schemas"][name]})


@pytest.mark.parametrize("with_token", [False, True])
def test_the_description_is_one(with_token: bool) -> None:
    made = openapi(with_token=with_token)
    validate(made)
    assert ("security" in made) == with_token


def test_it_describes_every_address_and_field(description: dict[str, Any]) -> None:
    assert set(description["paths"]) == {"/estimate", "/health", "/model", "/openapi.json"}
    form = description["paths"]["/estimate"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert list(form["properties"]) == ["film", *FORM]
    assert form["required"] == ["film"]


def test_the_schema_of_a_film_has_the_fields_of_the_json_and_no_others(description: dict[str, Any]) -> None:
    case = description["components"]["schemas"]["Case"]
    assert case == case_schema()
    assert list(case["properties"]) == case["required"] == list(FIELDS)
    assert set(KINDS) < set(FIELDS)
    assert case["properties"]["flag"]["anyOf"][0]["enum"][0] == "normal"


def test_real_answers_fit_the_description(
    service: Service, description: dict[str, Any], film: Path, picture: Path, broken: Path
) -> None:
    case, error = schema(description, "Case"), schema(description, "Error")
    heights = {"height_cm": "140", "mother_cm": "165", "father_cm": "180"}
    for answer in (service.post(film, heights), service.post(picture), service.post(broken)):
        case.validate(json.loads(answer.data))
    for answer in (service.post(None), service.get("/nothing"), service.post(film, {"sex": "x"})):
        error.validate(json.loads(answer.data))
    assert not case.is_valid({**json.loads(service.post(film).data), "flag": "fine"})
    assert not case.is_valid({**json.loads(service.post(film).data), "joints": [{"kind": "PIP"}]})


def test_films_of_the_shipped_model_fit_it_too(hands: dict[str, Path]) -> None:
    case = Draft202012Validator(case_schema())
    for line in printed(*hands.values()):
        case.validate(json.loads(line))


def test_health_and_model(service: Service, tiny_model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from bone_age_gui.__main__ import command_line

    assert set(json.loads(service.get("/health").data)) == {"status", "running", "waiting", "done"}
    assert command_line(["model-info", "--model", str(tiny_model), "--json"]) == 0
    printed_card = json.loads(capsys.readouterr().out)
    del printed_card["path"]  # where it lies on the server is nobody's business
    assert json.loads(service.get("/model").data) == printed_card
