"""An archive by DIMSE: C-ECHO, C-FIND, C-GET and C-STORE over connections that this program opens."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from pydicom import Dataset
from pydicom.uid import UID

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.pacs import contexts, refusals
from bone_age_gui.pacs.association import ANSWER_SECONDS, Link
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.identifiers import get_query
from bone_age_gui.pacs.nodes import Node
from bone_age_gui.pacs.query import Instance

DRAIN_SECONDS = 2.0
_SUCCESS, _CANCEL, _NOT_WANTED, _NO_SPACE = 0x0000, 0xFE00, 0xA900, 0xA700
_PENDING = {0xFF00, 0xFF01}
_WARNINGS = {0xB000, 0xB006, 0xB007}
_MESSAGES = 2**15
_ON_BROKEN_ANSWERS = (ValueError, AttributeError, TypeError, KeyError, NotImplementedError)
"""What pynetdicom and pydicom raise on answers that are none."""

Take = Callable[[bytes], bool]
"""Gets an object as a whole DICOM file; says whether it was wanted. ``OSError`` where it cannot be kept."""


class DimseArchive:
    """A node as an ``archive.Archive``; one thread at a time. Leaving the ``with`` block closes its connections."""

    def __init__(self, node: Node, control: Control) -> None:
        self._node = node
        self._control = control
        self._numbers = count(1)
        self._finding: Link | None = None

    def __enter__(self) -> DimseArchive:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_finding()

    def echo(self) -> None:
        """C-ECHO."""
        with Link(self._node, self._control, contexts.verifying()) as link:
            _check_status(link, link.association.send_c_echo(), "echo")

    def find(self, keys: Dataset) -> Generator[Dataset, None, None]:
        """C-FIND at the study root, answer by answer; who stops early has it cancelled."""
        link, message = self._link_for_finding(), self._number()
        answers = link.association.send_c_find(keys, contexts.FIND, msg_id=message)
        try:
            for status, answer in answers:
                if status.get("Status") not in _PENDING:
                    _check_status(link, status, "query")
                    return
                self._control.look()
                if answer is None:
                    raise refusals.unclear()
                yield answer
        except GeneratorExit:
            self._end_early(link, answers, message)
            raise
        except _ON_BROKEN_ANSWERS as error:
            self._stop_finding(cut=True)
            raise refusals.unclear() from error
        except BaseException:
            self._stop_finding(cut=True)
            raise

    def get(self, instances: Sequence[Instance], take: Take) -> None:
        """C-GET of these objects, one by one, over one connection.

        What the archive fails to send as it keeps it is asked for once more without compression: dcmtk's takes the
        first context of a kind of film, whether it can write that syntax or not.
        """
        missing = self._get(instances, take, contexts.FILM_SYNTAXES)
        if missing:
            self._get(missing, take, contexts.PLAIN_SYNTAXES)

    def _get(self, instances: Sequence[Instance], take: Take, syntaxes: tuple[UID, ...]) -> list[Instance]:
        """Fetch by C-GET; gives back the objects that did not come."""
        from pynetdicom import evt

        failures: list[Exception] = []
        came: list[bool] = []
        missing = []
        proposed, roles = contexts.fetching(syntaxes)
        handlers = [(evt.EVT_C_STORE, _receiver(take, came, failures))]
        with Link(self._node, self._control, proposed, roles, handlers) as link:
            if not link.offers(contexts.GET):
                raise refusals.no_get()
            for instance in instances:
                self._control.look()
                before = len(came)
                self._get_one(link, instance)
                if failures:
                    raise failures[0]
                if len(came) == before:
                    missing.append(instance)
        return missing

    def _get_one(self, link: Link, instance: Instance) -> None:
        """One object; that the archive has failed to send it is seen by what is missing afterwards."""
        try:
            for status, _ in link.association.send_c_get(get_query(instance), contexts.GET, msg_id=self._number()):
                if "Status" not in status:
                    raise link.lost()
        except _ON_BROKEN_ANSWERS as error:
            raise refusals.unclear() from error
        except RuntimeError as error:  # the connection is closed
            raise link.lost() from error

    def send(self, files: Sequence[Path]) -> list[BoneAgeError | None]:
        """C-STORE of these files; for each, why it was not taken, if so."""
        from pydicom import dcmread

        headers = [dcmread(path, stop_before_pixels=True, specific_tags=["SOPClassUID"]) for path in files]
        pairs = [(str(header.SOPClassUID), str(header.file_meta.TransferSyntaxUID)) for header in headers]
        with Link(self._node, self._control, contexts.sending(pairs)) as link:
            return [self._send_one(link, path) for path in files]

    def _send_one(self, link: Link, path: Path) -> BoneAgeError | None:
        self._control.look()
        try:
            status = link.association.send_c_store(path, msg_id=self._number())
        except _ON_BROKEN_ANSWERS:
            return refusals.no_service("store")
        except RuntimeError as error:
            raise link.lost() from error
        if "Status" not in status:
            raise link.lost()
        code = int(status.Status)
        return None if code == _SUCCESS or code in _WARNINGS else refusals.failed_status("report", code)

    def _number(self) -> int:
        return next(self._numbers) % _MESSAGES + 1

    def _link_for_finding(self) -> Link:
        """The connection that is open for queries, or a new one."""
        if self._finding is None or not self._finding.is_open:
            self._stop_finding()
            self._finding = Link(self._node, self._control, contexts.finding())
        return self._finding

    def _stop_finding(self, cut: bool = False) -> None:
        link, self._finding = self._finding, None
        if link is not None:
            link.close(cut)

    def _end_early(self, link: Link, answers: Iterator[Any], message: int) -> None:
        """Ask for no more; an archive that does not listen is left."""
        try:
            if link.is_open and not self._control.is_cancelled:
                link.association.send_c_cancel(message, query_model=contexts.FIND)
                link.association.dimse_timeout = DRAIN_SECONDS
                until = time.monotonic() + DRAIN_SECONDS
                for status, _ in answers:
                    if status.get("Status") not in _PENDING:
                        link.association.dimse_timeout = ANSWER_SECONDS
                        return
                    if time.monotonic() > until:
                        break
        except (*_ON_BROKEN_ANSWERS, RuntimeError):
            pass
        self._stop_finding(cut=True)


def _check_status(link: Link, status: Dataset, operation: str) -> None:
    code = status.get("Status")
    if code is None:
        raise link.lost()
    if code not in (_SUCCESS, _CANCEL):
        raise refusals.failed_status(operation, int(code))


def _receiver(take: Take, came: list[bool], failures: list[Exception]) -> Callable[[Any], int]:
    """Answers the archive's C-STORE: notes what came, and keeps a failure of ours for the thread that asked."""

    def receive(event: Any) -> int:
        try:
            came.append(take(event.encoded_dataset()))
        except (OSError, BoneAgeError) as error:
            failures.append(error)
            return _NO_SPACE
        return _SUCCESS if came[-1] else _NOT_WANTED

    return receive
