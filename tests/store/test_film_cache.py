"""Fetched films: for their owner only, by hashed names, up to a size and for some days."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.store import film_cache
from bone_age_gui.store.film_cache import FilmCache

DAY = 24 * 3600


def test_a_film_is_found_again_by_its_uid_alone(tmp_path: Path) -> None:
    path = FilmCache(tmp_path).put("1.2.3", b"film")
    assert FilmCache(tmp_path).path_of("1.2.3") == path
    assert path.read_bytes() == b"film"
    assert FilmCache(tmp_path).path_of("1.2.4") is None
    assert "1.2.3" not in str(path)


@pytest.mark.parametrize("uid", ["../../x", "/etc/passwd", "a\0b", "", "\ud800", "x" * 5000])
def test_no_uid_leads_out_of_the_folder(tmp_path: Path, uid: str) -> None:
    path = FilmCache(tmp_path).put(uid, b"film")
    assert path.parent == tmp_path / film_cache.FOLDER


@pytest.mark.skipif(os.name != "posix", reason="rights of files are those of POSIX")
def test_nobody_else_reads_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = FilmCache(tmp_path).put("1.2.3", b"film")
    finally:
        os.umask(before)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    cache = FilmCache(tmp_path, most_bytes=250)
    for number, name in enumerate("abc"):
        path = cache.put(name, bytes(80))
        os.utime(path, (time.time() - 100 + number, time.time()))
    assert cache.path_of("a") is not None, "used now"
    cache.put("d", bytes(80))
    assert [name for name in "abcd" if cache.path_of(name)] == ["a", "c", "d"]
    huge = cache.put("e", bytes(1000))
    assert huge.exists(), "the film that comes always stays"
    assert list(huge.parent.iterdir()) == [huge]


def test_a_film_goes_after_some_days_however_often_it_is_used(tmp_path: Path) -> None:
    cache = FilmCache(tmp_path, days=2)
    path = cache.put("a", b"film")
    os.utime(path, (time.time(), time.time() - 1.9 * DAY))
    assert cache.path_of("a") == path
    os.utime(path, (time.time(), time.time() - 2.1 * DAY))
    assert cache.path_of("a") is None
    assert not path.exists()


def test_old_films_go_when_another_one_comes(tmp_path: Path) -> None:
    cache = FilmCache(tmp_path, days=2)
    old = cache.put("a", b"film")
    os.utime(old, (time.time(), time.time() - 3 * DAY))
    cache.put("b", b"film")
    assert not old.exists()


def test_all_of_it_is_forgotten(tmp_path: Path) -> None:
    cache = FilmCache(tmp_path)
    folder = cache.put("a", b"film").parent
    (folder / ".0123456789abcdef.part.dcm").write_bytes(b"half a film")
    film_cache.empty_film_cache(tmp_path)
    assert not list(folder.iterdir())
    film_cache.empty_film_cache(tmp_path / "nothing here")


def test_a_folder_that_takes_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / film_cache.FOLDER).write_text("a file", encoding="utf-8")
    with pytest.raises(BoneAgeError):
        FilmCache(tmp_path).put("a", b"film")
