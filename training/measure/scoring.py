"""Films of a labelled set walked through the app's own line: reader, stages, ONNX session. No torch."""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from tqdm import tqdm

from bone_age_gui.core.model.card import Card, Metrics
from bone_age_gui.core.model.predictor import Predictor
from bone_age_gui.core.model.roles import Preparer
from bone_age_gui.core.pipeline import open_case, prepare
from bone_age_gui.core.quality import estimate_refusal
from bone_age_gui.core.stages.preprocess import network_input
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.quality import Notice
from bone_age_gui.core.values.types import Case, Estimate, Sex
from training.errors import TrainingError
from training.films.data import Label, film_paths, no_films, read_labels
from training.films.geometry import undo_stretch
from training.measure.metrics import score
from training.tables import write_table

READERS = 2
"""Films read and prepared at the same time, beside the inference."""
_T = TypeVar("_T")
_R = TypeVar("_R")


@dataclass(frozen=True)
class FilmSet:
    """Films to score: ``films`` with their files, ``missing`` ids that have a label or were asked for but lack
    a file or a label. ``sizes`` (width, height) by id undo a stretch; ``None`` where nothing was stretched."""

    name: str
    films: tuple[tuple[Label, Path], ...]
    missing: tuple[str, ...] = ()
    sizes: Mapping[str, tuple[int, int]] | None = None


@dataclass(frozen=True)
class Scored:
    """A scored set: estimates in the order of their labels, and the films refused with their error codes."""

    films: tuple[tuple[Label, Estimate], ...]
    refused: Mapping[str, str] = field(default_factory=dict)


def labelled_films(
    images: Path,
    labels: Path,
    *,
    ids: Sequence[str] | None = None,
    limit: int | None = None,
    sizes: Mapping[str, tuple[int, int]] | None = None,
    name: str = "",
) -> FilmSet:
    """Pair labels with files, in the order of the labels; ``ids`` restricts, ``limit`` takes the first ones.

    Raises ``BoneAgeError`` (``bad_labels``, ``no_films``) if there is nothing to score.
    """
    paths = film_paths(images)
    known = {label.film_id: label for label in read_labels(labels)}
    wanted = known if ids is None else dict.fromkeys(ids)
    chosen = [film_id for film_id in known if film_id in wanted and film_id in paths]
    if not chosen:
        raise no_films(images)
    missing = tuple(film_id for film_id in wanted if film_id not in known or film_id not in paths)
    films = tuple((known[film_id], paths[film_id]) for film_id in chosen[:limit])
    return FilmSet(name or images.name, films, missing, sizes)


def score_films(predictor: Predictor, films: FilmSet, *, unknown_sex: bool = False, quiet: bool = False) -> Scored:
    """Estimate every film of a set; one that is refused is noted and does not stop the others."""
    done: list[tuple[Label, Estimate]] = []
    refused: dict[str, str] = {}

    def one(item: tuple[Label, Path]) -> tuple[Label, _Ready | BoneAgeError]:
        label, path = item
        try:
            return label, _ready(path, predictor, (films.sizes or {}).get(label.film_id))
        except BoneAgeError as error:
            return label, error

    progress = tqdm(total=len(films.films), unit="film", desc=films.name, disable=quiet)
    with progress, ThreadPoolExecutor(READERS) as pool:
        inputs = ahead(pool, one, films.films, 4 * predictor.batch_size)
        while part := list(islice(inputs, predictor.batch_size)):
            refused |= {label.film_id: each.code for label, each in part if isinstance(each, BoneAgeError)}
            good = [(label, each) for label, each in part if not isinstance(each, BoneAgeError)]
            done += _estimates(predictor, good, unknown_sex, refused)
            progress.update(len(part))
    return Scored(tuple(done), refused)


def film_case(path: Path, size: tuple[int, int] | None = None) -> Case:
    """A film as the program opens it; ``size`` (width, height) undoes a stretch before the line begins."""
    case = open_case(path)
    if size is None or case.radiograph is None:
        return case
    return replace(case, radiograph=replace(case.radiograph, pixels=undo_stretch(case.radiograph.pixels, *size)))


def film_input(path: Path, model: Preparer, size: tuple[int, int] | None = None) -> np.ndarray:
    """Network input (1, 1, h, w) of one file. Raises ``BoneAgeError`` where the program would refuse the film."""
    return _ready(path, model, size).inputs


@dataclass(frozen=True)
class _Ready:
    """A film that the program would estimate: the network's input, and what is doubtful about the film."""

    inputs: np.ndarray
    doubts: tuple[Notice, ...]


def _ready(path: Path, model: Preparer, size: tuple[int, int] | None) -> _Ready:
    case = prepare(film_case(path, size), model)
    if case.error is not None:
        raise case.error
    return _Ready(network_input(case.stages, model.bundle.spec), case.doubts)


def label_sex(label: Label) -> Sex:
    """Sex of the child as labelled."""
    return Sex.MALE if label.male else Sex.FEMALE


def metrics_of(scored: Scored, set_description: str) -> Metrics:
    """Scores of the films that were estimated; ``BoneAgeError`` (``all_refused``) if none was."""
    if not scored.films:
        counts = ", ".join(f"{count} {code}" for code, count in Counter(scored.refused.values()).items())
        raise TrainingError(
            "No film could be estimated", f"All were refused ({counts}). Check the folder.", "all_refused"
        )
    labels, estimates = zip(*scored.films, strict=True)
    return score(
        [estimate.bone_age_months for estimate in estimates],
        [label.months for label in labels],
        [label_sex(label) for label in labels],
        set_description,
        [estimate.interval_months for estimate in estimates],
    )


def describe(films: FilmSet, unknown_sex: bool) -> str:
    """The set and how it was read, in words, for the card."""
    geometry = "stretch undone" if films.sizes is not None else "as stored"
    sex = "sex not given" if unknown_sex else "sex given"
    return f"{films.name}, {geometry}, {sex}"


def held_out_count(card: Card, films: Iterable[Label]) -> int:
    """How many of the films the card lists as never trained on."""
    known = set(card.training.held_out)
    return sum(hash_id(label.film_id) in known for label in films)


def hash_id(film_id: str) -> str:
    """SHA-256 of an id, as cards list held-out films."""
    return hashlib.sha256(film_id.encode("utf-8")).hexdigest()


def write_predictions(path: Path, scored: Scored) -> None:
    """One line a film: ``id,boneage,male,estimate,error,spread,interval_low,interval_high`` (months)."""
    header = ("id", "boneage", "male", "estimate", "error", "spread", "interval_low", "interval_high")
    write_table(path, header, [_prediction(label, estimate) for label, estimate in scored.films])


def _prediction(label: Label, estimate: Estimate) -> tuple[Any, ...]:
    months, interval = estimate.bone_age_months, estimate.interval_months or ("", "")
    spread = "" if estimate.spread_months is None else estimate.spread_months
    return (label.film_id, label.months, label.male, months, months - label.months, spread, *interval)


def _estimates(
    predictor: Predictor, films: Sequence[tuple[Label, _Ready]], unknown_sex: bool, refused: dict[str, str]
) -> list[tuple[Label, Estimate]]:
    """Estimate a batch; if it fails, film by film, so that one implausible estimate costs only its own film;
    what the program would refuse for the network's own output is refused."""
    if not films:
        return []
    sexes = [None if unknown_sex else label_sex(label) for label, _ in films]
    try:
        estimates = predictor.estimate_batch(np.concatenate([ready.inputs for _, ready in films]), sexes)
    except BoneAgeError as error:
        if len(films) == 1:
            refused[films[0][0].film_id] = error.code
            return []
        return [pair for film in films for pair in _estimates(predictor, [film], unknown_sex, refused)]
    given = []
    for (label, ready), estimate in zip(films, estimates, strict=True):
        if (refusal := estimate_refusal(estimate, predictor.bundle.card, ready.doubts)) is not None:
            refused[label.film_id] = refusal.code
        else:
            given.append((label, estimate))
    return given


def ahead(pool: ThreadPoolExecutor, work: Callable[[_T], _R], items: Iterable[_T], count: int) -> Iterator[_R]:
    """Like ``pool.map``, in order, but never more than ``count`` results wait in memory."""
    waiting: deque[Future[_R]] = deque()
    for item in items:
        waiting.append(pool.submit(work, item))
        if len(waiting) >= count:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
