"""One command makes a finder: films and boxes in, an ONNX file with its card out, and it goes on where it was."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from bone_age_gui.core.model.finder.card import FinderCard
from bone_age_gui.core.model.finder.network import Finder
from bone_age_gui.core.values.strict_json import from_plain, parse_json
from training.__main__ import main
from training.finder.command import PHANTOM
from training.finder.joints import CLASS_NAMES, CLASS_OF
from training.finder.phantom import JOINTS, SIZE


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Copies of the phantom as films of both parts, with boxes, sizes and an empty split."""
    (tmp_path / "films").mkdir()
    (tmp_path / "splits").mkdir()
    phantom = cv2.imread(str(PHANTOM), cv2.IMREAD_GRAYSCALE)
    boxes, sizes = [], []
    parts = {"1": ("train",), "2": ("train",), "3": ("eval/expert", "eval/nonexpert"), "4": ("train",), "5": ()}
    for film_id, held in parts.items():
        cv2.imwrite(str(tmp_path / "films" / f"{film_id}.png"), cv2.resize(phantom, (299, 299)))
        sizes.append((film_id, *SIZE))
        for part in held:
            for index, (x, y) in enumerate(JOINTS):
                boxes.append((part, film_id, *SIZE, CLASS_NAMES[CLASS_OF[index]], x - 20, y - 20, x + 20, y + 20))
    header = ("part", "id", "orig_width", "orig_height", "joint", "xmin", "ymin", "xmax", "ymax")
    for name, first, rows in (
        ("boxes", header, boxes),
        ("sizes", ("id", "orig_width", "orig_height"), sizes),
    ):
        with (tmp_path / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([first, *rows])
    (tmp_path / "splits" / "report.txt").write_text("4\n", encoding="ascii")
    (tmp_path / "splits" / "tune.txt").write_text("", encoding="ascii")
    return tmp_path


def words(data: Path) -> list[str]:
    """The command line but for how long it learns."""
    places = {"images": "films", "boxes": "boxes.csv", "sizes": "sizes.csv"}
    places |= {name: name for name in ("splits", "run", "out")}
    return ["finder", *(word for option, name in places.items() for word in (f"--{option}", str(data / name)))]


@pytest.mark.slow
def test_a_finder_is_made_measured_and_opened(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [*words(data), "--steps", "2", "--more-steps", "1", "--answers", "1", "--batch", "2"]
    assert main(command) == 0
    assert "upright: DIP" in capsys.readouterr().out
    text = (data / "out" / "finder.json").read_text(encoding="utf-8")
    card: FinderCard = from_plain(FinderCard, parse_json(text), "finder")
    assert card.training.boxed_films == 2  # not the film of report, not the eval film
    assert card.metrics["turned"].n == 1
    assert len(card.training.held_out) == 2
    assert (data / "run" / "second" / "average.pt").exists()  # it learned again
    path = data / "out" / "finder.onnx"
    assert path.stat().st_size < 3_000_000
    finding = Finder(path, card).find(np.zeros((300, 200), np.uint16))
    assert 0 <= finding.hand_score <= 1
    assert main(command) == 0  # nothing is left to learn: measured and written again
    assert "step" not in capsys.readouterr().out


def test_films_without_boxes_are_an_error_in_plain_words(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "nothing").mkdir()
    assert main([*words(data), "--images", str(data / "nothing")]) == 2
    assert "No films" in capsys.readouterr().err


def test_a_film_that_is_no_picture_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "films" / "2.png").write_bytes(b"no picture")
    assert main([*words(data), "--steps", "1"]) == 2
    assert "2.png holds no picture" in capsys.readouterr().err


def test_a_broken_checkpoint_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "run" / "first").mkdir(parents=True)
    (data / "run" / "first" / "last.pt").write_bytes(b"half a file")
    assert main([*words(data), "--steps", "1"]) == 2
    assert "first/last.pt cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfeno table", b"part,id\ntrain,1\n"])
def test_boxes_that_are_no_table_are_refused(
    data: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    boxes = data / "other.csv"
    if content is not None:
        boxes.write_bytes(content)
    assert main([*words(data), "--boxes", str(boxes)]) == 2
    said = capsys.readouterr().err
    assert "other.csv: " in said
    assert "Give a table with the columns part, id," in said
