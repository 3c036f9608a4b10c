"""What an archive can do, whatever it speaks."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.pacs import nodes
from bone_age_gui.pacs.control import Control

if TYPE_CHECKING:
    from pydicom import Dataset

    from bone_age_gui.pacs.query import Instance


class Archive(Protocol):
    """One archive, used by one thread at a time in a ``with`` block. All raise ``BoneAgeError`` of ``refusals``."""

    def __enter__(self) -> Archive:
        """Nothing is connected yet."""

    def __exit__(self, *_: object) -> None:
        """Close what is open."""

    def echo(self) -> None:
        """Try whether it answers; raises where it does not."""

    def find(self, keys: Dataset, /) -> Generator[Dataset, None, None]:
        """Answers to a query of ``identifiers``, as they come; end the iterator to have no more."""

    def get(self, instances: Sequence[Instance], take: Callable[[bytes], bool], /) -> None:
        """Have these objects sent; ``take`` gets each as a DICOM file and says whether it was wanted."""

    def send(self, files: Sequence[Path], /) -> list[BoneAgeError | None]:
        """Send DICOM files; for each, why the archive did not take it. It may lie: look for them afterwards."""


def open_archive(node: nodes.Node, secret: str | None, control: Control) -> Archive:
    """The archive of a node; ``secret`` is its password or token."""
    from bone_age_gui.pacs.identifiers import silence_pydicom

    silence_pydicom()
    if node.protocol is nodes.Protocol.DIMSE:
        from bone_age_gui.pacs.dimse import DimseArchive

        return DimseArchive(node, control)
    from bone_age_gui.pacs.web import WebArchive

    return WebArchive(node, secret, control)
