"""Who publishes the packages: read from pyproject.toml, so that a publisher writes it in one place only."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PYPROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
PROGRAM = "bone_age_gui"
UNSET = "example.org"
"""Reserved for examples: a package that nobody has put a name to claims nobody's address."""
FORGES = {"github.com": "io.github", "gitlab.com": "io.gitlab", "codeberg.org": "page.codeberg"}
"""Code hosts that give every owner a name space of the kind that AppStream wants."""


@dataclass(frozen=True)
class Publisher:
    """Name and address in every package, and the identifier for software centres and macOS."""

    name: str
    email: str
    homepage: str

    @property
    def maintainer(self) -> str:
        """As Debian writes it."""
        return f"{self.name} <{self.email}>"

    @property
    def identifier(self) -> str:
        """The homepage read backwards, for example ``io.github.owner.bone_age_gui``."""
        address = urlsplit(self.homepage)
        host = (address.hostname or UNSET).removeprefix("www.")
        folders = [part for part in address.path.split("/") if part]
        if host in FORGES and folders:
            parts = [*FORGES[host].split("."), *folders[:1], PROGRAM]
        else:
            parts = [*reversed(host.split(".")), PROGRAM]
        return ".".join(_word(part) for part in parts)

    @property
    def is_set(self) -> bool:
        """Whether pyproject.toml names an address and a homepage."""
        return bool(self.homepage) and not self.email.endswith(f"@{UNSET}")


def read(path: Path = PYPROJECT) -> Publisher:
    """The first of ``maintainers`` or ``authors``, and ``urls.Homepage``; what is missing becomes a placeholder."""
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    people = [*project.get("maintainers", []), *project.get("authors", []), {}]
    urls = {name.lower(): url for name, url in project.get("urls", {}).items()}
    return Publisher(
        people[0].get("name", "bone-age-gui"), people[0].get("email", f"unset@{UNSET}"), urls.get("homepage", "")
    )


def _word(part: str) -> str:
    """A part of an identifier: lower case, no hyphen, no digit in front."""
    word = re.sub(r"[^a-z0-9_]", "_", part.lower())
    return f"_{word}" if word[0].isdigit() else word
