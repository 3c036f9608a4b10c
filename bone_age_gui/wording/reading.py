"""What the window says of a reading: what is wrong, what comes first, who decided and when, what was put back."""

from __future__ import annotations

from dataclasses import dataclass

from bone_age_gui.core.values.reading import DECIDED_BY_MODEL, DECIDED_BY_READER, MODEL_FIRST, READER_FIRST, Reading
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.wording.days import local_time, utc_time
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.values import visible, years_words

OWN_READING = "Your own reading: 11 y 6 m, 11 6/12, 11-6, 138 m or 11.5"
WRONG_AGE = "No bone age: write 11 y 6 m, 11 6/12, 11-6 or 11.5."
READ_FIRST = "Your own age first, then the model's."
SHOW_ESTIMATE = "Show estimate"
SHOW_ESTIMATE_TIP = "Your age is kept as the one that was read first, and the model's estimate is shown."
NO_OWN_AGE = "Not now: type your own age first."
ESTIMATE_HIDDEN = (
    "The model has its estimate. It is shown when you have given your own bone age: type it below, then press "
    '"{button}".'
)
LIST_READ_FIRST = "read first"
BATCH_READ_FIRST = (
    "Your own age first: a film's age and flag are shown here once you have read it; a double-click opens it. "
    "The reports of the batch hold the model's ages."
)
WHY_NOT_BLIND = 'Give your own bone age first, then press "{button}".'


NO_MODEL_AGE = "Not now: there is no estimate to accept."


@dataclass(frozen=True)
class ChoiceWords:
    """A button that decides; ``name`` is what a screen reader says."""

    text: str
    name: str
    tip: str


FINAL_CHOICES = {
    None: ChoiceWords(
        "Undecided",
        "Final bone age: undecided",
        "Nobody has decided yet: the reports use the model's age and say so.",
    ),
    DECIDED_BY_MODEL: ChoiceWords(
        "Model", "Final bone age: model", "Accept the model's age as the final bone age of the reports."
    ),
    DECIDED_BY_READER: ChoiceWords(
        "Reader",
        "Final bone age: reader",
        "Your age is the final bone age of the reports, in place of the model's.",
    ),
}
"""By who decides."""
_DECIDED = {
    "": "",
    "when": "Decided on {when}.",
    "who": "Decided by {reader}.",
    "who when": "Decided by {reader} on {when}.",
}
"""By what is known of it."""
_KEPT = "Put back as it was entered on {when}."
_MODEL_FIRST = "The reader's age was given with the model's in sight."
_READER_FIRST = "The reader's age was given before the model's was shown."
_CHANGED = "Before the model's age was shown, the reader had read {age}."


def estimate_hidden_words() -> str:
    """That the reader reads first, and how to go on."""
    return fill(ESTIMATE_HIDDEN, {"button": tr(SHOW_ESTIMATE)})


def why_not_blind() -> str:
    """Why nothing can be done with an estimate that is not shown yet."""
    return fill(WHY_NOT_BLIND, {"button": tr(SHOW_ESTIMATE)})


def decided_words(reading: Reading) -> str:
    """Who decided and when, as far as that is known; empty while nobody has."""
    at = local_time(reading.decided_at) if reading.decided_at else ""
    return _decision(reading.decided_by, reading.reader, at)


def kept_words(kept_at: str) -> str:
    """That what is seen was entered before."""
    return fill(_KEPT, {"when": local_time(kept_at)})


def reading_sentences(record: CaseRecord) -> str:
    """Who decided and when, and whose age was there first; empty where nothing of that is known."""
    order = _order_words(record.reading_order, record.blind_age_months, record.reader_age_months)
    reader = visible(record.reader_name) if record.reader_name else ""
    at = utc_time(record.decided_at) if record.decided_at else ""
    return " ".join(part for part in (_decision(record.decided_by, reader, at), order) if part)


def order_words(reading: Reading) -> str:
    """Whose age was there first; empty where that is not known."""
    return _order_words(reading.order, reading.blind_months, reading.age_months)


def _decision(decided_by: str | None, reader: str, when: str) -> str:
    if decided_by is None:
        return ""
    which = " ".join(("who",) * bool(reader) + ("when",) * bool(when))
    return fill(_DECIDED[which], {"reader": reader, "when": when})


def _order_words(order: str | None, first: float | None, last: float | None) -> str:
    if order == MODEL_FIRST:
        return tr(_MODEL_FIRST)
    if order != READER_FIRST or first is None:
        return ""
    if last is not None and last != first:
        return fill(_CHANGED, {"age": years_words(first)})
    return tr(_READER_FIRST)
