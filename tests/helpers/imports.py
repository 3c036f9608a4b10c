"""Imports of a Python file, read from its syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Import:
    """One imported name: ``target`` is dotted and absolute, ``where`` says file and line."""

    target: str
    in_function: bool
    where: str

    @property
    def top(self) -> str:
        return self.target.split(".")[0]


def imports_of(source: str, module: str, is_package: bool = False, where: str = "") -> Iterator[Import]:
    """Every import in ``source``, also those inside functions and by name through importlib."""
    waiting: list[tuple[ast.AST, bool]] = [(ast.parse(source), False)]
    while waiting:
        node, in_function = waiting.pop()
        place = f"{where or module}:{getattr(node, 'lineno', 0)}"
        for target in _targets(node, module, is_package):
            yield Import(target, in_function, place)
        deeper = in_function or isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        waiting.extend((child, deeper) for child in ast.iter_child_nodes(node))


def _targets(node: ast.AST, module: str, is_package: bool) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            parts = module.split(".")
            kept = parts[: len(parts) - node.level + (1 if is_package else 0)]
            base = ".".join([*kept, *([node.module] if node.module else [])])
        return [f"{base}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("import_module", "__import__") and isinstance(node.args[0].value, str):
            return [node.args[0].value]
    return []
