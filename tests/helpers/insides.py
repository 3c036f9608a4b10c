"""All text that a report holds, whatever it is packed in: what a search for a patient's name has to look at.

Bytes alone say little: a workbook is zipped, a PDF compressed, its letters numbered and pushed apart, JSON escaped.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from pydicom import Dataset, dcmread

_STRING = rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>"
_SHOWN = re.compile(rb"\[((?:\s|" + _STRING + rb"|[-+.0-9])*)\]\s*TJ|(" + _STRING + rb")\s*Tj", re.DOTALL)
_SET_OR_SHOWN = re.compile(_SHOWN.pattern + rb"|/(F[\w-]+) [-.0-9]+ Tf", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def texts_in(path: Path) -> Iterator[str]:
    """The texts in a report file of any kind; its bytes too, as far as they are text."""
    raw = path.read_bytes()
    yield from _plain(raw)
    if path.suffix == ".jsonl":
        yield from (repr(json.loads(line)) for line in raw.decode("utf-8").splitlines())
    elif path.suffix == ".xlsx":
        yield from _workbook(raw)
    elif path.suffix == ".pdf":
        yield from pdf_texts(raw)
    elif path.suffix == ".dcm":
        yield from _dicom(dcmread(path))


def found_in(path: Path, words: Iterable[str]) -> set[str]:
    """Those of the words that are anywhere in the file, small and capital letters alike."""
    texts = [text.casefold() for text in texts_in(path)]
    return {word for word in words if any(word.casefold() in text for text in texts)}


def pdf_texts(raw: bytes) -> Iterator[str]:
    """What a PDF's pages show, and all else in it. Raises ``ValueError`` if it shows no text that can be read here."""
    streams = list(_streams(raw))
    for stream in streams:
        yield from _plain(stream)
    tables = [table for stream in streams if (table := _letters(stream))]
    shown = [_codes(match[1] or match[2]) for stream in streams for match in _SHOWN.finditer(stream)]
    if not shown:
        raise ValueError("the PDF shows no text that can be read here")
    for table in tables:
        yield "\n".join(_spelt(codes, table) for codes in shown)
    for coding in ("latin-1", "utf-16-be"):
        yield "\n".join(codes.decode(coding, "replace") for codes in shown)
    if shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", "-", "-"], input=raw, capture_output=True, check=True)
        yield done.stdout.decode("utf-8", "replace")


def pdf_words(raw: bytes) -> list[str]:
    """The pieces of text that a PDF of matplotlib shows, in its order, each spelt by the font that it is set in."""
    tables = _fonts(raw)
    words: list[str] = []
    for page in _pages(raw):
        table: dict[int, str] = {}
        for match in _SET_OR_SHOWN.finditer(page):
            if match[3]:
                table = tables.get(match[3], {})
            else:
                words.append(_spelt(_codes(match[1] or match[2]), table))
    return words


def pdf_strokes(raw: bytes) -> list[bytes]:
    """What each page draws, without its text: lines, areas and places of pictures."""
    return [re.sub(rb"\bBT\b.*?\bET\b", b"", page, flags=re.DOTALL) for page in _pages(raw)]


def pdf_pictures(raw: bytes) -> list[bytes]:
    """The pictures in a PDF, unpacked."""
    objects = re.finditer(rb"<<((?:(?!endobj|stream).)*)>>\s*stream\r?\n(.*?)endstream", raw, re.DOTALL)
    return [_unpacked(match[2]) for match in objects if b"/Image" in match[1] and b"/Subtype" in match[1]]


def _fonts(raw: bytes) -> dict[bytes, dict[int, str]]:
    """The letters of each font by the name that pages call it."""
    objects = {int(match[1]): match[2] for match in re.finditer(rb"\b(\d+) 0 obj\b(.*?)\bendobj", raw, re.DOTALL)}
    fonts: dict[bytes, dict[int, str]] = {}
    for name, number in re.findall(rb"/(F[\w-]+) (\d+) 0 R", raw):
        table = re.search(rb"/ToUnicode (\d+) 0 R", objects.get(int(number), b""))
        if table is not None:
            fonts[name] = _letters(b"".join(_streams(objects[int(table[1])])))
    return fonts


def _pages(raw: bytes) -> list[bytes]:
    """The streams that show text."""
    return [stream for stream in _streams(raw) if _SHOWN.search(stream) and b"begincmap" not in stream]


def _plain(raw: bytes) -> Iterator[str]:
    """Bytes as text in the codings in which a name may stand in them."""
    for coding in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"):
        yield raw.decode(coding, "ignore")


def _workbook(raw: bytes) -> Iterator[str]:
    with zipfile.ZipFile(BytesIO(raw)) as packed:
        for name in packed.namelist():
            yield name
            yield from _plain(packed.read(name))
    book = load_workbook(BytesIO(raw))
    yield from (str(value) for value in vars(book.properties).values() if value is not None)
    for sheet in book.worksheets:
        yield sheet.title
        cells = [cell for row in sheet.iter_rows() for cell in row]
        yield from (str(cell.value) for cell in cells if cell.value is not None)
        yield from (cell.comment.text for cell in cells if cell.comment is not None)


def _dicom(dataset: Dataset) -> Iterator[str]:
    """Every value as it is decoded, with those of sequences and of the file's head, and what is wrapped in them."""
    for element in (*dataset.file_meta, *dataset.iterall()):
        value: Any = element.value
        if isinstance(value, bytes):
            yield from _plain(value)
            if value.startswith(b"%PDF-"):
                yield from pdf_texts(value)
        elif element.VR != "SQ":
            yield str(value)


def _streams(raw: bytes) -> Iterator[bytes]:
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", raw, re.DOTALL):
        yield _unpacked(match[1])


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return stream


def _letters(stream: bytes) -> dict[int, str]:
    """The letters by their numbers, from a font's table (``ToUnicode``); empty if this is none."""
    if b"begincmap" not in stream:
        return {}
    table: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", stream, re.DOTALL):
        for code, letter in re.findall(rb"<(\w+)>\s*<(\w+)>", block):
            table[int(code, 16)] = _letter(letter)
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", stream, re.DOTALL):
        for first, last, letters, start in re.findall(rb"<(\w+)>\s*<(\w+)>\s*(?:\[(.*?)\]|<(\w+)>)", block, re.DOTALL):
            codes = range(int(first, 16), int(last, 16) + 1)
            if start:
                table |= {code: chr(int(start, 16) + place) for place, code in enumerate(codes)}
            else:
                table |= dict(zip(codes, map(_letter, re.findall(rb"<(\w+)>", letters)), strict=True))
    return table


def _letter(digits: bytes) -> str:
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", "replace")


def _codes(shown: bytes) -> bytes:
    """The numbers of the letters of one piece of text, without the gaps between them."""
    return b"".join(
        bytes.fromhex(string[1:-1].decode("ascii")) if string.startswith(b"<") else _unescaped(string[1:-1])
        for string in re.findall(_STRING, shown, re.DOTALL)
    )


def _unescaped(text: bytes) -> bytes:
    def plain(match: re.Match[bytes]) -> bytes:
        sign = match[1]
        return bytes([int(sign, 8) & 255]) if sign[:1].isdigit() else _ESCAPES.get(sign, sign)

    return re.sub(rb"\\([0-7]{1,3}|.)", plain, text, flags=re.DOTALL)


def _spelt(codes: bytes, table: dict[int, str]) -> str:
    wide = range(0, len(codes) - 1, 2)
    return "".join(table.get(int.from_bytes(codes[place : place + 2]), "\N{REPLACEMENT CHARACTER}") for place in wide)
