"""Estimates and a child to compare them with."""

from __future__ import annotations

from bone_age_gui.core.values.types import Estimate, Patient, Sex

GIRL_152 = Patient(sex=Sex.FEMALE, stated_age_months=152.0)


def estimate(bone_age: float, spread: float | None = None) -> Estimate:
    return Estimate(bone_age, spread, None, None, Sex.FEMALE, "cpu", "m", "1", "0" * 64, 0.1)
