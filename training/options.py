"""Numbers on the command line, refused where they make no sense before anything is read."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path


def whole_number_from(least: int, most: int = 1_000_000_000) -> Callable[[str], int]:
    """For ``add_argument(type=...)``: a whole number from ``least`` to ``most``."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is no whole number from {least} to {most}")
        return value

    return read


def months(text: str) -> float:
    """For ``add_argument(type=...)``: months, 0 or more."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1440:
        raise argparse.ArgumentTypeError(f"{text} is no number of months from 0 to 1440")
    return value


def short_text(text: str) -> str:
    """For ``add_argument(type=...)``: a name or a version, as a card takes it."""
    if not text.isprintable() or not 1 <= len(text.strip()) <= 100:
        raise argparse.ArgumentTypeError("give 1 to 100 characters")
    return text


def file_path(text: str) -> Path:
    """For ``add_argument(type=...)``: a file to write, which is no folder."""
    path = Path(text)
    if not path.name or path.is_dir():
        raise argparse.ArgumentTypeError(f"{text or 'an empty text'} is no name of a file")
    return path


COUNT = whole_number_from(1)
"""A number of films or steps, at least one."""
CORES = whole_number_from(1, 1024)
"""A number of threads or processes, at least one."""
SEED = whole_number_from(0)
