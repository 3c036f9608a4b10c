"""The parts of a case as the flat fields of ``record.CaseRecord``; numbers that are not finite become ``None``."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.reading import Reading
from bone_age_gui.core.values.types import Assessment, Estimate, Radiograph


def film_fields(film: Radiograph | None) -> dict[str, Any]:
    """The fields that a film's own tags fill."""
    if film is None:
        return {}
    rows, columns = film.size or film.pixels.shape
    return {
        "film_rows": int(rows),
        "film_columns": int(columns),
        "laterality": film.laterality,
        "body_part": film.body_part,
        "modality": film.modality,
        "is_phantom": film.is_phantom,
        "reference": film.reference,
        "study": film.study,
    }


def reading_fields(reading: Reading | None) -> dict[str, Any]:
    """The fields of a reader's age and decision; none without a reading."""
    if reading is None:
        return {}
    return {
        "reader_age_months": finite(reading.age_months),
        "decided_by": reading.decided_by,
        "reader_name": reading.reader or None,
        "decided_at": reading.decided_at,
        "blind_age_months": finite(reading.blind_months),
        "reading_order": reading.order,
        "remark": reading.remark,
    }


def estimate_fields(estimate: Estimate | None) -> dict[str, Any]:
    """The fields of the model's estimate."""
    if estimate is None:
        return {}
    low, high = estimate.interval_months or (None, None)
    return {
        "bone_age_months": finite(estimate.bone_age_months),
        "at_least": estimate.end is GrowthEnd.AT_LEAST,
        "at_most": estimate.end is GrowthEnd.AT_MOST,
        "interval_low_months": finite(low),
        "interval_high_months": finite(high),
        "interval_level": estimate.interval_level,
        "spread_months": finite(estimate.spread_months),
        "model_name": estimate.model_name,
        "model_version": estimate.model_version,
        "model_sha256": estimate.model_sha256,
        "learned_from": estimate.learned_from,
        "device": estimate.device,
        "device_note": estimate.device_note,
    }


def assessment_fields(assessment: Assessment | None) -> dict[str, Any]:
    """The fields of the comparison with the chronological age."""
    if assessment is None:
        return {}
    low, high = assessment.normal_range_months or (None, None)
    below, above = assessment.cut_offs or (None, None)
    return {
        "difference_months": finite(assessment.difference_months),
        "sd_months": finite(assessment.sd_months),
        "sd_score": finite(assessment.sd_score),
        "normal_low_months": finite(low),
        "normal_high_months": finite(high),
        "brush_mean_months": finite(assessment.brush_mean_months),
        "probability_beyond": finite(assessment.probability_beyond),
        "threshold_sd": assessment.threshold_sd,
        "flag": str(assessment.flag),
        "borderline": assessment.borderline,
        "normal_below": below,
        "beyond_above": above,
        "reference_name": assessment.reference_name,
        "reference_population": assessment.reference_population,
        "reference_mean_months": finite(assessment.reference_mean_months),
        "reason": assessment.reason,
        "limits_over_age": assessment.limits_over_age,
    }


def iso_day(day: date | None) -> str | None:
    """A day as ISO 8601 writes it; ``None`` for none."""
    return day.isoformat() if day is not None else None


def finite(value: float | None) -> float | None:
    """A number, ``None`` where it is none."""
    return float(value) if value is not None and math.isfinite(value) else None
