"""Frozen dataclasses to plain JSON values and back, strictly.

Reading accepts exactly the annotated fields and types: nothing missing, nothing unknown, nothing
converted but whole numbers to float. What is ``Annotated`` with bounds must lie within them. Failures are
``BadFieldError``, a ``ValueError`` that says by a code what is wrong with which field (in words: ``wording.fields``).
"""

from __future__ import annotations

import json
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any

from bone_age_gui.core.values.bounds import Bound
from bone_age_gui.core.values.facts import Detail, Fact

_CODES: dict[Any, str] = {str: "text", int: "whole", float: "number", bool: "boolean"}
"""What a value should be, by its type."""


class BadFieldError(ValueError):
    """A value that is not as its field demands; ``fact`` says why: a code, the ``field`` and what it should be."""

    def __init__(self, code: str, field: str, **details: Detail) -> None:
        self.fact = Fact(code, {"field": field, **details})
        values = (", ".join(map(str, each)) if isinstance(each, tuple) else str(each) for each in details.values())
        super().__init__(" ".join([f"{field}:", code, *values]))


def problem_of(error: BaseException) -> str | tuple[Fact, ...]:
    """What is wrong, as a detail of a ``BoneAgeError``; the words themselves where they come from a library."""
    return (error.fact,) if isinstance(error, BadFieldError) else str(error)


def dump_json(value: Any) -> str:
    """JSON text, indented, with a newline at its end. ``ValueError`` if a number is not finite."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def json_line(value: Any) -> str:
    """One line of ASCII, so that any locale and any file name can carry it. ``ValueError`` for NaN."""
    return json.dumps(value, allow_nan=False)


def parse_json(text: str) -> Any:
    """Read JSON text. ``ValueError``; ``BadFieldError`` for NaN, infinities and a key that occurs twice."""
    try:
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_duplicates)
    except RecursionError as error:
        raise BadFieldError("too_deep", "JSON") from error


def _no_constant(token: str) -> float:
    raise BadFieldError("not_finite", token)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        names = [name for name, _ in pairs]
        raise BadFieldError("twice", next(name for name in names if names.count(name) > 1))
    return values


def to_plain(value: Any) -> Any:
    """Dataclasses, mappings and tuples to dicts and lists; anything else as it is."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    return value


def from_plain(kind: Any, value: Any, where: str) -> Any:
    """Read ``value`` as the annotated type ``kind``; ``where`` names the field in a ``BadFieldError``."""
    origin = typing.get_origin(kind)
    arguments = typing.get_args(kind)
    if kind is Any:
        return value
    if origin is typing.Annotated:
        return _read_bounded(arguments, value, where)
    if origin in (typing.Union, types.UnionType):
        return _read_union(arguments, value, where)
    if origin is tuple:
        return _read_tuple(arguments, value, where)
    if origin is Mapping:
        _need_object(value, where)
        return {key: from_plain(arguments[1], item, f"{where}.{key}") for key, item in value.items()}
    if is_dataclass(kind):
        return _read_dataclass(kind, value, where)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _read_token(kind, value, where)
    return _read_scalar(kind, value, where)


def _read_token(kind: type[StrEnum], value: Any, where: str) -> StrEnum:
    if isinstance(value, str) and value in set(kind):
        return kind(value)
    raise BadFieldError("one_of", where, texts=tuple(kind))


def _read_scalar(kind: Any, value: Any, where: str) -> Any:
    if kind is float and type(value) in (int, float) and _is_finite(value):
        return float(value)
    if kind is not float and type(value) is kind:
        return value
    raise BadFieldError(_CODES.get(kind, "empty"), where)


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number too large for any float
        return False


def _read_bounded(arguments: tuple[Any, ...], value: Any, where: str) -> Any:
    """A value of the type that is annotated, within its bounds."""
    kind, *rest = arguments
    bounds: list[Bound] = rest
    read = from_plain(kind, value, where)
    for bound in bounds:
        if problem := bound.problem(read):
            raise BadFieldError(problem.code, where, **problem.details)
    return read


def _read_union(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and types.NoneType in kinds:
        return None
    rest = [kind for kind in kinds if kind is not types.NoneType]
    for kind in rest[:-1]:
        try:
            return from_plain(kind, value, where)
        except ValueError:
            continue
    return from_plain(rest[-1], value, where)


def _read_tuple(kinds: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise BadFieldError("list", where)
    if kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(value)
    if len(kinds) != len(value):
        raise BadFieldError("entries", where, wanted=len(kinds), there=len(value))
    pairs = zip(kinds, value, strict=True)
    return tuple(from_plain(kind, item, f"{where}[{index}]") for index, (kind, item) in enumerate(pairs))


def _read_dataclass(kind: Any, value: Any, where: str) -> Any:
    _need_object(value, where)
    hints = typing.get_type_hints(kind, include_extras=True)
    if missing := sorted(hints.keys() - value.keys()):
        raise BadFieldError("lacks", where, names=tuple(missing))
    if unknown := sorted(value.keys() - hints.keys()):
        raise BadFieldError("unknown", where, names=tuple(unknown))
    return kind(**{name: from_plain(hint, value[name], f"{where}.{name}") for name, hint in hints.items()})


def _need_object(value: Any, where: str) -> None:
    if not isinstance(value, dict):
        raise BadFieldError("group", where)
