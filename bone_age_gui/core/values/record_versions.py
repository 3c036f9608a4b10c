"""What records of earlier versions do not hold: journals and stores of those are still read."""

from __future__ import annotations

from typing import Any

_LATER: dict[str, Any] = {
    "limits_over_age": [],
    "error_why": "",
    "error_details": {},
    "error_title": None,
    "error_message": None,
    "study": None,
    "device_note": None,
    "adult_height": None,
    "joints": [],
    "probability_beyond": None,
    "chronological_age_interval_months": None,
    "at_least": False,
    "at_most": False,
    "reader_name": None,
    "decided_at": None,
    "blind_age_months": None,
    "reading_order": None,
    "final_reason": None,
    "earlier": [],
    "film_rows": None,
    "film_columns": None,
    "hand_outline": [],
    "borderline": False,
    "learned_from": None,
    "normal_below": None,
    "beyond_above": None,
    "reference_name": None,
    "reference_population": None,
    "reference_mean_months": None,
}
_LATER_NOTICE: dict[str, Any] = {"doubt": False, "why": "", "details": {}, "text": ""}
"""Fields that journals of earlier versions do not hold, and what they are there."""


def completed(values: dict[str, Any]) -> dict[str, Any]:
    """A record of an earlier version with the fields that it did not hold."""
    notices = values.get("notices")
    if isinstance(notices, list):
        notices = [{**_LATER_NOTICE, **notice} if isinstance(notice, dict) else notice for notice in notices]
        values = {**values, "notices": notices}
    return {**_LATER, **values}
