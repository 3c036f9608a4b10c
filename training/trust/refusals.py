"""How often pictures without a hand are refused, and parts of a hand refused or doubted.

    python -m training non-hands --model models/densenet121 --images DIR --labels CSV --sizes CSV \\
        --ids training/splits/report.txt --dicom DIR --card

Half the pictures without a hand are drawn under each of two seeds, apart from what the finder learned from; --dicom
adds files that show none. Parts are cut out of films on which a whole hand is seen. A picture that gets an age without
a word is what this looks for; --save keeps those.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from tqdm import tqdm

from bone_age_gui.core.model.bundle import find_bundle, load_bundle
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.pipeline import prepare
from bone_age_gui.core.values.exit_codes import ExitCode
from bone_age_gui.core.values.types import Sex
from bone_age_gui.core.values.whole_files import copy_whole
from bone_age_gui.paths import model_search_path
from training.errors import TrainingError
from training.films.data import read_ids
from training.films.geometry import read_sizes
from training.measure.evidence import add_card_option, write_evidence
from training.measure.scoring import ahead, film_case, labelled_films
from training.measure.stress import outcome_of_file
from training.options import COUNT, whole_number_from
from training.trust.strangers import parts_of, stranger

SEEDS = (71_001, 93_007)
"""Of the drawn pictures; the finder's training has others."""
WORKERS = 2
LEAST_SIDE = 64
"""A part of a small film is brought to this, as a person would enlarge it: the reader refuses smaller pictures."""
COMMAND = "python -m training non-hands --model DIR --images DIR --labels CSV --sizes CSV --dicom DIR --card"
Picture = tuple[str, Path]


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``non-hands``."""
    parser.add_argument("--model", required=True, help="folder or name of a bundle")
    parser.add_argument("--count", type=whole_number_from(2), default=1000, help="drawn pictures without a hand")
    parser.add_argument("--dicom", type=Path, help="folder of DICOM files without a hand")
    parser.add_argument("--hands", nargs="*", default=["hand_cr_jpeg2000.dcm"], help="files there that do show one")
    parser.add_argument("--images", type=Path, help="films of whole hands, of which parts are cut out")
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--sizes", type=Path, help="CSV of original sizes, undoes the stretch")
    parser.add_argument("--ids", type=Path, help="only these films")
    parser.add_argument("--films", type=COUNT, default=50, help="so many films are cut")
    parser.add_argument("--save", type=Path, help="keep every picture that got an age without a word here")
    add_card_option(parser)
    parser.add_argument("--quiet", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Print the counts; 4 if a picture got an age without a word, else 0. Raises ``BoneAgeError``."""
    if (options.images is None) != (options.labels is None):
        raise TrainingError("No films", "--images and --labels go together.", "no_films")
    if options.dicom is not None and not options.dicom.is_dir():
        raise TrainingError("No films", f"{options.dicom.name} is no folder. Correct --dicom.", "no_films")
    predictor = Predictor(find_bundle(options.model, model_search_path()), threads=1)
    silent = 0
    with TemporaryDirectory() as folder:
        sets = {
            "non_hands": _strangers(options, Path(folder)),
            "parts_of_hands": _parts(options, predictor, Path(folder)),
        }
        for name, pictures in sets.items():
            answers = _answers(predictor, pictures, options, name)
            silent += _report(predictor, name, answers, options.card)
    return ExitCode.CHECK_FAILED if silent else ExitCode.DONE


def _strangers(options: argparse.Namespace, folder: Path) -> Iterator[Picture]:
    for seed in SEEDS:
        for number in range(options.count // len(SEEDS)):
            kind, pixels = stranger(np.random.default_rng([seed, number]))
            yield _stored(folder, kind, f"{seed}-{number}", pixels)
    for path in sorted(options.dicom.glob("*.dcm")) if options.dicom is not None else []:
        if path.name not in options.hands:
            yield "dicom", path


def _parts(options: argparse.Namespace, predictor: Predictor, folder: Path) -> Iterator[Picture]:
    if options.images is None:
        return
    ids = read_ids(options.ids) if options.ids is not None else None
    sizes = read_sizes(options.sizes) if options.sizes is not None else {}
    films = labelled_films(options.images, options.labels, ids=ids, limit=options.films)
    for label, path in films.films:
        case = prepare(film_case(path, sizes.get(label.film_id)), predictor)
        if case.quality is None or case.quality.hand is None or case.quality.doubts or case.radiograph is None:
            continue
        for name, pixels in parts_of(case.radiograph.pixels, case.quality.hand):
            yield _stored(folder, name, label.film_id, pixels)


def _stored(folder: Path, kind: str, name: str, pixels: np.ndarray) -> Picture:
    scale = max(1.0, LEAST_SIDE * 2 / min(pixels.shape))
    if scale > 1:
        pixels = np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR), np.uint16)
    path = folder / f"{kind.replace(' ', '-')}-{name}.png"
    cv2.imwrite(str(path), pixels)
    return kind, path


def _answers(
    predictor: Predictor, pictures: Iterator[Picture], options: argparse.Namespace, name: str
) -> list[tuple[str, str]]:
    """Kind and ``refused``, ``doubtful`` or ``fine`` of every picture, which goes when it is judged."""

    def one(picture: Picture) -> tuple[str, str]:
        kind, path = picture
        outcome = outcome_of_file(predictor, path, Sex.FEMALE)
        judged = "refused" if outcome.months is None else "doubtful" if outcome.is_doubtful else "fine"
        if judged == "fine" and options.save is not None:
            options.save.mkdir(parents=True, exist_ok=True)
            copy_whole(path, options.save / path.name)
        if kind != "dicom":
            path.unlink()
        return kind, judged

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(tqdm(ahead(pool, one, pictures, 4 * WORKERS), disable=options.quiet, desc=name, unit="picture"))


def _report(predictor: Predictor, name: str, answers: list[tuple[str, str]], on_card: bool) -> int:
    """Print the counts by kind, put them on the card, and give back how many pictures got an age without a word."""
    if not answers:
        return 0
    outcomes = Counter(outcome for _, outcome in answers)
    count = len(answers)
    print(f"{name} (n {count}): " + ", ".join(f"{100 * n / count:.1f} % {what}" for what, n in outcomes.items()))
    kinds = sorted({kind for kind, _ in answers})
    for kind in kinds:
        own = Counter(outcome for each, outcome in answers if each == kind)
        print(f"  {kind:<14} {dict(own)}")
    if on_card:
        figures = {f"{what}_percent": 100 * outcomes[what] / count for what in ("refused", "doubtful", "fine")}
        bundle = load_bundle(predictor.bundle.directory)
        write_evidence(bundle, name, count, figures, COMMAND, f"seeds {SEEDS[0]} and {SEEDS[1]}: {', '.join(kinds)}")
    return outcomes["fine"]
