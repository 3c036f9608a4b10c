"""Films on the program's own line, with what the finder saw and what the age network's features are."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tqdm import tqdm

from bone_age_gui.core.model.bundle import Bundle
from bone_age_gui.core.pipeline import Preparer, prepare
from bone_age_gui.core.stages.hand import HandRegion, find_hand
from bone_age_gui.core.stages.joint_crop import JointCrop, JointCropSpec, reduced
from bone_age_gui.core.stages.preprocess import network_input
from bone_age_gui.core.stages.reduction import reduce_film
from bone_age_gui.core.values.joints import HandJoints
from bone_age_gui.core.values.types import Case
from training.measure.scoring import FilmSet, film_case

READERS = 2
AT_ONCE = 8
_ANY = JointCropSpec(height=1.0, middle=0.0, most_apart=0.0, most_scale=1.0, most_turned=0.0)


@dataclass(frozen=True)
class Crops:
    """The hand in pixels of the reduced film, and the crop that thresholds made of it."""

    hand: HandJoints
    by_thresholds: HandRegion


def prepared_films(films: FilmSet, model: Preparer, *, quiet: bool = False) -> Iterator[tuple[str, Case]]:
    """Id and prepared case of every film, in order; a refused one is prepared all the same."""

    def one(item: tuple[str, Path]) -> tuple[str, Case]:
        film_id, path = item
        return film_id, prepare(film_case(path, (films.sizes or {}).get(film_id)), model)

    items = [(label.film_id, path) for label, path in films.films]
    with ThreadPoolExecutor(READERS) as pool, tqdm(total=len(items), desc=films.name, disable=quiet) as progress:
        for first in range(0, len(items), AT_ONCE):
            for answer in pool.map(one, items[first : first + AT_ONCE]):
                progress.update()
                yield answer


def crops(case: Case, bundle: Bundle) -> Crops | None:
    """What joints and thresholds say of the same film; ``None`` where one of them saw no hand."""
    cleaning, film = bundle.spec.cleaning, case.radiograph
    if cleaning is None or film is None or case.quality is None or case.quality.hand is None:
        return None
    small = reduce_film(film.pixels, bundle.spec.film_long_side)
    shape, small_shape = film.pixels.shape, small.shape
    joints = reduced(
        JointCrop(case.quality.hand, _ANY), (shape[0], shape[1]), (small_shape[0], small_shape[1])
    )
    region = find_hand(small, cleaning, bundle.spec.network_width / bundle.spec.network_height)
    return Crops(joints.hand, region) if region.is_hand else None


class Features:
    """One output of the age network for prepared films, sex unknown: by default its pooled features."""

    def __init__(self, bundle: Bundle, output: str = "features", threads: int = 2) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = ort.InferenceSession(str(bundle.model_path), options, providers=["CPUExecutionProvider"])
        self._bundle = bundle
        self._output = output

    def of(self, case: Case) -> np.ndarray:
        """float32, the output without its batch axis."""
        unknown = np.array([self._bundle.card.sex_encoding.unknown], np.float32)
        feed = {"image": network_input(case.stages, self._bundle.spec), "sex": unknown}
        (values,) = self._session.run([self._output], feed)
        return np.asarray(values[0], np.float32)
