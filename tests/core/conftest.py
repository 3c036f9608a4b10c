"""The shipped growth table, as it stands in its file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bone_age_gui import paths


@pytest.fixture
def data() -> dict[str, Any]:
    table = paths.growth_dir() / "brush_foundation.json"
    loaded: dict[str, Any] = json.loads(table.read_text(encoding="utf-8"))
    return loaded
