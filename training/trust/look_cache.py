"""Looks at films that a folder keeps, so that limits fitted anew need no second look."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

import bone_age_gui
from bone_age_gui.core.legibility import Measures
from bone_age_gui.core.model.bundle import Bundle
from bone_age_gui.core.values.strict_json import to_plain
from bone_age_gui.core.values.whole_files import whole_file
from training.films.arrays import BROKEN

_FACTS = "facts"
Size = tuple[int, int] | None


@dataclass(frozen=True)
class Look:
    """What the line and the age network made of one film.

    ``outputs`` of the graph have two rows, with the child's sex and without it. ``crop`` is that of ``crop_of``.
    """

    outputs: dict[str, np.ndarray]
    refused: str | None
    doubts: tuple[str, ...]
    measures: Measures | None
    by_joints: bool
    crop: tuple[float, float, float] | None


class Store:
    """The looks of one bundle; ``folder`` ``None`` keeps nothing."""

    def __init__(self, folder: Path | None, key: str) -> None:
        self._folder, self._key = folder, key

    def look(self, path: Path, size: Size, is_male: bool) -> Look | None:
        """The look at a file that has not changed since, ``None`` if there is none that can be read."""
        if self._folder is None:
            return None
        try:
            with np.load(self._file(path, size, is_male), allow_pickle=False) as values:
                outputs = {name: values[name] for name in values.files if name != _FACTS}
                facts: dict[str, Any] = json.loads(str(values[_FACTS]))
        except BROKEN:
            return None
        measures, crop = facts["measures"], facts["crop"]
        return Look(
            outputs=outputs,
            refused=facts["refused"],
            doubts=tuple(facts["doubts"]),
            measures=Measures(**measures) if measures is not None else None,
            by_joints=facts["by_joints"],
            crop=(crop[0], crop[1], crop[2]) if crop is not None else None,
        )

    def keep(self, path: Path, size: Size, is_male: bool, look: Look) -> None:
        """Keep a look at a file."""
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        facts = {name: value for name, value in asdict(look).items() if name != "outputs"}
        with whole_file(self._file(path, size, is_male)) as temporary:
            np.savez(temporary, allow_pickle=False, **look.outputs, **{_FACTS: np.array(json.dumps(facts))})

    def _file(self, path: Path, size: Size, is_male: bool) -> Path:
        assert self._folder is not None
        state = path.stat()
        words = f"{self._key} {path.resolve()} {state.st_size} {state.st_mtime_ns} {size} {is_male}"
        return self._folder / f"{hashlib.sha256(words.encode()).hexdigest()[:32]}.npz"


@dataclass(frozen=True)
class LookCache:
    """A folder for the looks of any bundle."""

    folder: Path | None

    def of(self, bundle: Bundle, cropped: bool) -> Store:
        """Those of one bundle: of its networks, its line and its rules, by this version of the program's core."""
        if self.folder is None:
            return Store(None, "")
        card = bundle.card
        parts = [card.model, card.finder.model if card.finder is not None else None, card.preprocessing]
        words = json.dumps(to_plain([*parts, card.joint_crop, card.quality, card.limits]))
        return Store(self.folder, f"{_core_digest()} {cropped} {words}")


def _core_digest() -> str:
    """SHA-256 of the core's sources."""
    digest = hashlib.sha256()
    for file in sorted((Path(bone_age_gui.__file__).parent / "core").rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
