"""Files appear whole or not at all, with clear words."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from bone_age_gui.core.values.errors import BoneAgeError
from bone_age_gui.core.values.whole_files import make_folder, write_content, write_whole


def test_a_file_takes_the_place_of_the_older_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")
    write_whole(path, lambda temporary: temporary.write_text("new") and None)
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "number, code",
    [
        (errno.ENOSPC, "disk_full"),
        (errno.EDQUOT, "disk_full"),
        (errno.EROFS, "read_only"),
        (errno.EACCES, "read_only"),
        (errno.ENOENT, "no_folder"),
        (errno.EIO, "not_written"),
    ],
)
def test_a_failure_leaves_the_older_file_and_says_what_to_do(tmp_path: Path, number: int, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old")

    def fail(temporary: Path) -> None:
        temporary.write_text("half")
        raise OSError(number, "as the system says", str(temporary))

    with pytest.raises(BoneAgeError) as caught:
        write_whole(path, fail)
    assert caught.value.code == code
    assert str(tmp_path) not in str(caught.value)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BoneAgeError) as caught:
        make_folder(tmp_path / "file" / "reports")
    assert caught.value.code == "no_folder"


def test_a_file_is_on_the_disk_before_it_takes_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a power cut may leave an empty file where there was a whole one."""
    seen: list[tuple[int, bool]] = []
    target = tmp_path / "report.json"
    monkeypatch.setattr(os, "fsync", lambda file: seen.append((os.fstat(file).st_size, target.exists())))
    write_content(target, "whole")
    assert seen == [(5, False)]
