"""Why a file or a batch cannot be written or run."""

from __future__ import annotations

from bone_age_gui.core.values.facts import Fact
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.patients import mistake_words
from bone_age_gui.wording.refusals.template import Details, Refusal
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.values import SETTING_WORDS

_FOLDER = "The folder cannot be opened"
_CLUSTER = "The cluster cannot be used"
_NOT_THERE = "The folder is not there any more, or is no folder. Choose another one."
_CLOSED = (
    "The folder may not be written to, or the file is open in another program. Close it there, or choose "
    "another folder."
)


_TWO_SETTINGS = "{before} and {last}"


def _listed(details: Details) -> Details:
    """The mistakes of a table, one a line."""
    mistakes = details["mistakes"]
    assert isinstance(mistakes, tuple)
    return {"mistakes": "\n".join(f"  {mistake_words(each)}" for each in mistakes if isinstance(each, Fact))}


def _settings(details: Details) -> Details:
    """The names of settings in words: ``"the model and the limit in SD"``."""
    names = details["names"]
    assert isinstance(names, tuple)
    words = [tr(SETTING_WORDS.get(str(name), str(name))) for name in names]
    listed = words[0]
    for word in words[1:]:
        listed = fill(_TWO_SETTINGS, {"before": listed, "last": word})
    return {"names": listed}


FILES: dict[str, Refusal] = {
    "disk_full report": Refusal(
        "Report not written",
        "The disk is full. Make room, or choose another folder, and write the report again.",
    ),
    "read_only report": Refusal("Report not written", _CLOSED),
    "no_folder report": Refusal("Report not written", _NOT_THERE),
    "not_written report": Refusal(
        "Report not written",
        "The system says: {problem}. Choose another folder, and write the report again.",
    ),
    "disk_full picture": Refusal(
        "Picture not written",
        "The disk is full. Make room, or choose another folder, and write the picture again.",
    ),
    "read_only picture": Refusal("Picture not written", _CLOSED),
    "no_folder picture": Refusal("Picture not written", _NOT_THERE),
    "not_written picture": Refusal(
        "Picture not written",
        "The system says: {problem}. Choose another folder, and write the picture again.",
    ),
    "disk_full table": Refusal(
        "Table not written",
        "The disk is full. Make room, or choose another folder, and write the table again.",
    ),
    "read_only table": Refusal("Table not written", _CLOSED),
    "no_folder table": Refusal("Table not written", _NOT_THERE),
    "not_written table": Refusal(
        "Table not written",
        "The system says: {problem}. Choose another folder, and write the table again.",
    ),
    "folder_unreadable missing": Refusal(_FOLDER, "It is not there. Choose the folder that holds the films."),
    "folder_unreadable file": Refusal(_FOLDER, "This is a file. Choose the folder that holds the films."),
    "folder_unreadable permission": Refusal(
        _FOLDER, "You have no permission to read it. Choose the folder that holds the films."
    ),
    "folder_unreadable undelivered": Refusal(
        _FOLDER, "The disk or network did not deliver it. Choose the folder that holds the films."
    ),
    "no_films": Refusal(
        "No films found",
        "The folder holds no DICOM file and no picture. Choose the folder that holds the films.",
    ),
    "no_films shallow": Refusal(
        "No films found",
        "The folder holds no DICOM file and no picture. Folders below it were not looked into. Choose the folder that "
        "holds the films, or look into the folders below too.",
    ),
    "same_folder": Refusal(
        "The reports need a folder of their own",
        "Input and output are the same folder. Choose another output folder; it may lie inside.",
    ),
    "bad_patients": Refusal(
        "The table of patients has mistakes",
        "Nothing was started. Correct the table and start again:\n{mistakes}",
        _listed,
    ),
    "disk_full batch": Refusal(
        "The disk is full",
        "What was finished before is kept. Make room, then continue the run.",
    ),
    "not_writable": Refusal(
        "The output folder cannot be written",
        "It may be read-only, a file, or gone. Choose another folder, or ask for the right to write there.",
    ),
    "batch_running": Refusal(
        "This batch is running already",
        "Another program writes into this output folder. Wait for it, or choose another folder.",
    ),
    "batch_exists": Refusal("The output folder holds a batch", "Continue that run, or choose another folder."),
    "batch_differs": Refusal(
        "The run cannot be continued",
        "It was begun with other settings: {names} changed. Use the same ones again, or another output folder.",
        _settings,
    ),
    "batch_sealed": Refusal(
        "This run is finished",
        "It was anonymised, and what links its reports to the films was thrown away. Choose another output folder.",
    ),
    "journal_gone": Refusal(
        "The output folder is gone",
        "The folder, or the journal in it, was deleted or replaced during the run; the run was stopped. "
        "Start it again with a folder that stays.",
    ),
    "bad_journal": Refusal(
        "The journal is damaged",
        "The file {file} there was not written by this program, or was changed. Choose another folder.",
    ),
    "model_differs": Refusal(
        "The worker has another model",
        "The model's file on this worker differs from the one that the run was begun with. "
        "Put the same model in the same folder on every machine.",
    ),
    "no_distributed": Refusal(
        "Dask is not installed",
        "A cluster needs the extra 'cluster': install it with pip install 'bone-age-gui[cluster]', "
        "or run on this machine.",
    ),
    "no_cluster silent": Refusal(
        _CLUSTER,
        "Nobody answers at this address. Check the address (tcp://host:port), the scheduler and its workers; "
        "what was finished is kept, and the run can be continued.",
    ),
    "no_cluster gone": Refusal(
        _CLUSTER,
        "The scheduler went away. Check the address (tcp://host:port), the scheduler and its workers; "
        "what was finished is kept, and the run can be continued.",
    ),
    "no_cluster workers": Refusal(
        _CLUSTER,
        "It has no workers. Check the address (tcp://host:port), the scheduler and its workers; "
        "what was finished is kept, and the run can be continued.",
    ),
}
