"""Three answers to a film, through the command line and with the shipped model: fine or doubtful, or refused."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pydicom import dcmread

import trust_films
from insides import pdf_words

Run = Callable[..., Any]
DRAWN = {"unclear_joints", "unlike_training", "unsteady"}
"""What may be said of a drawing of a whole hand, which is no radiograph."""


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A hand, its mirror image, both on one film, half a hand, and what is none."""
    hand = trust_films.hand()
    return trust_films.save(
        tmp_path_factory.mktemp("trust"),
        hand=hand,
        mirrored=hand[:, ::-1],
        two=trust_films.two_hands(),
        half=trust_films.half_hand(),
        chest=trust_films.chest(),
        letter=trust_films.letter(),
        noisy=trust_films.noisy(60),
        rough=trust_films.noisy(32),
        compressed=trust_films.compressed(),
        darkened=trust_films.darkened(),
    )


@pytest.fixture
def ask(run: Run) -> Run:
    """Run ``bone-age estimate ... --json`` with the shipped model on the CPU."""
    return lambda *arguments: run("estimate", *arguments, "--device", "cpu", "--json")


def test_a_hand_gets_an_age_and_what_is_no_whole_hand_a_reason(ask: Run, films: dict[str, Path]) -> None:
    names = ("hand", "chest", "letter", "half", "two")
    answer = ask(*(films[name] for name in names))
    assert answer.code == 3
    hand, chest, letter, half, two = answer.records
    assert hand["error"] is None
    assert 60 < hand["bone_age_months"] < 240
    assert set(hand["doubtful"]) <= DRAWN
    assert len(hand["joints"]) >= 14
    assert {joint["kind"] for joint in hand["joints"]} >= {"DIP", "PIP", "MCP", "Wrist"}
    for record in (chest, letter):
        assert (record["bone_age_months"], record["error"]["code"], record["joints"]) == (None, "no_hand", [])
    assert half["error"] is not None or set(half["doubtful"]) & {"not_whole", "part_of_hand"}
    assert (two["bone_age_months"], two["error"]["code"]) == (None, "two_hands")


SPOILT = {"noisy": "noisy", "compressed": "blocks", "darkened": "clipped"}
"""Films that are too spoilt to be read, and what is doubtful about each if a person insists."""


def test_a_film_too_spoilt_to_be_read_gets_no_age_unless_a_person_insists(run: Run, films: dict[str, Path]) -> None:
    spoilt = [*(films[name] for name in SPOILT), films["rough"]]
    answer = run("estimate", *spoilt, "--device", "cpu")
    assert (answer.code, answer.out.count("Bone age")) == (3, 0)
    assert answer.err.count("Too spoilt to be read") == answer.err.count("--insist") == len(spoilt)
    assert answer.err.count("at full quality, not as a screenshot") == len(spoilt)
    for words in ("too noisy", "compressed too strongly", "pure black", "so unsure of this film"):
        assert words in answer.err
    insisted = run("estimate", *spoilt, "--insist", "--device", "cpu", "--json")
    assert insisted.code == 0
    for record, doubt in zip(insisted.records, [*SPOILT.values(), "noisy"], strict=True):
        assert record["bone_age_months"] is not None
        assert {"insisted", doubt} <= set(record["doubtful"])
        assert record["doubtful"].count("insisted") == 1


def test_a_refusal_says_which_option_helps(run: Run, films: dict[str, Path]) -> None:
    answer = run("estimate", films["letter"], films["two"], "--device", "cpu")
    assert answer.code == 3
    assert answer.out.count("Bone age") == 0
    letter, two = (part for part in answer.err.split("\n\n") if "png: " in part)
    assert "No hand on this film" in letter
    assert "--insist" in letter
    assert "Two hands on this film" in two
    assert "--hand left or --hand right" in two


def test_one_hand_of_two_is_read_as_if_it_were_alone(ask: Run, films: dict[str, Path]) -> None:
    alone = {side: record["bone_age_months"] for side, record in zip(
        ("left", "right"), ask(films["hand"], films["mirrored"]).records, strict=True
    )}  # fmt: skip
    for side in ("left", "right"):
        answer = ask(films["two"], "--hand", side)
        assert answer.code == 0
        assert abs(answer.record["bone_age_months"] - alone[side]) < 6
        middle = sum(joint["x"] for joint in answer.record["joints"]) / len(answer.record["joints"])
        assert (middle < trust_films.hand().shape[1]) == (side == "left")


def test_the_text_begins_with_the_doubts(run: Run, films: dict[str, Path]) -> None:
    answer = run("estimate", films["letter"], "--insist", "--device", "cpu")
    assert answer.code == 0
    lines = [line.strip() for line in answer.out.splitlines()[1:]]
    assert lines[0].startswith("Doubtful")
    assert "a person insisted" in answer.out.split("Bone age")[0]


@pytest.mark.parametrize("anonymise", [False, True], ids=["named", "anonymised"])
def test_who_insists_gets_an_age_that_is_doubtful_everywhere(
    ask: Run, films: dict[str, Path], tmp_path: Path, anonymise: bool
) -> None:
    out = tmp_path / "out"
    options = ["--report", out, "--formats", "pdf,sr,csv", *(["--anonymise"] if anonymise else [])]
    answer = ask(films["chest"], "--insist", *options)
    assert answer.code == 0
    assert answer.record["bone_age_months"] is not None
    assert answer.record["doubtful"][:2] == ["insisted", "no_hand"]
    (pdf,) = out.glob("*.pdf")
    words = " ".join(pdf_words(pdf.read_bytes()))
    assert "DOUBTFUL" in words
    assert words.split("Impression")[1].lstrip().startswith("Doubtful: Estimated although the")
    with (out / "bone-age.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["Doubtful (codes)"].split()[:2] == ["insisted", "no_hand"]
    (structured,) = out.glob("*_sr.dcm")
    _check_structured(structured)


def _check_structured(path: Path) -> None:
    """The doubts stand before the first number, and the first evaluation says that there are some."""
    texts = [
        (item.ValueType, str(item.get("TextValue", "")), item.ConceptNameCodeSequence[0].CodeValue, item)
        for item in _items(dcmread(path))
        if "ConceptNameCodeSequence" in item
    ]
    kinds = [kind for kind, _, _, _ in texts]
    doubts = [place for place, (_, text, _, _) in enumerate(texts) if text.startswith("Doubtful: ")]
    assert doubts
    assert max(doubts) < kinds.index("NUM")
    evaluation = next(item for _, _, code, item in texts if code == "QUALITY")
    assert evaluation.ConceptCodeSequence[0].CodeValue == "DOUBTFUL"


def _items(dataset: Any) -> list[Any]:
    """Every content item, in the order of the file."""
    return [each for item in dataset.get("ContentSequence", []) for each in (item, *_items(item))]


def test_a_batch_refuses_too_unless_a_person_insists(run: Run, films: dict[str, Path], tmp_path: Path) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    for name in ("hand", "letter", "compressed", "rough"):
        (folder / f"{name}.png").write_bytes(films[name].read_bytes())
    common = ("batch", folder, "--device", "cpu", "--workers", "1", "--formats", "csv,pdf,xlsx")
    strict = run(*common, "--out", tmp_path / "strict", "--json")
    assert strict.code == 3
    assert (strict.record["estimated"], strict.record["refused"]) == (1, 3)
    assert strict.record["fine"] + strict.record["doubtful"] == 1
    other = run(*common, "--out", tmp_path / "strict", "--resume", "--insist")
    assert other.code == 2
    assert "the wish to estimate every film" in other.err
    free = run(*common, "--out", tmp_path / "free", "--insist", "--json")
    assert free.code == 0
    assert (free.record["estimated"], free.record["refused"]) == (4, 0)
    assert free.record["doubts"]["insisted"] == 3
    in_words = run(*common, "--out", tmp_path / "free", "--insist", "--resume")
    assert "     3 doubtful: refused, but insisted on" in in_words.out
    summary = load_workbook(tmp_path / "free" / "results.xlsx")["Summary"]
    assert ("Doubtful: refused, but insisted on", 3) in [(row[0].value, row[1].value) for row in summary.rows]
    words = " ".join(pdf_words((tmp_path / "free" / "report.pdf").read_bytes()))
    assert "Film Bone age Why" in words  # the list of doubtful films
    assert "a person insisted" in words
