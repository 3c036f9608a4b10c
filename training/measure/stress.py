"""How far an estimate moves when a film is changed in ways that leave the bone age as it is.

    python -m training stress --model models/densenet121 --images DIR --labels CSV --sizes CSV \\
        --ids training/splits/report.txt --limit 200 --out models/densenet121/stress.md

With --run-file a run that was broken off goes on where it was. A film that moves by more than ``--far`` months without
being doubtful or refused is the one fault that this looks for.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import cv2
import numpy as np
from tqdm import tqdm

from bone_age_gui.core.model.bundle import Bundle, find_bundle
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.pipeline import open_case, prepare
from bone_age_gui.core.quality import estimate_doubts, estimate_refusal
from bone_age_gui.core.stages.preprocess import network_input
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.exit_codes import ExitCode
from bone_age_gui.core.values.types import Case, Sex
from bone_age_gui.paths import model_search_path
from training.errors import TrainingError
from training.films.changes import Change, cut, every_change
from training.films.data import Label
from training.measure.evidence import add_card_option, write_evidence
from training.measure.film_options import add_measured_options, measured_films
from training.measure.scoring import FilmSet, film_case, label_sex
from training.options import file_path, months
from training.tables import write_text

SEED = 2026
WORKERS = 2
"""Films at the same time, each on one thread of its own."""
_FAST = (cv2.IMWRITE_PNG_COMPRESSION, 1)
COMMAND = "python -m training stress --model DIR --images DIR --labels CSV --sizes CSV --ids training/splits/report.txt"
FOREARM_CUT, FINGERTIPS_CUT = "forearm cut", "fingertips cut"
CUTS = {FOREARM_CUT: (-0.25, 2.0), FINGERTIPS_CUT: (-2.0, 0.92)}
"""Lengths from the wrist between which a film is kept: the farthest joint lies at 1."""


@dataclass(frozen=True)
class StressOutcome:
    """One estimate: months, or ``None`` where the film was refused."""

    months: float | None
    is_doubtful: bool


@dataclass(frozen=True)
class Row:
    """What one change did to all films that had an estimate before."""

    change: str
    moves: np.ndarray
    fine: np.ndarray
    """Moves of the films that are not doubtful after the change."""
    refused: int
    doubtful: int
    silent: tuple[str, ...]
    """Ids of films that moved far and are neither doubtful nor refused."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``stress``."""
    parser.add_argument("--model", required=True, help="folder or name of a bundle")
    add_measured_options(parser)
    parser.add_argument("--far", type=months, default=12.0, help="months; a film that moves farther should be doubtful")
    parser.add_argument("--out", type=file_path, help="write the table here (Markdown)")
    parser.add_argument("--run-file", type=file_path, help="keep the outcomes here, and go on from them (JSON lines)")
    add_card_option(parser)
    parser.add_argument("--quiet", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Print the table; 4 if a film moved far without a doubt, else 0. Raises ``BoneAgeError`` for a wrong set-up."""
    predictor = Predictor(find_bundle(options.model, model_search_path()), threads=1)
    films = measured_films(options)
    outcomes_of_films = _outcomes_of_films(predictor, films, options.run_file, options.quiet)
    if not outcomes_of_films:  # else nothing moved, and all would seem well
        raise TrainingError(
            "No film could be estimated", "All were refused as they are. Check the folder.", "all_refused"
        )
    rows = [changed_row(change, outcomes_of_films, options.far) for change in [*every_change(), *CUTS]]
    text = stress_table(rows, len(outcomes_of_films), options.far)
    print(text)
    if options.out is not None:
        write_text(options.out, text)
    if options.card:
        figures = stress_figures(rows)
        write_evidence(
            predictor.bundle, "stress", len(outcomes_of_films), figures, COMMAND, f"{len(rows)} changes of each film"
        )
    return ExitCode.CHECK_FAILED if any(row.silent for row in rows) else ExitCode.DONE


OutcomesOfFilm = tuple[str, StressOutcome, dict[str, StressOutcome]]
"""Id, outcome on the film as it is, and the outcomes on all its changes by name."""


def _outcomes_of_films(predictor: Predictor, films: FilmSet, kept: Path | None, quiet: bool) -> list[OutcomesOfFilm]:
    """Outcomes of all films that are not refused as they are; what the file ``kept`` holds is not asked again."""
    rules = _rules(predictor.bundle)
    known = _read_outcomes(kept, rules) if kept is not None else {}
    left = [item for item in films.films if item[0].film_id not in known]
    with TemporaryDirectory() as folder, ThreadPoolExecutor(WORKERS) as pool:

        def one(item: tuple[Label, Path]) -> OutcomesOfFilm:
            return _outcomes_of_film(predictor, item, (films.sizes or {}).get(item[0].film_id), Path(folder))

        for outcomes in tqdm(pool.map(one, left), total=len(left), disable=quiet, unit="film"):
            known[outcomes[0]] = outcomes
            if kept is not None:
                with kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(_plain(outcomes, rules)) + "\n")
    ordered = [known[label.film_id] for label, _ in films.films]
    return [outcomes for outcomes in ordered if outcomes[1].months is not None]


def _outcomes_of_film(
    predictor: Predictor, item: tuple[Label, Path], size: tuple[int, int] | None, folder: Path
) -> OutcomesOfFilm:
    label, path = item
    case = film_case(path, size)
    assert case.radiograph is not None
    sex, pixels = label_sex(label), case.radiograph.pixels
    before, prepared = _outcome(predictor, case, sex)
    after: dict[str, StressOutcome] = {}
    if before.months is not None:
        file = folder / f"{label.film_id}.png"
        for name, pictured in _changed(pixels, prepared, every_change()):
            cv2.imwrite(str(file), pictured, _FAST)  # by the reader again, which judges the polarity too
            after[name] = outcome_of_file(predictor, file, sex)
        file.unlink(missing_ok=True)
    return label.film_id, before, after


def _rules(bundle: Bundle) -> str:
    """A digest of all that decides on an outcome: the networks and the limits on the card."""
    text = replace(bundle.card, evidence={}, metrics={}).to_json()
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(outcomes: OutcomesOfFilm, rules: str) -> dict[str, Any]:
    film_id, before, after = outcomes
    changed = {name: asdict(each) for name, each in after.items()}
    return {"rules": rules, "id": film_id, "before": asdict(before), "after": changed}


def _read_outcomes(path: Path, rules: str) -> dict[str, OutcomesOfFilm]:
    """What an earlier run by these rules kept; a line that was broken off is left out.

    Raises ``BoneAgeError`` (``bad_run_file``) for a file without any such line: outcomes would be added to it.
    """
    outcomes_of_films, lines, broken = dict[str, OutcomesOfFilm](), list[str](), 0
    if path.exists():
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for line in lines:
        try:
            plain = json.loads(line)
            if plain["rules"] == rules:
                after = {name: StressOutcome(**each) for name, each in plain["after"].items()}
                outcomes_of_films[plain["id"]] = (plain["id"], StressOutcome(**plain["before"]), after)
        except (ValueError, KeyError, TypeError, RecursionError):
            broken += 1
    if broken > 1 and broken == len(lines):
        raise TrainingError(
            "This is no file of outcomes", f"{path.name} holds something else. Give another --run-file.", "bad_run_file"
        )
    return outcomes_of_films


def _changed(pixels: np.ndarray, prepared: Case, changes: Mapping[str, Change]) -> Iterator[tuple[str, np.ndarray]]:
    for name, change in changes.items():
        yield name, change(pixels, np.random.default_rng([SEED, *name.encode()]))
    hand = prepared.quality.hand if prepared.quality is not None else None
    if hand is not None:
        for name, (low, high) in CUTS.items():
            yield name, cut(pixels, np.array(hand.wrist_at), np.array(hand.direction), hand.length, low, high)


def outcome_of_file(predictor: Predictor, path: Path, sex: Sex | None) -> StressOutcome:
    """What the program says of a file; refused too where it cannot be read."""
    try:
        case = open_case(path)
    except BoneAgeError:
        return StressOutcome(None, True)
    return _outcome(predictor, case, sex)[0]


def _outcome(predictor: Predictor, case: Case, sex: Sex | None) -> tuple[StressOutcome, Case]:
    try:
        case = prepare(case, predictor)
        if case.error is not None:
            return StressOutcome(None, True), case
        estimate = predictor.estimate(network_input(case.stages, predictor.bundle.spec), sex)
    except BoneAgeError:
        return StressOutcome(None, True), case
    if estimate_refusal(estimate, predictor.bundle.card, case.doubts) is not None:
        return StressOutcome(None, True), case
    doubts = (*case.doubts, *estimate_doubts(estimate, predictor.bundle.card))
    return StressOutcome(estimate.bone_age_months, bool(doubts)), case


def changed_row(
    change: str, outcomes_of_films: Sequence[tuple[str, StressOutcome, dict[str, StressOutcome]]], far: float
) -> Row:
    pairs = [(film_id, before, after[change]) for film_id, before, after in outcomes_of_films if change in after]
    moved = {
        film_id: after.months - before.months
        for film_id, before, after in pairs
        if after.months is not None and before.months is not None
    }
    doubted = {film_id for film_id, _, after in pairs if after.months is not None and after.is_doubtful}
    silent = tuple(film_id for film_id, move in moved.items() if abs(move) > far and film_id not in doubted)
    fine = np.abs(np.array([move for film_id, move in moved.items() if film_id not in doubted]))
    return Row(change, np.abs(np.array([*moved.values()])), fine, len(pairs) - len(moved), len(doubted), silent)


def _total(rows: Sequence[Row]) -> Row:
    """All changes as one."""
    none = np.zeros(0)
    return Row(
        change="all",
        moves=np.concatenate([none, *(row.moves for row in rows)]),
        fine=np.concatenate([none, *(row.fine for row in rows)]),
        refused=sum(row.refused for row in rows),
        doubtful=sum(row.doubtful for row in rows),
        silent=tuple(film_id for row in rows for film_id in row.silent),
    )


def stress_figures(rows: Sequence[Row]) -> dict[str, float]:
    """Over all changes: moves in months, percentages of refused and doubtful films, and the count that moved far."""
    total, figures = _total(rows), dict[str, float]()
    for kind, moves in (("", total.moves), ("fine_", total.fine)):
        middle, most = np.percentile(moves, [50, 95]) if moves.size else (0.0, 0.0)
        figures[f"{kind}median_move_months"] = float(middle)
        figures[f"{kind}95_percent_within_months"] = float(most)
        figures[f"{kind}estimates"] = float(moves.size)
    return figures | {
        "refused_percent": 100 * total.refused / max(total.moves.size + total.refused, 1),
        "doubtful_percent": 100 * total.doubtful / max(total.moves.size, 1),
        "moved_far_in_silence": float(len(total.silent)),
    }


def stress_table(rows: Sequence[Row], count: int, far: float) -> str:
    """Markdown, one change a line; moves in months."""
    silent_head = f"moved by more than {far:g} without a word"
    lines = [
        f"| change ({count} films) | median move | 95 % within | largest | refused | doubtful | {silent_head} |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        silent = f"{len(row.silent)}" + (f" ({', '.join(row.silent)})" if row.silent else "")
        lines.append(f"| {row.change} | {_moves_words(row.moves)} | {row.refused} | {row.doubtful} | {silent} |")
    total = _total(rows)
    if total.moves.size:
        silent = f"{len(total.silent)}"
        lines.append(f"| **all** | {_moves_words(total.moves)} | {total.refused} | {total.doubtful} | {silent} |")
        lines.append(f"| **fine: neither doubtful nor refused** | {_moves_words(total.fine)} | - | - | {silent} |")
    return "\n".join(lines) + "\n"


def _moves_words(moves: np.ndarray) -> str:
    """Median, 95 % within and largest, as cells of a table."""
    if not moves.size:
        return "- | - | -"
    middle, most = np.percentile(moves, [50, 95])
    return f"{middle:.1f} | {most:.1f} | {moves.max():.1f}"
