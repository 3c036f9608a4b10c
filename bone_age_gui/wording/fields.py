"""What is wrong with a field of a card, a configuration or another file of values, in words."""

from __future__ import annotations

from collections.abc import Mapping

from bone_age_gui.core.values.facts import Detail, Fact
from bone_age_gui.core.values.strict_json import problem_of
from bone_age_gui.wording.templates import fill

FIELD_PROBLEMS = {
    "text": "{field} should be text",
    "whole": "{field} should be a whole number",
    "number": "{field} should be a number",
    "boolean": "{field} should be true or false",
    "empty": "{field} should be empty",
    "list": "{field} should be a list",
    "entries": "{field} should have {wanted} entries and has {there}",
    "group": "{field} should be a group of fields",
    "lacks": "{field} lacks {names}",
    "unknown": "{field} has unknown fields: {names}",
    "one_of": "{field} should be one of {texts}",
    "range": "{field} should be from {low:g} to {high:g}",
    "length": "{field} should have {shortest} to {longest} characters",
    "unprintable": "{field} should have printable characters only",
    "half_signs": "{field} should have whole characters only",
    "day": "{field} should be a date as 2014-03-02",
    "moment": "{field} should be a time as 2014-03-02T10:20:30+00:00",
    "time": "{field} should be a time as 102030",
    "uid": "{field} should be a UID",
    "not_finite": "{field} is not allowed",
    "twice": "the key {field} occurs twice",
    "too_deep": "{field} is nested too deeply",
}
"""By the code of a ``strict_json.BadFieldError``."""


def problem_words(error: BaseException) -> str:
    """What is wrong with a value that was read."""
    return _words(problem_of(error))


def with_problem_words(details: Mapping[str, Detail]) -> Mapping[str, Detail]:
    """The details of an error with words in place of its ``problem``."""
    problem = details["problem"]
    assert isinstance(problem, (str, tuple))
    return {**details, "problem": _words(problem)}


def _words(problem: str | tuple[str, ...] | tuple[Fact, ...]) -> str:
    """The sentence; a library's own words, and those that an earlier version kept, as they are."""
    if isinstance(problem, str):
        return problem
    (only,) = problem
    return fill(FIELD_PROBLEMS[only.code], only.details) if isinstance(only, Fact) else only
