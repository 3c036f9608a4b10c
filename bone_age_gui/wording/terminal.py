"""What the command line says in plain text, one fact per line."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bone_age_gui import DISCLAIMER
from bone_age_gui.core.values.facts import Detail
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.types import Assessment, Case, Flag
from bone_age_gui.wording.days import day_words
from bone_age_gui.wording.flag_reasons import reason_text
from bone_age_gui.wording.height import CAUTION, height_rows
from bone_age_gui.wording.language import tr
from bone_age_gui.wording.notices import doubt_name, notice_name, notice_text
from bone_age_gui.wording.templates import Plural, fill
from bone_age_gui.wording.values import (
    FLAG_WORDS,
    MINUS,
    SEX_WORDS,
    UNKNOWN,
    bone_age_words,
    device_words,
    flag_words,
    interval_name,
    limit_words,
    months_words,
    open_range_words,
    printable,
    signed,
    stated_age_words,
)

if TYPE_CHECKING:
    from bone_age_gui.core.model.bundle import Bundle
    from bone_age_gui.core.model.card import Metrics

_NAME_WIDTH = 19
_LINE_WIDTH = 110
_REPORTS_SHOWN = 6
_MODEL = "{name} {version} on {device}, {seconds:.2f} s"
_BUNDLE = "{name} {version} ({created})"
_NETWORK = "{architecture}, weights stored as {weights}"
_SCORE = Plural(
    "{name}: {films} film, MAE {mae:.2f} months ({low:.2f} to {high:.2f}), bias {bias:+.2f}, "
    "within 12 months {within:.1f} %; {about}",
    "{name}: {films} films, MAE {mae:.2f} months ({low:.2f} to {high:.2f}), bias {bias:+.2f}, "
    "within 12 months {within:.1f} %; {about}",
    "films",
)
_ESTIMATED = Plural(
    "{estimated} of {films} film estimated, {refused} refused.",
    "{estimated} of {films} films estimated, {refused} refused.",
    "films",
)
_FINE = "  {fine:6} fine, {doubtful} doubtful"
_DOUBT = "  {count:6} doubtful: {what}"
_FLAG = "  {count:6} {what}"
_BORDERLINE = "  {count:6} borderline among these"
_REFUSAL = "  {count:6} refused: {what}"
_MORE = "... {more} more"
_REPORTS = "Reports: {reports}"
_AT_STUDY_DATE = "{age} at the study date {day}"
_OPEN_INTERVAL = "{range} ({months})"
_INTERVAL = "{range} ({low:.1f} to {high:.1f} months)"
_DIFFERENCE = "{months} months"
_DIFFERENCE_IN_SD = "{months} months ({score} SD)"
_FLAG_AND_REASON = "{flag}. {reason}"


def terminal_text(path: str, case: Case) -> str:
    """The estimate for people, one fact per line; why it may be wrong comes first."""
    return f"{printable(path)}\n{_table(estimate_rows(case), indent=2)}"


def estimate_rows(case: Case) -> list[tuple[str, str]]:
    """The estimate as names and texts; why it may be wrong comes first. ``ValueError`` without an estimate."""
    estimate, assessment = case.estimate, case.assessment
    if estimate is None:
        raise ValueError("a case without an estimate has no text")
    rows = [(notice_name(notice), notice_text(notice)) for notice in case.doubts]
    rows.append((tr("Bone age"), bone_age_words(estimate.bone_age_months, estimate.end)))
    if estimate.interval_months is not None and estimate.interval_level is not None:
        rows.append((interval_name(estimate.interval_level), _interval(*estimate.interval_months)))
    rows.append((tr("Sex"), tr(SEX_WORDS.get(case.patient.sex or "", UNKNOWN))))
    rows.append((tr("Chronological age"), _chronological(case)))
    if assessment is not None:
        rows += _assessment_rows(assessment, estimate.end)
    if case.adult_height is not None:
        rows += [(name, text.replace(MINUS, "-")) for name, text in height_rows(case.adult_height)]
        rows += [(tr("Note"), tr(CAUTION))] if case.adult_height.predicted_cm is not None else []
    rows += [(notice_name(notice), notice_text(notice)) for notice in case.all_notices if not notice.doubt]
    seconds = sum(case.timings.values()) or estimate.seconds
    model = {"name": estimate.model_name, "version": estimate.model_version, "device": device_words(estimate.device)}
    rows.append((tr("Model"), fill(_MODEL, {**model, "seconds": seconds})))
    return rows


def bundle_text(bundle: Bundle) -> str:
    """The card for people."""
    card = bundle.card
    rows = [
        (
            tr("Model"),
            fill(_BUNDLE, {"name": bundle.name, "version": bundle.version, "created": day_words(card.created)}),
        ),
        (tr("About"), tr(card.description)),
        (tr("Architecture"), fill(_NETWORK, {"architecture": card.model.architecture, "weights": card.model.weights})),
        (tr("SHA-256"), bundle.sha256),
        (tr("Path"), printable(str(bundle.directory.resolve()))),
        (tr("Trained on"), tr(card.training.data_set)),
        *((tr("Scored on"), _metrics_words(name, metrics)) for name, metrics in card.metrics.items()),
        (tr("Meant for"), tr(card.intended_use)),
        *((tr("Limitation"), tr(text)) for text in card.limitations),
        (tr("Terms"), tr(card.terms)),
    ]
    return _table(rows)


def summary_text(summary: Mapping[str, Any], refusals: Mapping[str, int]) -> str:
    """Counts and reports of a batch, from what its JSON holds; ``refusals`` counts films by the title of theirs."""
    lines = [fill(_ESTIMATED, {name: summary[name] for name in ("estimated", "films", "refused")})]
    lines.append(fill(_FINE, {"fine": summary["fine"], "doubtful": summary["doubtful"]}))
    flags = {tr(FLAG_WORDS[flag]): count for flag, count in summary["flags"].items()}
    doubts = {doubt_name(code): count for code, count in summary["doubts"].items()}
    lines += _counted(_DOUBT, doubts) + _counted(_FLAG, flags)
    lines += [fill(_BORDERLINE, {"count": summary["borderline"]})] if summary["borderline"] else []
    lines += _counted(_REFUSAL, refusals)
    reports = summary["reports"]
    shown = reports if len(reports) <= _REPORTS_SHOWN else reports[: _REPORTS_SHOWN - 1]
    named = [*shown, fill(_MORE, {"more": len(reports) - len(shown)})] if len(shown) < len(reports) else shown
    return "\n".join([*lines, fill(_REPORTS, {"reports": tuple(named)}), tr(DISCLAIMER)])


def _counted(template: str, counts: Mapping[str, int]) -> list[str]:
    """A line for each, by their names."""
    return [fill(template, {"count": count, "what": what}) for what, count in sorted(counts.items())]


def _table(rows: Sequence[tuple[str, str]], indent: int = 0) -> str:
    """Names in one column, wrapped text in the other."""
    lines = []
    width = max([_NAME_WIDTH, *(len(name) + 2 for name, _ in rows)])
    for name, text in rows:
        start = f"{'':{indent}}{name:<{width}}"
        lines.append(
            textwrap.fill(
                text,
                _LINE_WIDTH,
                initial_indent=start,
                subsequent_indent=" " * len(start),
                break_long_words=False,
                break_on_hyphens=False,
            )
        )
    return "\n".join(lines)


def _chronological(case: Case) -> str:
    months, study = case.patient.chronological_age_months, case.patient.study_date
    if months is None:
        return tr(UNKNOWN)
    words = stated_age_words(months, case.patient.chronological_age_interval_months)
    return fill(_AT_STUDY_DATE, {"age": words, "day": day_words(study)}) if study else words


def _interval(low: float, high: float) -> str:
    words = open_range_words(low, high)
    if math.isinf(low) or math.isinf(high):
        return fill(_OPEN_INTERVAL, {"range": words, "months": months_words(high if math.isinf(low) else low, 1)})
    return fill(_INTERVAL, {"range": words, "low": low, "high": high})


def _assessment_rows(assessment: Assessment, end: GrowthEnd | None) -> list[tuple[str, str]]:
    rows = []
    if assessment.difference_months is not None:
        difference = limit_words(_signed(assessment.difference_months), end)
        if assessment.sd_score is None:
            rows.append((tr("Difference"), fill(_DIFFERENCE, {"months": difference})))
        else:
            scored = {"months": difference, "score": _signed(assessment.sd_score)}
            rows.append((tr("Difference"), fill(_DIFFERENCE_IN_SD, scored)))
    flag = {"flag": _flag_word(assessment), "reason": reason_text(assessment.reason)}
    rows.append((tr("Flag"), fill(_FLAG_AND_REASON, flag)))
    return rows


def _signed(value: float) -> str:
    """With the minus that every terminal has."""
    return signed(value).replace(MINUS, "-")


def _flag_word(assessment: Assessment) -> str:
    """Loud where a child needs a second look."""
    word = flag_words(assessment.flag, assessment.borderline)
    is_quiet = assessment.flag in (Flag.NORMAL, Flag.NO_REFERENCE) and not assessment.borderline
    return word if is_quiet else word.upper()


def _metrics_words(name: str, metrics: Metrics) -> str:
    low, high = metrics.mae_ci95
    details = {"mae": metrics.mae_months, "low": low, "high": high, "bias": metrics.bias_months}
    films: dict[str, Detail] = {"films": metrics.n, "within": metrics.within_12, "about": tr(metrics.set_description)}
    return fill(_SCORE, {"name": name, **details, **films})
