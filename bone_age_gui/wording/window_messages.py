"""What the window says about the work that it does: counts in one sentence each."""

from __future__ import annotations

from bone_age_gui.core.values.types import Estimate
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import Plural, fill
from bone_age_gui.wording.values import device_words

NOT_ESTIMATED = "No estimate yet."
OPEN_FIRST = "Open a hand radiograph to begin."
READING = "Reading\N{HORIZONTAL ELLIPSIS}"
ESTIMATING = "Estimating\N{HORIZONTAL ELLIPSIS}"
SEX_CHANGED = "The sex was changed, so the estimate no longer holds. Estimate again."
PICTURE_SAVED = "The picture was saved."
RESULT_COPIED = "Result copied, without patient data."
WRITING_REPORTS = "Writing the reports\N{HORIZONTAL ELLIPSIS}"
LOOKING = "Looking for films\N{HORIZONTAL ELLIPSIS}"
PREPARING = "Preparing the stages\N{HORIZONTAL ELLIPSIS}"
PLOT_COMES = "The plot is being prepared\N{HORIZONTAL ELLIPSIS}"
STAGES_COME = "The stages of the film appear here."
RUN_GOES_ON = "The folder for the reports holds a run: only films that it lacks are estimated."
NO_FILM_THERE = "There is no film in that folder."
_OPENED = Plural("{films} film opened.", "{films} films opened.", "films")
_REPORTS_TAKEN = Plural(
    "{taken} earlier bone age was taken from a report: it stands with the films of the same child.",
    "{taken} earlier bone ages were taken from reports: they stand with the films of the same children.",
    "taken",
)
_NO_AGE_REPORTED = Plural(
    "This is a report, no film, and it holds no bone age. Open the film itself.",
    "These are reports, no films, and they hold no bone age. Open the films themselves.",
    "reports",
)
_CLOSED = Plural("{folders} folder could not be looked into.", "{folders} folders could not be looked into.", "folders")
_WRITTEN = Plural("{reports} report was written: {folder}", "{reports} reports were written: {folder}", "reports")
_UNWRITTEN = "All {films} films are done, but not all reports are written. Press Continue to write them."
_STOPPED = "Stopped after {done} of {films} films. Press Continue to go on."
_FILMS_ESTIMATED = Plural("{estimated} film estimated", "{estimated} films estimated", "estimated")
_REPORTS_WRITTEN = Plural("{reports} report written: {folder}", "{reports} reports written: {folder}", "reports")
_ENDED = "{films_estimated}, {refused} refused in {duration}; {reports_written}"
_ENDED_WITH_DOUBTS = "{films_estimated}, {refused} refused, {doubtful} doubtful in {duration}; {reports_written}"
_TWO_PARTS = "{title}\n\n{message}"
_ALL_FILMS, _UNNAMED = "&All open films ({films})", "Film {number}"
_REFUSED = "Refused: {why}"
_TWO_LINES = "{title}\n{message}"
_WRITING = "Writing the reports: {done} of {total}"
_SOURCES = {
    "F": "Estimated as female on {device} with {name} {version}",
    "M": "Estimated as male on {device} with {name} {version}",
    None: "Estimated without knowing the sex on {device} with {name} {version}",
}
_SIDES = {"left": "The left hand is the one that is read.", "right": "The right hand is the one that is read."}


def all_films_words(films: int) -> str:
    """The choice to report every open film."""
    return fill(_ALL_FILMS, {"films": films})


def unnamed_film(number: int) -> str:
    """The name of a film that has no file."""
    return fill(_UNNAMED, {"number": number})


def refused_words(why: str) -> str:
    """Over a film that was refused."""
    return fill(_REFUSED, {"why": why})


def two_parts(title: str, message: str) -> str:
    """A heading with what it means below it, and a line between them."""
    return fill(_TWO_PARTS, {"title": title, "message": message})


def two_lines(title: str, message: str) -> str:
    """A heading with what it means below it."""
    return fill(_TWO_LINES, {"title": title, "message": message})


def films_opened(films: int, closed_folders: int) -> str:
    """How many films were opened, and how many folders could not be looked into."""
    opened = fill(_OPENED, {"films": films})
    return f"{opened} {fill(_CLOSED, {'folders': closed_folders})}" if closed_folders else opened


def reports_taken(reports: int, taken: int) -> str:
    """What came of structured reports that were opened without any film."""
    return fill(_REPORTS_TAKEN if taken else _NO_AGE_REPORTED, {"reports": reports, "taken": taken})


def reports_written(reports: int, folder: str) -> str:
    """How many reports were written, and where."""
    return fill(_WRITTEN, {"reports": reports, "folder": folder})


def stopped_words(done: int, films: int) -> str:
    """A batch that did not come to its end, and what to do next."""
    if done == films:
        return fill(_UNWRITTEN, {"films": films})
    return fill(_STOPPED, {"done": done, "films": films})


def batch_ended_words(*, estimated: int, refused: int, doubtful: int, duration: str, reports: int, folder: str) -> str:
    """What came out of a batch."""
    counted = {
        "films_estimated": fill(_FILMS_ESTIMATED, {"estimated": estimated}),
        "reports_written": fill(_REPORTS_WRITTEN, {"reports": reports, "folder": folder}),
    }
    template = _ENDED_WITH_DOUBTS if doubtful else _ENDED
    return fill(template, {**counted, "refused": refused, "doubtful": doubtful, "duration": duration})


def writing_words(done: int, total: int) -> str:
    """How far the reports of a batch are."""
    return fill(_WRITING, {"done": done, "total": total})


def source_words(estimate: Estimate) -> str:
    """With which sex, on what and by which model the age was estimated."""
    details = {"name": estimate.model_name, "version": estimate.model_version}
    return fill(_SOURCES[estimate.sex], {**details, "device": device_words(estimate.device)})


def hand_is_read(side: str) -> str:
    """Why a hand cannot be chosen: it is the one that is read."""
    return tr(_SIDES[side])
