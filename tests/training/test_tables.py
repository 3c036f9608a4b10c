"""Tables that are broken in any way are refused in words, with the line, whichever command reads them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from training.errors import TrainingError
from training.films.data import read_labels
from training.films.geometry import read_sizes
from training.finder.films import read_boxes
from training.measure.agreement import agreement_lines
from training.run.journal import TrainFigures, TuneFigures, append_epoch

COLUMNS = (
    "id,boneage,male,orig_width,orig_height,estimate,error,part,joint,xmin,ymin,xmax,ymax,epoch\n"
    "1,100,True,300,400,101,1,train,DIP,1,2,3,4,1\n"
)
READERS: dict[str, Callable[[Path], object]] = {
    "labels": read_labels,
    "sizes": read_sizes,
    "boxes": lambda path: read_boxes(path, "train"),
    "estimates": lambda path: agreement_lines(path, path),
    "history": lambda path: append_epoch(path, 2, 32, TrainFigures(1, 1, 1, 1), TuneFigures(1, 1, 1)),
}
BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "no column"),
    "another table": (b"a,b\n1,2\n", "no column"),
    "no text": (b"\xff\xfe\x00\x01\x80", "UTF-8"),
    "a value too long for CSV": (COLUMNS.encode() + b'"' + b"x" * 200_000 + b'"', "no table in CSV"),
    "a line that is cut off": (COLUMNS.encode() + b"1,100", "line 3 has too few values"),
}
NUMBERS = {
    "labels": {"boneage": ("nan", "-1", "5000", "old"), "male": ("yes",)},
    "sizes": {"orig_width": ("0", "-3", "1.5", "wide", "inf")},
    "boxes": {"orig_height": ("0", "nan"), "xmin": ("nan", "left")},
    "estimates": {"estimate": ("nan", "1e300", ""), "error": ("inf",)},
}


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("reader", READERS)
def test_a_broken_table_is_refused_in_words(reader: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    content, why = BROKEN[kind]
    if reader == "history" and kind == "a line that is cut off":
        content, why = b"loss,epoch\n1\n", "line 2 has too few values"
    path.write_bytes(content)
    with pytest.raises(TrainingError, match=why) as caught:
        READERS[reader](path)
    assert "table.csv: " in caught.value.message


@pytest.mark.parametrize("reader", [name for name in READERS if name != "history"])
def test_a_table_that_is_none_is_refused_in_words(reader: str, tmp_path: Path) -> None:
    for path, why in ((tmp_path, "it is a folder"), (tmp_path / "none.csv", "there is no such file")):
        with pytest.raises(TrainingError, match=why):
            READERS[reader](path)


@pytest.mark.parametrize(
    ("reader", "column", "value"),
    [
        (reader, column, value)
        for reader, columns in NUMBERS.items()
        for column, values in columns.items()
        for value in values
    ],
)
def test_a_value_out_of_its_range_is_refused_with_its_line(
    reader: str, column: str, value: str, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    names, values = (line.split(",") for line in COLUMNS.splitlines())
    path.write_text(COLUMNS, encoding="utf-8")
    READERS[reader](path)
    values[names.index(column)] = value
    path.write_text(COLUMNS + ",".join(values) + "\n", encoding="utf-8")
    with pytest.raises(BoneAgeError, match=rf"in line 3 {column} should be"):
        READERS[reader](path)
