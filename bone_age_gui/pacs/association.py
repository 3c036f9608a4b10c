"""One DICOM association that this program opens: with limits of time, clear errors, and cancelled at any moment."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.pacs import refusals
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.nodes import Node
from bone_age_gui.pacs.wire import CONNECT_SECONDS, Wire, ip_of, why_not_connected

if TYPE_CHECKING:
    from pynetdicom.association import Association

ANSWER_SECONDS = 30.0
_MAX_PDU = 2**17
_BY_USER = 1
_CALLED, _CALLING = 7, 3
"""Reasons of a rejection by the service user (PS3.8 9.3.4)."""


class Link:
    """An open association. ``with`` releases it at the end, and cuts it after a failure.

    Raises
    ------
    BoneAgeError
        ``archive_unknown_host archive_timeout archive_refused archive_no_route archive_certificate archive_tls
        archive_called_title archive_calling_title archive_rejected archive_unclear archive_no_service
        archive_lacks_package archive_own_certificate archive_cancelled``.
    """

    def __init__(
        self,
        node: Node,
        control: Control,
        contexts: list[Any],
        roles: Iterable[Any] = (),
        handlers: Iterable[Any] = (),
    ) -> None:
        self._node = node
        self._control = control
        self._stack = ExitStack()
        entity = _entity(node)
        self._wire = Wire(node)
        self._stack.enter_context(control.closing(self._wire.cut))
        try:
            self.association = self._open(entity, contexts, list(roles), list(handlers))
        except BaseException:
            self._stack.close()
            self._wire.close()
            raise

    def __enter__(self) -> Link:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.close(cut=kind is not None)

    @property
    def is_open(self) -> bool:
        """False once either side has ended it."""
        return bool(self.association.is_established)

    def offers(self, model: str) -> bool:
        """Whether the archive accepted this service."""
        return any(context.abstract_syntax == model for context in self.association.accepted_contexts)

    def close(self, cut: bool = False) -> None:
        """Release it; ``cut`` ends it without waiting for the archive."""
        try:
            if cut:
                self._wire.cut()
            if self.is_open:
                self.association.abort() if cut else self.association.release()
        finally:
            self._stack.close()
            self._wire.close()

    def lost(self) -> BoneAgeError:
        """Why an answer did not come."""
        if self._control.is_cancelled:
            return refusals.cancelled_work()
        return refusals.too_much() if self._wire.is_flooded else refusals.lost()

    def _open(self, entity: Any, contexts: list[Any], roles: list[Any], handlers: list[Any]) -> Association:
        node, started = self._node, time.monotonic()
        association: Association = entity.associate(
            ip_of(node.host, node.port), node.port, contexts=contexts, ae_title=node.ae_title, ext_neg=roles,
            evt_handlers=handlers, max_pdu=_MAX_PDU, tls_args=(self._wire, node.host),
        )  # fmt: skip
        if association.is_established:
            return association
        self._control.look()
        raise self._why_not(association, time.monotonic() - started)

    def _why_not(self, association: Association, seconds: float) -> BoneAgeError:
        if self._wire.error is not None:
            error = why_not_connected(self._wire.error)
            return refusals.ended_at_once() if error.code == refusals.LOST else error
        if association.is_rejected:
            answer: Any = association.acceptor.primitive
            reason = (answer.result_source, answer.diagnostic)
            if reason == (_BY_USER, _CALLED):
                return refusals.unknown_called_title(self._node.ae_title)
            if reason == (_BY_USER, _CALLING):
                return refusals.unknown_calling_title(self._node.own_ae_title)
            return refusals.rejected_association(str(answer.reason_str).lower())
        if association.rejected_contexts:
            return refusals.no_service("any")
        if seconds >= CONNECT_SECONDS:
            return refusals.timed_out()
        return refusals.unclear() if self._wire.has_brought_anything else refusals.ended_at_once()


def _entity(node: Node) -> Any:
    try:
        from pynetdicom import AE, _config
    except ImportError as error:
        raise refusals.lacks_package("pynetdicom") from error

    _config.LOG_REQUEST_IDENTIFIERS = _config.LOG_RESPONSE_IDENTIFIERS = False  # they name patients
    _config.LOG_HANDLER_LEVEL = "none"
    entity = AE(ae_title=node.own_ae_title)
    entity.connection_timeout = CONNECT_SECONDS
    entity.acse_timeout = CONNECT_SECONDS
    entity.dimse_timeout = ANSWER_SECONDS
    entity.network_timeout = 2 * ANSWER_SECONDS
    return entity
