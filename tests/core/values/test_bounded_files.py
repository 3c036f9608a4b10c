"""A file that a person names may be anything."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from bone_age_gui.core.values.bounded_files import MOST_BYTES, read_bounded
from bone_age_gui.core.values.digest import sha256_of


def test_a_file_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_bytes(b"1234")
    assert read_bounded(path, 4) == b"1234"
    os.truncate(path, MOST_BYTES + 1)
    with pytest.raises(OSError, match="too large") as caught:
        read_bounded(path)
    assert caught.value.errno == errno.EFBIG


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such pipes here")
def test_what_might_never_end_has_no_digest(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert sha256_of(tmp_path / "pipe") == ""
