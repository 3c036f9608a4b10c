"""What a person chose for the comparison of ages: reference, cut-offs, and whether the sex must be known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bone_age_gui.core.values.cut_offs import CutOffs


@dataclass(frozen=True)
class ComparisonChoice:
    """``heights`` is a key of ``height.REFERENCES``; ``own`` a file in place of the Brush Foundation's, or ``None``."""

    heights: str
    own: Path | None = None
    cut_offs: CutOffs = CutOffs()  # noqa: RUF009  it is frozen
    demands_sex: bool = False
    """Whether no film is estimated without its sex."""
