"""What must be known of a film before it is trusted, in words. Keys are the code, or code and reason."""

from __future__ import annotations

from bone_age_gui.core.values.facts import Detail
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.values import DOUBTFUL, years_words

NOTICES = {
    "unchecked": "The model in use has no finder: nothing has checked that this film shows one whole hand.",
    "insisted no_hand": "Estimated although the film was refused (no hand on this film): a person insisted.",
    "insisted part_of_hand": "Estimated although the film was refused (not a whole hand): a person insisted.",
    "insisted two_hands": "Estimated although the film was refused (two hands on this film): a person insisted.",
    "insisted illegible": "Estimated although the film was refused (too spoilt to be read): a person insisted.",
    "no_hand": "No hand on this film.",
    "part_of_hand": "Not a whole hand.",
    "two_hands left": "Two hands on this film: the one that is pictured on the left was read.",
    "two_hands right": "Two hands on this film: the one that is pictured on the right was read.",
    "unlike_training": "The film is unlike those that the model has learned from: its bone age may mean nothing.",
    "not_whole fingers": "The hand seems not to be whole: not all five fingers are seen to their ends. "
    "Check the film, and repeat it if need be.",
    "not_whole wrist": "The hand seems not to be whole: the wrist is not seen. "
    "Check the film, and repeat it if need be.",
    "not_whole both": "The hand seems not to be whole: not all five fingers are seen to their ends and the wrist is "
    "not seen. Check the film, and repeat it if need be.",
    "not_whole edge": "The film ends across the hand: fingers or wrist may be missing. "
    "Check the film, and repeat it if need be.",
    "not_sharp": "The bones are not sharp: the film may be blurred, moved or enlarged from a very small picture.",
    "noisy": "The greys about the joints are rough: noise or strong compression hides the bones' edges.",
    "blocks": "The film was strongly compressed: its blocks hide the bones' edges.",
    "few_greys": "The hand is drawn with very few greys: it is badly exposed, or lost its contrast when it was saved.",
    "few_pixels": "The hand is only {pixels:.0f} pixels long, fewer than on nearly all films that the model learned "
    "from: open the film itself, not a small copy of it.",
    "unsteady": "The model is unusually unsure of this film, which is unlike those that it learned from: it may be "
    "damaged (noise, compression, exposure, blur) or show something else. Look at it, and repeat it if need be.",
    "unclear_joints": "The joints are hard to make out: check that the hand is seen from the front, sharp and well "
    "exposed.",
    "perhaps_two_hands": "There may be more than one hand on this film: check that the right one was read.",
    "clipped white": "{percent:.0f} % of what lies about the joints is pure white: detail is lost.",
    "clipped black": "{percent:.0f} % of what lies about the joints is pure black: detail is lost.",
    "phantom": "This is a drawn phantom, not a child: its bone age means nothing.",
    "inverted": "The film had dark bones on a bright background; it was turned round. "
    "Check that bones are bright in the original.",
    "inverted against_tags": "The film had dark bones on a bright background, although its tags say otherwise; it was "
    "turned round. Check that bones are bright in the original.",
    "perhaps_damaged": "The file is perhaps damaged: parts of the picture may be wrong. Look at the original, and copy "
    "or export it again before the estimate is trusted.",
    "modality_lut": "The modality look-up table is broken and was left out.",
    "voi_lut": "The VOI look-up table is unusable and was left out.",
    "window": "The window in the file hides most of the hand; the whole range is shown instead.",
    "birth_date": "The birth date in the file is not a date and was left out.",
    "sex": "The sex in the file is neither F nor M and was left out; choose it if known.",
    "height": "The height in the file is not one in metres that a person has, and was left out; enter it if known.",
    "study_date broken": "The study date in the file is not a date and was left out.",
    "study_date acquisition": "The file has no study date; the date of acquisition stands for it.",
    "study_date series": "The file has no study date; the date of series stands for it.",
    "age_unreadable": "The age in the file has no valid number and unit (as in 005Y) and was left out.",
    "date_conflict": "The study date lies before the birth date: check both.",
    "age_conflict": "The age in the file contradicts its birth date and study date. The dates are used: check them.",
    "detector_plane": "The pixel spacing holds at the detector: lengths at the hand are slightly shorter than they "
    "measure.",
    "body_part_unstated": "The file does not say that this is a hand or wrist: make sure that it is.",
    "body_part": "The file says that this is {body_part}, not a hand or wrist: an estimate means nothing unless it is "
    "a hand.",
    "body_part unquoted": "The file names a body part that is no hand or wrist: an estimate means nothing unless it is "
    "a hand.",
    "modality unquoted": "The file names a modality other than a plain radiograph.",
    "modality": "The file says that this is {modality}, not a plain radiograph.",
    "for_processing": "These are raw detector values (FOR PROCESSING), not the film as it is meant to be read: "
    "send the processed image if there is one.",
    "future_date": "A date lies in the future, as after de-identification: the age is right only if all dates were "
    "shifted.",
    "sex_unknown": "The sex is not known: the estimate is less sure, and girls and boys are not told apart.",
    "sex_unknown measured": "The sex is not known: without it the model errs by {unknown:.1f} months on average, with "
    "it by {known:.1f}. Enter the sex and estimate again.",
    "young": "Below 3 years: the model learned from few such films (of the {of} on which it was measured, {n} are so "
    "young). Low confidence.",
    "outside_training_ages": "The estimate lies outside the ages that the model has seen often ({low} to {high}): "
    "trust it less.",
}
_DOUBT_WORDS = {
    "unchecked": "not checked for a hand",
    "not_whole": "hand not whole",
    "unclear_joints": "joints hard to see",
    "perhaps_two_hands": "perhaps two hands",
    "clipped": "bones burnt out or black",
    "unlike_training": "unlike the training films",
    "not_sharp": "not sharp",
    "noisy": "noise or compression",
    "blocks": "strongly compressed",
    "few_greys": "too few greys",
    "few_pixels": "too few pixels",
    "unsteady": "model unusually unsure",
    "phantom": "drawn phantom",
    "body_part": "tags name no hand",
    "insisted": "refused, but insisted on",
    "no_hand": "no hand seen",
    "part_of_hand": "part of a hand",
    "two_hands": "two hands",
}
_WARNING, _NOTE = "Warning", "Note"
_NAMED = "{name}: {text}"
_AGES = {"low", "high"}
_UNNAMED = "This version of the program has no words for the notice {code}."


def notice_text(notice: Notice) -> str:
    """The sentence, or the one that an earlier version kept."""
    if notice.text:
        return notice.text
    template = NOTICES.get(f"{notice.code} {notice.why}".strip())
    if template is None:  # of another version of the program
        return fill(_UNNAMED, {"code": notice.code})
    return fill(template, {name: _shown(name, value) for name, value in notice.details.items()})


def notice_name(notice: Notice) -> str:
    """What a notice is called beside its text."""
    if notice.doubt:
        return tr(DOUBTFUL)
    return tr(_WARNING if notice.loud else _NOTE)


def named_notice(notice: Notice) -> str:
    """``"Warning: The film had dark bones ..."``."""
    return fill(_NAMED, {"name": notice_name(notice), "text": notice_text(notice)})


def doubt_words(notice: Notice) -> str:
    """A doubt in two to four words, for lists; its whole text where it has none."""
    return tr(_DOUBT_WORDS.get(notice.code, "")) or notice_text(notice)


def doubt_name(code: str) -> str:
    """A doubt in two to four words, where only its code is known."""
    return tr(_DOUBT_WORDS.get(code, "")) or fill(_UNNAMED, {"code": code})


def _shown(name: str, value: Detail) -> Detail:
    """Ages in years and months, the rest as it is."""
    return years_words(value) if name in _AGES and isinstance(value, int | float) else value
