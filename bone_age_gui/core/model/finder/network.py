"""The finder: from a film to the joints of its hands, with the small network beside a bundle's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime as ort

from bone_age_gui.core.model.finder.card import FinderCard
from bone_age_gui.core.model.finder.looks import find_joints
from bone_age_gui.core.model.graph import check_signature
from bone_age_gui.core.model.onnx_file import check_file
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.joints import Finding

THREADS = 2
"""More threads gain nothing on 192 x 192 pixels."""
MAPS = 8
"""Six of heat, two of offsets."""
_FATAL = 4


class Finder:
    """Finds the joints of the hands on a film, on the CPU. Safe to call from several threads.

    Parameters
    ----------
    path : Path
        The ONNX file.
    card : FinderCard
        What the bundle's card says of it.
    threads : int
        Threads of one run.

    Raises
    ------
    BoneAgeError
        ``model_damaged`` if the file is missing or not the card's, ``model_unusable`` if it does not run,
        ``bad_signature`` if its inputs or outputs are not those of the card.
    """

    def __init__(self, path: Path, card: FinderCard, threads: int = THREADS) -> None:
        self.card = card
        _check_sides(card)
        check_file(path, card.model)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.use_deterministic_compute = True
        options.log_severity_level = _FATAL
        # Waiting threads that spin take a core each from the window and from other programs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ONNX Runtime has no common base class for its own
            raise BoneAgeError("model_unusable", "finder", file=card.model.file, kind=type(error).__name__) from error
        check_signature(card.inputs, self._session.get_inputs(), "input")
        check_signature(card.outputs, self._session.get_outputs(), "output")

    def find(self, pixels: np.ndarray) -> Finding:
        """Find the joints on a film: uint8 or uint16 (height, width), bone bright; they are in its pixels.

        Raises ``BoneAgeError`` (``inference_failed``).
        """
        return find_joints(self.maps, pixels, self.card.spec)

    def maps(self, films: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The network itself: float32 (n, 1, side, side) -> maps (n, 8, side / 2, side / 2) and hands (n, 2), logits.

        Raises ``BoneAgeError`` (``inference_failed``).
        """
        try:
            maps, hands = self._session.run(["maps", "hands"], {"film": films})
        except Exception as error:
            raise BoneAgeError("inference_failed", "finder", kind=type(error).__name__) from error
        return maps, hands


def open_finder(path: Path | None, card: FinderCard | None, threads: int = THREADS) -> Finder | None:
    """The finder of a bundle, ``None`` where it brings none.

    Raises ``BoneAgeError``: ``model_damaged model_unusable bad_signature``.
    """
    return Finder(path, card, threads) if path is not None and card is not None else None


def _check_sides(card: FinderCard) -> None:
    """The card's own parts must agree: the graph takes squares of ``spec.side`` and gives maps of half of it."""
    side = card.spec.side
    wanted = {"film": (1, side, side), "maps": (MAPS, side // 2, side // 2), "hands": (2,)}
    shapes = {tensor.name: tensor.shape[1:] for tensor in (*card.inputs, *card.outputs)}
    if shapes != wanted:
        raise BoneAgeError("bad_signature", "finder", side=side)
