"""The archives that were set up: values, and the file that keeps them. Passwords are elsewhere (``secrets``)."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from bone_age_gui.core.values import strict_json
from bone_age_gui.core.values.bounds import Within
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.whole_files import not_written, write_private
from bone_age_gui.pacs import refusals

FILE = "nodes.json"
VERSION = 1
_Version = Annotated[int, Within(VERSION, VERSION)]
OWN_TITLE = "BONEAGE"
WORDS = ("hand", "wrist", "bone age", "boneage", "knochenalter")
"""What body part or description of a hand film holds, in small letters."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")
_TITLE = re.compile(r"[ -\[\]-~]{1,16}")
_HOST = re.compile(r"[A-Za-z0-9._:%-]{1,253}")


class Protocol(StrEnum):
    """How an archive is spoken to."""

    DIMSE = "dimse"
    DICOMWEB = "dicomweb"


@dataclass(frozen=True)
class Node:
    """One archive.

    Attributes
    ----------
    host, port, ae_title, own_ae_title
        Of DIMSE: where it listens, its AE title, and the one under which it knows this program.
    tls, ca_file, certificate, key_file
        An encrypted DIMSE connection; PEM files. Without ``ca_file`` the system's authorities are trusted; the others
        are this program's own certificate, where the archive wants one. The files hold for DICOMweb, too.
    url, user
        Of DICOMweb: the address below which ``studies`` lies; without a user the password is a bearer token.
    charset : str
        DICOM character set of answers that name none, for example ``ISO_IR 144``; empty where that is not known.
    words : tuple of str
        A film is a hand's if its body part or description holds one of them; empty for every film.
    """

    name: str
    protocol: Protocol = Protocol.DIMSE
    host: str = ""
    port: int = 104
    ae_title: str = ""
    own_ae_title: str = OWN_TITLE
    tls: bool = False
    ca_file: str = ""
    certificate: str = ""
    key_file: str = ""
    url: str = ""
    user: str = ""
    charset: str = ""
    words: tuple[str, ...] = WORDS

    def problem(self) -> BoneAgeError | None:
        """What is wrong with it; ``None`` if nothing is."""
        if not _NAME.fullmatch(self.name):
            return refusals.bad_node("name", self.name)
        if self.charset and not is_charset(self.charset):
            return refusals.bad_node("charset", self.name)
        return self._dimse_problem() if self.protocol is Protocol.DIMSE else self._web_problem()

    def _dimse_problem(self) -> BoneAgeError | None:
        if not _HOST.fullmatch(self.host):
            return refusals.bad_node("host", self.name)
        if not 1 <= self.port <= 65535:
            return refusals.bad_node("port", self.name)
        for title in (self.ae_title, self.own_ae_title):
            if not _TITLE.fullmatch(title) or not title.strip():
                return refusals.bad_node("title", self.name)
        return None

    def _web_problem(self) -> BoneAgeError | None:
        try:
            parts = urlsplit(self.url)
            fine = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            fine = False
        if not fine:
            return refusals.bad_node("address", self.name)
        if parts.username or parts.password or parts.query or parts.fragment:
            return refusals.bad_node("secrets", self.name)
        return None


def is_charset(text: str) -> bool:
    """True for a defined term (or several, divided by backslashes) that pydicom can decode."""
    from pydicom.charset import python_encoding

    terms = [term.strip() for term in text.split("\\")]
    try:
        return all(term in python_encoding and codecs.lookup(python_encoding[term]) is not None for term in terms)
    except LookupError:
        return False


def read_nodes(folder: Path) -> tuple[Node, ...]:
    """The nodes of the user's data folder, in their order; none if the file is not there.

    Raises ``BoneAgeError``: ``bad_nodes bad_node``.
    """
    try:
        text = (folder / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError):
        raise refusals.unreadable_nodes() from None
    try:
        values = strict_json.parse_json(text)
        groups = strict_json.from_plain(Mapping[str, Any], values, FILE)
        strict_json.from_plain(_Version, groups.get("version"), "version")
        listed = strict_json.from_plain(tuple[Any, ...], groups.get("nodes"), "nodes")
        nodes = tuple(_node(value, f"nodes[{index}]") for index, value in enumerate(listed))
    except ValueError as error:
        raise refusals.bad_nodes(strict_json.problem_of(error)) from None
    return _checked(nodes)


def write_nodes(folder: Path, nodes: Iterable[Node]) -> None:
    """Keep these nodes, readable by their owner only.

    Raises ``BoneAgeError``: ``bad_node disk_full read_only no_folder not_written``.
    """
    values = {"version": VERSION, "nodes": [strict_json.to_plain(node) for node in _checked(tuple(nodes))]}
    text = json.dumps(values, indent=2, ensure_ascii=False) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_private(folder / FILE, text.encode())
    except OSError as error:
        raise not_written(error, "data") from error


def node_named(nodes: Iterable[Node], name: str) -> Node:
    """The node by this name. ``BoneAgeError`` (``unknown_node``) if there is none."""
    known = {node.name: node for node in nodes}
    if name not in known:
        raise refusals.unknown_node(name, known)
    return known[name]


def _checked(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    for node in nodes:
        if problem := node.problem():
            raise problem
    names = [node.name for node in nodes]
    for name in names:
        if names.count(name) > 1:
            raise refusals.bad_node("twice", name)
    return nodes


def _node(value: Any, where: str) -> Node:
    """What is not given is as in a new node; ``BadFieldError`` for what is unknown or wrongly typed."""
    usual = {field.name: field.default for field in fields(Node) if field.name != "name"}
    given = strict_json.from_plain(Mapping[str, Any], value, where)
    node: Node = strict_json.from_plain(Node, {**usual, **given}, where)
    return node
