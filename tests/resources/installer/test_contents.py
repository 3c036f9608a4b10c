"""What the installer takes along: the rules themselves, and the specification and build scripts that follow them."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
INSTALLER = ROOT / "resources" / "installer"


@pytest.fixture(scope="module")
def contents() -> ModuleType:
    """The module of the rules, loaded from its file: it belongs to no package."""
    specification = importlib.util.spec_from_file_location("installer_contents", INSTALLER / "contents.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name",
    [
        "torch",
        "torch/lib/libtorch.so",
        "torchvision.ops",
        "timm",
        "training.run.loop",
        "libjpeg",
        "libjpeg.utils",
        "_libjpeg.cpython-311-x86_64-linux-gnu.so",
        "pylibjpeg_libjpeg-2.3.0.dist-info/METADATA",
        "gdcm.py",
        "training\\train.pyc",
    ],
)
def test_torch_training_and_gpl_codecs_stop_the_build(contents: ModuleType, name: str) -> None:
    with pytest.raises(SystemExit, match="must not be in the program"):
        contents.check(["numpy/core.so", name])


@pytest.mark.parametrize(
    "name",
    [
        "libjpeg.so.62",
        "pydicom.pixels.decoders.gdcm",
        "openjpeg",
        "_openjpeg.cpython-311.so",
        "matplotlib.tri._tritools",
    ],
)
def test_what_only_sounds_like_it_does_not(contents: ModuleType, name: str) -> None:
    contents.check([name])


def test_they_are_excluded_by_name_too(contents: ModuleType) -> None:
    assert {"torch", "torchvision", "timm", "training", "tests", "libjpeg", "readline", "_gdbm"} <= set(
        contents.EXCLUDED_MODULES
    )


def test_only_the_cuda_package_has_the_cuda_provider(contents: ModuleType) -> None:
    capi = "onnxruntime/capi"
    for name in ("libonnxruntime_providers_cuda.so", "onnxruntime_providers_cuda.dll"):
        assert contents.is_wanted(f"{capi}/{name}", cuda=True)
        assert not contents.is_wanted(f"{capi}/{name}", cuda=False)
    assert contents.is_wanted("nvidia/cu13/lib/libcublas.so.13", cuda=True)
    for cuda in (True, False):
        assert contents.is_wanted(f"{capi}/libonnxruntime_providers_shared.so", cuda)
        assert not contents.is_wanted(f"{capi}/libonnxruntime_providers_tensorrt.so", cuda)


@pytest.mark.parametrize(
    "name, wanted",
    [
        ("PySide6/Qt/lib/libQt6Core.so.6", True),
        ("PySide6/Qt/lib/libQt6Quick.so.6", False),
        ("PySide6/Qt6Qml.dll", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so", False),
        ("PySide6/Qt/translations/qtbase_de.qm", True),
        ("PySide6/Qt/translations/qtbase_sv.qm", False),
        ("pydicom/data/test_files/CT_small.dcm", False),
        ("matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf", True),
        ("bone_age_gui/_data/models/densenet121/model.onnx", True),
        ("bone_age_gui/_data/models/densenet121/card.json", True),
        ("bone_age_gui/_data/models/pictures/learning.png", False),
    ],
)
def test_unused_parts_of_qt_and_test_files_stay_out(contents: ModuleType, name: str, wanted: bool) -> None:
    assert contents.is_wanted(name, cuda=False) is wanted


def test_only_libraries_that_are_needed_stay(contents: ModuleType) -> None:
    links = {
        "app.so": ["liba.so.1", "libc.so.6"],
        "liba.so.1": ["libb.so"],
        "PIL/_imaging.so": ["libtiff-1.so"],
        "libgtk.so": ["libpango.so"],
    }
    names = [*links, "libb.so", "libpango.so", "pillow.libs/libtiff-1.so", "pillow.libs/libavif-2.so", "data/libx.so"]
    kept = contents.needed(names, lambda name: links.get(name, []))
    assert set(names) - kept == {"libgtk.so", "libpango.so", "pillow.libs/libavif-2.so"}


def test_each_library_of_nvidia_is_found_by_its_name(contents: ModuleType) -> None:
    names = ["nvidia/cu13/lib/libcublas.so.13", "nvidia/cudnn/lib/libcudnn_ops.so.9", "nvidia/x/LICENSE", "libz.so.1"]
    assert contents.nvidia_links(names) == {
        "libcublas.so.13": "nvidia/cu13/lib/libcublas.so.13",
        "libcudnn_ops.so.9": "nvidia/cudnn/lib/libcudnn_ops.so.9",
    }


def test_repaired_libraries_are_not_stripped(contents: ModuleType) -> None:
    assert contents.may_be_stripped("libpython3.11.so.1.0")
    assert contents.may_be_stripped("pillow.libs/libtiff.so.6")
    assert contents.may_be_stripped("PySide6/Qt/lib/libicudata.so.73")
    assert contents.may_be_stripped("imagecodecs/_jpeg8.abi3.so")
    for name in ("numpy.libs/libopenblas.so", "PySide6/QtCore.abi3.so", "cv2/cv2.abi3.so", "base_library.zip"):
        assert not contents.may_be_stripped(name)


def test_every_compression_that_the_reader_knows_has_its_codec(contents: ModuleType) -> None:
    source = (ROOT / "bone_age_gui" / "core" / "reader" / "codecs.py").read_text(encoding="utf-8")
    used = set(re.findall(r"imagecodecs\.(\w+?)_(?:decode|encode)", source))
    assert used
    modules = {"jpeg8": "_jpeg8", "jpeg2k": "_jpeg2k", "jpegls": "_jpegls", "htj2k": "_htj2k", "packbits": "_imcd"}
    assert {f"imagecodecs.{modules[name]}" for name in used} <= set(contents.HIDDEN_IMPORTS)


def test_the_program_finds_its_data_where_the_specification_puts_it(contents: ModuleType) -> None:
    import inspect

    from bone_age_gui import paths

    assert contents.DATA_ROOT == "bone_age_gui/_data"
    assert '"bone_age_gui" / "_data"' in inspect.getsource(paths)
    for name in contents.RESOURCES:
        assert (ROOT / "resources" / name).is_dir()


def test_the_specification_makes_a_folder_with_two_programs() -> None:
    text = (ROOT / "build_installer.spec").read_text(encoding="utf-8")
    compile(text, "build_installer.spec", "exec")
    assert 'program("BoneAge", console=False)' in text
    assert 'program("bone-age", console=True)' in text
    assert "contents.check(" in text
    assert "BUNDLE(" in text


def test_the_part_for_archives_goes_along_whole(contents: ModuleType) -> None:
    """What it imports, and what these ask for by name: their own versions, and the keyrings of the three systems."""
    imported = {
        name.split(".")[0]
        for path in sorted((ROOT / "bone_age_gui").rglob("*.py"))
        if path.parent.name in ("pacs", "watch", "store")
        for name in re.findall(r"^\s*(?:import|from) ([a-z0-9_]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    wanted = {"pynetdicom", "dicomweb_client", "requests", "keyring", "watchfiles", "sqlite3"}
    assert wanted <= imported, "else this test looks for what is no more"
    excluded = set(contents.EXCLUDED_MODULES)
    assert not {each for each in excluded if each.split(".")[0] in imported - {"pydicom", "numpy"}}
    assert not [each for each in excluded if each.startswith("bone_age_gui")]
    assert {"pynetdicom", "dicomweb-client", "keyring"} <= set(contents.METADATA)
    backends = {name for name in contents.HIDDEN_IMPORTS if name.startswith("keyring.backends.")}
    assert {f"keyring.backends.{name}" for name in ("SecretService", "Windows", "macOS", "fail")} <= backends
    assert "[build,pacs]" in (ROOT / ".github" / "workflows" / "installers.yml").read_text(encoding="utf-8")
    assert "build$(comma)pacs" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_build_environment_has_no_torch() -> None:
    import tomllib

    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert not [name for name in extras["build"] if re.match(r"torch|timm|pylibjpeg-libjpeg", name)]


@pytest.mark.parametrize("called_as, code", [("bone-age", 11), ("/usr/bin/bone-age", 11), ("BoneAge", 22)])
def test_the_name_of_the_program_chooses_its_face(monkeypatch: pytest.MonkeyPatch, called_as: str, code: int) -> None:
    specification = importlib.util.spec_from_file_location("installer_entry", INSTALLER / "entry.py")
    assert specification is not None
    assert specification.loader is not None
    entry = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(entry)
    monkeypatch.setattr(sys, "argv", [called_as])
    monkeypatch.setattr("bone_age_gui.__main__.command_line", lambda: 11)
    monkeypatch.setattr("bone_age_gui.__main__.window", lambda: 22)
    assert entry.main() == code
