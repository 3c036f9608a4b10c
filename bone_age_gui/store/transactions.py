"""What one reads and writes of an open file of SQLite: each change whole or not at all, failures in words."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from typing import TypeVar

from bone_age_gui.core.values.errors import BoneAgeError

T = TypeVar("T")


class Transactions:
    """To be used by the thread that made the connection.

    Every method raises ``BoneAgeError`` (``worklist_not_written``) if the file system or another program is in the way.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _empty_the_log(self) -> None:
        """What was deleted still stands in the write-ahead log until it is emptied."""
        self._try(lambda: self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)"))

    def _read(self, question: str, *values: str) -> list[tuple]:
        return self._try(lambda: self._connection.execute(question, values).fetchall())

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on the disk at its end; nothing of it after a failure."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise BoneAgeError("worklist_not_written", reason=str(error)) from error

    @staticmethod
    def _try(call: Callable[[], T]) -> T:
        try:
            return call()
        except sqlite3.Error as error:
            raise BoneAgeError("worklist_not_written", reason=str(error)) from error
