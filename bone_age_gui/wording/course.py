"""The examinations of a child in words: one line for each, the pace between them, and what was compared."""

from __future__ import annotations

from datetime import date

from bone_age_gui.core.values.course import CoursePoint, course_of, own_pace
from bone_age_gui.core.values.facts import Detail
from bone_age_gui.core.values.reading import DECIDED_BY_MODEL, DECIDED_BY_READER, Examination
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.wording.days import day_words
from bone_age_gui.wording.language import number_text, tr
from bone_age_gui.wording.templates import fill, joined
from bone_age_gui.wording.values import MINUS, limit_words, signed, visible, years_words

MOST_IN_A_SENTENCE = 3
OTHER_FILMS = "Other films"
OTHER_MODEL = "Other model or version"
NO_FILM_BEFORE = "No earlier film of this child is open."
NO_OTHER_CHILD = "No film of another child is open."
NOT_JOINED = "The films of this child were not put together by hand."
JOIN, JOIN_WITH = "Same child", "This film is of the same child as:"
_PLACE = "film {place} of {films} of this child"
_MARKS = {DECIDED_BY_MODEL: "Model", DECIDED_BY_READER: "Reader", None: "Report"}
_FINAL_MARKS = {DECIDED_BY_MODEL: "Model (final)", DECIDED_BY_READER: "Reader (final)", None: "Report (final)"}
_FILM, _DATED_FILM = "{number}: {name}", "{number}: {name}, {day}"
_BESIDE = "Before  \N{MIDDLE DOT}  {day}  \N{MIDDLE DOT}  {name}"
_DAY_UNKNOWN = "day not known"
_PACE = "{months} months of bone age a year"
_PACE_SINCE = "{pace}\nsince {since}"
_BEFORE_THESE = "{films} before these"
_COMPARED = "{examinations}."
_PACED = "{examinations}. Pace since {since}: {pace}."
_PACED_BY_ANOTHER = "{examinations}. Pace since {since}: {pace}. Another model or version was in use then."
_WHEN, _WHEN_OLD = "{day} at {age}", "at {age}"
_EXAMINATIONS = {
    DECIDED_BY_MODEL: "{when}: bone age {age} (model)",
    DECIDED_BY_READER: "{when}: bone age {age} (reader)",
    None: "{when}: bone age {age} (report)",
}
_DOUBTFUL_EXAMINATIONS = {
    DECIDED_BY_MODEL: "{when}: bone age {age} (model, doubtful)",
    DECIDED_BY_READER: "{when}: bone age {age} (reader, doubtful)",
    None: "{when}: bone age {age} (report, doubtful)",
}
_AGES = {DECIDED_BY_MODEL: "{age} (model)", DECIDED_BY_READER: "{age} (reader)", None: "{age} (report)"}
_SD = "{score} SD"
_DOUBTFUL, _THIS_FILM = "doubtful", "this film"


def place_words(place: tuple[int, int] | None) -> str:
    """``"film 2 of 3 of this child"``, empty where it is the only one."""
    return fill(_PLACE, {"place": place[0], "films": place[1]}) if place is not None else ""


def mark_words(by: str, final_by: str | None) -> str:
    """The name of a mark: ``"Reader (final)"``."""
    return tr((_FINAL_MARKS if by == final_by else _MARKS)[by])


def film_words(number: int, name: str, day: date | None) -> str:
    """A film to be chosen: ``"2: hand.dcm, 2024-11-18"``."""
    details: dict[str, Detail] = {"number": number, "name": name}
    return fill(_FILM, details) if day is None else fill(_DATED_FILM, {**details, "day": day_words(day)})


def beside_words(name: str, day: date | None) -> str:
    """The heading of the film that lies beside another."""
    return fill(_BESIDE, {"day": day_words(day) if day is not None else tr(_DAY_UNKNOWN), "name": name})


def pace_words(pace: float) -> str:
    """``"14 months of bone age a year"``."""
    return fill(_PACE, {"months": number_text(pace, ".0f").replace("-", MINUS)})


def pace_line(record: CaseRecord) -> str:
    """For the chart: ``"29 months of bone age a year since 2025-11-19"``; empty where there is no pace."""
    pair = own_pace(course_of(record))
    if pair is None or pair[1].pace is None:
        return ""
    before = pair[0].examination
    since = years_words(before.age_months) if before.age_months is not None else ""
    if before.study_date:
        since = day_words(before.study_date)
    return fill(_PACE_SINCE, {"pace": pace_words(pair[1].pace), "since": since})


def course_rows(record: CaseRecord) -> list[tuple[str, str]]:
    """Every examination in order: when, and what it said; empty where there is no other."""
    return [(_when(point.examination), _line(point)) for point in course_of(record)]


def others(record: CaseRecord) -> str:
    """The other examinations on one line, for tables; empty where there is none."""
    points = (point for point in course_of(record) if not point.is_own)
    return " | ".join(f"{_when(point.examination)}: {_line(point)}" for point in points)


def pace_since(record: CaseRecord) -> str:
    """The examination since which ``course.own_pace`` counts; empty where there is no pace."""
    pair = own_pace(course_of(record))
    return _when(pair[0].examination) if pair is not None else ""


def comparison(record: CaseRecord) -> str:
    """What a report says of the examinations before: the last ones, and the pace since."""
    points = course_of(record)
    own = next((place for place, point in enumerate(points) if point.is_own), 0)
    before = points[:own]
    if not before:
        return ""
    parts = [_short(point.examination) for point in before[-MOST_IN_A_SENTENCE:]]
    if len(before) > MOST_IN_A_SENTENCE:
        parts.insert(0, fill(_BEFORE_THESE, {"films": len(before) - MOST_IN_A_SENTENCE}))
    examinations = "; ".join(parts)
    pair = own_pace(points)
    if pair is None:
        return fill(_COMPARED, {"examinations": examinations})
    pace = pair[1].pace
    assert pace is not None
    details = {"examinations": examinations, "since": _when(pair[0].examination), "pace": pace_words(pace)}
    return fill(_PACED_BY_ANOTHER if pair[0].is_other_model else _PACED, details)


def _when(each: Examination) -> str:
    day = day_words(each.study_date) if each.study_date else ""
    if each.age_months is None:
        return day or tr(_DAY_UNKNOWN)
    age = years_words(each.age_months)
    return fill(_WHEN, {"day": day, "age": age}) if day else fill(_WHEN_OLD, {"age": age})


def _short(each: Examination) -> str:
    templates = _DOUBTFUL_EXAMINATIONS if each.is_doubtful else _EXAMINATIONS
    template = templates.get(each.by, templates[None])
    return fill(template, {"when": _when(each), "age": limit_words(years_words(each.bone_age_months), each.end)})


def _line(point: CoursePoint) -> str:
    each = point.examination
    age = limit_words(years_words(each.bone_age_months), each.end)
    parts = [fill(_AGES.get(each.by, _AGES[None]), {"age": age})]
    if each.sd_score is not None:
        parts.append(fill(_SD, {"score": signed(each.sd_score, 2)}))
    if each.is_doubtful:
        parts.append(tr(_DOUBTFUL))
    if point.is_other_model:
        parts.append(visible(f"{each.model_name} {each.model_version or ''}".strip()))
    if point.pace is not None:
        parts.append(pace_words(point.pace))
    if point.is_own:
        parts.append(tr(_THIS_FILM))
    return joined(parts)
