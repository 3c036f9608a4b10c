"""Where readers read first, the table of a batch shows nothing from which the model's age could be guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bone_age_gui import paths
from bone_age_gui.core.batch.films import BatchFilm, BatchRow
from bone_age_gui.core.growth import BRUSH, GrowthReference
from bone_age_gui.core.pipeline import assess_again
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.record import CaseRecord, record_of
from bone_age_gui.core.values.types import Case, Patient, Sex
from bone_age_gui.gui.work.batch.sight import Sight
from bone_age_gui.gui.work.batch.values import Outcome, is_flagged
from windows import make_estimate

FILM = BatchFilm(Path("/films/a.dcm"), "a.dcm", 0)
GIRL = Patient(Sex.FEMALE, date(2014, 3, 2), date(2026, 11, 20), height_cm=150.0)


def row_of(months: float, codes: tuple[str, ...] = (), end: GrowthEnd | None = None) -> BatchRow:
    """A film of which the model says this age, with what follows from that."""
    estimate = make_estimate(
        bone_age_months=months, spread_months=months / 12, interval_months=(months - 9, months + 9), end=end
    )
    reference = GrowthReference.load(paths.growth_dir() / BRUSH)
    case = assess_again(Case(FILM.path, GIRL, estimate=estimate), reference)
    record = record_of(case, program_version="1", created="")
    return BatchRow(FILM, replace(record, seconds=0.1, notices=tuple(Notice(code, loud=True) for code in codes)))


def blind() -> Sight:
    sight = Sight()
    sight.is_blind = True
    return sight


def test_two_ages_look_alike_until_a_reader_has_read() -> None:
    one, other = row_of(15.0, ("young", "outside_training_ages")), row_of(220.0, end=GrowthEnd.AT_LEAST)
    assert one.record != other.record
    first, second = blind().seen(one), blind().seen(other)
    assert first.is_unread
    assert first.record == second.record
    assert not is_flagged(first)
    assert Sight().seen(one) is one, "where nobody has to read first, all is shown"


def test_a_film_that_was_read_or_seen_elsewhere_is_shown() -> None:
    row, sight = row_of(90.0), blind()
    assert row.record is not None
    read = replace(row, record=replace(row.record, reader_age_months=100.0))
    assert sight.seen(read) is read
    assert sight.mark_seen([FILM.path])
    assert not sight.mark_seen([FILM.path]), "nothing new"
    assert sight.seen(row) is row


def test_a_refusal_is_shown_before_anybody_reads() -> None:
    refused = record_of(Case(FILM.path, error=BoneAgeError("empty", "blank")), program_version="1", created="")
    row = BatchRow(FILM, refused)
    assert blind().seen(row) is row
    waiting = BatchRow(FILM)
    assert blind().seen(waiting) is waiting


@pytest.mark.parametrize(
    "changes, flagged",
    [
        ({"flag": "normal"}, False),
        ({"flag": "advanced"}, True),
        ({"flag": "delayed"}, True),
        ({"flag": "indeterminate"}, True),
        ({"flag": "no_reference"}, False),
        ({"flag": "normal", "notices": (Notice("phantom", loud=True, doubt=True),)}, True),
    ],
)
def test_films_that_someone_should_look_at(changes: dict[str, object], flagged: bool) -> None:
    assert is_flagged(BatchRow(FILM, CaseRecord("a.dcm", bone_age_months=120.0, **changes))) is flagged  # type: ignore[arg-type]


def test_a_run_is_complete_with_its_reports_only() -> None:
    whole = Outcome(films=3, done=3, refused=1, seconds=61.0, out=Path("out"), wrote_all=True)
    assert whole.is_complete
    assert not whole.is_unfinished
    unwritten, half, none = replace(whole, wrote_all=False), replace(whole, done=2), replace(whole, done=0)
    assert not any(each.is_complete for each in (unwritten, half, none))
    assert [each.is_unfinished for each in (unwritten, half, none)] == [False, True, False]
