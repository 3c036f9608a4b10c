"""Moved to ``errors``; here until every door imports it from there."""

from bone_age_gui.core.values.errors import bug_error

__all__ = ["bug_error"]
