"""An archive by DICOMweb: QIDO-RS, WADO-RS and STOW-RS."""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import Callable, Generator, Sequence
from fnmatch import fnmatchcase
from io import BytesIO
from pathlib import Path
from typing import Any

from pydicom import Dataset, dcmread, dcmwrite

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.pacs import refusals
from bone_age_gui.pacs.control import Control
from bone_age_gui.pacs.http import WebSession, explained
from bone_age_gui.pacs.identifiers import text_of
from bone_age_gui.pacs.nodes import Node
from bone_age_gui.pacs.query import Instance

PAGE = 100
"""Answers that are asked for at a time."""
_AS_IT_IS = (("application/dicom", "*"),)
_TEXTS = ("PatientName", "PatientID", "AccessionNumber")
_NOT_KEYS = ("SpecificCharacterSet", "QueryRetrieveLevel")


class WebArchive:
    """A node as an ``archive.Archive``; ``secret`` is the password of its user, or a bearer token."""

    def __init__(self, node: Node, secret: str | None, control: Control) -> None:
        self._node = node
        self._secret = secret
        self._control = control
        self._open: Any = None
        self._session: WebSession | None = None

    def __enter__(self) -> WebArchive:
        return self

    def __exit__(self, *_: object) -> None:
        if self._session is not None:
            self._session.close()

    def echo(self) -> None:
        """One query for one study, which every DICOMweb server answers."""
        with explained("query", self._control, self._has_answered):
            answers = self._client().search_for_studies(limit=1)
            if not isinstance(answers, list):
                raise refusals.unclear()

    def find(self, keys: Dataset) -> Generator[Dataset, None, None]:
        """QIDO, ``PAGE`` answers at a time."""
        offset = 0
        while True:
            self._control.look()
            with explained("query", self._control, self._has_answered):
                answers = self._page(keys, offset)
            yield from (data_set for answer in answers if _is_meant(data_set := _data_set(answer), keys))
            offset += len(answers)
            if len(answers) < PAGE:
                return

    def _page(self, keys: Dataset, offset: int) -> list[Any]:
        client, level = self._client(), keys.QueryRetrieveLevel
        names = [element.keyword for element in keys if element.keyword not in _NOT_KEYS]
        # UIDs that stand in the address are no filters.
        above = {"STUDY": (), "SERIES": ("StudyInstanceUID",)}.get(level, ("StudyInstanceUID", "SeriesInstanceUID"))
        asked = {name: str(keys[name].value or "") for name in names if name not in above}
        filters = {name: _filter(name, value) for name, value in asked.items() if value}
        options = {"fields": names, "search_filters": filters, "limit": PAGE, "offset": offset}
        place = [str(keys[name].value) for name in above]
        search = {"STUDY": client.search_for_studies, "SERIES": client.search_for_series}
        answers = search.get(level, client.search_for_instances)(*place, **options)
        if not isinstance(answers, list):
            raise refusals.unclear()
        return answers

    def get(self, instances: Sequence[Instance], take: Callable[[bytes], bool]) -> None:
        """WADO of these objects, one by one, in the transfer syntax in which they are kept."""
        for instance in instances:
            self._control.look()
            content = BytesIO()
            with explained("film", self._control, self._has_answered), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    answer = self._client().retrieve_instance(
                        instance.study_uid, instance.series_uid, instance.uid, media_types=_AS_IT_IS
                    )
                except BoneAgeError:
                    raise
                except Exception as error:
                    if (status := getattr(getattr(error, "response", None), "status_code", None)) in (404, 410, 500):
                        continue  # it was listed, and is gone: what is missing is seen afterwards
                    raise error if status else _unclear_or(error) from error
                dcmwrite(content, answer, enforce_file_format=True)
            take(content.getvalue())

    def send(self, files: Sequence[Path]) -> list[BoneAgeError | None]:
        """STOW of these files, one by one."""
        return [self._send_one(path) for path in files]

    def _send_one(self, path: Path) -> BoneAgeError | None:
        self._control.look()
        data_set = dcmread(path)
        with explained("report", self._control, self._has_answered):
            answer = self._client().store_instances([data_set])
        failed = answer.get("FailedSOPSequence") if isinstance(answer, Dataset) else None
        if failed:
            return refusals.failed_status("report", int(failed[0].get("FailureReason", 0) or 0))
        return None

    def _has_answered(self) -> bool:
        return self._session is not None and self._session.has_answered

    def _client(self) -> Any:
        if self._open is None:
            try:
                from dicomweb_client.api import DICOMwebClient
            except ImportError as error:
                raise refusals.lacks_package("dicomweb-client") from error

            self._session = WebSession(self._node, self._secret, self._control)
            client = DICOMwebClient(self._node.url, session=self._session.requests, timeout=self._session.timeout)
            client.set_http_retry_params(retry=False)
            self._open = client
        return self._open


def _unclear_or(error: Exception) -> Exception:
    """An error of parsing says nothing to a person; one of the connection is explained elsewhere."""
    return error if isinstance(error, OSError) else refusals.unclear()


def _data_set(answer: Any) -> Dataset:
    try:
        data_set = Dataset.from_json(answer)
        for element in data_set:  # converted here, where a mistake is the archive's
            with contextlib.suppress(AttributeError):
                str(element.value)
    except Exception as error:
        raise refusals.unclear() from error
    return data_set


def _filter(name: str, value: str) -> str:
    """Letters that some servers misread in an address are asked for by a wildcard; ``_is_meant`` looks again."""
    return re.sub(r"[^A-Za-z0-9._-]+", "*", value) if name in _TEXTS else value


def _is_meant(answer: Dataset, keys: Dataset) -> bool:
    """Whether an answer matches the texts that were asked for; one that does not name them does."""
    for name in _TEXTS:
        wanted, listed = text_of(keys, name, ""), text_of(answer, name, "")
        if wanted and listed and not fnmatchcase(listed.casefold(), re.sub(r"([\[])", r"[\1]", wanted.casefold())):
            return False
    return True
