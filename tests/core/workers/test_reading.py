"""Films read in worker processes: the same as here, and whatever a file does costs a worker only."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import threading
from collections.abc import Iterator
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import numpy as np
import pytest
from pydicom.uid import UID, HTJ2KLossless, JPEG2000Lossless, JPEGLosslessSV1, JPEGLSLossless, RLELossless

from bone_age_gui.core.pipeline import open_case, process
from bone_age_gui.core.reader.read import read_radiograph
from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.workers import reading
from bone_age_gui.core.workers.limits import WorkerLimits
from bone_age_gui.core.workers.reading import FilmReader
from films import hand_like, write_dicom, write_picture
from harmful import reads_or_misbehaves
from refused import refused

SMALL = 300 * 2**20


@pytest.fixture(autouse=True)
def _nothing_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    blocks: list[SharedMemory] = []

    def noted(*, create: bool, size: int) -> SharedMemory:
        blocks.append(SharedMemory(create=create, size=size))
        return blocks[-1]

    monkeypatch.setattr(reading, "SharedMemory", noted)
    yield
    assert not multiprocessing.active_children()
    for block in blocks:
        with pytest.raises(FileNotFoundError):
            SharedMemory(block.name)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_dicom(tmp_path / "film.dcm", hand_like(600, 480))


def refusal(reader: FilmReader, path: Path) -> str:
    with pytest.raises(BoneAgeError) as caught:
        reader.read(path)
    return caught.value.code


def test_a_film_is_the_same_as_read_here(film: Path, tmp_path: Path) -> None:
    picture = write_picture(tmp_path / "film.png", hand_like(300, 240, seed=3))
    with FilmReader() as reader:
        for path in (film, picture, film):
            there, here = reader.read(path), read_radiograph(path)
            np.testing.assert_array_equal(there.pixels, here.pixels)
            assert not there.pixels.flags.writeable
            assert (there.patient, there.notices, there.made_by) == (here.patient, here.notices, here.made_by)


def test_pixels_of_earlier_films_stay_as_they_were(film: Path, tmp_path: Path) -> None:
    other = write_dicom(tmp_path / "other.dcm", hand_like(600, 480, seed=9))
    with FilmReader() as reader:
        first = reader.read(film)
        before = first.pixels.copy()
        reader.read(other)
    np.testing.assert_array_equal(first.pixels, before)


def test_a_refusal_comes_back_with_its_words(tmp_path: Path) -> None:
    with FilmReader() as reader, refused(match="The file is not there") as caught:
        reader.read(tmp_path / "gone.dcm")
    assert caught.value.code == "unreadable"


@pytest.mark.parametrize(
    "name, code",
    [
        ("hangs", "too_slow"),
        ("eats", "too_much_memory"),
        ("outgrows", "too_much_memory"),
        ("ends", "worker_ended"),
        ("errs", "internal"),
    ],
)
def test_what_goes_past_a_limit_is_refused_and_the_next_film_is_read(film: Path, name: str, code: str) -> None:
    bad = film.with_name(f"{name}.dcm")
    bad.write_bytes(film.read_bytes())
    limits = WorkerLimits(seconds=5.0 if name == "hangs" else 60.0, memory=SMALL)
    with FilmReader(limits=limits, read=reads_or_misbehaves) as reader:
        assert refusal(reader, bad) == code
        assert reader.read(film).pixels.shape == (600, 480)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there an allocation fails inside the worker")
@pytest.mark.parametrize(
    "syntax", [RLELossless, JPEGLSLossless, JPEG2000Lossless, HTJ2KLossless, JPEGLosslessSV1, None]
)
def test_a_film_that_does_not_fit_is_not_called_damaged(tmp_path: Path, syntax: UID | None) -> None:
    pixels = hand_like(3000, 2400)
    path = tmp_path / ("film.png" if syntax is None else "film.dcm")
    if syntax is None:
        write_picture(path, pixels, bits=16)
    else:
        write_dicom(path, pixels, bits=16, syntax=syntax)
    with FilmReader(limits=WorkerLimits(seconds=120.0, memory=24 * 2**20)) as reader:
        assert refusal(reader, path) == "too_much_memory"


def test_what_a_film_leaves_in_its_worker_is_not_missing_for_the_next(film: Path) -> None:
    keeping = film.with_name("keeps.dcm")
    keeping.write_bytes(film.read_bytes())
    with FilmReader(limits=WorkerLimits(memory=SMALL), read=reads_or_misbehaves) as reader:
        for _ in range(2):
            assert reader.read(keeping).pixels.shape == (600, 480)


def test_what_a_decoder_says_stays_in_its_worker(film: Path, capfd: pytest.CaptureFixture[str]) -> None:
    talking = film.with_name("talks.dcm")
    talking.write_bytes(film.read_bytes())
    with FilmReader(read=reads_or_misbehaves) as reader:
        reader.read(talking)
    assert capfd.readouterr() == ("", "")


def test_without_shared_memory_the_pixels_come_another_way(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> SharedMemory:
        raise OSError

    monkeypatch.setattr(reading, "SharedMemory", refuse)
    with FilmReader() as reader:
        there = reader.read(film)
    np.testing.assert_array_equal(there.pixels, read_radiograph(film).pixels)
    assert not there.pixels.flags.writeable


def test_the_program_can_end_while_a_film_hangs(film: Path) -> None:
    bad = film.with_name("hangs.dcm")
    bad.write_bytes(film.read_bytes())
    codes: list[str] = []
    reader = FilmReader(read=reads_or_misbehaves)
    reader.read(film)
    thread = threading.Thread(target=lambda: codes.append(refusal(reader, bad)))
    thread.start()
    thread.join(0.5)
    reader.close()
    thread.join(10)
    assert codes == ["no_workers"]


def test_two_workers_read_at_the_same_time(film: Path) -> None:
    films = []
    with FilmReader(workers=2) as reader:
        threads = [threading.Thread(target=lambda: films.append(reader.read(film))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(multiprocessing.active_children()) == 2
    assert [one.pixels.shape for one in films] == [(600, 480)] * 4


def test_the_pipeline_reads_by_whoever_it_is_handed(film: Path, tmp_path: Path) -> None:
    from bone_age_gui import paths
    from bone_age_gui.core.growth import GrowthReference
    from bone_age_gui.core.model.predictor import Predictor
    from bundles import make_bundle

    bad = film.with_name("ends.dcm")
    bad.write_bytes(film.read_bytes())
    predictor = Predictor(make_bundle(tmp_path / "tiny"), "cpu")
    reference = GrowthReference.load(paths.growth_dir() / "brush_foundation.json")
    with FilmReader(read=reads_or_misbehaves) as reader:
        assert open_case(film, reader.read).radiograph is not None
        error = process(bad, predictor, reference, read=reader.read).error
        assert error is not None
        assert error.code == "worker_ended"
        assert process(film, predictor, reference, read=reader.read).estimate is not None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows frees memory by itself")
def test_a_program_that_is_ended_at_once_leaves_no_memory_and_says_nothing(film: Path) -> None:
    """By SIGKILL, after one of its workers was: the block has lost its name as soon as both have it."""
    code = f"""
import multiprocessing, os, signal
from multiprocessing.shared_memory import SharedMemory
from bone_age_gui.core.workers import reading
blocks = []
def noted(**options):
    blocks.append(SharedMemory(**options))
    return blocks[-1]
if __name__ == "__main__":
    reading.SharedMemory = noted
    reader = reading.FilmReader()
    reader.read({str(film)!r})
    os.kill(multiprocessing.active_children()[0].pid, signal.SIGKILL)
    reader.read({str(film)!r})
    print(*(block.name for block in blocks), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    names = done.stdout.split()
    assert names
    for name in names:
        with pytest.raises(FileNotFoundError):
            SharedMemory(name)
