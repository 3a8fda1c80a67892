"""One SQLite file for all embedded services, with real transactions."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tui.embedded.seal import seal, unseal

MALFORMED = "database disk image is malformed"
"""SQLite's own words for a file whose structure is broken."""

Arguments = Sequence[object] | Mapping[str, object]


class Database:
    """A connection that is shared by the server's one event loop thread.

    `read` and `one` answer rows that are reached by name. `write` opens a transaction that is
    committed as a whole or rolled back as a whole; nested calls join the outer transaction.
    Raises sqlite3.OperationalError when the disk is full or read-only.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self.path = path
        if path is not None:
            unseal(path)
        self._connection = sqlite3.connect(
            path or ":memory:", isolation_level=None, check_same_thread=False, timeout=5.0
        )
        self._connection.row_factory = sqlite3.Row
        try:
            self._connection.execute("PRAGMA foreign_keys = ON")
            if path is not None:
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = NORMAL")
        except (sqlite3.Error, UnicodeDecodeError):
            self._connection.close()
            raise

    def read(self, sql: str, arguments: Arguments = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self._lock:
            return self._connection.execute(sql, arguments).fetchall()

    def one(self, sql: str, arguments: Arguments = ()) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        with self._lock:
            row: sqlite3.Row | None = self._connection.execute(sql, arguments).fetchone()
            return row

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction; an exception rolls all of it back."""
        with self._lock:
            if self._depth:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth = 1
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # A full disk makes SQLite roll back by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._depth = 0

    def script(self, sql: str) -> None:
        """Run a schema; idempotent by its own IF NOT EXISTS."""
        with self._lock:
            self._connection.executescript(sql)

    def copy_to(self, other: Database) -> None:
        """Make the other one equal to this one, whatever it held."""
        with self._lock, other._lock:
            self._connection.backup(other._connection)

    def check(self, *, whole: bool = False) -> None:
        """Raises sqlite3.DatabaseError for a file whose structure is broken.

        `whole` reads every row, too: a text may be none any more.
        """
        found = self.one(f"PRAGMA {'integrity' if whole else 'quick'}_check(1)")
        if found is None or found[0] != "ok":
            raise sqlite3.DatabaseError(MALFORMED)
        if not whole:
            return
        try:
            for (table,) in self.read("SELECT name FROM sqlite_master WHERE type = 'table'"):
                # Not all at once: there are whole files in some.
                for _ in self._connection.execute(f'SELECT * FROM "{table}"'):
                    continue
            if self.read("PRAGMA foreign_key_check"):
                raise sqlite3.DatabaseError(MALFORMED)
        except (sqlite3.OperationalError, UnicodeDecodeError) as error:
            raise sqlite3.DatabaseError(MALFORMED) from error

    def fold(self) -> None:
        """Fold the write-ahead log into the file: what is there stands in one place."""
        with self._lock:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file; the write-ahead log is folded in, and what is sound is sealed."""
        with self._lock:
            sound = self.path is not None and self._is_sound()
            self._connection.close()
        if self.path is not None and sound and not log_of(self.path).exists():
            # Without a seal the next start only looks more closely.
            with suppress(OSError):
                seal(self.path)

    def _is_sound(self) -> bool:
        try:
            self.check()
        except (sqlite3.Error, UnicodeDecodeError):
            return False
        return True


def log_of(path: Path) -> Path:
    """The write-ahead log of a database file."""
    return path.with_name(path.name + "-wal")


def index_of(path: Path) -> Path:
    """The index of a database file's write-ahead log; a process that was killed leaves it."""
    return path.with_name(path.name + "-shm")
