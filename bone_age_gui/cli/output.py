"""What the command line prints: JSON records and plain text."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bone_age_gui.core.values.age import format_months
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Assessment, Case, Estimate, Flag
from bone_age_gui.wording.report import DEVICE_WORDS, FLAG_WORDS, SEX_WORDS, UNKNOWN

if TYPE_CHECKING:
    from bone_age_gui.core.model.bundle import Bundle
    from bone_age_gui.core.model.card import Metrics
    from bone_age_gui.core.model.predictor import Predictor

_NAME_WIDTH = 19
_LINE_WIDTH = 110


def json_line(record: dict[str, Any]) -> str:
    """One line of ASCII, so that any locale and any file name can carry it. ``ValueError`` for NaN."""
    return json.dumps(record, allow_nan=False)


def case_record(path: str, case: Case, predictor: Predictor) -> dict[str, Any]:
    """The fields of one film; months are floats, what is not known is ``None``."""
    record: dict[str, Any] = {"path": path}
    record |= _estimate_fields(case.estimate) | _assessment_fields(case.assessment)
    bundle = predictor.bundle
    return record | {
        "chronological_age_months": case.patient.chronological_age_months,
        "sex": case.patient.sex,
        "study_date": case.patient.study_date.isoformat() if case.patient.study_date else None,
        "is_phantom": case.radiograph.is_phantom if case.radiograph else None,
        "device": predictor.device,
        "device_note": predictor.fallback_reason,
        "model": bundle.name,
        "model_version": bundle.version,
        "model_sha256": bundle.sha256,
        "seconds": round(sum(case.timings.values()), 4) if case.timings else None,
        "warnings": [notice.text for notice in case.all_notices],
        "error": _error_fields(case.error),
    }


def case_text(path: str, case: Case) -> str:
    """The answer for people, one fact per line."""
    estimate, assessment = case.estimate, case.assessment
    if estimate is None:
        raise ValueError("a case without an estimate has no text")
    rows = [("Bone age", both(estimate.bone_age_months))]
    if estimate.interval_months is not None and estimate.interval_level is not None:
        low, high = estimate.interval_months
        name = f"{round(estimate.interval_level * 100)} % interval"
        rows.append((name, f"{format_months(low)} to {format_months(high)} ({low:.1f} to {high:.1f} months)"))
    rows.append(("Sex", SEX_WORDS.get(case.patient.sex or "", UNKNOWN)))
    rows.append(("Chronological age", _age_words(case)))
    if assessment is not None:
        rows += _assessment_rows(assessment)
    rows += [("Warning" if notice.loud else "Note", notice.text) for notice in case.all_notices]
    device = DEVICE_WORDS.get(estimate.device, estimate.device)
    seconds = sum(case.timings.values()) or estimate.seconds
    rows.append(("Model", f"{estimate.model_name} {estimate.model_version} on {device}, {seconds:.2f} s"))
    return f"{printable(path)}\n{_table(rows, indent=2)}"


def bundle_record(bundle: Bundle) -> dict[str, Any]:
    """Name, version, hash and place, then the rest of the card but for the long list of hashed ids."""
    card = bundle.card.to_dict()
    card["training"].pop("held_out", None)
    first = {
        "name": bundle.name,
        "version": bundle.version,
        "sha256": bundle.sha256,
        "path": str(bundle.directory.resolve()),
    }
    return first | {key: value for key, value in card.items() if key not in first}


def bundle_text(bundle: Bundle) -> str:
    """The card for people."""
    card = bundle.card
    rows = [
        ("Model", f"{bundle.name} {bundle.version} ({card.created})"),
        ("About", card.description),
        ("Architecture", f"{card.model.architecture}, weights stored as {card.model.weights}"),
        ("SHA-256", bundle.sha256),
        ("Path", printable(str(bundle.directory.resolve()))),
        ("Trained on", card.training.data_set),
        *(("Scored on", f"{name}: {_metrics_words(metrics)}") for name, metrics in card.metrics.items()),
        ("Meant for", card.intended_use),
        *(("Limitation", text) for text in card.limitations),
        ("Terms", card.terms),
    ]
    return _table(rows)


def error_text(error: BoneAgeError) -> str:
    """Title and message on one line."""
    return f"{error.title}. {error.message}"


def both(months: float) -> str:
    """``136.2`` -> ``"11 y 4 m (136.2 months)"``."""
    return f"{format_months(months)} ({months:.1f} months)"


def printable(text: str) -> str:
    """Control characters and undecodable bytes escaped: a file name must not steer a terminal."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def _table(rows: Sequence[tuple[str, str]], indent: int = 0) -> str:
    """Names in one column, wrapped text in the other."""
    lines = []
    for name, text in rows:
        start = f"{'':{indent}}{name:<{_NAME_WIDTH}}"
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


def _estimate_fields(estimate: Estimate | None) -> dict[str, Any]:
    low, high = (estimate.interval_months if estimate else None) or (None, None)
    return {
        "bone_age_months": estimate.bone_age_months if estimate else None,
        "spread_months": estimate.spread_months if estimate else None,
        "interval_low_months": low,
        "interval_high_months": high,
        "interval_level": estimate.interval_level if estimate else None,
    }


def _assessment_fields(assessment: Assessment | None) -> dict[str, Any]:
    return {
        "chronological_age_months": None,
        "difference_months": assessment.difference_months if assessment else None,
        "sd_score": assessment.sd_score if assessment else None,
        "sd_months": assessment.sd_months if assessment else None,
        "flag": assessment.flag if assessment else None,
        "reason": assessment.reason if assessment else None,
    }


def _error_fields(error: BoneAgeError | None) -> dict[str, str] | None:
    return None if error is None else {"title": error.title, "message": error.message, "code": error.code}


def _age_words(case: Case) -> str:
    months, study = case.patient.chronological_age_months, case.patient.study_date
    if months is None:
        return "not known"
    return both(months) + (f" at the study date {study.isoformat()}" if study else "")


def _assessment_rows(assessment: Assessment) -> list[tuple[str, str]]:
    rows = []
    if assessment.difference_months is not None:
        score = f" ({assessment.sd_score:+.1f} SD)" if assessment.sd_score is not None else ""
        rows.append(("Difference", f"{assessment.difference_months:+.1f} months{score}"))
    rows.append(("Flag", f"{_flag_word(assessment.flag)}. {assessment.reason}"))
    return rows


def _flag_word(flag: Flag) -> str:
    """Loud where a child needs a second look."""
    word = FLAG_WORDS[flag]
    return word if flag in (Flag.NORMAL, Flag.NO_REFERENCE) else word.upper()


def _metrics_words(metrics: Metrics) -> str:
    low, high = metrics.mae_ci95
    return (
        f"{metrics.n} films, MAE {metrics.mae_months:.2f} months ({low:.2f} to {high:.2f}), "
        f"bias {metrics.bias_months:+.2f}, within 12 months {metrics.within_12:.1f} %; {metrics.set_description}"
    )
