"""The licences of everything that the program is made of.

A frozen program carries a list that its build wrote from what was really collected; elsewhere the
same is read from the installed packages.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from bone_age_gui import paths

PROGRAM = "bone-age-gui"
FILE = "licences.json.gz"
NO_TEXT = "The package carries no licence text; its terms are named above."
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
    found = read(built) if built.is_file() else installed()
    return sorted(found, key=lambda part: (part.name != PROGRAM, part.name.lower()))


def read(path: Path) -> list[Licence]:
    """The list that ``write`` wrote."""
    return [Licence(**entry) for entry in json.loads(gzip.decompress(path.read_bytes()))]


def write(parts: Iterable[Licence], path: Path) -> None:
    """Write a list as packed JSON."""
    path.write_bytes(gzip.compress(json.dumps([asdict(part) for part in parts]).encode(), mtime=0))


def installed() -> list[Licence]:
    """The program and every package that it needs, as installed here; run from a bare source tree, all packages."""
    return [of_distribution(found) for found in _needed(PROGRAM) or metadata.distributions()]


def of_distribution(found: metadata.Distribution) -> Licence:
    """What a package says about its own terms."""
    text = "\n\n".join(_texts(found)) or NO_TEXT
    return Licence(found.metadata["Name"], found.version, _terms(found), text)


def _terms(found: metadata.Distribution) -> str:
    for expression in found.metadata.get_all("License-Expression") or ():
        return str(expression)
    classes = [text.split(" :: ")[-1] for text in found.metadata.get_all("Classifier") or () if "License" in text]
    named = [text for text in classes if text != "OSI Approved"]
    stated = [line for text in found.metadata.get_all("License") or () for line in text.splitlines() if line.strip()]
    return ", ".join(named) or (stated[0].strip()[:80] if stated else "see the text")


def _texts(found: metadata.Distribution) -> Iterator[str]:
    for file in sorted(found.files or (), key=str):
        if ".." not in file.parts and _TEXTS.search(file.as_posix()) and file.suffix not in _NO_TEXT_SUFFIXES:
            path = Path(str(found.locate_file(file)))
            if path.is_file():
                yield path.read_text(encoding="utf-8", errors="replace").strip()


def _needed(root: str) -> list[metadata.Distribution]:
    """A package and, over any number of steps, what it requires without extras."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [root]
    while waiting:
        name = _normal(waiting.pop())
        if name in found:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # required on another system only
        wanted = [text for text in found[name].requires or () if "extra ==" not in text]
        waiting += [re.split(r"[\s;<>=!~\[(]", text, maxsplit=1)[0] for text in wanted]
    return list(found.values())


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
