"""The licences of everything that the program is made of.

A frozen program carries a list that its build wrote from what was really collected; elsewhere the
same is read from the installed packages.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bone_age_gui import paths
from bone_age_gui.core.values.whole_files import write_content
from bone_age_gui.wording.dialogs import NO_LICENCE_TEXT
from bone_age_gui.wording.language import tr

PROGRAM = "bone-age-gui"
EXTRAS = "service"
"""Parts that are the program's own where they are installed."""
FILE = "licences.json.gz"
_TEXTS = re.compile(r"(^|/)(LICEN[CS]E|COPYING|NOTICE|COPYRIGHT|ThirdPartyNotices)[^/]*$", re.IGNORECASE)
_NO_TEXT_SUFFIXES = {".py", ".pyc", ".pyi", ".so", ".pyd"}


@dataclass(frozen=True)
class Licence:
    """One part of the program: its terms in a few words (an SPDX expression where known) and in full."""

    name: str
    version: str
    terms: str
    text: str


def licences() -> list[Licence]:
    """Every part of this program, the program itself first, then by name."""
    built = paths.models_dir().parent / FILE
    parts = read_list(built) if built.is_file() else installed()
    return sorted(parts, key=lambda part: (part.name != PROGRAM, part.name.lower()))


def read_list(path: Path) -> list[Licence]:
    """The list that ``write_list`` wrote."""
    return [Licence(**entry) for entry in json.loads(gzip.decompress(path.read_bytes()))]


def write_list(parts: Iterable[Licence], path: Path) -> None:
    """Write a list as packed JSON."""
    write_content(path, gzip.compress(json.dumps([asdict(part) for part in parts]).encode(), mtime=0), "data")


def installed() -> list[Licence]:
    """The program and every package that it needs or can use, as installed here; from a bare tree, all packages."""
    return [of_distribution(package) for package in _needed(f"{PROGRAM}[{EXTRAS}]") or metadata.distributions()]


def of_distribution(package: metadata.Distribution) -> Licence:
    """What a package says about its own terms."""
    text = "\n\n".join(_texts(package)) or tr(NO_LICENCE_TEXT)
    return Licence(package.metadata["Name"], package.version, _terms(package), text)


def _terms(package: metadata.Distribution) -> str:
    for expression in package.metadata.get_all("License-Expression") or ():
        return str(expression)
    classes = [text.split(" :: ")[-1] for text in package.metadata.get_all("Classifier") or () if "License" in text]
    named = [text for text in classes if text != "OSI Approved"]
    stated = [line for text in package.metadata.get_all("License") or () for line in text.splitlines() if line.strip()]
    return ", ".join(named) or (stated[0].strip()[:80] if stated else tr("see the text"))


def _texts(package: metadata.Distribution) -> Iterator[str]:
    for file in sorted(package.files or (), key=str):
        if ".." not in file.parts and _TEXTS.search(file.as_posix()) and file.suffix not in _NO_TEXT_SUFFIXES:
            path = Path(str(package.locate_file(file)))
            if path.is_file():
                yield path.read_text(encoding="utf-8", errors="replace").strip()


def _needed(root: str) -> list[metadata.Distribution]:
    """A package and, over any number of steps, what it requires on this system."""
    packages: dict[str, metadata.Distribution] = {}
    waiting = [Requirement(root)]
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        if name in packages:
            continue
        try:
            packages[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # the program runs from a bare source tree
        required = [Requirement(text) for text in packages[name].requires or ()]
        waiting += [each for each in required if _applies(each, wanted.extras)]
    return list(packages.values())


def _applies(requirement: Requirement, extras: Collection[str]) -> bool:
    """True if this system and these extras ask for it."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in extras or ("",))
