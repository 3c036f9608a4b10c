"""Films on the program's own line, and the crops that it makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from tqdm import tqdm

from bone_age_gui.core.model.bundle import Bundle
from bone_age_gui.core.model.roles import Preparer
from bone_age_gui.core.pipeline import prepare
from bone_age_gui.core.stages.hand import find_hand
from bone_age_gui.core.stages.joint_crop import JointCrop, JointCropSpec, reduced
from bone_age_gui.core.stages.reduction import reduce_film
from bone_age_gui.core.values.types import Case
from training.measure.scoring import FilmSet, film_case

READERS = 2
AT_ONCE = 8
_ANY = JointCropSpec(height=1.0, middle=0.0, most_apart=0.0, most_scale=1.0, most_turned=0.0)


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


def crop_of(case: Case, bundle: Bundle) -> tuple[float, float, float] | None:
    """Height and middle of the crop that thresholds make of a film, in lengths of the hand, the middle from the wrist;
    and by how many degrees clockwise the hand points off upright, its thumb on the right.

    ``None`` where joints saw no hand or not its thumb, or thresholds no hand.
    """
    cleaning, film = bundle.spec.cleaning, case.radiograph
    if cleaning is None or film is None or case.quality is None or case.quality.hand is None:
        return None
    small = reduce_film(film.pixels, bundle.spec.film_long_side)
    shape, small_shape = film.pixels.shape, small.shape
    hand = reduced(JointCrop(case.quality.hand, _ANY), (shape[0], shape[1]), (small_shape[0], small_shape[1])).hand
    region = find_hand(small, cleaning, bundle.spec.network_width / bundle.spec.network_height)
    if not region.is_hand or not hand.thumb_side:
        return None
    middle = float(np.dot(np.array(region.centre) - hand.wrist_at, hand.direction)) / hand.length
    return region.height / hand.length, middle, hand.thumb_side * hand.angle_degrees
