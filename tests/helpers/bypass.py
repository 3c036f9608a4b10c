"""Texts in the source that no catalogue holds: what people read stands in ``tr``, ``trn``, ``mark`` or ``Action``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

READS_LIKE_A_TEXT = re.compile(r"[A-Z&][a-z]|[a-z],? [a-z(]|…")
KEYS = re.compile(r"^(Ctrl|Shift|Alt|PgUp|PgDown|Home|Del$|Esc$|F\d)")
STYLE = re.compile(r"[{;]\s*\S+: |^Q[A-Z]|font-|currentColor|glyphColor")
MARKS = frozenset({"tr", "trn", "mark", "Plural", "Action"})
NOT_SHOWN = frozenset({
    "setObjectName", "setProperty", "set_property", "QKeySequence", "compile", "fullmatch", "search", "ValueError",
    "get_all", "Signal", "TypeVar", "getattr", "setApplicationName", "QSettings",
})  # fmt: skip
"""Calls whose texts no person reads."""
NAMES = frozenset({
    "Bone Age ", "Bone Age , ", "Bone Age", "bone-age-gui , Python , Qt , ",
    "<h2>Bone Age </h2><p></p><p><b></b></p><p></p>",
    "<table align='' cellpadding='3'></table>", "<td align=''><b></b></td>",
    "DICOMweb (QIDO, WADO, STOW)", "DenseNet-121", "EfficientNet-Lite0",
    "PySide6-Essentials", "Python", "ONNX Runtime", "Featherstone, A", "propagateSizeHints", "onFilm", "DejaVu Sans",
    "Noto Sans", "Yu Gothic", "Microsoft YaHei", "Malgun Gothic", "Arial Unicode", "Hiragino", "PingFang",
    "Fusion", "Last Resort", "LastResort", "Title", "Subject", "Creator", "Author", "lower right", "upper left",
    "axes fraction",
    "yyyy-mm-dd hh:mm:ss", "General", "anyOf", "minItems", "maxItems", "[^A-Za-z0-9-]+", "\N{HORIZONTAL ELLIPSIS}",
    "to read", "as opened", "file name", "study date", "argparse._SubParsersAction[argparse.ArgumentParser]",
})  # fmt: skip
"""Names, tokens and formats, which are the same in every language."""


def texts_beside_the_catalogue(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of what reads like a text and is not marked."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not _is_part(node, parents):
            text = node.value
        else:
            continue
        is_text = READS_LIKE_A_TEXT.search(text) and not KEYS.match(text) and not STYLE.search(text)
        if is_text and text not in NAMES and not _is_docstring(node, parents) and not _is_marked(node, parents):
            yield node.lineno, text


def _is_part(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    return isinstance(parents.get(node), ast.JoinedStr)


def _is_docstring(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    return isinstance(parents.get(node), ast.Expr)


def _is_marked(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether a text is handed to a call that marks it, or whose texts nobody reads, or is only compared."""
    above = parents.get(node)
    while above is not None and not isinstance(above, ast.stmt):
        if isinstance(above, ast.Compare | ast.Subscript):
            return True
        if isinstance(above, ast.Call):
            name = above.func.attr if isinstance(above.func, ast.Attribute) else getattr(above.func, "id", "")
            return name in MARKS | NOT_SHOWN
        above = parents.get(above)
    return isinstance(above, ast.Raise)
