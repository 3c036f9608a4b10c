"""Model bundles: a folder with ``card.json`` and the ONNX file that it describes."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bone_age_gui.core.model.card import Card
from bone_age_gui.core.model.onnx_file import check_file
from bone_age_gui.core.stages.preprocess import PreprocessingSpec
from bone_age_gui.core.values.bounded_files import read_bounded
from bone_age_gui.core.values.errors import BoneAgeError

CARD_FILE = "card.json"
MAX_CARD_BYTES = 16 * 2**20
"""Far more than any card has: the largest of ours has 0.14 MB."""
DEFAULT_BUNDLE = "densenet121"
OUTPUTS = ("bone_age_months", "distribution", "features", "heat_map", "novelty")
"""Outputs that the app knows; only the first must exist."""


@dataclass(frozen=True)
class Bundle:
    """A model whose card and file have been checked against each other."""

    directory: Path
    card: Card

    @property
    def model_path(self) -> Path:
        """The ONNX file."""
        return self.directory / self.card.model.file

    @property
    def name(self) -> str:
        """Name of the model, for example ``"densenet121"``."""
        return self.card.name

    @property
    def version(self) -> str:
        """Version of the model, for example ``"1.0"``."""
        return self.card.version

    @property
    def sha256(self) -> str:
        """SHA-256 of the ONNX file, 64 lower-case hex digits."""
        return self.card.model.sha256

    @property
    def spec(self) -> PreprocessingSpec:
        """The preprocessing that the network was trained behind."""
        return self.card.preprocessing

    @property
    def film_shape(self) -> tuple[int, ...]:
        """Shape of one film at the graph's input: (channels, height, width)."""
        return tuple(int(length) for length in self.card.inputs[0].shape[1:])

    @property
    def finder_path(self) -> Path | None:
        """The finder's ONNX file, ``None`` where the bundle brings none."""
        return self.directory / self.card.finder.model.file if self.card.finder is not None else None

    @property
    def output_names(self) -> tuple[str, ...]:
        """Outputs that the card lists."""
        return tuple(tensor.name for tensor in self.card.outputs)


def bundle_record(bundle: Bundle) -> dict[str, Any]:
    """Name, version, hash and place, then the rest of the card but for the long list of hashed ids."""
    card = bundle.card.to_dict()
    card["training"].pop("held_out", None)
    first = {
        "name": bundle.name,
        "version": bundle.version,
        "sha256": bundle.sha256,
        "path": str(bundle.directory.resolve()),
    }
    return first | {key: value for key, value in card.items() if key not in first}


def load_bundle(directory: Path) -> Bundle:
    """Open a bundle; the card's schema, its sense and the file's hash are checked.

    Raises
    ------
    BoneAgeError
        ``model_not_found``, ``bad_card``, ``card_schema`` or ``model_damaged``.
    """
    card = _read_card(directory / CARD_FILE)
    _check_sense(card)
    bundle = Bundle(directory, card)
    check_file(bundle.model_path, card.model)
    if card.finder is not None:
        check_file(directory / card.finder.model.file, card.finder.model)
    return bundle


def find_bundle(name_or_dir: str | None, search: Sequence[Path]) -> Bundle:
    """Open a bundle by its name (first match along ``search``) or by its folder.

    ``None`` means the default model. Text with a path separator is a folder; other text is looked
    for as a name first.

    Raises
    ------
    BoneAgeError
        ``model_not_found``, ``bad_card``, ``card_schema`` or ``model_damaged``.
    """
    wanted = name_or_dir or DEFAULT_BUNDLE
    is_path = os.sep in wanted or "/" in wanted or wanted in (".", "..")
    if not is_path:
        for folder in search:
            if (folder / wanted / CARD_FILE).is_file():
                return load_bundle(folder / wanted)
    if name_or_dir and (Path(wanted) / CARD_FILE).is_file():
        return load_bundle(Path(wanted))
    names = tuple(bundle_names(search))
    if not names:
        raise BoneAgeError("model_not_found", "none", wanted=wanted, file=CARD_FILE)
    raise BoneAgeError("model_not_found", wanted=wanted, names=names, file=CARD_FILE)


def bundle_names(search: Sequence[Path]) -> list[str]:
    """Names of the bundles along ``search``, sorted, without opening them."""
    names = {card.parent.name for folder in search if folder.is_dir() for card in folder.glob(f"*/{CARD_FILE}")}
    return sorted(names)


def _read_card(path: Path) -> Card:
    try:
        text = read_bounded(path, MAX_CARD_BYTES).decode("utf-8")
    except FileNotFoundError as error:
        raise BoneAgeError("model_not_found", "folder", file=CARD_FILE) from error
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno == errno.EFBIG:
            raise BoneAgeError("bad_card", "large", megabytes=MAX_CARD_BYTES // 2**20) from error
        raise BoneAgeError("bad_card", "text") from error
    return Card.from_json(text)


def _check_sense(card: Card) -> None:
    """Checks beyond types: names that the app relies on and values that must agree with each other."""
    if Path(card.model.file).name != card.model.file or card.model.file in (".", ".."):
        raise BoneAgeError("bad_card", "file", field="card.model.file")
    _check_finder(card)
    _check_ends(card)
    if [tensor.name for tensor in card.inputs] != ["image", "sex"]:
        raise BoneAgeError("bad_card", "inputs")
    if len(card.inputs[0].shape) != 4 or card.inputs[0].shape[2:] != card.preprocessing.network_shape:
        raise BoneAgeError("bad_card", "shape")
    if not isinstance(card.inputs[0].shape[1], int):
        raise BoneAgeError("bad_card", "channels")
    names = [tensor.name for tensor in card.outputs]
    if not names or names[0] != OUTPUTS[0] or len(set(names)) != len(names) or not set(names) <= set(OUTPUTS):
        raise BoneAgeError("bad_card", "outputs", needed=OUTPUTS[0], known=OUTPUTS[1:])
    cleaning = card.preprocessing.cleaning
    if cleaning is not None and cleaning.widest < cleaning.tightest:
        raise BoneAgeError("bad_card", "cleaning")
    if card.calibration is not None and "distribution" not in names:
        raise BoneAgeError("bad_card", "calibration")
    for name in ("output_months", "covered_months"):
        low, high = getattr(card.limits, name)
        if not low < high:
            raise BoneAgeError("bad_card", "limits", field=f"card.limits.{name}")


def _check_ends(card: Card) -> None:
    """Both sexes have both ends, the lower one first."""
    ends = card.growth_ends
    if ends is None:
        return
    sexes = {"F", "M"}
    if set(ends.at_most_months) != sexes or set(ends.at_least_months) != sexes:
        raise BoneAgeError("bad_card", "ends")
    if any(ends.at_most_months[sex] >= ends.at_least_months[sex] for sex in sexes):
        raise BoneAgeError("bad_card", "ends")


def _check_finder(card: Card) -> None:
    if card.finder is not None and Path(card.finder.model.file).name != card.finder.model.file:
        raise BoneAgeError("bad_card", "file", field="card.finder.model.file")
    if len({card.finder is None, card.quality is None, card.joint_crop is None}) > 1:
        raise BoneAgeError("bad_card", "parts")
