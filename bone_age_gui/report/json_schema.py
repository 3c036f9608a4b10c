"""The JSON schema of one film's object, from the same fields and types that make it (JSON Schema 2020-12)."""

from __future__ import annotations

import types
import typing
from dataclasses import is_dataclass
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.report.case_json import FIELDS, KINDS

_PLAIN = {str: "string", bool: "boolean", int: "integer", float: "number", types.NoneType: "null"}


def case_schema() -> dict[str, Any]:
    """Every field of ``case_json.FIELDS``. New fields may join: a reader should take what it does not know."""
    hints = get_type_hints(CaseRecord)
    kinds = {name: KINDS.get(name, hints.get(name)) for name in FIELDS}
    return _object({name: _schema(kind) for name, kind in kinds.items()})


def error_schema() -> dict[str, Any]:
    """What ``error`` holds where it is not ``null``."""
    return next(each for each in _schema(KINDS["error"])["anyOf"] if each["type"] == "object")


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _schema(kind: Any) -> dict[str, Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_schema(each) for each in arguments]}
    if origin is typing.Literal:
        return {"enum": list(arguments)}
    if origin in (list, tuple):
        return _array(arguments)
    if is_dataclass(kind) or typing.is_typeddict(kind):
        return _object({name: _schema(hint) for name, hint in get_type_hints(kind).items()})
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [str(each) for each in kind]}
    return {"type": _PLAIN[kind]}


def _array(arguments: tuple[Any, ...]) -> dict[str, Any]:
    """Any number of one kind, or exactly these (here: all of one kind)."""
    result: dict[str, Any] = {"type": "array", "items": _schema(arguments[0])}
    if len(arguments) > 1 and arguments[1] is not Ellipsis:
        result |= {"minItems": len(arguments), "maxItems": len(arguments)}
    return result
