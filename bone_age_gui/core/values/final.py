"""The final bone age of a case, the model's or the reader's, with its own comparison: one for all who show it.

What a record says of it stands in `record.CaseRecord` and `flags.final_flag`.
"""

from __future__ import annotations

from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.reading import DECIDED_BY_READER
from bone_age_gui.core.values.types import Assessment, Case


def is_readers(case: Case) -> bool:
    """True where the reader's age is the final one."""
    reading = case.reading
    return reading is not None and reading.decided_by == DECIDED_BY_READER and reading.age_months is not None


def final_months(case: Case) -> float | None:
    """The final bone age; the model's while nobody has decided, ``None`` for a film without an estimate."""
    if case.estimate is None:
        return None
    own = case.reading.age_months if case.reading is not None and is_readers(case) else None
    return own if own is not None else case.estimate.bone_age_months


def final_end(case: Case) -> GrowthEnd | None:
    """Whether the final bone age is a limit only, and which; ``None`` for an age, as a reader's always is."""
    return None if case.estimate is None or is_readers(case) else case.estimate.end


def final_assessment(case: Case) -> Assessment | None:
    """The final bone age beside the chronological age: difference, SD, flag and reason of that age alone."""
    return case.reader_assessment if is_readers(case) else case.assessment
