"""``--smoke-test``: walk through every part that a build could have lost, and say what works.

Meant for a frozen program on the machine that built it and on the one that runs it. It works with a
screen and without one, writes into a temporary folder only and leaves the user's settings alone.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bone_age_gui import __version__
from bone_age_gui.core.values.exit_codes import ExitCode
from bone_age_gui.smoke.archives import check_archives
from bone_age_gui.wording.command_line import ALL_WORKS, checks_failed
from bone_age_gui.wording.language import tr

OLDEST, YOUNGEST = 240.0, 0.0
LARGEST_ERROR = 0.02
"""Of the grey range, for lossy films."""


def main() -> int:
    """Run every check and print one line each; 0 if all passed, else 4."""
    _say(f"bone-age-gui {__version__}")
    failures = 0
    with tempfile.TemporaryDirectory(prefix="bone-age-smoke-", ignore_cleanup_errors=True) as name:
        for title, check in _checks():
            try:
                words = check(Path(name))
            except (Exception, SystemExit) as error:
                failures += 1
                _say(f"FAILED {title}: {type(error).__name__}: {error}")
            else:
                _say(f"ok     {title}: {words}")
    _say(checks_failed(failures) if failures else tr(ALL_WORKS))
    return ExitCode.CHECK_FAILED if failures else ExitCode.DONE


def _checks() -> tuple[tuple[str, Callable[[Path], str]], ...]:
    """In an order in which ONNX Runtime comes before Qt, as its DLLs want on Windows."""
    return (
        ("model", _check_model),
        ("decoders", _check_decoders),
        ("sample", _check_sample),
        ("reports", _check_reports),
        ("batch", _check_batch),
        ("archives", check_archives),
        ("window", _check_window),
        ("icons", _check_icons),
        ("licences", _check_licences),
        ("diagnosis", _check_diagnosis),
    )


def _say(line: str) -> None:
    if sys.stdout is not None:  # a windowed program on Windows has none
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def _require(condition: bool, words: str) -> None:
    if not condition:
        raise RuntimeError(words)


def _check_model(folder: Path) -> str:
    from bone_age_gui import paths
    from bone_age_gui.core.model.bundle import find_bundle
    from bone_age_gui.core.model.predictor import Predictor

    predictor = Predictor(find_bundle(None, paths.model_search_path()))
    bundle = predictor.bundle
    return f"{bundle.name} {bundle.version} on {predictor.device}"


def _check_decoders(folder: Path) -> str:
    import numpy as np

    from bone_age_gui.core.reader.read import read_radiograph
    from bone_age_gui.smoke.films import LOSSLESS, write_films

    down, across = np.mgrid[0:256, 0:192]
    pixels = (2000 + 1000 * np.sin(down / 20) + 900 * np.cos(across / 15)).astype(np.uint16)
    first: np.ndarray | None = None
    names = []
    for syntax, path in write_films(pixels, folder):
        read = read_radiograph(path).pixels.astype(np.int64)
        first = read if first is None else first
        off = float(np.abs(read - first).max()) / 65535
        _require(off <= (0 if syntax in LOSSLESS else LARGEST_ERROR), f"{syntax.name} is decoded wrongly ({off:.3f})")
        names.append(syntax.name)
    return f"{len(names)} compressions"


def _check_sample(folder: Path) -> str:
    from bone_age_gui import paths
    from bone_age_gui.core.growth import GrowthReference
    from bone_age_gui.core.model.bundle import find_bundle
    from bone_age_gui.core.model.predictor import Predictor
    from bone_age_gui.core.pipeline import process

    predictor = Predictor(find_bundle(None, paths.model_search_path()))
    reference = GrowthReference.load_all(paths.growth_dir())
    samples = paths.sample_files()
    _require(bool(samples), "the sample films are missing")
    ages = []
    for path in samples:
        case = process(path, predictor, reference)
        if case.error is not None:
            raise case.error
        _require(case.estimate is not None and case.assessment is not None, "no estimate")
        assert case.estimate is not None
        ages.append(case.estimate.bone_age_months)
        _require(YOUNGEST <= ages[-1] <= OLDEST, f"{ages[-1]} months is no bone age")
    return ", ".join(f"{months:.4f} months" for months in ages)


def _check_reports(folder: Path) -> str:
    from bone_age_gui import paths

    out = folder / "reports"
    wanted = ["--report", str(out), "--formats", "pdf,sr,dicom-pdf,csv,xlsx,json", "--device", "cpu"]
    _call(folder, "estimate", str(paths.sample_files()[0]), *wanted)
    return _written(out, {".pdf", ".dcm", ".csv", ".xlsx", ".jsonl"})


def _check_batch(folder: Path) -> str:
    """Two worker processes, which a frozen program starts in its own way."""
    from bone_age_gui import paths

    films, out = folder / "films", folder / "batch"
    films.mkdir()
    for path in paths.sample_files():
        shutil.copy(path, films)
    _call(folder, "batch", str(films), "--out", str(out), "--workers", "2", "--formats", "csv,pdf", "--device", "cpu")
    return _written(out, {".pdf", ".csv"})


def _call(folder: Path, *arguments: str) -> None:
    """Run the command line inside this process, its output kept for the case of failure."""
    from bone_age_gui.cli.main import main as command_line

    path = folder / f"{arguments[0]}.txt"
    with (
        path.open("w", encoding="utf-8") as output,
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
    ):
        code = command_line(arguments, {})
    _require(code == 0, f"bone-age {arguments[0]} ended with code {code}: {path.read_text(encoding='utf-8')[-500:]}")


def _written(folder: Path, endings: set[str]) -> str:
    files = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size > 0]
    missing = endings - {path.suffix for path in files}
    _require(not missing, f"not written: {', '.join(sorted(missing))}")
    return f"{len(files)} files"


def _check_window(folder: Path) -> str:
    """The real window, with the sample estimated and the plot drawn."""
    import cv2
    from PySide6.QtCore import QSettings
    from PySide6.QtGui import QGuiApplication

    from bone_age_gui import paths
    from bone_age_gui.gui.app import main as open_window
    from bone_age_gui.gui.options import parse

    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder / "settings"))
    picture = folder / "window.png"
    code = open_window(parse([str(paths.sample_files()[0]), "--estimate", "--screenshot", str(picture)]))
    _require(code == 0, f"it ended with code {code}")
    shown = cv2.imread(str(picture))
    _require(shown is not None and float(shown.std()) > 5, "its picture is empty")
    assert shown is not None
    return f"{shown.shape[1]} x {shown.shape[0]} pixels on {QGuiApplication.platformName()}"


def _check_icons(folder: Path) -> str:
    from bone_age_gui import paths
    from bone_age_gui.gui.look.icons import pixmap

    names = sorted(path.stem for path in (paths.resources_dir() / "icons").glob("*.svg"))
    for name in names:
        picture = pixmap(name, "#000000", 32).toImage()
        opaque = any(picture.pixelColor(x, y).alpha() for x in range(32) for y in range(32))
        _require(opaque, f"the icon {name} is empty")
    _require(bool(names), "there are no icons")
    return f"{len(names)} drawn"


def _check_licences(folder: Path) -> str:
    from bone_age_gui.about.licences import licences

    parts = licences()
    _require(len(parts) > 5 and all(part.text for part in parts), "the list is incomplete")
    return f"of {len(parts)} parts"


def _check_diagnosis(folder: Path) -> str:
    from bone_age_gui.about.diagnostics import diagnose

    return f"{len(diagnose())} sections"
