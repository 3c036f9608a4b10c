"""The window as a screen reader has it: through AT-SPI, on a virtual screen with a bus of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
READER = ROOT / "tests" / "helpers" / "screen_reader.py"
SYSTEM_PYTHON = "/usr/bin/python3"
WAIT_S = 90


def lacking() -> str | None:
    """Why there can be no screen reader here, ``None`` where there can."""
    for program in ("xvfb-run", "dbus-run-session", SYSTEM_PYTHON):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    if not any(Path(folder, "at-spi-bus-launcher").exists() for folder in ("/usr/libexec", "/usr/lib/at-spi2-core")):
        return "at-spi2-core is not installed"
    bindings = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    done = subprocess.run([SYSTEM_PYTHON, "-c", bindings], capture_output=True)
    return None if done.returncode == 0 else "gir1.2-atspi-2.0 (python3-gi) is not installed"


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from nodes(child)


def test_a_screen_reader_hears_the_result_and_has_every_control(tmp_path: Path, tiny_bundle: Path, girl: Path) -> None:
    if (reason := lacking()) is not None:
        pytest.skip(reason)
    folders = {name: str(tmp_path / name) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")}
    for folder in folders.values():
        Path(folder).mkdir(mode=0o700)
    own = {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "LANGUAGE": "en"}
    window = [sys.executable, "-m", "bone_age_gui", str(girl), "--model", str(tiny_bundle), "--estimate"]
    done = subprocess.run(
        ["xvfb-run", "-a", "dbus-run-session", "--", SYSTEM_PYTHON, str(READER), str(WAIT_S), "stimated", *window],
        env=os.environ | folders | own, capture_output=True, text=True, timeout=2 * WAIT_S,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert lines, done.stderr
    said = json.loads(lines[-1])
    assert re.fullmatch(
        r"(Doubtful\. )?Estimated: \d+ years? \d+ months?, (borderline )?(normal|advanced|delayed|indeterminate)",
        said["announced"][-1],
    )
    tree = [node for node in nodes(said["tree"]) if "showing" in node["states"]]
    there = {(node["role"], node["name"]) for node in tree}
    assert {
        ("push button", "Estimate the bone age"), ("list", "Open films"), ("text", "Study date"), ("check box", "Pan"),
        ("check box", "Sex: female"), ("panel", "Patient"), ("panel", "Films"), ("push button", "Open"),
    } <= there  # fmt: skip
    by_name = {node["name"]: node for node in tree}
    assert by_name["Study date"]["text"] == "2026-11-20"
    assert "checked" in by_name["Sex: female"]["states"]
    assert "checked" not in by_name["Sex: male"]["states"]
    years, months = re.findall(r"(\d+) years? (\d+) months?", said["announced"][-1])[0]
    film = next(name for role, name in there if role == "list item" and name.startswith("girl.dcm"))
    assert f"{years} y {months} m" in film.replace("\N{NO-BREAK SPACE}", " ")
    nameless = [node["role"] for node in tree if node["role"] in ("push button", "check box", "text", "list", "table")
                and not node["name"]]  # fmt: skip
    assert nameless == []
