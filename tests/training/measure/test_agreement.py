"""Two tables of estimates are compared film by film, whatever their order."""

from pathlib import Path

import pytest

from rsna import write_table
from training.__main__ import main

HEADER = ["id", "boneage", "male", "estimate", "error", "spread", "interval_low", "interval_high"]


def table(path: Path, estimates: dict[str, float], reading: float = 100.0) -> str:
    rows = [[name, reading, True, value, value - reading, "", "", ""] for name, value in estimates.items()]
    return str(write_table(path, HEADER, rows))


def test_the_median_distance_and_both_errors_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = table(tmp_path / "one.csv", {"1": 100.0, "2": 110.0, "3": 90.0, "9": 300.0})
    two = table(tmp_path / "two.csv", {"3": 93.0, "2": 111.0, "1": 100.5})
    assert main(["agreement", one, two]) == 0
    printed = capsys.readouterr().out
    assert "films                 3" in printed
    assert "apart, median         1.00 months" in printed
    assert "apart, 90th percent   2.60 months, largest 3.00" in printed
    assert "second less first     +1.50 months on average" in printed
    assert "MAE                   6.67 and 6.17 months" in printed
    assert "difference of MAE     +0.50 (95 % " in printed


@pytest.mark.parametrize("content", ["id,estimate\n1,2\n", "no table at all", ""])
def test_what_is_no_such_table_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str) -> None:
    (tmp_path / "broken.csv").write_text(content, encoding="utf-8")
    good = table(tmp_path / "one.csv", {"1": 100.0})
    assert main(["agreement", good, str(tmp_path / "broken.csv")]) == 2
    assert capsys.readouterr().err.strip()


def test_tables_of_other_films_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = table(tmp_path / "one.csv", {"1": 100.0}), table(tmp_path / "two.csv", {"2": 100.0})
    assert main(["agreement", one, two]) == 2
    assert "share no film" in capsys.readouterr().err
