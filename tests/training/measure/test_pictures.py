"""The pictures of a run are drawn from its own tables."""

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from training.__main__ import main
from training.measure.pictures import bland_altman, error_curves, learning_curves


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def history(tmp_path: Path) -> Path:
    rows = [{"epoch": e, "size": 112 if e < 3 else 160, "loss": 9 - e, "tune_mae_months": 20 / e} for e in (1, 2, 3)]
    return write(tmp_path / "first" / "history.csv", rows)


@pytest.fixture
def predictions(tmp_path: Path) -> Path:
    random = np.random.default_rng(2)
    rows = [
        {"id": i, "boneage": 24 + i, "male": bool(i % 2), "estimate": 24 + i + random.normal(3, 9)} for i in range(150)
    ]
    return write(tmp_path / "report.csv", rows)


def test_both_pictures_are_drawn(tmp_path: Path, history: Path, predictions: Path) -> None:
    out = tmp_path / "pictures"
    assert main(["pictures", "--history", str(history), "--predictions", str(predictions), "--out", str(out)]) == 0
    for name in ("learning.png", "bland_altman.png"):
        picture = cv2.imread(str(out / name))
        assert picture is not None
        assert picture.shape[1] > 800
        assert picture.std() > 10


def test_a_run_that_kept_both_errors_gets_their_curves(tmp_path: Path, history: Path) -> None:
    rows = [
        {"epoch": e, "size": 280, "loss": 1, "tune_mae_months": 20 / e, "tune_mse": 500 / e, "train_mae_months": 18 / e}
        | {"train_mse": 400 / e}
        for e in (1, 2, 3)
    ]
    kept, out = write(tmp_path / "seed" / "history.csv", rows), tmp_path / "pictures"
    assert main(["pictures", "--history", str(kept), "--history", str(history), "--out", str(out)]) == 0
    assert {path.name for path in out.iterdir()} == {"learning.png", "errors_seed.png"}
    with kept.open(encoding="utf-8") as file:
        mae, mse = error_curves(list(csv.DictReader(file))).axes
    drawn = {line.get_label(): list(line.get_ydata()) for line in mse.lines}
    assert drawn == {"training": [400, 200, pytest.approx(400 / 3)], "validation": [500, 250, pytest.approx(500 / 3)]}
    assert [line.get_label() for line in mae.lines] == ["training", "validation"]


def test_a_run_is_named_and_its_sizes_are_named(history: Path) -> None:
    with history.open(encoding="utf-8") as file:
        figure = learning_curves({"first": list(csv.DictReader(file))})
    right = figure.axes[1]
    assert [text.get_text().strip() for text in right.texts] == ["first"]
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["112 px", "160 px"]


def test_bias_and_limits_stand_beside_their_lines(predictions: Path) -> None:
    with predictions.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    errors = np.array([float(row["estimate"]) - float(row["boneage"]) for row in rows])
    said = sorted(float(text.get_text()) for text in bland_altman(rows).axes[0].texts)
    spread = 1.96 * errors.std(ddof=1)
    wanted = sorted([errors.mean(), errors.mean() - spread, errors.mean() + spread])
    assert said == pytest.approx(wanted, abs=0.06)


def test_a_wrong_table_is_refused(tmp_path: Path, history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = write(tmp_path / "other.csv", [{"a": 1}])
    for words in (["--history", str(table)], ["--predictions", str(history)]):
        assert main(["pictures", *words, "--out", str(tmp_path / "out")]) == 2
        assert "--history takes" in capsys.readouterr().err
    for row in ({"estimate": 100, "male": True}, {"estimate": 100, "boneage": "x", "male": True}):
        table = write(tmp_path / "other.csv", [row])
        assert main(["pictures", "--predictions", str(table), "--out", str(tmp_path / "out")]) == 2
        assert "boneage" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_table_that_is_not_there_is_said_to_be_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pictures", "--history", str(tmp_path / "history.csv"), "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "history.csv: there is no such file." in said
    assert "column" not in said


def test_pictures_that_cannot_be_written_are_1(tmp_path: Path, history: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert main(["pictures", "--history", str(history), "--out", str(tmp_path / "file")]) == 1


def test_nothing_to_draw_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pictures", "--out", str(tmp_path / "out")]) == 2
    assert "Give --history, --predictions or both." in capsys.readouterr().err


def test_girls_and_boys_have_colours_of_their_own(predictions: Path) -> None:
    with predictions.open(encoding="utf-8") as file:
        axes = bland_altman(list(csv.DictReader(file))).axes[0]
    assert [len(points.get_offsets()) for points in axes.collections] == [75, 75]
    assert len({tuple(points.get_facecolors()[0]) for points in axes.collections}) == 2
