"""What the table of a batch may show where readers give their age before they see the model's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bone_age_gui.core.cautions import TELLING
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.gui.work.batch.values import BatchRow


class Sight:
    """Whether the reader is to read first, and the films whose estimate was seen all the same."""

    def __init__(self) -> None:
        self.is_blind = False
        self._seen: set[Path] = set()

    def mark_seen(self, paths: Iterable[Path]) -> bool:
        """The model's estimates of these films were shown elsewhere; true if that is new."""
        before = len(self._seen)
        self._seen.update(paths)
        return len(self._seen) > before

    def seen(self, row: BatchRow) -> BatchRow:
        """The row as it may be shown; a film of which a reader's age is known was read."""
        record = row.record
        if not self.is_blind or record is None or record.is_refused:
            return row
        if row.film.path in self._seen or record.reader_age_months is not None:
            return row
        return replace(row, record=_without_estimate(record), is_unread=True)


def _without_estimate(record: CaseRecord) -> CaseRecord:
    """The record without the model's age, and without what it could be guessed from."""
    return replace(
        record,
        bone_age_months=None,
        at_least=False,
        at_most=False,
        interval_low_months=None,
        interval_high_months=None,
        spread_months=None,
        difference_months=None,
        sd_score=None,
        probability_beyond=None,
        flag=None,
        borderline=False,
        reason=None,
        adult_height=None,
        notices=tuple(notice for notice in record.notices if notice.code not in TELLING),
    )
