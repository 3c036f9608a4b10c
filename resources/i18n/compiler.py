"""Translations as the program reads them (``.mo``), made from those that people write (``.po``).

Done by ``pip install``, by the wheel and by the installer; needs Babel, which the program itself does not.
"""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).resolve().parent
DOMAIN = "bone_age"


def languages() -> list[str]:
    """Those that have a catalogue."""
    return sorted(path.parent.parent.name for path in HERE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def po_file(language: str) -> Path:
    """The translations of a language."""
    return HERE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(path: Path, language: str | None = None) -> Catalog:
    """A catalogue from its file."""
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compile_all() -> list[Path]:
    """Compile every language that changed since; gives back all files that the program reads."""
    made = []
    for language in languages():
        source, path = po_file(language), po_file(language).with_suffix(".mo")
        if not path.is_file() or path.stat().st_mtime_ns < source.stat().st_mtime_ns:
            with path.open("wb") as file:
                write_mo(file, read(source, language))
        made.append(path)
    return made
