"""``python -m training trust``: a finder that cannot be used is refused before anything is made."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

pytest.importorskip("onnx", reason="onnx is not installed (extra 'train')")
from bone_age_gui.core.values.strict_json import dump_json, to_plain
from bundles import make_bundle
from joints import finder_file, maps_of, placed_hand
from rsna import RsnaFolder, write_rsna, write_splits
from training.__main__ import main
from training.trust import novelty


@dataclass(frozen=True)
class Work:
    """A bundle without a finder, a finder that always sees the same hand, and films."""

    folder: Path
    films: RsnaFolder

    def words(self, **changes: Path) -> list[str]:
        places = {name: self.folder / name for name in ("model", "finder", "splits", "out")} | changes
        given = [word for name, path in places.items() for word in (f"--{name}", str(path))]
        return ["trust", *self.films.words(), *given]


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Work:
    make_bundle(tmp_path / "model")
    (tmp_path / "finder").mkdir()
    card = finder_file(tmp_path / "finder" / "finder.onnx", maps_of(placed_hand((48, 80), 60)))
    card = replace(card, spec=replace(card.spec, most_hands=0))
    (tmp_path / "finder" / "finder.json").write_text(dump_json(to_plain(card)), encoding="utf-8")
    write_splits(tmp_path / "splits", report=["1", "2"], tune=[str(number) for number in range(3, 25)])
    monkeypatch.setattr(novelty, "fit_novelty", functools.partial(novelty.fit_novelty, axes=3))
    return Work(tmp_path, write_rsna(tmp_path / "films", count=40))


def test_a_finder_that_is_none_is_refused_before_anything_is_made(
    work: Work, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(work.words(finder=work.folder / "nowhere")) == 2
    assert "model was not found" in capsys.readouterr().err
    assert not (work.folder / "out").exists()
