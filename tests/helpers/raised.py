"""Every code that the source gives to an error, notice or fact, with the names of its details: read, not run.

Codes are literals where they are made, or arguments of functions that pass them on, which are followed to their
callers.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Texts = set[str]
Functions = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Call:
    """A call, the functions around it from the inside, and the place."""

    node: ast.Call
    around: tuple[Functions, ...]
    where: str


@dataclass
class Source:
    """All calls below some folders, by the last part of the called name."""

    calls: dict[str, list[Call]] = field(default_factory=lambda: defaultdict(list))

    def add(self, path: Path, name: str) -> None:
        self._walk(ast.parse(path.read_text(encoding="utf-8")), (), name)

    def _walk(self, node: ast.AST, around: tuple[Functions, ...], name: str) -> None:
        if isinstance(node, ast.Call):
            self.calls[_last_name(node.func)].append(Call(node, around, f"{name}:{node.lineno}"))
        inside = (node, *around) if isinstance(node, Functions) else around
        for child in ast.iter_child_nodes(node):
            self._walk(child, inside, name)

    def made(self, constructor: str, details: str | None = None) -> Iterator[tuple[str, frozenset[str], str]]:
        """Key (code, or code and reason), names of the details and place of everything that ``constructor`` makes.

        ``details`` is the name of the parameter that holds them, ``None`` where they are given by keyword.
        """
        names = ("code", "why", details) if details else ("code", "why")
        if constructor == "Fact":
            names = ("code", "details")
        for call in self.calls[constructor]:
            given = _arguments(call.node, names)
            codes = self._texts(given.get("code"), call)
            whys = self._texts(given["why"], call) if "why" in given else {""}
            for code in codes:
                for why in whys:
                    for keywords in self._details(call, given, details, why):
                        yield f"{code} {why}".strip(), keywords, call.where

    def _details(
        self, call: Call, given: dict[str, ast.expr], details: str | None, why: str
    ) -> Iterator[frozenset[str]]:
        if details is not None:
            value = given.get(details, ast.Dict(keys=[], values=[]))
            if isinstance(value, ast.Dict):
                yield frozenset(key.value for key in value.keys if isinstance(key, ast.Constant))
                return
            raise AssertionError(f"{call.where}: write the details where the code is given")
        if any(keyword.arg is None for keyword in call.node.keywords):  # passed on: the callers give them
            for outer in self.calls[call.around[0].name]:
                first = next(iter(outer.node.args), None)
                if isinstance(first, ast.Constant) and first.value == why:
                    yield frozenset(keyword.arg for keyword in outer.node.keywords if keyword.arg)
            return
        yield frozenset(keyword.arg for keyword in call.node.keywords if keyword.arg)

    def _texts(self, value: ast.expr | None, call: Call) -> Texts:
        """Every text that the expression can be."""
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return {value.value}
        if isinstance(value, ast.IfExp):
            return self._texts(value.body, call) | self._texts(value.orelse, call)
        if isinstance(value, ast.Name):
            for function in call.around:
                if value.id in _parameters(function):
                    return self._texts_of_parameter(function, value.id)
        raise AssertionError(f"{call.where}: a code has to be a literal, or an argument that is passed on")

    def _texts_of_parameter(self, function: Functions, parameter: str) -> Texts:
        names = _parameters(function)
        defaults = dict(zip(reversed(names), reversed(function.args.defaults), strict=False))
        texts: Texts = set()
        for call in self.calls[function.name]:
            value = _arguments(call.node, names).get(parameter, defaults.get(parameter))
            texts |= self._texts(value, call)
        return texts


def source_of(*folders: Path) -> Source:
    """The source below the folders."""
    source = Source()
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            source.add(path, str(path.relative_to(folder.parent)))
    return source


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _parameters(function: Functions) -> list[str]:
    return [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]


def _arguments(call: ast.Call, names: list[str] | tuple[str, ...]) -> dict[str, ast.expr]:
    given = dict(zip(names, call.args, strict=False))
    return {**given, **{keyword.arg: keyword.value for keyword in call.keywords if keyword.arg in names}}
