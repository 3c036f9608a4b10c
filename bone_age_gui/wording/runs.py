"""A batch in words: what is said before it, and how far it is."""

from __future__ import annotations

from bone_age_gui.core.batch.progress import Progress
from bone_age_gui.core.values.facts import Fact
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import Plural, Template, fill, joined

PLAN_NOTICES: dict[str, Template] = {
    "closed_folders": Plural(
        "{folders} folder below could not be opened; its films are missing.",
        "{folders} folders below could not be opened; their films are missing.",
        "folders",
    ),
    "reports_aside": Plural(
        "{reports} structured report in the folder is no film: the bone age in it is an earlier result of its child.",
        "{reports} structured reports in the folder are no films: the bone ages in them are earlier results.",
        "reports",
    ),
    "unused_lines": Plural(
        "{count} line of the table of patients names no film of the folder (line {lines}).",
        "{count} lines of the table of patients name no film of the folder (lines {lines}).",
        "count",
    ),
    "many_unused_lines": "{count} lines of the table of patients name no film of the folder (lines {lines} ...).",
}
"""By the code that ``core.batch.run`` gives."""
_DONE_OF, _REFUSED, _SPEED = "{done} of {total} films", "{refused} refused", "{films:.1f} films/s"
_LEFT, _DONE = "{duration} left", "done"
_PAUSED = "{progress} \N{MIDDLE DOT} paused"
_HOURS, _MINUTES, _SECONDS = "{hours} h {minutes} min", "{minutes} min {seconds} s", "{seconds} s"


def plan_notice(notice: Fact) -> str:
    """One sentence about the folder or the table, without names."""
    return fill(PLAN_NOTICES[notice.code], notice.details)


def progress_words(progress: Progress, joint: str = "") -> str:
    """``"12 of 40 films, 1 refused, 8.4 films/s, 3 s left"``: each part stands for itself in a line."""
    parts = [fill(_DONE_OF, {"done": progress.done, "total": progress.total})]
    if progress.refused:
        parts.append(fill(_REFUSED, {"refused": progress.refused}))
    if progress.films_per_second is not None and progress.seconds_left is not None:
        parts.append(fill(_SPEED, {"films": progress.films_per_second}))
        unfinished = progress.done < progress.total
        left = fill(_LEFT, {"duration": duration_words(progress.seconds_left)})
        parts.append(left if unfinished else tr(_DONE))
    return joint.join(parts) if joint else joined(parts)


def paused_words(progress: str) -> str:
    """How far a run is that is paused."""
    return fill(_PAUSED, {"progress": progress})


def duration_words(seconds: float) -> str:
    """``75`` -> ``"1 min 15 s"``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return fill(_HOURS, {"hours": hours, "minutes": minutes})
    return fill(_MINUTES, {"minutes": minutes, "seconds": rest}) if minutes else fill(_SECONDS, {"seconds": rest})
