"""Make the Debian package and the relocatable archive from a frozen folder."""

from __future__ import annotations

import gzip
import os
import platform
import re
import shutil
import subprocess
import time
from pathlib import Path

import publisher

from bone_age_gui import DISCLAIMER, __version__

HERE = Path(__file__).resolve().parent
LINUX = HERE / "linux"
LEVEL = 16
"""zstd level of the package: see the measurements in README.md."""
CUDA_LEVEL = 3
"""For the package with CUDA: NVIDIA's libraries are packed inside already, and more than this takes long for little."""
ARCHIVE_LEVEL = 12
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}
DEPENDS = (
    # What the frozen program leaves to the system, found in a bare Debian 12; without a font the window shows squares.
    "libdbus-1-3",
    "libegl1",
    "libgl1",
    "libx11-6",
    "libxcb1",
    "fontconfig-config",
    "fonts-dejavu-core",
)
CONTROL = """\
Package: {name}
Version: {version}
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {kilobytes}
Depends: {depends}
{relations}Section: science
Priority: optional
Description: estimate bone age from hand radiographs{variant}
 Shows every preprocessing stage of a radiograph of a child's hand, estimates
 the bone age and compares it with the chronological age at the study date.
 Opens DICOM, PNG, JPEG, TIFF and WebP and works offline{device}.
 .
 {disclaimer}
"""


def build(folder: Path, out: Path, work: Path, cuda: bool, level: int | None) -> list[Path]:
    """Write ``bone-age[-cuda]_VERSION_ARCH.deb`` and ``bone-age[-cuda]-VERSION-linux-ARCH.tar.zst`` into ``out``."""
    if level is None:
        level = CUDA_LEVEL if cuda else LEVEL
    name = "bone-age-cuda" if cuda else "bone-age"
    tree = work / f"{name}-package"
    shutil.rmtree(tree, ignore_errors=True)
    lay_out(folder, tree, name, work / "icons")
    package = out / f"{name}_{__version__}_{_architecture()}.deb"
    write_control(tree, folder, name, cuda)
    _call("dpkg-deb", "--root-owner-group", "-Zzstd", f"-z{level}", "--build", tree, package)
    archive = out / f"{name}-{__version__}-linux-{platform.machine()}.tar.zst"
    packer = f"--use-compress-program=zstd -q -T0 -{min(level, ARCHIVE_LEVEL)}"
    rename = f"--transform=s,^{folder.name},{name}-{__version__},"
    place = ("--owner=0", "--group=0", "--directory", folder.parent, folder.name)
    _call("tar", "--create", "--file", archive, packer, rename, *place)
    shutil.rmtree(tree)
    return [package, archive]


def lay_out(folder: Path, tree: Path, name: str, icons: Path) -> None:
    """Fill ``tree`` with the files of the package, each at its place in the system."""
    usr = tree / "usr"
    (usr / "lib").mkdir(parents=True)
    program = usr / "lib" / "bone-age"
    # Hard links: the files need no second place on the disk, and the two programs stay one file.
    shutil.copytree(folder, program, symlinks=True, copy_function=os.link)
    for path in program.rglob("*"):
        if path.is_file() and not path.is_symlink():
            path.chmod(0o755 if path.parent.name == "bone-age" else 0o644)
    (usr / "bin").mkdir()
    (usr / "bin" / "bone-age").symlink_to("../lib/bone-age/bone-age")
    (usr / "bin" / "bone-age-gui").symlink_to("../lib/bone-age/BoneAge")
    share = usr / "share"
    for size in (16, 24, 32, 48, 64, 128, 256, 512):
        _put(icons / f"{size}.png", share / "icons" / "hicolor" / f"{size}x{size}" / "apps" / "bone-age-gui.png")
    drawing = HERE.parents[1] / "resources" / "icons" / "app.svg"
    _put(drawing, share / "icons" / "hicolor" / "scalable" / "apps" / "bone-age-gui.svg")
    _fill("bone-age-gui.desktop", share / "applications" / "bone-age-gui.desktop")
    _fill("bone-age-gui.metainfo.xml", share / "metainfo" / f"{publisher.read().identifier}.metainfo.xml")
    _fill("bone-age-gui.mime.xml", share / "mime" / "packages" / "bone-age-gui.xml")
    for page in ("bone-age.1", "bone-age-gui.1"):
        _zip(filled(page), share / "man" / "man1" / f"{page}.gz")
    _put_documents(share / "doc" / name, name)


def _put_documents(folder: Path, name: str) -> None:
    _zip((HERE.parents[1] / "CHANGELOG.md").read_text(encoding="utf-8"), folder / "CHANGELOG.md.gz")
    _zip(_debian_changelog(name), folder / "changelog.gz")
    target = folder / "copyright"
    target.write_text(_copyright(), encoding="utf-8")
    target.chmod(0o644)


def filled(name: str) -> str:
    """A file of the folder ``linux`` with version, date and publisher filled in."""
    owner = publisher.read()
    homepage = f'<url type="homepage">{owner.homepage}</url>' if owner.homepage else ""
    text = (LINUX / name).read_text(encoding="utf-8")
    for mark, value in (
        ("@VERSION@", __version__),
        ("@DATE@", _date("%Y-%m-%d")),
        ("@IDENTIFIER@", owner.identifier),
        ("@PUBLISHER@", owner.name),
        ("<!-- homepage -->", homepage),
    ):
        text = text.replace(mark, value)
    return text


def write_control(tree: Path, folder: Path, name: str, cuda: bool) -> None:
    """Write ``DEBIAN/control``. No maintainer scripts: Debian's own triggers refresh menus, icons and types."""
    sizes = {path.lstat().st_ino: -(-path.lstat().st_size // 1024) for path in tree.rglob("*")}
    relations = (
        "Provides: bone-age\nConflicts: bone-age\nReplaces: bone-age\n" if cuda else "Conflicts: bone-age-cuda\n"
    )
    text = CONTROL.format(
        name=name,
        version=__version__,
        architecture=_architecture(),
        maintainer=publisher.read().maintainer,
        kilobytes=sum(sizes.values()),
        depends=", ".join((f"libc6 (>= {needed_glibc(folder)})", *DEPENDS)),
        relations=relations,
        variant=" (CUDA)" if cuda else "",
        device=", on an NVIDIA card" if cuda else "",
        disclaimer=DISCLAIMER,
    )
    control = tree / "DEBIAN" / "control"
    control.parent.mkdir()
    control.write_text(text, encoding="utf-8")
    for path in (tree, *tree.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)


def needed_glibc(folder: Path) -> str:
    """The newest version of glibc that a library of the program asks for, for example ``2.34``."""
    newest = (2, 17)
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink() and (".so" in path.name or path.parent == folder):
            for major, minor in re.findall(rb"GLIBC_(\d+)\.(\d+)", path.read_bytes()):
                newest = max(newest, (int(major), int(minor)))
    return f"{newest[0]}.{newest[1]}"


def _architecture() -> str:
    return ARCHITECTURES.get(platform.machine(), platform.machine())


def _date(form: str) -> str:
    """The time of the build, or ``SOURCE_DATE_EPOCH``, in UTC."""
    return time.strftime(form, time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", time.time()))))


def _debian_changelog(name: str) -> str:
    """What Debian's tools want to read under this name; the changes themselves are in CHANGELOG.md."""
    return (
        f"{name} ({__version__}) stable; urgency=medium\n\n  * What is new stands in CHANGELOG.md.gz.\n\n"
        f" -- {publisher.read().maintainer}  {_date('%a, %d %b %Y %H:%M:%S +0000')}\n"
    )


def _copyright() -> str:
    return (
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: bone-age-gui\n\n"
        "Files: *\nCopyright: 2026 the authors of bone-age-gui\nLicense: Apache-2.0\n\nLicense: Apache-2.0\n"
        " See /usr/share/common-licenses/Apache-2.0. The terms of everything that the program carries are in\n"
        " /usr/lib/bone-age/_internal/bone_age_gui/_data/licences.json.gz and under Help > Licences.\n"
    )


def _put(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o644)


def _fill(name: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(filled(name), encoding="utf-8")
    target.chmod(0o644)


def _zip(text: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.encode())
    target.chmod(0o644)


def _call(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True)
