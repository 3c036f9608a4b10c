"""Imports of Python files, read from their syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "bone_age_gui"


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


def modules(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imports_below(folder: str) -> Iterator[tuple[str, Import]]:
    """Module (dotted, without its package) and import, for every file below ``folder``."""
    for path in modules(folder):
        relative = path.relative_to(ROOT)
        dotted = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
        source = path.read_text(encoding="utf-8")
        for item in imports_of(source, dotted, path.name == "__init__.py", str(relative)):
            yield dotted, item


def part_of_core(target: str) -> str:
    """``bone_age_gui.core.model.card.Card`` -> ``model``; empty for what is not in a package of core."""
    parts = target.split(".")
    return parts[2] if parts[:2] == [PACKAGE, "core"] and len(parts) > 2 else ""


def is_below(target: str, *packages: str) -> bool:
    return any(target == package or target.startswith(f"{package}.") for package in packages)


def refuse(offenders: list[str]) -> None:
    assert not offenders, "\n".join(offenders)
