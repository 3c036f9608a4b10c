"""The words of the reports: the sentences that a radiologist dictates."""

from __future__ import annotations

from bone_age_gui.core.values.flags import final_borderline, final_flag
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.reading import DECIDED_BY_MODEL, DECIDED_BY_READER
from bone_age_gui.core.values.record import CaseRecord
from bone_age_gui.core.values.types import Flag
from bone_age_gui.wording.course import comparison
from bone_age_gui.wording.height import height_sentences
from bone_age_gui.wording.notices import notice_text
from bone_age_gui.wording.reading import reading_sentences
from bone_age_gui.wording.records import final_reason_of, reason_of
from bone_age_gui.wording.stages import preprocessing_of
from bone_age_gui.wording.values import (
    DOUBTFUL,
    MATURE,
    SEX_WORDS,
    UNKNOWN,
    age_words,
    bone_age_words,
    device_words,
    difference_words,
    end_words,
    flag_words,
    interval_name,
    open_range_words,
    percent_words,
    range_words,
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
_SIDES = {"L": "left ", "R": "right "}
_UNKNOWN_SIDE = "Which hand it is, is not stated."
_RIGHT_HAND = "It is a right hand; the atlas shows left ones."
_SAID_FIRST = ("sex_unknown", "young")
"""Notices that lessen the trust so much that the impression says them."""
_CHILDREN = {"F": "girls", "M": "boys"}


def interval_words(record: CaseRecord) -> str | None:
    """``"90 % interval 10 y 7 m to 12 y 1 m"``, ``None`` where the model gives none."""
    low, high, level = record.interval_low_months, record.interval_high_months, record.interval_level
    if (low is None and high is None) or level is None:
        return None
    return f"{interval_name(level)} {open_range_words(low, high)}"


def model_words(record: CaseRecord) -> str:
    """Name, version and device."""
    if record.model_name is None:
        return UNKNOWN
    return f"{record.model_name} {record.model_version or ''} on {device_words(record.device)}"


def limit_of(record: CaseRecord) -> float:
    """The limit in SD that the flag was made with. ``ValueError`` where a record with a comparison lacks it."""
    if record.threshold_sd is None:
        raise ValueError("the record has a comparison but no limit")
    return record.threshold_sd


def decision_words(record: CaseRecord) -> str:
    """Who decided, and both ages."""
    own = f"The reader's bone age is {age_words(record.reader_age_months)}"
    if record.decided_by == DECIDED_BY_READER:
        model = f"{end_words(record.end)}{age_words(record.bone_age_months)}"
        return f"{own}: it is the final one, in place of the model's {model}."
    if record.decided_by == DECIDED_BY_MODEL:
        end = f"; {own[0].lower()}{own[1:]}" if record.reader_age_months is not None else ""
        return f"The reader accepted the model's bone age{end}."
    if record.reader_age_months is not None:
        return f"{own}. It was not yet decided which one is final; the model's is used here."
    return "No reader has given or accepted a bone age: this is the model's alone."


def sentences(record: CaseRecord, anonymous: bool = False) -> list[tuple[str, str]]:
    """What a radiologist dictates: heading and text, in order; ``anonymous`` if the record was anonymised."""
    return [
        ("Patient", _patient(record, anonymous)),
        *([("Comparison", text)] if (text := comparison(record)) else []),
        ("Method", _method(record)),
        ("Bone age", _bone_age(record)),
        ("Reference", _reference(record)),
        *([("Adult height", height_sentences(record.adult_height))] if record.adult_height is not None else []),
        ("Impression", impression(record)),
    ]


def flag_rows(record: CaseRecord) -> list[tuple[str, str]]:
    """Why the flag is what it is; where the reader's age is final, the model's flag and its reason by that name too."""
    rows = [("Flag", reason)] if (reason := final_reason_of(record)) else []
    if record.decided_by == DECIDED_BY_READER and record.flag and (model := reason_of(record)):
        rows.append(("Model's flag", f"{flag_words(record.flag, record.borderline).capitalize()}. {model}"))
    return rows


def impression(record: CaseRecord) -> str:
    """The last sentences of the report: why the bone age may be wrong, then what it is."""
    parts = [_verdict(record)]
    if record.is_phantom:
        parts.insert(0, PHANTOM)
    if doubts := doubts_sentence(record):
        parts.insert(0, doubts)
    parts += [notice_text(notice) for notice in record.notices if notice.code in _SAID_FIRST]
    if record.remark:
        parts.append(f"Remark: {visible(record.remark)}")
    return " ".join(parts)


def doubts_sentence(record: CaseRecord) -> str:
    """``"Doubtful: ..."`` with every reason, empty where the film is fine; the phantom has a sentence of its own."""
    texts = [
        visible(notice_text(notice)) for notice in record.doubts if not (record.is_phantom and notice.code == "phantom")
    ]
    return f"{DOUBTFUL}: {' '.join(texts)}" if texts else ""


def provenance(record: CaseRecord) -> list[tuple[str, str]]:
    """Which program and model made the report, and from what."""
    return [
        ("Model", model_words(record)),
        ("Model SHA-256", record.model_sha256 or UNKNOWN),
        ("Preprocessing", preprocessing_of(record) or UNKNOWN),
        ("Program", f"Bone Age {record.program_version}"),
        ("Made", made_words(record.created)),
    ]


def made_words(created: str) -> str:
    """``"2026-11-21T09:30:00+00:00"`` -> ``"2026-11-21 09:30:00 UTC"``."""
    return created.replace("T", " ").replace("+00:00", " UTC") if created else UNKNOWN


def _method(record: CaseRecord) -> str:
    side = _SIDES.get(record.laterality or "", "")
    what = "hand and wrist" if not record.body_part or "HAND" in record.body_part.upper() else visible(record.body_part)
    modality = f" ({visible(record.modality)})" if record.modality else ""
    words = (
        f"Radiograph of the {side}{what}{modality}, read by the model {model_words(record)}, which learned from "
        "readings by the atlas of Greulich and Pyle."
    )
    own = _UNKNOWN_SIDE if not side else _RIGHT_HAND if record.laterality == "R" else ""
    return f"{words} {own}".strip()


def _patient(record: CaseRecord, anonymous: bool) -> str:
    sex = SEX_WORDS.get(record.sex or "", UNKNOWN)
    age = stated_age_words(record.chronological_age_months, record.chronological_age_interval_months)
    return (
        f"Sex: {sex}. Study date: {record.study_date or (LEFT_OUT if anonymous else UNKNOWN)}. "
        f"Chronological age at the study date: {age}."
    )


def _bone_age(record: CaseRecord) -> str:
    interval = interval_words(record)
    text = f"The model's bone age is {end_words(record.end)}{age_words(record.bone_age_months)}"
    if record.at_least:
        text = f"{text}: the hand is {MATURE}"
    return f"{text}{f', {interval}' if interval else ''}. {decision_words(record)} {reading_sentences(record)}".strip()


def _reference(record: CaseRecord) -> str:
    low, high, sd = record.normal_low_months, record.normal_high_months, record.sd_months
    if low is None or high is None or sd is None:
        return reason_of(record) or "There is no reference to compare with."
    threshold = limit_of(record)
    children = _CHILDREN.get(record.sex or "", "children")
    mean = record.reference_mean_months if record.reference_name else record.brush_mean_months
    mean_words = f"a mean bone age of {age_words(mean)} and " if mean is not None else ""
    return (
        f"{reference_words(record)}: {children} of this age have {mean_words}a standard deviation of {sd:.1f} months. "
        f"{threshold:g} SD about the chronological age give a normal range of {range_words(low, high)} "
        f"({low:.1f} to {high:.1f} months). {rule_words(record)}"
    ).strip()


def reference_words(record: CaseRecord) -> str:
    """The reference with its population: ``"Brush Foundation (white children ...)"``."""
    name = visible(record.reference_name or "Brush Foundation")
    return f"{name} ({visible(record.reference_population)})" if record.reference_population else name


def rule_words(record: CaseRecord) -> str:
    """Which cut-offs make the flag firm; empty in records of versions that had none, and for a reader's age."""
    if record.decided_by == DECIDED_BY_READER:
        return "A reader's bone age has no distribution: the limit alone decides."
    below, above = record.normal_below, record.beyond_above
    if below is None or above is None:
        return ""
    return (
        f"The flag is borderline where the bone age lies beyond that limit with a probability of {100 * below:g} to "
        f"{100 * above:g} %."
    )


def _verdict(record: CaseRecord) -> str:
    flag = final_flag(record)
    final = f"Bone age {bone_age_words(record.final_age_months, record.final_end)}"
    if record.final_end is GrowthEnd.AT_LEAST:
        final = final.removeprefix("Bone age ").capitalize()
    if flag is None or flag == Flag.NO_REFERENCE:
        own = "" if record.decided_by == DECIDED_BY_READER else reason_of(record) or ""
        return f"{final}; not compared with the chronological age. {own}".strip()
    difference = difference_words(record.final_difference_months, record.final_sd_score, end=record.final_end)
    limit = f"{limit_of(record):g} SD"
    words = flag_words(flag, final_borderline(record))
    if flag == Flag.INDETERMINATE:
        return f"{final}, {difference} from the chronological age: {words}. {_why_open(record)}".strip()
    verdict = {
        Flag.NORMAL: f"within {limit} of the chronological age: {words}",
        Flag.ADVANCED: f"more than {limit} above the chronological age: {words}",
        Flag.DELAYED: f"more than {limit} below the chronological age: {words}",
    }[Flag(flag)]
    return f"{final}, {difference} from the chronological age, {verdict}{_chance(record)}."


def _chance(record: CaseRecord) -> str:
    """``" (beyond that limit with 38 %)"``: only a model's age has it."""
    if record.decided_by == DECIDED_BY_READER or record.probability_beyond is None:
        return ""
    return f" (beyond that limit with a probability of {percent_words(record.probability_beyond)})"


def _why_open(record: CaseRecord) -> str:
    """Why there is no usable comparison."""
    if (reason := final_reason_of(record)) is not None:
        return reason
    interval = record.chronological_age_interval_months
    return f"The age is known only as {range_words(*interval)}, over which the flag changes." if interval else ""
