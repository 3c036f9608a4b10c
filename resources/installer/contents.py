"""What goes into the frozen program and what stays out. Pure lists and rules, without PyInstaller.

Each rule says what it saves or why it must hold; measured sizes are in README.md beside this file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath

DATA_ROOT = "bone_age_gui/_data"
"""Where ``bone_age_gui.paths`` looks for models and resources in a frozen program."""

RESOURCES = ("growth", "icons", "sample")
"""Folders of ``resources`` that the program reads at run time."""

HIDDEN_IMPORTS = (
    # imagecodecs loads its codecs by name; all of them would add 230 MB.
    "imagecodecs",
    "imagecodecs._shared",
    "imagecodecs._shared_cython",
    "imagecodecs._imcd",
    "imagecodecs._jpeg8",
    "imagecodecs._jpeg2k",
    "imagecodecs._jpegls",
    "imagecodecs._htj2k",
    # pydicom finds these by name.
    "openjpeg",
    "rle",
    "jpeg_ls",
    # matplotlib finds its back ends by name.
    "matplotlib.backends.backend_qtagg",
    "matplotlib.backends.backend_pdf",
    "matplotlib.backends.backend_agg",
    # keyring finds its back ends by name.
    "keyring.backends.SecretService",
    "keyring.backends.Windows",
    "keyring.backends.chainer",
    "keyring.backends.fail",
    "keyring.backends.macOS",
    "keyring.backends.null",
)

WITH_DATA = ("highdicom",)
"""Packages that read files beside their modules and have no hook of their own."""

METADATA = (
    "pylibjpeg", "pylibjpeg-openjpeg", "pylibjpeg-rle", "pyjpegls", "imagecodecs", "pydicom", "pynetdicom",
    "dicomweb-client", "keyring",
)  # fmt: skip
"""Distributions whose entry points or versions are asked for at run time."""

GPL_CODECS = ("libjpeg", "pylibjpeg_libjpeg", "gdcm")
"""``pylibjpeg-libjpeg`` is GPL-3 and pydicom would pick it up silently; python-gdcm overlaps with it."""

EXCLUDED_MODULES = (
    # Never part of the program.
    "training",
    "tests",
    "torch",
    "torchvision",
    "timm",
    "lightning",
    *GPL_CODECS,
    # The HTTP service is for servers with a Python of their own (DECISIONS.md).
    "flask",
    "jinja2",
    "waitress",
    "werkzeug",
    # Made for developers.
    "IPython",
    "_curses",
    "_gdbm",  # GPL-3
    "nis",  # Kerberos
    "readline",  # GPL-3
    "_pytest",
    "hatchling",
    "mypy",
    "onnx",
    "pip",
    "pytest",
    "ruff",
    "setuptools",
    "sympy",
    "tkinter",
    "wheel",
    # Other tool kits that matplotlib could use.
    "PyQt5",
    "PyQt6",
    "PySide2",
    "gi",
    "wx",
    "PIL._avif",  # 5 MB; no film is AVIF
    "PIL._imagingft",  # texts are drawn by Qt and matplotlib
    "PySide6.QtNetwork",
    "matplotlib.tests",
    "numpy.f2py",
    "numpy.tests",
    # Parts of ONNX Runtime that work on models, not with them.
    "onnxruntime.quantization",
    "onnxruntime.tools",
    "onnxruntime.transformers",
    "onnxruntime.datasets",
    "pydicom.data.test_files",
)

QT_PLUGINS = {"iconengines", "imageformats", "platforms", "platformthemes", "styles"} | {
    "wayland-decoration-client",
    "wayland-graphics-integration-client",
    "wayland-shell-integration",
    "xcbglintegrations",
}
"""Kinds of Qt plugins that a program of widgets can use; ``platforminputcontexts`` pulls in all of QML."""

_UNUSED_QT = re.compile(r"(?:lib)?Qt6?(Qml|Quick|Network|VirtualKeyboard|Designer|Labs|Pdf|Sql|Test|Xml|Help|UiTools)")
_DROPPED = tuple(
    re.compile(pattern)
    for pattern in (
        r"(^|/)PySide6/(Qt/)?(qml|metatypes|libexec)/",
        r"(^|/)PySide6/(Qt/)?translations/(?!qtbase_(de|fa)\.qm$)",  # Qt's own words, where offered
        r"(^|/)PySide6/(Qt/)?plugins/platformthemes/libqgtk3",  # needs a GTK that is not bundled
        r"(^|/)PySide6/(Qt/)?plugins/platforms/libq(eglfs|linuxfb|vnc|vkkhrdisplay|minimalegl)",  # no desktop
        r"(^|/)PySide6/opengl32sw\.dll$",  # 20 MB; widgets do not use OpenGL
        r"(^|/)onnxruntime/capi/(lib)?onnxruntime_providers_tensorrt",
        r"(^|/)matplotlib/mpl-data/(sample_data|plot_directive|fonts/afm|fonts/pdfcorefonts)/",
        r"(^|/)_data/models/(pictures/|README\.md$)",  # for readers of the source
        r"(^|/)pydicom/data/(test_files|charset_files)/",
        r"(^|/)cv2/.*ffmpeg",
        r"^libdbus-1\.so",  # every desktop has it; ours would bring systemd's and encryption along
        r"(^|/)tzdata/",
        r"(^|/)(PIL/_avif|pillow\.libs/libavif)",
    )
)
_CUDA_ONLY = re.compile(r"(^|/)onnxruntime/capi/(lib)?onnxruntime_providers_cuda|(^|/)nvidia/")
_SECOND_RUNTIME = re.compile(r"(^|/)onnxruntime/capi/libonnxruntime\.so\.|(^|/)libonnxruntime\.so\.")
"""The runtime once more as a library (29 MB); the Python module has its own and does not load it."""
_FORBIDDEN = re.compile(
    r"^(torch|torchvision|timm|lightning|training)([/.]|$)"
    r"|^libjpeg(/|$|\.(?!so))|^_libjpeg|pylibjpeg_libjpeg"  # the codec, not the library libjpeg.so (BSD)
    r"|^_?gdcm"
)


def is_wanted(name: str, cuda: bool) -> bool:
    """Whether a collected file belongs into the program.

    Parameters
    ----------
    name : str
        Its place in the program, for example ``PySide6/Qt/lib/libQt6Core.so.6``; either slash.
    cuda : bool
        Whether this is the package with the CUDA provider.
    """
    place = PurePath(name.replace("\\", "/")).as_posix()
    if any(pattern.search(place) for pattern in _DROPPED) or _unused_qt(place):
        return False
    return cuda or not (_CUDA_ONLY.search(place) or _SECOND_RUNTIME.search(place))


def _unused_qt(place: str) -> bool:
    parts = place.split("/")
    if "plugins" in parts and "PySide6" in parts:
        kind = parts[parts.index("plugins") + 1]
        if kind not in QT_PLUGINS:
            return True
    return _UNUSED_QT.match(parts[-1]) is not None


def may_be_stripped(place: str) -> bool:
    """Whether debugging symbols can be taken out of a library (60 MB in all, of Python and its extension modules).

    Libraries that wheels have repaired lie in ``*.libs`` and are left alone but for Pillow's, as are Qt but for its
    ICU, and OpenCV: they have next to none.
    """
    parts = place.replace("\\", "/").split("/")
    if parts[-1].startswith("libicu") or parts[0] == "pillow.libs":
        return True
    left_alone = {"PySide6", "shiboken6", "cv2", "nvidia"}
    return ".so" in parts[-1] and not any(part in left_alone or part.endswith(".libs") for part in parts)


def needed(names: Iterable[str], uses: Callable[[str], Iterable[str]]) -> set[str]:
    """The collected libraries that something needs.

    Libraries of the system lie at the top of the program, those of wheels in ``*.libs``; what only left-out files
    asked for is not needed.

    Parameters
    ----------
    names : iterable of str
        Places in the program.
    uses : callable
        Gives the file names of the libraries that the one at a place is linked to.
    """
    places = set(names)
    optional = {place for place in places if _only_for_others(place)}
    kept = places - optional
    waiting = sorted(kept)
    while waiting:
        names_used = set(uses(waiting.pop()))
        needed = {place for place in optional - kept if PurePath(place).name in names_used}
        waiting += sorted(needed)
        kept |= needed
    return kept


def nvidia_links(names: Iterable[str]) -> dict[str, str]:
    """A link at the top of the program for each of NVIDIA's libraries: its name and what it points at.

    cuDNN loads its parts by name while it works. The top is where the program looks for names, and PyInstaller puts
    links there for some of them only; a part loaded through such a link would seek the others beside the link.
    """
    places = (PurePath(name) for name in names)
    return {place.name: place.as_posix() for place in places if place.parts[0] == "nvidia" and ".so" in place.name}


def _only_for_others(place: str) -> bool:
    """Whether a file is a library that is there because another one is linked to it."""
    folder, _, name = place.rpartition("/")
    return name.startswith("lib") and ".so" in name and (not folder or folder.endswith(".libs"))


def refused(names: Iterable[str]) -> list[str]:
    """Collected modules or files that must never be shipped: torch, the training, GPL codecs."""
    places = (PurePath(name.replace("\\", "/")).as_posix() for name in names)
    return sorted(place for place in places if _FORBIDDEN.search(place))


def check(names: Sequence[str]) -> None:
    """Stop the build if something was collected that must not be shipped. Raises ``SystemExit``."""
    if forbidden := refused(names):
        raise SystemExit(
            f"These must not be in the program: {', '.join(forbidden[:10])}. Build in an environment made from the "
            "extra `build` alone, without the extra `train` and without pylibjpeg-libjpeg."
        )
