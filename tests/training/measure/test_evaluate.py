"""Evaluation through its command line: the app's own line on labelled films, without torch."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bone_age_gui.core.growth import GrowthReference
from bone_age_gui.core.model.bundle import Bundle, load_bundle
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.pipeline import process
from bone_age_gui.core.values.types import Patient, Sex
from bone_age_gui.paths import growth_dir
from bundles import make_bundle
from rsna import RsnaFolder, write_rsna, write_table
from training.__main__ import main
from training.films.geometry import undo_stretch, unstretched_size


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    return make_bundle(tmp_path / "models" / "tiny")


@pytest.fixture
def films(tmp_path: Path) -> RsnaFolder:
    return write_rsna(tmp_path / "rsna")


def evaluate(bundle: Bundle, films: RsnaFolder, tmp_path: Path, *more: str, code: int = 0) -> dict[str, Any]:
    out = tmp_path / "scores.json"
    command = [*films.words(sizes=False), "--model", str(bundle.directory)]
    assert main(["evaluate", *command, "--json", str(out), "--quiet", "--device", "cpu", *more]) == code
    return json.loads(out.read_text(encoding="utf-8"))


def test_scores_are_those_of_the_app(bundle: Bundle, films: RsnaFolder, tmp_path: Path, capsys: Any) -> None:
    scores = evaluate(bundle, films, tmp_path)
    predictor, reference = Predictor(bundle, "cpu"), GrowthReference.load(growth_dir() / "brush_foundation.json")
    errors = []
    with films.labels.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            sex = Sex.MALE if row["male"] == "True" else Sex.FEMALE
            case = process(films.images / f"{row['id']}.png", predictor, reference, given=Patient(sex))
            assert case.estimate is not None
            errors.append(case.estimate.bone_age_months - float(row["boneage"]))
    assert scores["n"] == 6
    assert scores["mae_months"] == pytest.approx(np.abs(errors).mean(), abs=1e-9)
    assert scores["bias_months"] == pytest.approx(np.mean(errors), abs=1e-9)
    assert scores["model"] == {"name": "tiny", "version": "0.1", "sha256": bundle.sha256}
    assert (scores["by_sex"]["female"]["n"], scores["by_sex"]["male"]["n"]) == (3, 3)
    assert scores["missing"] == []
    assert scores["refused"] == {}
    printed = capsys.readouterr().out
    assert f"MAE                  {scores['mae_months']:.2f} months" in printed
    assert "1 of 6 films are listed on the card as never trained on" in printed


def test_every_film_can_be_written_down(bundle: Bundle, films: RsnaFolder, tmp_path: Path) -> None:
    out = tmp_path / "new" / "predictions.csv"
    scores = evaluate(bundle, films, tmp_path, "--predictions", str(out))
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == list(films.ids)
    assert np.mean([abs(float(row["error"])) for row in rows]) == pytest.approx(scores["mae_months"])
    assert all(float(row["interval_low"]) < float(row["estimate"]) < float(row["interval_high"]) for row in rows)


def test_the_sex_can_be_withheld(bundle: Bundle, films: RsnaFolder, tmp_path: Path) -> None:
    given = evaluate(bundle, films, tmp_path)["by_sex"]
    withheld = evaluate(bundle, films, tmp_path, "--unknown-sex")["by_sex"]
    assert withheld["male"]["bias_months"] == pytest.approx(given["male"]["bias_months"] - 3, abs=1e-3)
    assert withheld["female"]["bias_months"] == pytest.approx(given["female"]["bias_months"] + 3, abs=1e-3)


def test_a_stretch_is_undone_before_the_line(bundle: Bundle, tmp_path: Path) -> None:
    plain = write_rsna(tmp_path / "plain", size=(240, 299))
    square = write_rsna(tmp_path / "square", size=(240, 299), stretch_to=299)
    wanted = evaluate(bundle, plain, tmp_path)
    undone = evaluate(bundle, square, tmp_path, "--sizes", str(square.sizes))
    assert undone["bias_months"] == pytest.approx(wanted["bias_months"], abs=0.3)
    assert undone["without_size"] == 0
    assert "stretch undone" in undone["set_description"]


def test_films_without_a_size_are_counted(bundle: Bundle, films: RsnaFolder, tmp_path: Path, capsys: Any) -> None:
    sizes = write_table(tmp_path / "few.csv", ["id", "orig_width", "orig_height"], [["1", 240, 300]])
    assert evaluate(bundle, films, tmp_path, "--sizes", str(sizes))["without_size"] == 5
    assert "5 films are not in the table of sizes" in capsys.readouterr().out


def test_ids_and_limit_restrict(bundle: Bundle, films: RsnaFolder, tmp_path: Path) -> None:
    ids = tmp_path / "report.txt"
    ids.write_text("5\n2\n77\n", encoding="ascii")
    scores = evaluate(bundle, films, tmp_path, "--ids", str(ids))
    assert (scores["n"], scores["missing"]) == (2, ["77"])
    assert "report" in scores["set_description"]
    assert evaluate(bundle, films, tmp_path, "--limit", "4")["n"] == 4


def test_missing_and_broken_films_are_named(bundle: Bundle, films: RsnaFolder, tmp_path: Path, capsys: Any) -> None:
    (films.images / "3.png").unlink()
    (films.images / "4.png").write_bytes(b"not a picture")
    scores = evaluate(bundle, films, tmp_path, code=3)
    assert scores["n"] == 4
    assert scores["missing"] == ["3"]
    assert scores["refused"] == {"4": "not_an_image"}
    printed = capsys.readouterr().out
    assert "1 films have no file or no label" in printed
    assert "1 not_an_image" in printed


def test_other_kinds_of_files_and_labels_are_read(bundle: Bundle, films: RsnaFolder, tmp_path: Path) -> None:
    write_table(films.labels, ["id", "boneage", "male"], [["1", "40", "0"], ["2", "50", "1"]])
    (films.images / "1.png").rename(films.images / "1.PNG")
    assert evaluate(bundle, films, tmp_path)["n"] == 2


@pytest.mark.parametrize(
    "trouble", ["no films", "all broken", "no folder", "no labels", "bad labels", "no model", "no ids"]
)
def test_nothing_to_score_is_a_failure_in_plain_words(
    bundle: Bundle, films: RsnaFolder, tmp_path: Path, capsys: Any, trouble: str
) -> None:
    model, images, labels = str(bundle.directory), str(films.images), str(films.labels)
    for path in films.images.iterdir():
        if trouble == "no films":
            path.unlink()
        if trouble == "all broken":
            path.write_bytes(b"x")
    if trouble == "bad labels":
        films.labels.write_text("a,b\n1,2\n", encoding="utf-8")
    images = images + "-gone" if trouble == "no folder" else images
    labels = labels + "-gone" if trouble == "no labels" else labels
    model = model + "-gone" if trouble == "no model" else model
    more = ["--ids", str(tmp_path / "gone.txt")] if trouble == "no ids" else []
    words = ["--model", model, "--images", images, "--labels", labels, "--quiet", "--device", "cpu", *more]
    assert main(["evaluate", *words]) == (3 if trouble == "all broken" else 2)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    assert len(printed.err.strip().splitlines()) == 1


def test_an_implausible_answer_is_a_refused_film(films: RsnaFolder, tmp_path: Path, capsys: Any) -> None:
    broken = make_bundle(tmp_path / "nan", outputs=("bone_age_months",), months=float("nan"))
    command = [*films.words(sizes=False), "--model", str(broken.directory)]
    assert main(["evaluate", *command, "--quiet"]) == 3
    assert "6 implausible_answer" in capsys.readouterr().err


def test_no_torch_is_imported(bundle: Bundle, films: RsnaFolder) -> None:
    program = (
        "import sys; from training.__main__ import main; code = main(['evaluate', *sys.argv[1:]])\n"
        "print(sorted(name for name in sys.modules if name.split('.')[0] in ('torch', 'timm', 'PySide6')))\n"
        "sys.exit(code)"
    )
    command = [*films.words(sizes=False), "--model", str(bundle.directory)]
    done = subprocess.run(
        [sys.executable, "-c", program, *command, "--quiet"], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip().splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "stored, original, expected",
    [
        ((299, 299), (1514, 2044), (221, 299)),
        ((299, 299), (2044, 1514), (299, 221)),
        ((299, 299), (500, 500), (299, 299)),
        ((240, 300), (240, 300), (240, 300)),
        ((240, 300), (2400, 3000), (240, 300)),
        ((299, 299), (1, 4000), (1, 299)),
    ],
)
def test_a_stretch_is_undone_by_shrinking(
    stored: tuple[int, int], original: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert unstretched_size(*stored, *original) == expected
    pixels = np.full((stored[1], stored[0]), 40_000, np.uint16)
    result = undo_stretch(pixels, *original)
    assert result.shape == (expected[1], expected[0])
    assert result.dtype == np.uint16
    assert (result == 40_000).all()
    assert (result is pixels) == (stored == expected)


@pytest.mark.parametrize(
    "text", ["id,orig_width\n1,2\n", "id,orig_width,orig_height\n1,2\n", "id,orig_width,orig_height\n1,0,5\n"]
)
def test_a_broken_table_of_sizes_is_refused(bundle: Bundle, films: RsnaFolder, capsys: Any, text: str) -> None:
    films.sizes.write_text(text, encoding="utf-8")
    assert main(["evaluate", *films.words(), "--model", str(bundle.directory)]) == 2
    assert "table of sizes" in capsys.readouterr().err


def test_scores_are_put_on_the_card(films: RsnaFolder, tmp_path: Path) -> None:
    folder = make_bundle(tmp_path / "bundle").directory
    words = ["--model", str(folder), *films.words(), "--quiet", "--device", "cpu"]
    assert main(["evaluate", *words, "--card", "half"]) == 0
    block = load_bundle(folder).card.metrics["half"]
    assert block.n == len(films.ids)
    parts = [part for part in block.by_sex.values() if part.n]
    assert block.interval_coverage is not None
    assert all(part.interval_coverage is not None for part in parts)
    assert "report" in load_bundle(folder).card.metrics
