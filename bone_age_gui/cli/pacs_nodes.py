"""``bone-age pacs nodes|add|remove|password|forget``: which archives there are, on a machine without the window."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from dataclasses import fields

from bone_age_gui import paths
from bone_age_gui.core.values.exit_codes import ExitCode
from bone_age_gui.core.values.strict_json import to_plain
from bone_age_gui.core.values.typed_values import parse_list
from bone_age_gui.core.values.whole_files import not_written
from bone_age_gui.wording.command_line import (
    ALL_FORGOTTEN,
    FORGOTTEN,
    node_address,
    node_line,
    node_removed,
    node_set_up,
    password_kept,
    password_question,
)
from bone_age_gui.wording.language import mark, tr

_FILES = {
    "ca_file": mark("certificates of the authorities that are trusted"),
    "certificate": mark("this program's certificate"),
    "key_file": mark("the key of that certificate"),
}
_TEXTS = {
    "host": mark("of DICOM: name or address of the machine"),
    "ae_title": mark("of DICOM: the archive's AE title"),
    "own_ae_title": mark("of DICOM: the AE title under which it knows this program (default: BONEAGE)"),
    "url": mark("of DICOMweb: the address below which 'studies' lies"),
    "user": mark("of DICOMweb: the user's name; without one the password is a bearer token"),
    "charset": mark("DICOM character set of answers that name none"),
}


def add_verbs(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the verbs; ``verb`` makes the parser of one."""
    verb("nodes", tr("list the archives that are set up"), with_node=False)
    add = verb("add", tr("set an archive up, or change it: what is given is put in place of what was"))
    for name, about in _TEXTS.items():
        add.add_argument(f"--{name.replace('_', '-')}", metavar="TEXT", help=tr(about))
    for name, about in _FILES.items():
        add.add_argument(f"--{name.replace('_', '-')}", metavar="PEM", help=tr(about))
    add.add_argument("--port", type=int, help=tr("of DICOM (default: 104)"))
    add.add_argument("--tls", action=argparse.BooleanOptionalAction, default=None, help=tr("of DICOM: encrypted"))
    add.add_argument("--words", type=parse_list, metavar="LIST", help=tr("what the description of a hand film holds"))
    verb("remove", tr("forget an archive and its password"))
    verb("forget", tr("forget every fetched film and every report in the outbox"), with_node=False)
    password = verb("password", tr("keep the password or token of an archive, read from the terminal or stdin"))
    password.add_argument("--forget", action="store_true", help=tr("forget it instead"))


def _nodes(options: argparse.Namespace) -> int:
    from bone_age_gui.pacs.nodes import Protocol, read_nodes

    for node in read_nodes(paths.user_data_dir()):
        if options.json:
            print(json.dumps(to_plain(node)))
        else:
            where = (
                node.url if node.protocol is Protocol.DICOMWEB else node_address(node.ae_title, node.host, node.port)
            )
            print(node_line(node.name, node.protocol, where))
    return ExitCode.DONE


def _add(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from bone_age_gui.pacs.nodes import Node, Protocol, read_nodes, write_nodes

    folder = paths.user_data_dir()
    nodes = {node.name: node for node in read_nodes(folder)}
    names = {field.name for field in fields(Node)} - {"name", "protocol"}
    changes = {name: value for name, value in vars(options).items() if name in names and value is not None}
    node = replace(nodes.get(options.node, Node(options.node)), **changes)
    node = replace(node, protocol=Protocol.DICOMWEB if node.url else Protocol.DIMSE)
    write_nodes(folder, (nodes | {node.name: node}).values())
    print(json.dumps(to_plain(node)) if options.json else node_set_up(node.name))
    return ExitCode.DONE


def _remove(options: argparse.Namespace) -> int:
    from bone_age_gui.pacs.nodes import node_named, read_nodes, write_nodes
    from bone_age_gui.pacs.secrets import keep_secret

    folder = paths.user_data_dir()
    nodes = read_nodes(folder)
    gone = node_named(nodes, options.node)
    write_nodes(folder, [node for node in nodes if node is not gone])
    keep_secret(gone.name, None, folder)
    print(json.dumps({"node": gone.name, "removed": True}) if options.json else node_removed(gone.name))
    return ExitCode.DONE


def _password(options: argparse.Namespace) -> int:
    from bone_age_gui.pacs.nodes import node_named, read_nodes
    from bone_age_gui.pacs.secrets import keep_secret

    folder = paths.user_data_dir()
    node, secret, place = node_named(read_nodes(folder), options.node), None, None
    if options.forget:
        keep_secret(node.name, None, folder)
    else:
        secret = getpass.getpass(password_question(node.name)) if sys.stdin.isatty() else sys.stdin.readline()
        place = keep_secret(node.name, secret.rstrip("\r\n"), folder)
    if options.json:
        print(json.dumps({"node": node.name, "kept": place}))
    else:
        print(password_kept(place) if place else tr(FORGOTTEN))
    return ExitCode.DONE


def _forget(options: argparse.Namespace) -> int:
    from bone_age_gui.store.film_cache import empty_film_cache
    from bone_age_gui.store.outbox import empty_outbox

    folder = paths.user_data_dir()
    try:
        empty_film_cache(folder)
        empty_outbox(folder)
    except OSError as error:
        raise not_written(error, "data") from error
    print(json.dumps({"forgotten": True}) if options.json else tr(ALL_FORGOTTEN))
    return ExitCode.DONE


VERBS: dict[str, Callable[[argparse.Namespace], int]] = {
    "nodes": _nodes, "add": _add, "remove": _remove, "password": _password,
    "forget": _forget,
}  # fmt: skip
