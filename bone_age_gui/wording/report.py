"""The words of the reports: the sentences that a radiologist dictates."""

from __future__ import annotations

from bone_age_gui.core.values.facts import Detail
from bone_age_gui.core.values.flags import final_borderline, final_flag, limit_of
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.reading import DECIDED_BY_MODEL, DECIDED_BY_READER
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Flag
from bone_age_gui.wording.course import comparison
from bone_age_gui.wording.days import day_words, exact_time
from bone_age_gui.wording.height import height_sentences
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.notices import notice_text
from bone_age_gui.wording.program import program_name
from bone_age_gui.wording.reading import reading_sentences
from bone_age_gui.wording.records import final_reason_of, reason_of
from bone_age_gui.wording.report_templates import (
    ASSESSMENTS,
    BONE_AGE_NAMES,
    BONE_AGES,
    DECISIONS,
    HEADINGS,
    LINES,
    METHODS,
    METHODS_OF_OTHERS,
    NORMAL_RANGE,
    PATIENT,
    RULES,
    SPREADS,
    WIDE_AGE,
)
from bone_age_gui.wording.stages import preprocessing_of
from bone_age_gui.wording.templates import fill
from bone_age_gui.wording.values import (
    DOUBTFUL,
    MATURE,
    SEX_WORDS,
    UNKNOWN,
    age_words,
    bone_age_words,
    device_words,
    difference_words,
    flag_words,
    interval_name,
    limit_words,
    open_range_words,
    percent_words,
    range_words,
    sentence_case,
    stated_age_words,
    visible,
)

LEFT_OUT = "left out"
"""In place of what an anonymised report does not say."""
PHANTOM = "This is a drawn phantom, no child: its age means nothing."
BURNT_IN = "Text that is burnt into a film is not removed: look at every picture before it is given away."
REMARKS_KEPT = "Remarks are kept as they were typed, but for the name, the number and the file name."
GENERATED_STUDY = (
    "The picture had no DICOM tags. The study, series and instance numbers of this report were generated and "
    "belong to no study in any archive."
)
NO_PROOF = (
    "Bone age says how mature a skeleton is, not how old a person is: it is no proof of an age, and whether somebody "
    "is under or over 18 cannot be told from a hand."
)
"""What every report says that it is no proof of."""
_HAND = "hand and wrist"
_NO_REFERENCE = "There is no reference to compare with."
_ATLAS_FILMS = frozenset({"RSNA Pediatric Bone Age Challenge"})
"""Films that were read by the atlas, as cards name them."""
_SAID_FIRST = frozenset({"sex_unknown", "young"})
"""Notices that lessen the trust so much that the impression says them."""


def interval_words(record: CaseRecord) -> str | None:
    """``"90 % interval 10 y 7 m to 12 y 1 m"``, ``None`` where the model gives none."""
    low, high, level = record.interval_low_months, record.interval_high_months, record.interval_level
    if (low is None and high is None) or level is None:
        return None
    return fill(LINES["interval"], {"name": interval_name(level), "range": open_range_words(low, high)})


def whose_words(record: CaseRecord) -> str:
    """Above the final bone age: whose it is, and that it is a limit only where it is one."""
    whose = "reader" if record.decided_by == DECIDED_BY_READER else "model"
    return tr(BONE_AGE_NAMES[whose][record.final_end])


def beside_the_age(record: CaseRecord) -> str:
    """What stands beside the final age: its interval, or the model's age where the reader's is final."""
    if record.decided_by == DECIDED_BY_READER:
        return fill(LINES["model says"], {"age": _models_age(record)})
    return interval_words(record) or tr(LINES["no interval"])


def model_words(record: CaseRecord) -> str:
    """``"name 1.0 on CPU"``: with what a film was estimated."""
    if record.model_name is None:
        return tr(UNKNOWN)
    details = {"name": record.model_name, "version": record.model_version or ""}
    return fill(LINES["model"], {**details, "device": device_words(record.device)})


def decision_words(record: CaseRecord) -> str:
    """Who decided, and both ages."""
    has_own = record.reader_age_months is not None
    if record.decided_by == DECIDED_BY_READER:
        which = "reader"
    elif record.decided_by == DECIDED_BY_MODEL:
        which = "model own" if has_own else "model"
    else:
        which = "undecided" if has_own else "nobody"
    return fill(DECISIONS[which], {"own": age_words(record.reader_age_months), "model": _models_age(record)})


def sentences(record: CaseRecord, anonymous: bool = False) -> list[tuple[str, str]]:
    """What a radiologist dictates: heading and text, in order; ``anonymous`` if the record was anonymised."""
    return [
        (tr(HEADINGS["patient"]), _patient(record, anonymous)),
        *([(tr(HEADINGS["comparison"]), text)] if (text := comparison(record)) else []),
        (tr(HEADINGS["method"]), _method(record)),
        (tr(HEADINGS["bone_age"]), _bone_age(record)),
        (tr(HEADINGS["reference"]), _reference(record)),
        *_adult_height(record),
        (tr(HEADINGS["impression"]), impression(record)),
    ]


def _adult_height(record: CaseRecord) -> list[tuple[str, str]]:
    heights = record.adult_height
    return [(tr(HEADINGS["adult_height"]), height_sentences(heights))] if heights is not None else []


def flag_rows(record: CaseRecord) -> list[tuple[str, str]]:
    """Why the flag is what it is; where the reader's age is final, the model's flag and its reason by that name too."""
    rows = [(tr(HEADINGS["flag"]), reason)] if (reason := final_reason_of(record)) else []
    if record.decided_by == DECIDED_BY_READER and record.flag and (model := reason_of(record)):
        flag = sentence_case(flag_words(record.flag, record.borderline))
        rows.append((tr(HEADINGS["models_flag"]), fill(LINES["flag"], {"flag": flag, "reason": model})))
    return rows


def impression(record: CaseRecord) -> str:
    """The last sentences of the report: why the bone age may be wrong, then what it is."""
    parts = [_assessment(record)]
    if record.is_phantom:
        parts.insert(0, tr(PHANTOM))
    if doubts := doubts_sentence(record):
        parts.insert(0, doubts)
    parts += [notice_text(notice) for notice in record.notices if notice.code in _SAID_FIRST]
    if record.remark:
        parts.append(fill(LINES["remark"], {"remark": visible(record.remark)}))
    return " ".join(parts)


def doubts_sentence(record: CaseRecord) -> str:
    """``"Doubtful: ..."`` with every reason, empty where the film is fine; the phantom has a sentence of its own."""
    texts = [
        visible(notice_text(notice)) for notice in record.doubts if not (record.is_phantom and notice.code == "phantom")
    ]
    return fill(LINES["doubts"], {"name": tr(DOUBTFUL), "reasons": " ".join(texts)}) if texts else ""


def provenance(record: CaseRecord) -> list[tuple[str, str]]:
    """Which program and model made the report, and from what."""
    return [
        (tr(HEADINGS["model"]), model_words(record)),
        (tr(HEADINGS["sha256"]), record.model_sha256 or tr(UNKNOWN)),
        (tr(HEADINGS["preprocessing"]), preprocessing_of(record) or tr(UNKNOWN)),
        (tr(HEADINGS["program"]), program_name(record.program_version)),
        (tr(HEADINGS["made"]), exact_time(record.created)),
    ]


def _method(record: CaseRecord) -> str:
    part = tr(_HAND) if not record.body_part or "HAND" in record.body_part.upper() else visible(record.body_part)
    side = record.laterality if record.laterality in ("L", "R") else "?"
    which = f"{side} modality" if record.modality else side
    details = {"part": part, "modality": visible(record.modality or ""), "model": model_words(record)}
    films = record.learned_from
    if films is None or any(name in films for name in _ATLAS_FILMS):  # versions that did not keep it had no other films
        return fill(METHODS[which], details)
    return fill(METHODS_OF_OTHERS[which], {**details, "films": visible(films)})


def _patient(record: CaseRecord, anonymous: bool) -> str:
    sex = tr(SEX_WORDS.get(record.sex or "", UNKNOWN))
    age = stated_age_words(record.chronological_age_months, record.chronological_age_interval_months)
    missing = tr(LEFT_OUT) if anonymous else tr(UNKNOWN)
    day = day_words(record.study_date) if record.study_date else missing
    return fill(PATIENT, {"sex": sex, "day": day, "age": age})


def _bone_age(record: CaseRecord) -> str:
    interval = interval_words(record)
    which = " ".join(("mature",) * record.at_least + ("interval",) * bool(interval))
    text = fill(BONE_AGES[which], {"age": _models_age(record), "mature": tr(MATURE), "interval": interval or ""})
    return " ".join(part for part in (text, decision_words(record), reading_sentences(record)) if part)


def _models_age(record: CaseRecord) -> str:
    return limit_words(age_words(record.bone_age_months), record.end)


def _reference(record: CaseRecord) -> str:
    low, high, sd = record.normal_low_months, record.normal_high_months, record.sd_months
    if low is None or high is None or sd is None:
        return reason_of(record) or tr(_NO_REFERENCE)
    mean = record.reference_mean_months if record.reference_name else record.brush_mean_months
    sex = record.sex if record.sex in ("F", "M") else "?"
    details: dict[str, Detail] = {"reference": reference_words(record), "mean": age_words(mean), "sd": sd}
    spread = fill(SPREADS[sex if mean is None else f"{sex} mean"], details)
    ends: dict[str, Detail] = {"range": range_words(low, high), "low": low, "high": high}
    return " ".join(
        part for part in (spread, fill(NORMAL_RANGE, {"limit": limit_of(record), **ends}), rule_words(record)) if part
    )


def reference_words(record: CaseRecord) -> str:
    """The reference with its population: ``"Brush Foundation (white children ...)"``."""
    return reference_named(record.reference_name, record.reference_population)


def reference_named(name: str | None, population: str | None) -> str:
    """The reference by its name; records of earlier versions hold none."""
    name = visible(tr(name or "Brush Foundation"))
    return fill(LINES["reference"], {"name": name, "population": visible(tr(population))}) if population else name


def rule_words(record: CaseRecord) -> str:
    """Which cut-offs make the flag firm; empty in records of versions that had none, and for a reader's age."""
    if record.decided_by == DECIDED_BY_READER:
        return tr(RULES["reader"])
    below, above = record.normal_below, record.beyond_above
    if below is None or above is None:
        return ""
    return fill(RULES["model"], {"below": 100 * below, "above": 100 * above})


def _assessment(record: CaseRecord) -> str:
    flag = final_flag(record)
    age = bone_age_words(record.final_age_months, record.final_end)
    is_mature = record.final_end is GrowthEnd.AT_LEAST
    final = sentence_case(age) if is_mature else fill(LINES["final"], {"age": age})
    if flag is None or flag == Flag.NO_REFERENCE:
        own = "" if record.decided_by == DECIDED_BY_READER else reason_of(record) or ""
        return f"{fill(ASSESSMENTS['uncompared'], {'final': final})} {own}".strip()
    difference = difference_words(record.final_difference_months, record.final_sd_score, end=record.final_end)
    words = {"final": final, "difference": difference, "flag": flag_words(flag, final_borderline(record))}
    if flag == Flag.INDETERMINATE:
        return f"{fill(ASSESSMENTS[flag], words)} {_why_open(record)}".strip()
    chance = None if record.decided_by == DECIDED_BY_READER else record.probability_beyond  # only a model's age has it
    if chance is None:
        return fill(ASSESSMENTS[flag], {**words, "limit": limit_of(record)})
    return fill(ASSESSMENTS[f"{flag} chance"], {**words, "limit": limit_of(record), "chance": percent_words(chance)})


def _why_open(record: CaseRecord) -> str:
    """Why there is no usable comparison."""
    if (reason := final_reason_of(record)) is not None:
        return reason
    interval = record.chronological_age_interval_months
    return fill(WIDE_AGE, {"ages": range_words(*interval)}) if interval else ""
