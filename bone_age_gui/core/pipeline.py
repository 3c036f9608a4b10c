"""The whole line for one film: file -> radiograph -> stages -> estimate -> assessment -> case.

``process`` walks it; the steps follow in their order, and then what a person may change of a case.
Cases are values: every function returns a new one and leaves its argument as it was.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from pathlib import Path

from bone_age_gui.core.cautions import cautions_of
from bone_age_gui.core.growth import DEFAULT_THRESHOLD_SD, GrowthReference, assess
from bone_age_gui.core.height import adult_height
from bone_age_gui.core.legibility import is_of_estimate
from bone_age_gui.core.model.bundle import Bundle
from bone_age_gui.core.model.roles import Estimator, Preparer
from bone_age_gui.core.quality import (
    UNCHECKED,
    estimate_doubts,
    estimate_refusal,
    insist,
    insist_on_estimate,
    judge,
    judge_legibility,
)
from bone_age_gui.core.reader.read import Read, read_radiograph
from bone_age_gui.core.stages.joint_crop import JointCrop
from bone_age_gui.core.stages.preprocess import network_input, run_stages
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.final import final_end, final_months, is_readers
from bone_age_gui.core.values.growth_end import GrowthEnd
from bone_age_gui.core.values.quality import HandSide, Notice
from bone_age_gui.core.values.typed_values import NOTHING_GIVEN
from bone_age_gui.core.values.types import Case, Estimate, Patient

_NO_CHILD = {"modality"}
"""Notices beside the doubts by which a film may be no child's hand: nothing is predicted from its bone age."""


def process(
    path: Path | str,
    predictor: Estimator,
    reference: GrowthReference,
    *,
    given: Patient = NOTHING_GIVEN,
    threshold_sd: float = DEFAULT_THRESHOLD_SD,
    insisted: bool = False,
    hand_side: HandSide | None = None,
    demands_sex: bool = False,
    read: Read = read_radiograph,
) -> Case:
    """Walk the whole line for one file.

    ``given``: what a person says of the patient, over what the file says (``override_patient``);
    ``insisted``: a person wants an estimate even of a film that would be refused; ``hand_side``: which hand of two;
    ``demands_sex``: no estimate where the sex is not known.

    A ``BoneAgeError`` is not raised but put into ``Case.error``, with as much of the case as there is.
    """
    case = Case(path=Path(path))
    try:
        case = open_case(path, read)
        case = replace(
            with_patient(case, override_patient(case.patient, given)), insisted=insisted, hand_side=hand_side
        )
        case = prepare(case, predictor)
        return estimate_case(demand_sex(case) if demands_sex else case, predictor, reference, threshold_sd)
    except BoneAgeError as error:
        return replace(case, error=error)


def open_case(path: Path | str, read: Read = read_radiograph) -> Case:
    """Read a film.

    Raises
    ------
    BoneAgeError
        ``unreadable empty not_an_image truncated excessive multi_frame colour too_small too_large no_pixel_data
        unsupported_syntax``, and those of ``read`` if it is another one.
    """
    started = time.perf_counter()
    radiograph = read(Path(path))
    return Case(
        path=Path(path),
        patient=radiograph.patient,
        radiograph=radiograph,
        timings={"read": time.perf_counter() - started},
    )


def prepare(case: Case, model: Preparer) -> Case:
    """Look for the hand, say how far the film can be trusted, and run the stages on it.

    A film that is refused keeps its stages, so that a person sees what was read: the reason is in ``quality.refusal``.
    ``ValueError`` if the case has no radiograph; ``BoneAgeError`` (``inference_failed``) if the finder fails.
    """
    if case.radiograph is None:
        raise ValueError("the case has no radiograph")
    started = time.perf_counter()
    card, film = model.bundle.card, case.radiograph
    quality = UNCHECKED
    if model.finder is not None and card.quality is not None:
        quality = judge(film, model.finder.find(film.pixels), card.quality, case.hand_side)
        if card.legibility is not None:
            quality = judge_legibility(film, quality, card.legibility)
    if case.insisted:
        quality = insist(quality)
    crop = None
    if quality.hand is not None and card.joint_crop is not None:
        crop = JointCrop(quality.hand, card.joint_crop)
    stages = run_stages(film.pixels, card.preprocessing, crop)
    timings = {**case.timings, "prepare": time.perf_counter() - started}
    return replace(case, quality=quality, stages=stages, error=quality.refusal, timings=timings)


def estimate_case(
    case: Case, predictor: Estimator, reference: GrowthReference, threshold_sd: float = DEFAULT_THRESHOLD_SD
) -> Case:
    """Estimate and assess a film that was read; its stages are run first where they are missing.

    Raises
    ------
    ValueError
        If the case has no radiograph.
    BoneAgeError
        The refusal of a film that shows no whole hand (``no_hand part_of_hand two_hands``) or cannot be read
        (``illegible``), ``inference_failed``, ``implausible_answer`` if the output is no age, ``threshold`` for an
        impossible one.
    """
    bundle = predictor.bundle
    if not case.stages or case.quality is None:
        case = prepare(case, predictor)
    if case.error is not None:
        raise case.error
    started = time.perf_counter()
    estimate = predictor.estimate(network_input(case.stages, bundle.spec), case.patient.sex)
    case = replace(case, timings={**case.timings, "infer": time.perf_counter() - started})
    return finish_case(case, estimate, bundle, reference, threshold_sd)


def finish_case(
    case: Case,
    estimate: Estimate,
    bundle: Bundle,
    reference: GrowthReference,
    threshold_sd: float = DEFAULT_THRESHOLD_SD,
) -> Case:
    """Put an estimate of this film into its case, with the notices that it calls for, and assess it.

    Raises ``BoneAgeError``: ``illegible`` where the network's own output says that the film is too spoilt and
    no person insists, ``threshold`` for an impossible threshold.
    """
    of_film = case.quality.doubts if case.quality is not None else ()
    doubts = estimate_doubts(estimate, bundle.card, case.radiograph)
    refusal = estimate_refusal(estimate, bundle.card, of_film, case.radiograph)
    if refusal is not None:
        if not case.insisted:
            raise refusal
        doubts = (*insist_on_estimate(of_film), *doubts)
    notices = (*doubts, *cautions_of(estimate, bundle.card))
    case = replace(case, estimate=estimate, notices=notices, error=None)
    return assess_again(case, reference, threshold_sd)


def assess_again(case: Case, reference: GrowthReference, threshold_sd: float = DEFAULT_THRESHOLD_SD) -> Case:
    """Compare the estimate with the patient's dates anew, without a new inference.

    A case without an estimate gets no assessment. Raises ``BoneAgeError`` (``threshold``) for an impossible threshold.
    """
    if case.estimate is None:
        return replace(case, assessment=None, reader_assessment=None, adult_height=None)
    started = time.perf_counter()
    assessment = assess(case.estimate, case.patient, reference, threshold_sd, is_doubtful=is_doubtful(case))
    readers = None
    if (months := final_months(case)) is not None and is_readers(case):  # the same rule, of an age without a spread
        own = replace(case.estimate, bone_age_months=months, spread_months=None, interval_months=None, end=None)
        readers = assess(own, case.patient, reference, threshold_sd)
    notices = (*(notice for notice in case.notices if notice.code != "future_date"), *_date_notices(case.patient))
    case = predict_height(replace(case, assessment=assessment, reader_assessment=readers, notices=notices), reference)
    return replace(case, timings={**case.timings, "assess": time.perf_counter() - started})


def is_doubtful(case: Case) -> bool:
    """True for a film whose estimate may be wrong by the film itself, not only by a model that brings no finder."""
    return any(doubt not in UNCHECKED.doubts for doubt in case.doubts)


def _date_notices(patient: Patient) -> tuple[Notice, ...]:
    """What is said of dates after today: de-identification shifts all dates of a child, and the age stays right."""
    if max(patient.study_date or date.min, patient.birth_date or date.min) <= date.today():
        return ()
    return (Notice("future_date"),)


def predict_height(case: Case, reference: GrowthReference) -> Case:
    """Say what the heights of child and parents mean for the adult height, from the final bone age.

    A case without an estimate gets none, and one whose film may be no child's hand no prediction.
    """
    tables, bone_age = reference.heights, final_months(case)
    if tables is None or bone_age is None:
        return replace(case, adult_height=None)
    doubtful = is_doubtful(case) or any(notice.code in _NO_CHILD for notice in case.all_notices)
    ended = final_end(case) is GrowthEnd.AT_LEAST
    heights = adult_height(case.patient, bone_age, tables, is_doubtful=doubtful, has_ended=ended)
    return replace(case, adult_height=heights)


def demand_sex(case: Case) -> Case:
    """The case as it is, or refused (``sex_demanded``) where its sex is not known and it was not refused before."""
    if case.error is not None or case.patient.sex is not None:
        return case
    return replace(case, error=BoneAgeError("sex_demanded"))


def with_patient(case: Case, patient: Patient) -> Case:
    """Replace the patient. What no longer holds goes: always the assessment (see ``assess_again``), and the
    estimate, or the refusal that came of it, too if the sex differs from the one it was made with."""
    if patient.sex != case.patient.sex and is_of_estimate(case.error):
        case = replace(case, error=None)
    case = replace(case, patient=patient, assessment=None, reader_assessment=None, adult_height=None)
    if case.estimate is None or case.estimate.sex == patient.sex:
        return case
    timings = {step: seconds for step, seconds in case.timings.items() if step in ("read", "prepare")}
    return replace(case, estimate=None, notices=(), timings=timings)


def override_patient(patient: Patient, given: Patient) -> Patient:
    """Put what a person gave in place of what the file says; ``None`` in ``given`` leaves the file's value.

    A stated age is that at the study date and outranks dates of the file, so the birth date goes; a birth date
    outranks the age that the file states. Name and number are the file's.
    """
    if given.sex is not None:
        patient = replace(patient, sex=given.sex)
    if given.study_date is not None:
        patient = replace(patient, study_date=given.study_date)
    if given.stated_age_months is not None or given.birth_date is not None:
        patient = replace(
            patient,
            birth_date=given.birth_date,
            stated_age_months=given.stated_age_months,
            stated_age_unit_months=given.stated_age_unit_months,
        )
    return replace(
        patient,
        height_cm=given.height_cm if given.height_cm is not None else patient.height_cm,
        mother_cm=given.mother_cm if given.mother_cm is not None else patient.mother_cm,
        father_cm=given.father_cm if given.father_cm is not None else patient.father_cm,
    )
