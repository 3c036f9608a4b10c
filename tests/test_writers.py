"""One writer: a file appears whole or not at all, so nothing but a temporary file is written in the open.

Read from the source: whatever writes a file may write to one that is called ``temporary``, as ``whole_file`` and
``write_whole`` hand it out, and to nothing else.
"""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPORARY = "temporary"
OF_THE_PATH = {"write_text", "write_bytes", "touch"}
"""Methods of the path that is written."""
TO_A_PATH = {
    "save": 0, "save_as": 0, "savefig": 0, "savez": 0, "savez_compressed": 0, "imwrite": 0, "to_csv": 0,
    "copy": 1, "copy2": 1, "copyfile": 1, "copytree": 1,
}  # fmt: skip
"""Where the path stands among what is handed over; ``save`` of a module has it second."""
MODULES = {"onnx", "torch"}
ALLOWED = {
    "bone_age_gui/core/values/whole_files.py": "the writer itself, and names that are claimed",
    "bone_age_gui/core/workers/process.py": "the system's empty device",
    "bone_age_gui/cli/main.py": "the system's empty device",
    "bone_age_gui/gui/view/qimage.py": "a picture in memory",
    "bone_age_gui/report/pdf/file.py": "a document in memory",
    "bone_age_gui/smoke/films.py": "films of the smoke test, in a folder of its own that goes with it",
    "bone_age_gui/smoke/run.py": "what the smoke test keeps, in a folder of its own that goes with it",
    "training/run/checkpoint.py": "a state in memory",
    "training/measure/stress.py": "answers that are added line by line; films of one comparison in a temporary folder",
    "training/trust/refusals.py": "pictures that are shown to the model and go, in a temporary folder",
    "resources/i18n/compiler.py": "a product of the build, which cannot import the program yet",
    "resources/i18n/catalogue.py": "texts of the source, which git keeps",
    "resources/installer/icons.py": "a product of the build",
    "resources/installer/linux_packages.py": "a product of the build",
    "resources/installer/slim.py": "a product of the build",
    "resources/sample/draw_phantom.py": "the sample, which git keeps",
}
"""Files that write in another way, and why."""


def test_nothing_is_written_but_by_the_one_writer() -> None:
    writing = {}
    for folder in ("bone_age_gui", "training", "resources"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if lines := [node.lineno for node in nodes if isinstance(node, ast.Call) and _writes_in_the_open(node)]:
                writing[path.relative_to(ROOT).as_posix()] = lines
    assert {name: lines for name, lines in writing.items() if name not in ALLOWED} == {}
    assert ALLOWED.keys() <= writing.keys(), "no longer needed"


def _writes_in_the_open(call: ast.Call) -> bool:
    written = _written(call)
    return written is not None and not (isinstance(written, ast.Name) and written.id == TEMPORARY)


def _written(call: ast.Call) -> ast.expr | None:
    """What a call writes to, ``None`` where it writes nothing."""
    function = call.func
    if isinstance(function, ast.Name):
        return call.args[0] if function.id == "open" and _is_to_write(call, 1) else None
    if not isinstance(function, ast.Attribute):
        return None
    holder, name = function.value, function.attr
    if name in OF_THE_PATH or (name == "open" and _is_to_write(call, 0)):
        return holder
    if name not in TO_A_PATH:
        return None
    place = TO_A_PATH[name] + (isinstance(holder, ast.Name) and holder.id in MODULES)
    return call.args[place] if place < len(call.args) else None


def _is_to_write(call: ast.Call, place: int) -> bool:
    """True where the mode of an ``open`` is one to write with."""
    modes = [*call.args[place : place + 1], *(word.value for word in call.keywords if word.arg == "mode")]
    return any(isinstance(mode, ast.Constant) and str(mode.value)[:1] in {"w", "a", "x"} for mode in modes)
