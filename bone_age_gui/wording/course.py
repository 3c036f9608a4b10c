"""The examinations of a child in words: one line for each, the pace between them, and what was compared."""

from __future__ import annotations

from datetime import date

from bone_age_gui.core.values.age import format_months
from bone_age_gui.core.values.course import CoursePoint, course_of, own_pace
from bone_age_gui.core.values.reading import DECIDED_BY_MODEL, DECIDED_BY_READER, Examination
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.wording.values import end_words, signed, visible

MOST_IN_A_SENTENCE = 3
OTHER_FILMS = "Other films"
OTHER_MODEL = "Other model or version"
NO_OTHER_FILM = "No other examination of this child is known here."
NO_FILM_BEFORE = "No earlier film of this child is open."
NO_OTHER_CHILD = "No film of another child is open."
NOT_JOINED = "The films of this child were not put together by hand."
JOIN, JOIN_WITH = "Same child", "This film is of the same child as:"
_BY = {DECIDED_BY_MODEL: "model", DECIDED_BY_READER: "reader", None: "report"}


def place_words(place: tuple[int, int] | None) -> str:
    """``"film 2 of 3 of this child"``, empty where it is the only one."""
    return f"film {place[0]} of {place[1]} of this child" if place is not None else ""


def mark_words(by: str, final_by: str | None) -> str:
    """The name of a mark: ``"Reader (final)"``."""
    return f"{_BY[by].capitalize()}{' (final)' if by == final_by else ''}"


def film_words(number: int, name: str, day: date | None) -> str:
    """A film to be chosen: ``"2: hand.dcm, 2024-11-18"``."""
    return f"{number}: {name}{f', {day.isoformat()}' if day is not None else ''}"


def beside_words(name: str, day: date | None) -> str:
    """The heading of the film that lies beside another."""
    return f"Before  \N{MIDDLE DOT}  {day.isoformat() if day is not None else 'day not known'}  \N{MIDDLE DOT}  {name}"


def pace_words(pace: float) -> str:
    """``"14 months of bone age a year"``."""
    return f"{signed(pace, 0).lstrip('+')} months of bone age a year"


def pace_line(record: CaseRecord) -> str:
    """For the chart: ``"29 months of bone age a year since 2025-11-19"``; empty where there is no pace."""
    pair = own_pace(course_of(record))
    if pair is None or pair[1].pace is None:
        return ""
    before = pair[0].examination
    since = before.study_date or (format_months(before.age_months) if before.age_months is not None else "")
    return f"{pace_words(pair[1].pace)}\nsince {since}"


def course_rows(record: CaseRecord) -> list[tuple[str, str]]:
    """Every examination in order: when, and what it said; empty where there is no other."""
    return [(_when(point.examination), _line(point)) for point in course_of(record)]


def comparison(record: CaseRecord) -> str:
    """What a report says of the examinations before: the last ones, and the pace since."""
    points = course_of(record)
    own = next((place for place, point in enumerate(points) if point.is_own), 0)
    before = points[:own]
    if not before:
        return ""
    parts = [_short(point.examination) for point in before[-MOST_IN_A_SENTENCE:]]
    if len(before) > MOST_IN_A_SENTENCE:
        parts.insert(0, f"{len(before) - MOST_IN_A_SENTENCE} before these")
    text = f"{'; '.join(parts)}."
    pair = own_pace(points)
    if pair is None:
        return text
    pace = pair[1].pace
    assert pace is not None
    model = " Another model or version was in use then." if pair[0].is_other_model else ""
    return f"{text} Pace since {_when(pair[0].examination)}: {pace_words(pace)}.{model}"


def _when(each: Examination) -> str:
    age = f"at {format_months(each.age_months)}" if each.age_months is not None else ""
    return f"{each.study_date} {age}".strip() if each.study_date else age or "day not known"


def _short(each: Examination) -> str:
    doubt = ", doubtful" if each.is_doubtful else ""
    age = f"{end_words(each.end)}{format_months(each.bone_age_months)}"
    return f"{_when(each)}: bone age {age} ({_BY.get(each.by, 'report')}{doubt})"


def _line(point: CoursePoint) -> str:
    each = point.examination
    parts = [f"{end_words(each.end)}{format_months(each.bone_age_months)} ({_BY.get(each.by, 'report')})"]
    if each.sd_score is not None:
        parts.append(f"{signed(each.sd_score, 2)} SD")
    if each.is_doubtful:
        parts.append("doubtful")
    if point.is_other_model:
        parts.append(visible(f"{each.model_name} {each.model_version or ''}".strip()))
    if point.pace is not None:
        parts.append(pace_words(point.pace))
    if point.is_own:
        parts.append("this film")
    return ", ".join(parts)
