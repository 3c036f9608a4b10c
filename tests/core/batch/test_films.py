"""Which files of a folder are films."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from batches import make_films
from bone_age_gui.core.batch.films import JOURNAL_FILE, BatchFilm, films_to_open, find_films
from films import hand_like, write_dicom
from refused import refused

posix_only = pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")


def names(folder: Path, **options: object) -> list[str]:
    return [film.name for film in find_films(folder, **options).films]  # type: ignore[arg-type]


def test_dicom_is_found_by_content_and_known_extensions_always(tmp_path: Path) -> None:
    assert names(make_films(tmp_path)) == ["1.2.840.9", "a.dcm", "b.dcm", "c.png", "d.jpg", "e.png"]


def test_folders_below_are_entered_only_when_asked_for(tmp_path: Path) -> None:
    make_films(tmp_path / "x" / "y")
    assert names(tmp_path) == []
    assert len(names(tmp_path, recursive=True)) == 6
    assert names(tmp_path, recursive=True)[0] == "x/y/1.2.840.9"


def test_output_folders_inside_are_never_scanned(tmp_path: Path) -> None:
    make_films(tmp_path)
    make_films(tmp_path / "now")
    make_films(tmp_path / "earlier")
    (tmp_path / "earlier" / JOURNAL_FILE).touch()
    listed = names(tmp_path, recursive=True, leave_out=tmp_path / "now")
    assert len(listed) == 6
    assert not any("/" in name for name in listed)


@pytest.mark.parametrize("name", ["1.2.840.113619.2.55", "IM0001", "film.dcm.bak", "hand", "x.txt", "IMG.2026"])
def test_whatever_it_is_called_a_file_that_begins_as_dicom_is_a_film(tmp_path: Path, name: str) -> None:
    write_dicom(tmp_path / name, hand_like(300, 240))
    (tmp_path / "notes.55").write_text("no film", encoding="utf-8")
    assert names(tmp_path) == [name]
    assert [film.name for film in films_to_open([tmp_path], 9).films] == [name]


def test_opening_takes_files_as_they_are_and_folders_with_all_below(tmp_path: Path) -> None:
    make_films(tmp_path / "a" / "b")
    text = tmp_path / "notes.txt"
    text.write_text("no film", encoding="utf-8")
    opened = films_to_open([text, tmp_path / "a", tmp_path / "gone"], 6)
    assert [film.path.name for film in opened.films] == [
        "notes.txt", "1.2.840.9", "a.dcm", "b.dcm", "c.png", "d.jpg", "e.png", "gone",
    ]  # fmt: skip
    assert not opened.has_more
    opened = films_to_open([tmp_path / "a", tmp_path / "a" / "b"], 5)
    assert (len(opened.films), opened.has_more) == (5, True)


@posix_only
def test_a_link_back_to_the_folder_lists_nothing_twice(tmp_path: Path) -> None:
    make_films(tmp_path)
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    assert len(names(tmp_path, recursive=True)) == 6


@posix_only
def test_a_folder_and_a_link_to_it_are_one(tmp_path: Path) -> None:
    make_films(tmp_path / "a")
    (tmp_path / "link").symlink_to(tmp_path / "a", target_is_directory=True)
    count = len(names(tmp_path / "a", recursive=True))
    assert len(films_to_open([tmp_path / "a", tmp_path / "link", tmp_path / "a"], 99).films) == count
    assert len(names(tmp_path / "link", recursive=True)) == count


@posix_only
def test_loops_of_links_end_and_links_to_films_count(tmp_path: Path) -> None:
    make_films(tmp_path / "films")
    (tmp_path / "films" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "films" / "gone.dcm").symlink_to(tmp_path / "nothing")
    listed = names(tmp_path, recursive=True)
    assert len(listed) == len(set(listed)) == 7
    assert "films/gone.dcm" in listed


@posix_only
def test_a_pipe_without_extension_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert names(tmp_path) == []


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_what_is_no_folder_is_said_in_words(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "it"
    if kind == "file":
        path.touch()
    with refused(match=r"Choose the folder") as caught:
        find_films(path)
    assert caught.value.code == "folder_unreadable"
    assert str(tmp_path) not in str(caught.value)


def test_the_key_follows_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"1")
    os.utime(path, ns=(1, 1))
    film = BatchFilm(path, "a.png")
    first = film.key("salt")
    assert first == film.key("salt") != film.key("other")
    assert "a.png" not in first
    os.utime(path, ns=(1, 2))
    assert film.key("salt") != first
    path.unlink()
    assert film.key("salt") != first
