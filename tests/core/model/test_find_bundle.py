"""Bundles are looked for by name and by folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from bone_age_gui.core.model.bundle import bundle_names, find_bundle
from bone_age_gui.core.values.errors import BoneAgeError
from bundles import make_bundle
from refused import message_of


def test_bundles_are_found_by_name_along_the_search_path(tmp_path: Path) -> None:
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    make_bundle(shipped / "densenet121", name="shipped")
    make_bundle(shipped / "other", name="other")
    assert find_bundle(None, [own, shipped]).name == "shipped"
    make_bundle(own / "densenet121", name="own")
    assert find_bundle(None, [own, shipped]).name == "own"
    assert find_bundle("other", [own, shipped]).name == "other"
    assert bundle_names([own, shipped]) == ["densenet121", "other"]


def test_a_bundle_is_found_by_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_bundle(tmp_path / "mine")
    assert find_bundle(str(tmp_path / "mine"), []).name == "tiny"
    monkeypatch.chdir(tmp_path)
    assert find_bundle("mine", []).name == "tiny"
    assert find_bundle("./mine", []).name == "tiny"


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    make_bundle(tmp_path / "densenet121")
    for wanted in ("vgg", "../densenet121", ".."):
        with pytest.raises(BoneAgeError) as refusal:
            find_bundle(wanted, [tmp_path])
        assert refusal.value.code == "model_not_found"
        assert "densenet121" in message_of(refusal.value)
