"""The report of a bug."""

from __future__ import annotations

from pathlib import Path

from bone_age_gui.gui.dialogs.error import report_text


def test_the_report_of_a_bug_names_places_but_no_values() -> None:
    secret = "Doe^Jane /films/doe_jane.dcm"
    try:
        try:
            raise ValueError(secret)
        except ValueError as inner:
            raise RuntimeError(secret) from inner
    except RuntimeError as error:
        text = report_text(error)
    assert "RuntimeError" in text
    assert "ValueError" in text
    assert "test_error.py" in text
    for word in ("Doe", "films", "/work", str(Path.home())):
        assert word not in text
