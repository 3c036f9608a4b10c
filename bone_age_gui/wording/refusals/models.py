"""Why a model, its finder or a growth table cannot be used."""

from __future__ import annotations

from bone_age_gui.wording.devices import device_note
from bone_age_gui.wording.fields import with_problem_words
from bone_age_gui.wording.refusals.template import Details, Refusal

_NOT_HERE = "The model was not found"
_CARD = "The model's card cannot be used"
_DAMAGED = "The model is damaged"
_MISMATCH = "The model does not match its card"
_NO_AGE = "No plausible bone age"
_GROWTH = "Growth reference broken"


def _note_as_sentence(details: Details) -> Details:
    """What is missing, with a capital."""
    (note,) = details["problem"] if isinstance(details["problem"], tuple) else ("",)
    words = device_note(note)
    return {"problem": f"{words[:1].upper()}{words[1:]}"}


MODELS: dict[str, Refusal] = {
    "model_not_found": Refusal(
        _NOT_HERE,
        "There is no model '{wanted}' (installed: {names}). Give one of these names, or a folder with a {file}.",
    ),
    "model_not_found none": Refusal(
        _NOT_HERE,
        "There is no model '{wanted}' (installed: none). Give one of these names, or a folder with a {file}.",
    ),
    "model_not_found folder": Refusal(_NOT_HERE, "The folder holds no {file}. Choose the folder of a model."),
    "model_damaged missing": Refusal(
        "The model is incomplete", "Its file {file} is missing or cannot be read. Install the model again."
    ),
    "model_damaged other": Refusal(
        _DAMAGED,
        "Its file {file} is not the one that its card describes (SHA-256 differs). Install the model again.",
    ),
    "model_damaged external": Refusal(
        _DAMAGED,
        "Its file {file} keeps a part of its weights in another file, which the card's hash does not cover. "
        "Install the model again.",
    ),
    "model_damaged no_network": Refusal(_DAMAGED, "Its file {file} is not an ONNX network. Install the model again."),
    "bad_signature input": Refusal(
        _MISMATCH, "The inputs of its file are {real}, its card says {said}. Install the model again."
    ),
    "bad_signature output": Refusal(
        _MISMATCH, "The outputs of its file are {real}, its card says {said}. Install the model again."
    ),
    "bad_signature finder": Refusal(
        _MISMATCH,
        "Its finder should take films of {side} x {side} pixels and give maps of half of that. "
        "Install the model again.",
    ),
    "card_schema": Refusal(
        "The model does not fit this program",
        "Its card has schema version {version}, this program reads version {own}. "
        "Update the program, or take the model that belongs to it.",
    ),
    "bad_card preprocessing": Refusal(
        "The model's card is damaged",
        "Its preprocessing parameters cannot be used: {problem}. Install the model again.",
        with_problem_words,
    ),
    "bad_card field": Refusal(
        _CARD,
        "The model was not opened: {problem}. Install the model again, or choose another one.",
        with_problem_words,
    ),
    "bad_card json": Refusal(
        _CARD,
        "The model was not opened: it is not valid JSON ({problem}). Install the model again, or choose another one.",
        with_problem_words,
    ),
    "bad_card large": Refusal(
        _CARD,
        "The model was not opened: it has more than {megabytes} MB. Install the model again, or choose another one.",
    ),
    "bad_card text": Refusal(
        _CARD, "The model was not opened: it cannot be read as text. Install the model again, or choose another one."
    ),
    "bad_card file": Refusal(
        _CARD,
        "The model was not opened: {field} should be a file name without a folder. "
        "Install the model again, or choose another one.",
    ),
    "bad_card inputs": Refusal(
        _CARD,
        "The model was not opened: card.inputs should be image and sex. "
        "Install the model again, or choose another one.",
    ),
    "bad_card shape": Refusal(
        _CARD,
        "The model was not opened: "
        "card.inputs[0].shape should end with card.preprocessing.network_height and network_width. "
        "Install the model again, or choose another one.",
    ),
    "bad_card channels": Refusal(
        _CARD,
        "The model was not opened: card.inputs[0].shape should name the number of channels. "
        "Install the model again, or choose another one.",
    ),
    "bad_card outputs": Refusal(
        _CARD,
        "The model was not opened: card.outputs should be {needed} and any of {known}. "
        "Install the model again, or choose another one.",
    ),
    "bad_card cleaning": Refusal(
        _CARD,
        "The model was not opened: card.preprocessing.cleaning.widest should be at least tightest. "
        "Install the model again, or choose another one.",
    ),
    "bad_card calibration": Refusal(
        _CARD,
        "The model was not opened: card.calibration needs the output distribution. "
        "Install the model again, or choose another one.",
    ),
    "bad_card limits": Refusal(
        _CARD, "The model was not opened: {field} should rise. Install the model again, or choose another one."
    ),
    "bad_card ends": Refusal(
        _CARD,
        "The model was not opened: card.growth_ends should give both ends for F and for M, at_most below at_least. "
        "Install the model again, or choose another one.",
    ),
    "bad_card parts": Refusal(
        _CARD,
        "The model was not opened: card.finder, card.quality and card.joint_crop belong together. "
        "Install the model again, or choose another one.",
    ),
    "model_unusable": Refusal(
        "The model does not run",
        "ONNX Runtime refused it ({problem}). Install the model again, or choose another one.",
    ),
    "model_unusable finder": Refusal(
        "The finder does not run", "ONNX Runtime refused its file {file} ({kind}). Install the model again."
    ),
    "inference_failed": Refusal(
        "The estimate failed",
        "ONNX Runtime stopped ({problem}). Close other programs and try again, or choose the device 'cpu'.",
    ),
    "inference_failed finder": Refusal(
        "The hand could not be looked for",
        "ONNX Runtime stopped ({kind}). Close other programs and try again.",
    ),
    "implausible_answer": Refusal(
        _NO_AGE,
        "No age is given because the network estimated {months:.1f} months. "
        "Check that the film shows one child's hand, or choose another model.",
    ),
    "implausible_answer no_number": Refusal(
        _NO_AGE,
        "No age is given because the network estimated {number} months. "
        "Check that the film shows one child's hand, or choose another model.",
    ),
    "implausible_answer distribution": Refusal(
        _NO_AGE,
        "No age is given because the network's distribution over months does not add up to one. "
        "Check that the film shows one child's hand, or choose another model.",
    ),
    "cuda_unavailable": Refusal(
        "CUDA is not available",
        "{problem}. Ask the administrator to put this right, or choose the device 'auto' or 'cpu'.",
        _note_as_sentence,
    ),
    "threshold": Refusal(
        "Threshold out of range",
        "The flag threshold must be a number from {low:g} to {high:g} SD. Choose one in that range.",
    ),
    "cut_offs": Refusal(
        "Cut-offs out of range",
        "The flag is firm below one probability and above another: the first must be a number from {low:g} to "
        "{middle:g}, the second from {middle:g} to {high:g}. Choose them so.",
    ),
    "growth_missing": Refusal(
        "Growth reference missing",
        "The growth reference table can't be read. Correct the file if it is your own, else reinstall the program.",
    ),
    "growth_broken json": Refusal(
        _GROWTH,
        "The growth reference table can't be used: "
        "it is not valid JSON. Correct the file if it is your own, else reinstall the program.",
    ),
    "growth_broken fields": Refusal(
        _GROWTH,
        "The growth reference table can't be used: "
        "it does not have exactly the fields {fields}. Correct the file if it is your own, else reinstall the program.",
    ),
    "growth_broken empty": Refusal(
        _GROWTH,
        "The growth reference table can't be used: "
        "its field '{field}' is empty. Correct the file if it is your own, else reinstall the program.",
    ),
    "growth_broken long": Refusal(
        _GROWTH,
        "The growth reference table can't be used: its field '{field}' is longer than {most} characters. "
        "Correct the file if it is your own, else reinstall the program.",
    ),
    "growth_broken unit": Refusal(
        _GROWTH,
        "The growth reference table can't be used: "
        "its unit is not months. Correct the file if it is your own, else reinstall the program.",
    ),
    "growth_broken short": Refusal(
        _GROWTH,
        "The growth reference table can't be used: "
        "its table '{table}' has fewer than two rows. Correct the file if it is your own, else reinstall the program.",
    ),
    "growth_broken row": Refusal(
        _GROWTH,
        "The growth reference table can't be used: "
        "a row of '{table}' does not hold exactly the numbers ca, mean and sd. "
        "Correct the file if it is your own, else reinstall the program.",
    ),
    "growth_broken order": Refusal(
        _GROWTH,
        "The growth reference table can't be used: "
        "in '{table}' the ages or means do not rise, or an SD is not positive. "
        "Correct the file if it is your own, else reinstall the program.",
    ),
    "growth_broken percent_row": Refusal(
        _GROWTH,
        "The growth reference table can't be used: "
        "a row of '{table}' is no age with a percentage. "
        "Correct the file if it is your own, else reinstall the program.",
    ),
    "growth_broken percent_order": Refusal(
        _GROWTH,
        "The growth reference table can't be used: "
        "in '{table}' the ages or percentages do not rise. "
        "Correct the file if it is your own, else reinstall the program.",
    ),
    "growth_broken columns": Refusal(
        _GROWTH,
        "The growth reference table can't be used: "
        "its columns are not months, L, M and S. Correct the file if it is your own, else reinstall the program.",
    ),
    "growth_broken lms_row": Refusal(
        _GROWTH,
        "The growth reference table can't be used: "
        "a row of '{table}' does not hold four numbers. "
        "Correct the file if it is your own, else reinstall the program.",
    ),
    "growth_broken lms_order": Refusal(
        _GROWTH,
        "The growth reference table can't be used: "
        "in '{table}' the ages do not rise, or a median or spread is not positive. "
        "Correct the file if it is your own, else reinstall the program.",
    ),
}
