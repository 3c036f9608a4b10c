"""Nothing is reported to anybody: the runtime's telemetry is off before it is loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ESTIMATE = """
import sys
from pathlib import Path
from bone_age_gui.core.model.bundle import load_bundle
from bone_age_gui.core.model.predictor import Predictor
print(Predictor(load_bundle(Path(sys.argv[1])), "cpu").device)
"""


def test_loading_a_model_leaves_nothing_in_the_home_folder(tiny_bundle: Path, tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ORT_", "XDG_"))}
    environment = {**kept, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", ESTIMATE, str(tiny_bundle)]
    answer = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert answer.stdout.strip() == "cpu", answer.stderr
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
