"""Compiles the translations when the package is installed or its wheel is built."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface):  # type: ignore[type-arg]
    """Called by hatchling before it collects the files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files that the program reads."""
        sys.path.insert(0, str(Path(self.root) / "resources" / "i18n"))
        from compiler import compile_all

        compile_all()
