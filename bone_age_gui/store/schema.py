"""The tables of the worklist, version by version: a file of an older version is brought up to date step by step.

``user_version`` of the file is the number of steps that it has been through. A step that was shipped never changes.
"""

from __future__ import annotations

import sqlite3

STEPS = (
    # What was entered for a film, value by value, so that two windows that edit the same film keep each other's.
    """
    CREATE TABLE entered (
        film TEXT NOT NULL,
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        changed TEXT NOT NULL,
        PRIMARY KEY (film, name)
    ) WITHOUT ROWID;
    CREATE TABLE secret (key BLOB NOT NULL);
    """,
    # Final bone ages by model, of which child each film is, and whose films a person has put together.
    """
    CREATE TABLE child (
        film TEXT PRIMARY KEY,
        child TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX child_films ON child (child);
    CREATE TABLE final (
        film TEXT NOT NULL,
        model TEXT NOT NULL,
        value TEXT NOT NULL,
        changed TEXT NOT NULL,
        PRIMARY KEY (film, model)
    ) WITHOUT ROWID;
    CREATE TABLE joined (
        child TEXT PRIMARY KEY,
        with_child TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
    # UIDs of the structured reports that were written: a later one of the same film names the one before it.
    """
    CREATE TABLE filed (
        uid TEXT PRIMARY KEY,
        child TEXT NOT NULL,
        study TEXT NOT NULL,
        value TEXT NOT NULL,
        changed TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
)
VERSION = len(STEPS)


def version_of(connection: sqlite3.Connection) -> int:
    """How many steps a file has been through. ``sqlite3.Error`` if it is no database."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def bring_up_to_date(connection: sqlite3.Connection, secret: bytes) -> None:
    """Take the steps that a file lacks, all or none; ``secret`` is for a new file.

    Raises ``sqlite3.Error``; ``ValueError`` for a file of a newer version.
    """
    if version_of(connection) == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")  # another window may be at it: the version is asked again
    try:
        done = version_of(connection)
        if done > VERSION:
            raise ValueError(f"version {done}")
        for step in STEPS[done:]:
            for statement in step.split(";"):
                connection.execute(statement)
        if done == 0:
            connection.execute("INSERT INTO secret VALUES (?)", (secret,))
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
