"""Three hundred damaged and hostile files: each is read or refused, and the program lives on as it was.

The long campaign with the same means is ``tests/benchmarks/fuzz.py``.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from bombs import BOMBS, write_bomb
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.types import Radiograph
from bone_age_gui.core.workers.limits import WorkerLimits
from bone_age_gui.core.workers.reading import FilmReader
from bone_age_gui.wording.errors import error_words
from fuzz import damages, make_bases, mutate, wrong_share
from refused import message_of

CASES = 300
SEED = 18
FRAME = 64 * 2**20
"""Bytes by which the program may grow over all of it: the films themselves are small."""
BUGS = ("internal", "no words", "no_workers")
LIMITS = WorkerLimits(seconds=20.0, memory=600 * 2**20)


@pytest.fixture(scope="module")
def reader() -> Iterator[FilmReader]:
    with FilmReader(limits=LIMITS) as made:
        yield made


def outcome(reader: FilmReader, path: Path) -> str | Radiograph:
    """The film, or the code of its refusal; anything else fails the test."""
    try:
        return reader.read(path)
    except BoneAgeError as error:
        return error.code if error_words(error).title and message_of(error) else "no words"


def test_whatever_is_done_to_a_file_it_is_read_or_refused(reader: FilmReader, tmp_path: Path) -> None:
    rng = random.Random(SEED)
    bases = make_bases(tmp_path)
    whole = tmp_path / "whole.dcm"
    whole.write_bytes(bases[0].data)
    before = reader.read(whole)
    held = psutil.Process().memory_info().rss
    for number in range(CASES):
        base = bases[number % len(bases)]
        path = tmp_path / f"case{base.suffix}"
        path.write_bytes(mutate(base.data, rng))
        film = outcome(reader, path)
        if isinstance(film, str):
            assert film not in BUGS, f"case {number}: {base.name}"
        else:
            assert film.pixels.dtype == np.uint16
            assert film.pixels.min() < film.pixels.max()
    assert psutil.Process().memory_info().rss - held < FRAME
    np.testing.assert_array_equal(reader.read(whole).pixels, before.pixels)


def test_damage_to_the_pixels_alone_is_no_mistake_of_the_program(reader: FilmReader, tmp_path: Path) -> None:
    rng = random.Random(SEED)
    for base in make_bases(tmp_path):
        path = tmp_path / f"case{base.suffix}"
        path.write_bytes(rng.choice(list(damages(base, rng)))[1])
        assert outcome(reader, path) not in BUGS, base.name


@pytest.mark.parametrize("seed", [19, 21, 22])
def test_a_hole_in_one_pass_of_a_jpeg_is_not_silent(reader: FilmReader, tmp_path: Path, seed: int) -> None:
    """These seeds hold holes that the pixels do not show: libjpeg speaks of them, and is heard in a worker."""
    base = next(each for each in make_bases(tmp_path) if each.name == "jpg progressive")
    path = tmp_path / "case.jpg"
    path.write_bytes(base.data)
    whole = reader.read(path)
    assert "perhaps_damaged" not in {notice.code for notice in whole.notices}
    rng, accepted = random.Random(f"{seed}/{base.name}"), 0
    for how, data in damages(base, rng):
        path.write_bytes(data)
        film = outcome(reader, path)
        if isinstance(film, Radiograph) and wrong_share(film.pixels, whole.pixels) > 0.05:
            accepted += 1
            assert "perhaps_damaged" in {notice.code for notice in film.notices}, how
    assert accepted


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_is_decoded(reader: FilmReader, tmp_path: Path, name: str) -> None:
    path = write_bomb(tmp_path, name)
    held = psutil.Process().memory_info().rss
    with pytest.raises(BoneAgeError) as caught:
        reader.read(path)
    assert f"{caught.value.code} {caught.value.why}".strip() == BOMBS[name][1]
    assert message_of(caught.value)
    assert psutil.Process().memory_info().rss - held < FRAME
    whole = tmp_path / "whole.dcm"
    whole.write_bytes(make_bases(tmp_path)[0].data)
    assert reader.read(whole).pixels.shape == (300, 240)
