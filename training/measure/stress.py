"""How far an estimate moves when a film is changed in ways that leave the bone age as it is.

    python -m training stress --model models/densenet121 --images DIR --labels CSV --sizes CSV \\
        --ids training/splits/report.txt --limit 200 --out models/densenet121/stress.md

A film that moves by more than ``--far`` months without being doubtful or refused is the one fault that this looks for.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from bone_age_gui.core.model.bundle import find_bundle
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.pipeline import open_case, prepare
from bone_age_gui.core.quality import unlike_training
from bone_age_gui.core.stages.preprocess import network_input
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.exit_codes import ExitCode
from bone_age_gui.core.values.types import Case, Sex
from bone_age_gui.core.values.whole_files import write_whole
from bone_age_gui.paths import model_search_path
from training.films.data import read_ids
from training.films.geometry import read_sizes
from training.measure.changes import Change, cut, every_change
from training.measure.scoring import FilmSet, film_case, label_sex, labelled_films

SEED = 2026
FOREARM_CUT, FINGERTIPS_CUT = "forearm cut", "fingertips cut"
CUTS = {FOREARM_CUT: (-0.25, 2.0), FINGERTIPS_CUT: (-2.0, 0.92)}
"""Lengths from the wrist between which a film is kept: the farthest joint lies at 1."""


@dataclass(frozen=True)
class Verdict:
    """One estimate: months, or ``None`` where the film was refused."""

    months: float | None
    is_doubtful: bool


@dataclass(frozen=True)
class Row:
    """What one change did to all films that had an estimate before."""

    change: str
    moves: np.ndarray
    refused: int
    doubtful: int
    silent: tuple[str, ...]
    """Ids of films that moved far without a word."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``stress``."""
    parser.add_argument("--model", required=True, help="folder or name of a bundle")
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    parser.add_argument("--sizes", type=Path, help="CSV of original sizes, undoes the stretch")
    parser.add_argument("--ids", type=Path, help="only these ids, one a line")
    parser.add_argument("--limit", type=int, help="only the first so many films")
    parser.add_argument("--far", type=float, default=12.0, help="months; a film that moves farther should be doubtful")
    parser.add_argument("--out", type=Path, help="write the table here (Markdown)")
    parser.add_argument("--quiet", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Print the table; 4 if a film moved far without a doubt, else 0. Raises ``BoneAgeError`` for a wrong set-up."""
    predictor = Predictor(find_bundle(options.model, model_search_path()))
    films = labelled_films(
        options.images,
        options.labels,
        ids=read_ids(options.ids) if options.ids is not None else None,
        limit=options.limit,
        sizes=read_sizes(options.sizes) if options.sizes is not None else None,
    )
    answers = list(_answers(predictor, films, options.quiet))
    rows = [_row(change, answers, options.far) for change in [*every_change(), *CUTS]]
    text = stress_table(rows, len(answers), options.far)
    print(text)
    if options.out is not None:
        write_whole(options.out, lambda path: _write(path, text), "table")
    return ExitCode.CHECK_FAILED if any(row.silent for row in rows) else ExitCode.DONE


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _answers(predictor: Predictor, films: FilmSet, quiet: bool) -> Iterator[tuple[str, Verdict, dict[str, Verdict]]]:
    """Id, answer to the film as it is, and answers to all its changes, film by film; refused films are left out."""
    changes = every_change()
    with tempfile.TemporaryDirectory() as folder:
        changed_film = Path(folder) / "film.png"
        for label, path in tqdm(films.films, disable=quiet, unit="film"):
            case = film_case(path, (films.sizes or {}).get(label.film_id))
            assert case.radiograph is not None
            sex, pixels = label_sex(label), case.radiograph.pixels
            before, prepared = _answer(predictor, case, sex)
            if before.months is None:
                continue
            after = {}
            for name, pictured in _changed(pixels, prepared, changes):
                cv2.imwrite(str(changed_film), pictured)  # by the reader again, which judges the polarity too
                after[name] = _answer_to_file(predictor, changed_film, sex)
            yield label.film_id, before, after


def _changed(pixels: np.ndarray, prepared: Case, changes: Mapping[str, Change]) -> Iterator[tuple[str, np.ndarray]]:
    for name, change in changes.items():
        yield name, change(pixels, np.random.default_rng([SEED, *name.encode()]))
    hand = prepared.quality.hand if prepared.quality is not None else None
    if hand is not None:
        for name, (low, high) in CUTS.items():
            yield name, cut(pixels, np.array(hand.wrist_at), np.array(hand.direction), hand.length, low, high)


def _answer_to_file(predictor: Predictor, path: Path, sex: Sex) -> Verdict:
    try:
        case = open_case(path)
    except BoneAgeError:
        return Verdict(None, True)
    return _answer(predictor, case, sex)[0]


def _answer(predictor: Predictor, case: Case, sex: Sex) -> tuple[Verdict, Case]:
    try:
        case = prepare(case, predictor)
        if case.error is not None:
            return Verdict(None, True), case
        estimate = predictor.estimate(network_input(case.stages, predictor.bundle.spec), sex)
    except BoneAgeError:
        return Verdict(None, True), case
    rules = predictor.bundle.card.quality
    doubts = (*case.doubts, *unlike_training(estimate.novelty, rules))
    return Verdict(estimate.bone_age_months, bool(doubts)), case


def _row(change: str, answers: Sequence[tuple[str, Verdict, dict[str, Verdict]]], far: float) -> Row:
    pairs = [(film_id, before, after[change]) for film_id, before, after in answers if change in after]
    moved = {
        film_id: after.months - before.months
        for film_id, before, after in pairs
        if after.months is not None and before.months is not None
    }
    doubted = {film_id for film_id, _, after in pairs if after.months is not None and after.is_doubtful}
    silent = tuple(film_id for film_id, move in moved.items() if abs(move) > far and film_id not in doubted)
    return Row(change, np.abs(np.array([*moved.values()])), len(pairs) - len(moved), len(doubted), silent)


def stress_table(rows: Sequence[Row], count: int, far: float) -> str:
    """Markdown, one change a line; moves in months."""
    silent_head = f"moved by more than {far:g} without a word"
    lines = [
        f"| change ({count} films) | median move | 95 % within | largest | refused | doubtful | {silent_head} |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        if row.moves.size:
            middle, most = np.percentile(row.moves, [50, 95])
            figures = f"{middle:.1f} | {most:.1f} | {row.moves.max():.1f}"
        else:
            figures = "- | - | -"
        silent = f"{len(row.silent)}" + (f" ({', '.join(row.silent)})" if row.silent else "")
        lines.append(f"| {row.change} | {figures} | {row.refused} | {row.doubtful} | {silent} |")
    every = np.concatenate([row.moves for row in rows]) if rows else np.zeros(0)
    if every.size:
        middle, most = np.percentile(every, [50, 95])
        lines.append(
            f"| **all** | {middle:.1f} | {most:.1f} | {every.max():.1f} | {sum(row.refused for row in rows)} | "
            f"{sum(row.doubtful for row in rows)} | {sum(len(row.silent) for row in rows)} |"
        )
    return "\n".join(lines) + "\n"
