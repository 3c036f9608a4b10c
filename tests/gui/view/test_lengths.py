"""Lengths on a film whose rows and columns are spaced differently."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF

from bone_age_gui.core.values.types import PixelSpacing
from bone_age_gui.gui.view.lengths import Length


def test_each_direction_has_the_spacing_of_its_own_pixels() -> None:
    spacing = PixelSpacing(row_mm=0.2, column_mm=0.1, plane="patient")
    for end, millimetres in ((QPointF(30, 0), 3.0), (QPointF(0, 40), 8.0), (QPointF(60, 40), 10.0)):
        assert Length(QPointF(0, 0), end).millimetres(spacing) == pytest.approx(millimetres)
