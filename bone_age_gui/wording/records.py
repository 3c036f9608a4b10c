"""What a record says, in words: from its codes, or the words themselves where an earlier version kept them."""

from __future__ import annotations

from bone_age_gui.core.values.reading import DECIDED_BY_READER
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.wording.devices import device_note
from bone_age_gui.wording.errors import ErrorWords, refusal_words
from bone_age_gui.wording.flag_reasons import reason_text
from bone_age_gui.wording.notices import notice_text


def refusal_words_of(record: CaseRecord) -> ErrorWords:
    """Why the film was refused. ``ValueError`` for a record that was not."""
    if record.error_code is None:
        raise ValueError("the film was not refused")
    if record.error_title is not None:
        return ErrorWords(record.error_title, record.error_message or "")
    return refusal_words(record.error_code, record.error_why, record.error_details)


def reason_of(record: CaseRecord) -> str | None:
    """Why the flag is what it is, ``None`` where nothing was compared."""
    return reason_text(record.reason) if record.reason is not None else None


def final_reason_of(record: CaseRecord) -> str | None:
    """Why the flag of the final bone age is what it is; ``None`` where that is not known."""
    if record.decided_by != DECIDED_BY_READER:
        return reason_of(record)
    return reason_text(record.final_reason) if record.final_reason is not None else None


def device_note_of(record: CaseRecord) -> str | None:
    """Why the device is not the one that was wanted, ``None`` where it is."""
    return device_note(record.device_note) if record.device_note is not None else None


def refusal_line(record: CaseRecord) -> str:
    """Title and message on one line."""
    words = refusal_words_of(record)
    return f"{words.title}. {words.message}"


def notes_of(record: CaseRecord) -> str:
    """Why it was refused, or its notices on one line, doubts and loud ones first."""
    if record.is_refused:
        return refusal_line(record)
    notices = sorted(record.notices, key=lambda notice: (not notice.doubt, not notice.loud))
    return " ".join(notice_text(notice) for notice in notices)
