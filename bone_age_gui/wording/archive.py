"""What is said of archives, in lines for the terminal and for the window."""

from __future__ import annotations

from bone_age_gui.core.values.errors import BoneAgeError

UNKNOWN_TEXT = "-"


def error_words(error: BoneAgeError) -> dict[str, str]:
    """An error as a program reads it."""
    return {"title": error.title, "message": error.message, "code": error.code}


def name_words(name: str) -> str:
    """``Doe^Jane`` as people write it: ``Doe, Jane``; the first way of writing of several."""
    parts = [part.strip() for part in name.split("=")[0].split("^")]
    family, given = parts[0], " ".join(part for part in parts[1:3] if part)
    return ", ".join(part for part in (family, given) if part) or UNKNOWN_TEXT


def count_words(count: int, one: str, many: str | None = None) -> str:
    """``1 film``, ``2 films``."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def fetched_words(films: int, earlier: int, missing: int, reports: int) -> str:
    """What a fetch has brought."""
    words = [f"{count_words(films, 'film')} here"]
    if earlier:
        words.append(f"{earlier} of them since before")
    if reports:
        words.append(count_words(reports, "earlier report"))
    if missing:
        words.append(f"{missing} missing")
    return ", ".join(words)


def sent_words(sent: int, known: int, waiting: int) -> str:
    """What became of reports that were to be sent."""
    words = [f"{count_words(sent, 'report')} in the archive"]
    if known:
        words.append(f"{known} sent before")
    if waiting:
        words.append(f"{count_words(waiting, 'report waits', 'reports wait')} in the outbox")
    return ", ".join(words)
