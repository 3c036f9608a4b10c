"""Films and labels in the official RSNA layout, walked through the app's own line once and kept in memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from tqdm import tqdm

from bone_age_gui.core.stages.preprocess import PreprocessingSpec, run_stages
from bone_age_gui.core.values.film_suffixes import FILM_SUFFIXES
from bone_age_gui.core.values.whole_files import whole_file
from training.configs.values import JointCrops
from training.errors import TrainingError
from training.films.arrays import BROKEN
from training.films.by_joints import JointCropper
from training.films.changes import changed_at_random
from training.films.geometry import read_sizes, undo_stretch
from training.tables import number, read_rows

MOST_MONTHS = 300
"""A reading above it is a mistake of the table, days perhaps."""
_MALE = {"true": True, "1": True, "m": True, "false": False, "0": False, "f": False}


@dataclass(frozen=True)
class Label:
    """One line of the labels: the reading in months and the child's sex."""

    film_id: str
    months: float
    male: bool


@dataclass(frozen=True)
class Films:
    """A set in memory.

    Attributes
    ----------
    ids : tuple of str
    pixels : numpy.ndarray
        uint8, (n, height, width): the network stage of each film.
    months : numpy.ndarray
        float32, (n,).
    male : numpy.ndarray
        bool, (n,).
    features : numpy.ndarray or None
        float32, (n, channels): what a frozen backbone makes of the films, computed once.
    finer : numpy.ndarray or None
        bool, (n,): which have a higher resolution than the others; ``None`` where all are of one kind.
    lessons : numpy.ndarray or None
        float32, (n, 241): a model's distribution for each film as it is, chances of whole months.
    """

    ids: tuple[str, ...]
    pixels: np.ndarray
    months: np.ndarray
    male: np.ndarray
    features: np.ndarray | None = None
    finer: np.ndarray | None = None
    lessons: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def subset(self, wanted: Sequence[int] | np.ndarray) -> Films:
        """The films at these positions."""
        chosen = np.asarray(wanted, dtype=np.int64)
        ids = tuple(self.ids[i] for i in chosen)
        features, finer, lessons = (
            None if values is None else values[chosen] for values in (self.features, self.finer, self.lessons)
        )
        return Films(ids, self.pixels[chosen], self.months[chosen], self.male[chosen], features, finer, lessons)

    def digest(self) -> str:
        """Short name of films, readings and sexes."""
        digest = hashlib.sha256(json.dumps([self.ids, self.pixels.shape]).encode())
        for values in (self.pixels, self.months, self.male, self.finer):
            digest.update(b"" if values is None else np.ascontiguousarray(values).data)
        return digest.hexdigest()[:16]

    def with_finer(self, finer: Films) -> Films:
        """These films and others of a higher resolution, which may be of the same hands; without features."""
        is_finer = np.arange(len(self) + len(finer)) >= len(self)
        return replace(self.with_more(finer), finer=is_finer)

    def with_more(self, others: Films) -> Films:
        """These films and others of the same kind; without features."""
        pixels, months, male = (
            np.concatenate([getattr(each, name) for each in (self, others)]) for name in ("pixels", "months", "male")
        )
        lessons = None
        if self.lessons is not None and others.lessons is not None:
            lessons = np.concatenate([self.lessons, others.lessons])
        return Films((*self.ids, *others.ids), pixels, months, male, lessons=lessons)


def read_labels(path: Path) -> list[Label]:
    """Read ``id,boneage,male``; a broken table raises BoneAgeError (``bad_labels``)."""
    try:
        return read_rows(path, ("id", "boneage", "male"), _label)
    except ValueError as error:
        raise TrainingError(
            "The labels cannot be read",
            f"{path.name}: {error}. Give a table with the columns id, boneage (months) and male (True or False).",
            "bad_labels",
        ) from error


def _label(row: Mapping[str, str]) -> Label:
    is_male = _MALE.get(row["male"].strip().lower())
    if is_male is None:
        raise ValueError(f"male should be True or False, not {row['male'][:20]!r}")
    return Label(row["id"].strip(), number(row, "boneage", 0, MOST_MONTHS), is_male)


def film_paths(folder: Path) -> dict[str, Path]:
    """Film id (the file's stem) to path, for every film in the folder; BoneAgeError (``no_films``) without a folder."""
    try:
        return {path.stem: path for path in sorted(folder.iterdir()) if path.suffix.lower() in FILM_SUFFIXES}
    except OSError as error:
        raise no_films(folder) from error


def labelled(paths: Collection[str], labels: Path) -> list[Label]:
    """Labels of these films, as ``film_paths`` lists them, in the order of the table.

    Raises ``BoneAgeError`` (``bad_labels``).
    """
    return [label for label in read_labels(labels) if label.film_id in paths]


def no_films(folder: Path) -> TrainingError:
    """No film of a folder can be used."""
    return TrainingError(
        "No films", f"No labelled film lies in {folder.name}. Check --images, --labels and --ids.", "no_films"
    )


def read_ids(path: Path) -> list[str]:
    """One id a line, which may hold spaces; BoneAgeError (``bad_ids``) if the file cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(
            "The list of films cannot be read", f"{path.name} needs one id a line. Give another file.", "bad_ids"
        ) from error
    return [film_id for line in lines if (film_id := line.strip())]


def read_split(splits: Path, name: str) -> list[str]:
    """Ids of a held-out set, ``"report"`` or ``"tune"``; BoneAgeError (``no_split``) where it is not written down."""
    path = splits / f"{name}.txt"
    if not path.is_file():
        raise TrainingError(
            "The split is missing",
            f"There is no {path.name} in --splits. Make it with python -m training split.",
            "no_split",
        )
    return read_ids(path)


def load_films(
    images: Path,
    labels: Path,
    sizes: Path | None,
    spec: PreprocessingSpec,
    cache: Path | None = None,
    *,
    ids: set[str] | None = None,
    copy: int = 0,
    crops: JointCrops | None = None,
) -> Films:
    """Read and prepare every labelled film of a folder, or those of ``ids``, or take them from the cache folder.

    ``crops`` crops them by their joints. ``copy`` 0 are the films as they are; 1, 2, ... have gone through random
    changes first, each copy through others.
    The cache's name holds a hash of the preprocessing, the films and their sizes, so that pictures of others are never
    taken for these.
    """
    paths = film_paths(images)
    known = labelled(paths, labels)
    if ids is not None:
        known = [label for label in known if label.film_id in ids]
    if not known:
        raise no_films(images)
    original = read_sizes(sizes) if sizes else {}
    each = [(label.film_id, original.get(label.film_id)) for label in known]
    crop = asdict(crops) if crops is not None else None
    key = short_hash([pixels_key(spec, sizes is not None), str(images.resolve()), each, copy, crop])
    chosen = [paths[label.film_id] for label in known]
    stored = cache / f"films-{key}.npy" if cache else None
    pixels = cached_array(stored, lambda: _prepare(chosen, original, spec, copy, crops))
    return Films(
        tuple(label.film_id for label in known),
        pixels,
        np.array([label.months for label in known], np.float32),
        np.array([label.male for label in known], bool),
    )


def cached_array(stored: Path | None, make: Callable[[], np.ndarray]) -> np.ndarray:
    """An array out of its file, or, where there is none that can be read, made now and kept there."""
    if stored is not None:
        with suppress(*BROKEN):
            return np.asarray(np.load(stored))
    made = make()
    if stored is not None:
        stored.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(stored) as temporary:  # another process may make it too
            np.save(temporary, made)
    return made


def pixels_key(spec: PreprocessingSpec, unstretched: bool) -> str:
    """Short name of all that changes a prepared film's pixels; grey values are normalised later and do not count."""
    changes = {name: value for name, value in spec.to_dict().items() if name not in ("mean", "deviation")}
    return short_hash([changes, unstretched])


def short_hash(values: list[Any]) -> str:
    """Short name of plain values."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def _prepare(
    paths: list[Path],
    sizes: dict[str, tuple[int, int]],
    spec: PreprocessingSpec,
    copy: int,
    crops: JointCrops | None,
) -> np.ndarray:
    # Here, so that a machine that only gets prepared films needs no DICOM reader.
    from bone_age_gui.core.reader.read import read_radiograph

    cv2.setNumThreads(1)  # the films are the parallel axis

    def one(path: Path) -> np.ndarray:
        pixels = read_radiograph(path).pixels
        if path.stem in sizes:
            pixels = undo_stretch(pixels, *sizes[path.stem])
        if copy:
            pixels = changed_at_random(pixels, np.random.default_rng([copy, *path.stem.encode()]))
        return run_stages(pixels, spec, cropper.crop(pixels) if cropper is not None else None)[-1].pixels

    cropper = JointCropper(crops) if crops is not None else None
    with ThreadPoolExecutor(4) as pool:
        return np.stack(list(tqdm(pool.map(one, paths), total=len(paths), desc="reading", unit="film")))


def split_films_by_id(films: Films, splits: Path) -> tuple[Films, Films]:
    """Training and tune films by the written-down split; *report* is left out altogether."""
    report, tune = (set(read_split(splits, name)) for name in ("report", "tune"))
    train_at = [i for i, film_id in enumerate(films.ids) if film_id not in report and film_id not in tune]
    tune_at = [i for i, film_id in enumerate(films.ids) if film_id in tune]
    return films.subset(train_at), films.subset(tune_at)


def limited(films: Films, count: int | None) -> Films:
    """The first ``count`` films, for trials; all of them for ``None``."""
    if count is None or count >= len(films):
        return films
    return films.subset(range(count))
