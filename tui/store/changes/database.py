"""The file behind the changes: opened at the first use, set aside when it cannot be used."""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from tui.store.changes.wanted import holds

T = TypeVar("T")
VERSION = 1
LONGEST_WAIT = 5.0
"""Seconds that another process of this program is waited for."""
COMPANIONS = ("-shm", "-wal", "")

_TABLES = """
CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    operation TEXT NOT NULL,
    record TEXT NOT NULL,
    state TEXT NOT NULL,
    grouped TEXT NOT NULL,
    follows TEXT NOT NULL,
    held INTEGER NOT NULL,
    passed INTEGER NOT NULL,
    sender TEXT NOT NULL,
    needs TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE TABLE touched (
    record TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (record, sequence)
) WITHOUT ROWID;
CREATE INDEX still_open ON changes (sequence) WHERE state IN ('waiting', 'sending', 'unknown');
CREATE INDEX undo_stack ON changes (sequence)
    WHERE follows = '' AND passed = 0 AND state IN ('waiting', 'sending', 'unknown', 'done');
CREATE INDEX followers ON changes (sequence) WHERE follows <> '' AND state = 'done';
CREATE INDEX by_group ON changes (grouped) WHERE grouped <> '';
CREATE INDEX by_followed ON changes (follows) WHERE follows <> '';
CREATE INDEX by_record ON changes (record) WHERE record <> '';
CREATE INDEX undone ON changes (owner) WHERE state = 'undone';
"""
"""`follows` is the change that is undone or redone. What the columns say stands in `body` too; they
are there to be found by. `touched` has the further records of those changes that are about
several."""


class Newer(Exception):
    """The file is of a newer version of the program."""


class Database:
    """One SQLite file, shared by every thread and every process of one user.

    What cannot be used is set aside and `told`; a disk that refuses is an OSError.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.told: Callable[[str], object] = lambda _text: None
        self.prepared: Callable[[sqlite3.Connection], None] = lambda _connection: None
        """Called within the transaction that makes a new file."""
        self._connection: sqlite3.Connection | None = None
        self._durable: bool | None = None
        self._one_at_a_time = threading.RLock()

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` finds. Raises OSError."""
        return self._do(work, durable=None)

    def write(self, work: Callable[[sqlite3.Connection], T], *, durable: bool) -> T:
        """Do it in one transaction; where it is `durable` it is on the disk. Raises OSError."""
        return self._do(work, durable=durable)

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._one_at_a_time:
            if self._connection is not None:
                self._connection.close()
                self._connection, self._durable = None, None

    def _do(self, work: Callable[[sqlite3.Connection], T], *, durable: bool | None) -> T:
        with self._one_at_a_time:
            for attempt in range(2):
                try:
                    connection = self._open()
                    if durable is None:
                        return work(connection)
                    if durable is not self._durable:
                        word = "FULL" if durable else "NORMAL"
                        connection.execute(f"PRAGMA synchronous = {word}")
                        self._durable = durable
                    connection.execute("BEGIN IMMEDIATE")
                    with connection:
                        return work(connection)
                except Newer:
                    self._set_aside("newer", "is of a newer version of tockdeck")
                except sqlite3.DatabaseError as error:
                    damaged = type(error) is sqlite3.DatabaseError
                    if not damaged or attempt or self.path is None:
                        raise _as_os_error(error, self.path) from error
                    self._set_aside("damaged", "is damaged")
            raise OSError(errno.EIO, "cannot be used", str(self.path))

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Made with these rights: what SQLite puts beside it takes them over.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        connection = sqlite3.connect(
            self.path or ":memory:",
            timeout=LONGEST_WAIT,
            check_same_thread=False,
            isolation_level=None,
        )
        try:
            connection.create_function("holds", 2, holds, deterministic=True)
            version: int = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > VERSION:
                raise Newer
            if version < VERSION:
                # Changes are small and each is a commit of its own: small pages cost less.
                connection.execute("PRAGMA page_size = 1024")
                connection.execute("PRAGMA journal_mode = WAL")
                self._make(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _make(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            # Another process may have been quicker.
            if connection.execute("PRAGMA user_version").fetchone()[0] == VERSION:
                return
            for statement in _TABLES.split(";")[:-1]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
            self.prepared(connection)

    def _set_aside(self, word: str, why: str) -> None:
        """Keep the file under another name, so that a new one can be begun. Raises OSError."""
        self.close()
        path = self.path
        assert path is not None
        kept = path.with_name(
            f"{path.stem}.{word}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}{path.suffix}"
        )
        for companion in COMPANIONS:
            file = path.with_name(path.name + companion)
            if file.exists():
                file.replace(kept.with_name(kept.name + companion))
        self.told(
            f"The file of changes {why}. It was kept as {kept}."
            " Undo and what waited begin anew; nothing that waited in it was sent."
        )


def _as_os_error(error: sqlite3.Error, path: Path | None) -> OSError:
    """What the disk refused, in the way in which the system says it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    number = {
        sqlite3.SQLITE_FULL: errno.ENOSPC,
        sqlite3.SQLITE_READONLY: errno.EROFS,
        sqlite3.SQLITE_CANTOPEN: errno.EACCES,
        sqlite3.SQLITE_PERM: errno.EACCES,
    }.get(code, errno.EIO)
    words = str(error) if number == errno.EIO else os.strerror(number)
    return OSError(number, words, str(path or ""))
