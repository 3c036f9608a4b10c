"""How much of the heat map lies on the hand, beside the share of the picture that the hand covers.

    python -m training heat-map --model models/densenet121 --images DIR --labels CSV --sizes CSV \\
        --ids training/splits/report.txt --limit 200 --card
"""

from __future__ import annotations

import argparse
import itertools

import cv2
import numpy as np

from bone_age_gui.core.model.bundle import find_bundle
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.quality import estimate_doubts
from bone_age_gui.core.stages.preprocess import network_input
from bone_age_gui.core.values.crop_frame import film_to_stage
from bone_age_gui.core.values.joints import HandJoints, moved
from bone_age_gui.core.values.types import Case
from bone_age_gui.paths import model_search_path
from training.errors import TrainingError
from training.measure.evidence import add_card_option, write_evidence
from training.measure.film_options import add_measured_options, measured_films
from training.measure.scoring import label_sex
from training.trust.films import prepared_films

FLESH = 0.11
"""Half the width of a finger with its flesh and of the wrist beyond its joints, in lengths of the hand."""
COMMAND = "python -m training heat-map --model DIR --images DIR --labels CSV --sizes CSV --ids CSV --card"


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``heat-map``."""
    parser.add_argument("--model", required=True, help="folder or name of a bundle")
    add_measured_options(parser)
    add_card_option(parser)
    parser.add_argument("--quiet", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Print the shares. Raises ``BoneAgeError`` (``no_films no_heat_map``)."""
    predictor = Predictor(find_bundle(options.model, model_search_path()))
    films = measured_films(options)
    shares = []
    cases = prepared_films(films, predictor, quiet=options.quiet)
    for (label, _), (_, case) in zip(films.films, cases, strict=True):
        if case.error is not None:
            continue
        estimate = predictor.estimate(network_input(case.stages, predictor.bundle.spec), label_sex(label))
        is_fine = not case.doubts and not estimate_doubts(estimate, predictor.bundle.card)
        if is_fine and (pair := share_on_hand(case, estimate.heat_map)) is not None:
            shares.append(pair)
    if not shares:
        raise TrainingError("No heat maps", "No film gave a heat map and a hand. Check --model.", "no_heat_map")
    mass, area = np.median(shares, axis=0)
    least = float(np.percentile(shares, 5, axis=0)[0])
    mass, area, least = 100 * mass, 100 * area, 100 * least
    print(f"{len(shares)} films: {mass:.1f} % of the heat map on the hand, which covers {area:.1f} % of the picture")
    print(f"5 % of the films have less than {least:.1f} % on the hand")
    if options.card:
        figures = {"mass_on_hand_percent": mass, "hand_covers_percent": area, "lowest_5_percent": least}
        write_evidence(predictor.bundle, "heat_map", len(shares), figures, COMMAND, "median of films that are fine")
    return 0


def share_on_hand(case: Case, heat: np.ndarray | None) -> tuple[float, float] | None:
    """Share of the heat map's mass on the hand, and share of the picture that the hand covers, 0 to 1.

    ``None`` without a heat map, joints, or where the place of the stage on the film is not known.
    """
    hand = case.quality.hand if case.quality is not None else None
    if heat is None or hand is None or case.radiograph is None or not float(heat.sum()) > 0:
        return None
    film, stage = case.radiograph.pixels.shape, case.stages[-1]
    matrix = film_to_stage(case.stages, stage, (film[0], film[1]))
    if matrix is None:
        return None
    shape = stage.pixels.shape
    mask = hand_mask(moved(hand, matrix), (shape[0], shape[1]))
    size = (mask.shape[1], mask.shape[0])
    fine = np.clip(cv2.resize(np.asarray(heat, np.float32), size, interpolation=cv2.INTER_LINEAR), 0, None)
    return float(fine[mask].sum() / fine.sum()), float(mask.mean())


def hand_mask(hand: HandJoints, shape: tuple[int, int]) -> np.ndarray:
    """Bool (h, w): the palm between wrist and knuckles, the fingers along their joints, with flesh about them."""
    mask = np.zeros(shape, np.uint8)
    wide = max(1, round(2 * FLESH * hand.length))
    wrist = np.rint(hand.wrist_at).astype(int)
    knuckles = [np.rint(ray.joints[0].at).astype(int) for ray in hand.rays if ray.joints]
    palm = [joint for joint in (hand.radius, hand.ulna) if joint is not None]
    outline = np.array([wrist, *knuckles, *[np.rint(joint.at).astype(int) for joint in palm]])
    cv2.fillConvexPoly(mask, cv2.convexHull(outline), 1)
    for ray in hand.rays:
        points = [wrist, *[np.rint(joint.at).astype(int) for joint in ray.joints]]
        if len(ray.joints) >= 2:  # the tip lies beyond the last joint by about half the bone before it
            last, before = ray.joints[-1].at, ray.joints[-2].at
            points.append(np.rint(last + 0.6 * (last - before)).astype(int))
        for start, end in itertools.pairwise(points):
            cv2.line(mask, start.tolist(), end.tolist(), 1, wide)
    for joint in hand.joints:
        cv2.circle(mask, np.rint(joint.at).astype(int).tolist(), max(1, wide // 2), 1, -1)
    return mask > 0
