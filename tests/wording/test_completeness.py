"""Every code has its sentences, every sentence its code, and both name the same details."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import Any, get_type_hints

import numpy as np
import pytest

from bone_age_gui import paths
from bone_age_gui.core.growth import BRUSH, GrowthReference, assess
from bone_age_gui.core.model.card import Card
from bone_age_gui.core.values.bounds import Day, Moment, Name, Share, Spelled, Uid
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.core.values.flags import final_flag
from bone_age_gui.core.values.reading import DECIDED_BY_READER, Reading
from bone_age_gui.core.values.record import record_of
from bone_age_gui.core.values.strict_json import BadFieldError, from_plain, parse_json
from bone_age_gui.core.values.types import Case, Estimate, Flag, Patient, Sex, Stage, StudyTags
from bone_age_gui.wording.devices import DEVICE_NOTES
from bone_age_gui.wording.errors import REFUSALS, error_words
from bone_age_gui.wording.fields import FIELD_PROBLEMS, problem_words
from bone_age_gui.wording.flag_reasons import REASONS, reason_text
from bone_age_gui.wording.language import speaking
from bone_age_gui.wording.notices import NOTICES
from bone_age_gui.wording.patient_form import FORM_PROBLEMS, form_words
from bone_age_gui.wording.patients import MISTAKES
from bone_age_gui.wording.pixels import STEPS
from bone_age_gui.wording.report_templates import (
    ASSESSMENTS,
    BONE_AGES,
    DECISIONS,
    METHODS,
    METHODS_OF_OTHERS,
    RULES,
    SPREADS,
)
from bone_age_gui.wording.runs import PLAN_NOTICES
from bone_age_gui.wording.stages import CAPTIONS, TITLES, stage_line
from bone_age_gui.wording.templates import Plural, Template
from bone_age_gui.wording.typed_values import VALUES
from raised import source_of

PACKAGE = Path(__file__).resolve().parents[2] / "bone_age_gui"
SOURCE = source_of(PACKAGE)
NONE: frozenset[str] = frozenset()
Made = Iterable[tuple[str, frozenset[str], str]]


def names_in(template: Template) -> set[str]:
    if isinstance(template, Plural):
        return names_in(template.one) | names_in(template.many) | {template.by}
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def compared(
    made: Made, templates: Mapping[str, Template], added: frozenset[str] = NONE, unsaid: frozenset[str] = NONE
) -> list[str]:
    """What does not fit; ``added`` are details that wording itself gives, ``unsaid`` those that another part says."""
    mistakes = []
    used = set()
    for key, details, where in made:
        used.add(key)
        if key not in templates:
            mistakes.append(f"{where}: no sentence for {key!r}")
        elif (names := names_in(templates[key]) - added) != details - unsaid:
            mistakes.append(f"{where}: {key!r} gives {sorted(details)}, its sentence names {sorted(names)}")
    return mistakes + [f"nothing says {key!r}" for key in templates if key not in used]


def test_errors() -> None:
    both: dict[str, Template] = {}
    for key, refusal in REFUSALS.items():
        both[key] = refusal.message
        assert not names_in(refusal.title), f"the title of {key} is no fixed text"
        assert refusal.title.strip(), key
    # Training writes tables with the program's own functions.
    assert not compared(source_of(PACKAGE, PACKAGE.parent / "training").made("BoneAgeError"), both)


def test_notices() -> None:
    assert not compared(SOURCE.made("Notice", "details"), NOTICES)


def test_facts_of_a_batch() -> None:
    made = source_of(PACKAGE / "core" / "batch").made("Fact", "details")
    assert not compared(made, {**MISTAKES, **PLAN_NOTICES}, unsaid=frozenset({"column"}))


def test_notes_about_the_device() -> None:
    assert not compared(source_of(PACKAGE / "core" / "model").made("Fact", "details"), DEVICE_NOTES)


WRONG_FIELDS: tuple[tuple[Any, Any, str], ...] = (
    (str, 1, "card.name should be text"),
    (int, 1.5, "card.name should be a whole number"),
    (float, "1", "card.name should be a number"),
    (bool, 0, "card.name should be true or false"),
    (type(None), 0, "card.name should be empty"),
    (tuple[int, ...], 0, "card.name should be a list"),
    (tuple[int, int], [1], "card.name should have 2 entries and has 1"),
    (Fact, 0, "card.name should be a group of fields"),
    (Fact, {"code": "a"}, "card.name lacks details"),
    (Fact, {"code": "a", "details": {}, "more": 1, "also": 1}, "card.name has unknown fields: also, more"),
    (Sex, "X", "card.name should be one of F, M"),
    (Share, 2, "card.name should be from 0 to 1"),
    (Name, "", "card.name should have 1 to 100 characters"),
    (Name, "a\n", "card.name should have printable characters only"),
    (Spelled, "\ud800", "card.name should have whole characters only"),
    (Day, "2.3.2014", "card.name should be a date as 2014-03-02"),
    (Moment, "noon", "card.name should be a time as 2014-03-02T10:20:30+00:00"),
    (get_type_hints(StudyTags, include_extras=True)["study_time"], "noon", "card.name should be a time as 102030"),
    (Uid, "a", "card.name should be a UID"),
)
WRONG_TEXTS = (
    ("[NaN]", "NaN is not allowed"),
    ('{"a": 1, "a": 2}', "the key a occurs twice"),
    ("[" * 100_000, "JSON is nested too deeply"),
)


def test_fields_of_a_file() -> None:
    met = set()
    for kind, value, words in WRONG_FIELDS:
        with pytest.raises(BadFieldError) as wrong:
            from_plain(kind, value, "card.name")
        met.add(wrong.value.fact.code)
        assert problem_words(wrong.value) == words
    for text, words in WRONG_TEXTS:
        with pytest.raises(BadFieldError) as wrong:
            parse_json(text)
        met.add(wrong.value.fact.code)
        assert problem_words(wrong.value) == words
    assert met == set(FIELD_PROBLEMS)
    with speaking("de"):
        assert error_words(bad_card({"schema_version": "1"})).message.count("should") == 0


def bad_card(values: dict[str, Any]) -> BoneAgeError:
    with pytest.raises(BoneAgeError) as refused:
        Card.from_dict(values)
    return refused.value


def test_values_that_were_typed() -> None:
    assert not compared(SOURCE.made("WrongValueError"), VALUES, frozenset({"name"}))


def test_the_check_sees_what_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "module.py").write_text(
        "def fail(why):\n    return BoneAgeError('closed', why, size=1)\n\n\nfail('a')\nfail('b' if 1 else 'c')\n"
    )
    made = list(source_of(folder).made("BoneAgeError"))
    assert {key for key, _, _ in made} == {"closed a", "closed b", "closed c"}
    templates: dict[str, Template] = {"closed a": "{size}", "closed b": "{length}", "closed d": ""}
    assert sorted(line.split(": ", 1)[-1] for line in compared(made, templates)) == [
        "'closed b' gives ['size'], its sentence names ['length']",
        "no sentence for 'closed c'",
        "nothing says 'closed d'",
    ]


def test_reasons_of_the_flag() -> None:
    compared_with = ("inside", "equal", "ahead", "behind", "ahead_range", "behind_range")
    ends = ("within", "beyond", "unusable", "close")
    children = ("boys", "girls")
    composed = {f"{first} {end} {child}" for first in compared_with for end in ends for child in children}
    composed |= {f"{side} {child}" for side in ("below", "above") for child in children}
    plain = {"no_bone_age", "no_age", "negative_age", "bad_age", "no_sex", "open_age", "one_side", "doubtful", "wide"}
    assert composed | plain == set(REASONS)


def an_estimate(months: float, spread: float | None) -> Estimate:
    return Estimate(months, spread, None, None, None, "cpu", "model", "1", "0" * 64, 0.1)


@pytest.mark.parametrize("unit", [0.0, 1.0, 12.0])
@pytest.mark.parametrize("spread", [None, 0.5, 6.0, math.nan])
def test_every_reason_that_the_rule_gives_has_its_sentence(unit: float, spread: float | None) -> None:
    reference = GrowthReference.load(paths.growth_dir() / BRUSH)
    codes = set()
    for sex in (*Sex, None):
        for age in (-1.0, 0.5, 60.0, 151.0, 250.0):
            patient = Patient(sex, stated_age_months=age, stated_age_unit_months=unit)
            for difference in (-60.0, -22.0, -3.0, 0.0, 0.4, 3.0, 22.0, 60.0):
                made = assess(an_estimate(age + difference, spread), patient, reference)
                codes.add(made.reason.code)
                words = reason_text(made.reason)
                assert words.endswith("."), words
                assert "{" not in words
    assert codes <= set(REASONS)
    assert len(codes) > 10


@pytest.mark.parametrize("unit", [0.0, 1.0, 12.0])
def test_the_readers_age_has_the_flag_that_the_model_would_have_without_a_spread(unit: float) -> None:
    reference = GrowthReference.load(paths.growth_dir() / BRUSH)
    flags = set()
    for sex in Sex:
        for age in (40.0, 90.0, 150.0, 203.0):
            patient = Patient(sex, stated_age_months=age, stated_age_unit_months=unit)
            for tenth in range(-400, 400, 7):
                estimate = an_estimate(age + tenth / 10, None)
                case = Case(None, patient, estimate=estimate, assessment=assess(estimate, patient, reference))
                own = replace(case, reading=Reading(estimate.bone_age_months, DECIDED_BY_READER))
                record = record_of(own, program_version="1", created="")
                assert final_flag(record) == record.flag
                flags.add(record.flag)
    assert {"normal", "advanced", "delayed"} <= flags
    assert ("indeterminate" in flags) == (unit > 0)


def test_steps_that_made_the_pixels() -> None:
    assert not compared(source_of(PACKAGE / "core" / "reader").made("Fact", "details"), STEPS)


def test_problems_of_the_patient_form() -> None:
    form = (PACKAGE / "gui" / "panels" / "patient_input.py").read_text(encoding="utf-8")
    calls = (node for node in ast.walk(ast.parse(form)) if isinstance(node, ast.Call))
    used = {ast.literal_eval(call.args[0]) for call in calls if getattr(call.func, "id", "") == "form_words"}
    assert used == set(FORM_PROBLEMS)
    assert form_words("future", "birth") == "Date of birth lies in the future: right only if the dates were shifted."


@pytest.mark.parametrize("by", [{}, {"by": "joints"}, {"by": "thresholds"}])
@pytest.mark.parametrize("tilt", [0.0, -31.6])
@pytest.mark.parametrize("is_outlined", [False, True])
def test_every_way_to_clean_a_film_has_its_caption(by: dict[str, str], tilt: float, is_outlined: bool) -> None:
    parameters = {"found": is_outlined, "share": 0.814, "crop": (0.0, 0.1, 0.5, 0.6), "tilt": tilt, **by}
    said = stage_line(Stage("cleaned", np.zeros((2, 2), np.uint8), parameters).fact)
    expected = "81 % of the film kept"
    expected += ", turned upright by 32°" if tilt else ""
    expected += ", placed by the joints" if by.get("by") == "joints" else ""
    assert said == f"Cleaned: {'' if is_outlined else 'no hand outline found, '}{expected}"


def test_every_stage_has_its_title_and_caption() -> None:
    made = {ast.literal_eval(call.node.args[0]) for call in source_of(PACKAGE / "core" / "stages").calls["_stage"]}
    assert made == set(TITLES)
    assert made == {key.split()[0] for key in CAPTIONS}
    assert len([key for key in CAPTIONS if key.startswith("cleaned")]) == 8


@pytest.mark.parametrize("templates", [METHODS, METHODS_OF_OTHERS, DECISIONS, BONE_AGES, SPREADS, RULES, ASSESSMENTS])
def test_a_sentence_of_the_report_is_whole_in_every_form(templates: Mapping[str, str]) -> None:
    for key, template in templates.items():
        assert template.endswith("."), key
        assert template[0].isupper() or template.startswith(("{final}", "{reference}")), key
        assert "  " not in template, key
    assert len(set(templates.values())) == len(templates)


def test_every_flag_has_its_sentence() -> None:
    assert {key.split()[0] for key in ASSESSMENTS} - {"uncompared"} == set(Flag) - {Flag.NO_REFERENCE}
