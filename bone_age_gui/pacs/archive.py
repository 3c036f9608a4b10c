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
    """One archive, used by one thread at a time in a ``with`` block.

    Every method raises ``BoneAgeError`` where the archive as a whole cannot be reached or asked: ``archive_refused
    archive_no_route archive_unknown_host archive_timeout archive_lost archive_unclear archive_too_much`` for the
    connection, ``archive_called_title archive_calling_title archive_rejected archive_no_service archive_no_get
    archive_status`` for DICOM, ``archive_http archive_password archive_no_dicomweb`` for DICOMweb,
    ``archive_certificate archive_own_certificate archive_tls`` for encryption, ``archive_lacks_package`` for the
    set-up.
    """

    def __enter__(self) -> Archive:
        """The archive itself; it is connected at the first call."""

    def __exit__(self, *_: object) -> None:
        """Close the connection, if there is one."""

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
