"""The service answers what the command line prints, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from films import hand_like, write_dicom, write_picture
from services import Service, printed, same, serving

OPTIONS: list[dict[str, str]] = [
    {},
    {"sex": "M"},
    {"sex": "f", "birth_date": "2015-01-31", "study_date": "2025-02-28"},
    {"age_months": "130.5"},
    {"height_cm": "4'7\"", "mother_cm": "165", "father_cm": "180.5 cm"},
    {"height_cm": "140", "height_reference": "who2007", "sex": "F", "age_months": "120"},
    {"insist": "true"},
]


@pytest.fixture(scope="module")
def shipped() -> Iterator[Service]:
    """The service with the model that is shipped."""
    with serving("--device", "cpu") as running:
        yield running


def as_options(fields: dict[str, str]) -> list[str]:
    options = [part for name, text in fields.items() for part in (f"--{name.replace('_', '-')}", text)]
    return [part for part in options if part != "true"]


@pytest.mark.parametrize("fields", OPTIONS, ids=lambda fields: "-".join(fields) or "plain")
def test_an_answer_is_what_the_command_line_prints(
    service: Service, tiny_model: Path, film: Path, picture: Path, fields: dict[str, str]
) -> None:
    for path in (film, picture):
        (line,) = printed(path, "--model", tiny_model, *as_options(fields))
        answer = service.post(path, fields)
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/json"
        assert same(answer.data) == same(line)
        assert json.loads(answer.data)["path"] == path.name


def test_a_refused_film_has_the_record_that_the_command_line_prints(
    service: Service, tiny_model: Path, broken: Path
) -> None:
    (line,) = printed(broken, "--model", tiny_model)
    answer = service.post(broken)
    assert answer.status == 422
    assert same(answer.data) == same(line)
    assert json.loads(answer.data)["error"]["code"] == "not_an_image"


@pytest.mark.parametrize(
    "name, fields, status, code",
    [
        ("hand", {}, 200, None),
        ("two", {}, 422, "two_hands"),
        ("two", {"hand": "left"}, 200, None),
        ("two", {"hand": "right"}, 200, None),
        ("letter", {}, 422, "no_hand"),
        ("letter", {"insist": "true"}, 200, None),
        ("compressed", {}, 422, "illegible"),
    ],
)
def test_hands_are_looked_for_chosen_and_insisted_on(
    shipped: Service, hands: dict[str, Path], name: str, fields: dict[str, str], status: int, code: str | None
) -> None:
    (line,) = printed(hands[name], *as_options(fields))
    answer = shipped.post(hands[name], fields)
    assert answer.status == status
    assert same(answer.data) == same(line)
    record = json.loads(answer.data)
    assert (record["error"] or {"code": None})["code"] == code
    assert ("insisted" in record["doubtful"]) == ("insist" in fields)


def test_32_films_at_once_get_the_answers_that_each_gets_alone(
    service: Service, tiny_model: Path, tmp_path: Path
) -> None:
    films = [
        write_picture(tmp_path / f"film{seed:02}.png", hand_like(seed=seed))
        if seed % 2
        else write_dicom(tmp_path / f"film{seed:02}.dcm", hand_like(700, 520, seed=seed))
        for seed in range(32)
    ]
    client = service.client(32)
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda path: service.post(path, client=client), films))
    assert [answer.status for answer in answers] == [200] * 32
    lines = printed(*films, "--model", tiny_model)
    assert [same(answer.data) for answer in answers] == [same(line) for line in lines]
    assert len({json.loads(line)["bone_age_months"] for line in lines}) > 20
