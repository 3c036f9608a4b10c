"""Reading of the growth tables that come with the program: whatever is missing or implausible in them is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from bone_age_gui.core.values.bounded_files import read_bounded
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Detail


def read_table(path: Path, keys: set[str]) -> dict[str, Any]:
    """An object with exactly these fields, of which ``source`` is a text.

    Raises
    ------
    BoneAgeError
        ``growth_missing`` if the file can't be read, ``growth_broken`` if it is not such a table.
    """
    try:
        values = json.loads(read_bounded(path).decode("utf-8-sig"))  # editors on Windows begin with a mark
    except OSError as error:
        raise BoneAgeError("growth_missing") from error
    except (ValueError, RecursionError):
        broken("json")
    if not isinstance(values, dict) or set(values) != keys:
        broken("fields", fields=tuple(sorted(keys)))
    if not isinstance(values["source"], str) or not values["source"].strip():
        broken("empty", field="source")
    return values


def is_number(value: Any) -> bool:
    """True for a number of a sane size."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e6 < value < 1e6


def frozen_array(values: Any) -> np.ndarray:
    """The values as a read-only float64 array."""
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


def broken(why: str, **details: Detail) -> NoReturn:
    """Raise ``growth_broken``."""
    raise BoneAgeError("growth_broken", why, **details)
