"""Where uploaded films lie while they are read: a folder for this user alone, under names of our own."""

from __future__ import annotations

import contextlib
import io
import re
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from flask import Request
from werkzeug.datastructures import FileStorage

_LONGEST_NAME = 255


class FilmFile(io.FileIO):
    """A film on its way: a file that is removed when it is closed."""

    def __init__(self, folder: str) -> None:
        self.path = Path(folder) / uuid.uuid4().hex  # says nothing about the film
        super().__init__(self.path, "x+")

    def close(self) -> None:
        """Remove the file."""
        super().close()
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)


class Uploads:
    """A folder that lives as long as the service; films in it as long as their request."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="bone-age-", ignore_cleanup_errors=True)

    def new_file(self) -> FilmFile:
        """An empty file."""
        return FilmFile(self._folder.name)

    def close(self) -> None:
        """Remove the folder."""
        self._folder.cleanup()


class FilmRequest(Request):
    """A request whose files go where a worker process can read them, without another copy."""

    max_form_parts = 40
    uploads: Uploads

    def _get_file_stream(self, *_: Any, **__: Any) -> IO[bytes]:
        return cast(IO[bytes], self.uploads.new_file())


@contextlib.contextmanager
def film_path(film: FileStorage) -> Iterator[Path]:
    """Where the film of a request lies, for as long as it is read."""
    try:
        yield cast(FilmFile, film.stream).path
    finally:
        film.close()


def shown_name(file_name: str | None) -> str:
    """The last part of the name that a client gave; never used as a path."""
    last = re.split(r"[/\\]", file_name or "")[-1]
    return last[-_LONGEST_NAME:] or "film"
