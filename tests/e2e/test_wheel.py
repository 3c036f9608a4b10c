"""The wheel, built and installed into an environment of its own, used from an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_FOR_USERS = {"installer", "screenshots", "service", "setup"}
"""Folders of ``resources`` that the program does not read."""

pytestmark = pytest.mark.slow


def call(*command: object, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    # Without the tests' own search path, so that only what was installed is found.
    kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env={**kept, **env}, capture_output=True, text=True, timeout=600
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built offline with the backend of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir", folder]
    answer = call(sys.executable, "-m", "pip", "wheel", ROOT, *options, cwd=folder)
    assert answer.returncode == 0, answer.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the programs of a new environment: the wheel, and this environment's packages behind it."""
    folder = tmp_path_factory.mktemp("environment")
    assert call(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder).returncode == 0
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    python = programs / Path(sys.executable).name
    answer = call(
        *(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", "--quiet", wheel),
        cwd=folder,
    )
    assert answer.returncode == 0, answer.stderr
    site = call(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).stdout.strip()
    others = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    (Path(site) / "behind.pth").write_text("\n".join(others), encoding="utf-8")
    return programs


def test_the_wheel_holds_the_package_its_models_and_its_resources(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"bone_age_gui"}
    assert not [name for name in names if name.endswith(".pyc")]
    shipped = {name.split("/")[3] for name in names if name.startswith("bone_age_gui/_data/resources/")}
    wanted = {path.name for path in (ROOT / "resources").iterdir() if path.is_dir() and any(path.iterdir())}
    assert shipped == wanted - NOT_FOR_USERS
    assert {"bone_age_gui/service/templates/upload.html", "bone_age_gui/service/static/style.css"} <= set(names)
    for card in (ROOT / "models").glob("*/card.json"):
        assert f"bone_age_gui/_data/models/{card.parent.name}/card.json" in names
        assert f"bone_age_gui/_data/models/{card.parent.name}/model.onnx" in names


def test_the_installed_package_is_used_and_training_is_not_there(installed: Path, tmp_path: Path) -> None:
    code = "import bone_age_gui, importlib.util as u; print(bone_age_gui.__file__, u.find_spec('training'))"
    answer = call(installed / "python", "-c", code, cwd=tmp_path)
    file, training = answer.stdout.split()
    assert Path(file).is_relative_to(installed.parent)
    assert training == "None"


def test_model_info_from_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    answer = call(installed / "bone-age", "model-info", "--json", cwd=tmp_path, BONE_AGE_DATA=str(tmp_path))
    assert answer.returncode == 0, answer.stderr
    record = json.loads(answer.stdout)
    assert set(record) >= {"name", "version", "sha256", "path"}
    assert Path(record["path"]).is_relative_to(installed.parent.resolve())


def test_the_shipped_sample_is_estimated(installed: Path, tmp_path: Path) -> None:
    code = "from bone_age_gui.paths import sample_files; print(*sample_files(), sep='\\n')"
    samples = call(installed / "python", "-c", code, cwd=tmp_path).stdout.splitlines()
    assert len(samples) >= 2
    answer = call(
        *(installed / "bone-age", "estimate", *samples, "--device", "cpu", "--json"),
        cwd=tmp_path,
        BONE_AGE_DATA=str(tmp_path),
    )
    assert answer.returncode == 0, answer.stderr
    records = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [record["path"] for record in records] == samples
    assert all(record["is_phantom"] and record["error"] is None for record in records)
    assert all(0 <= record["bone_age_months"] <= 240 for record in records)


def test_the_window_of_the_installed_program_shows_the_sample(installed: Path, tmp_path: Path) -> None:
    code = "from bone_age_gui.paths import sample_files; print(sample_files()[0])"
    sample = call(installed / "python", "-c", code, cwd=tmp_path).stdout.strip()
    picture = tmp_path / "window.png"
    answer = call(
        *(installed / "bone-age-gui", sample, "--estimate", "--screenshot", picture),
        cwd=tmp_path,
        QT_QPA_PLATFORM="offscreen",
        HOME=str(tmp_path),
        XDG_CONFIG_HOME=str(tmp_path),
        BONE_AGE_DATA=str(tmp_path),
    )
    assert answer.returncode == 0, answer.stderr
    assert picture.stat().st_size > 10_000
