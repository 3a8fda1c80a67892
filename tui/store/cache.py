"""The read cache: the last good answer of a read, painted at once with its age.

It holds bytes under text keys and knows nothing of what they mean. Losing it loses nothing:
a file that cannot be used is set aside and a new one begun.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from tui.store.losable import LosableFile
from tui.store.setting_aside import is_damage, is_refused, set_aside

LARGEST_ANSWER = 4 * 1024 * 1024
MOST_ANSWERS = 2000
LONGEST_WAIT = 0.2
"""Seconds that another process of this program is waited for."""

T = TypeVar("T")


class Cached(msgspec.Struct, frozen=True):
    """A kept answer and when it came."""

    content: bytes
    stored: datetime


class Cache(LosableFile):
    """Kept answers by key, shared by every thread and every process of one user.

    Opened at the first use. With `path` None nothing is kept on disk. A full disk or a locked
    file never fails a read of the service: the answer is then just not kept. A file that is no
    database any more is set aside.
    """

    def __init__(self, path: Path | None) -> None:
        super().__init__()
        self.path = path

    def get(self, key: str) -> Cached | None:
        """The kept answer, or None."""

        def find(connection: sqlite3.Connection) -> Cached | None:
            row = connection.execute(
                "SELECT content, stored FROM answers WHERE key = ?", (key,)
            ).fetchone()
            return Cached(row[0], datetime.fromtimestamp(row[1], UTC)) if row else None

        return self._try(find)

    def keys(self, prefix: str) -> list[tuple[str, float]]:
        """The keys that begin with `prefix`, and when each answer came, in seconds of the epoch."""

        def find(connection: sqlite3.Connection) -> list[tuple[str, float]]:
            return connection.execute(
                "SELECT key, stored FROM answers WHERE substr(key, 1, ?) = ?",
                (len(prefix), prefix),
            ).fetchall()

        return self._try(find) or []

    def put(self, key: str, content: bytes) -> bool:
        """Keep an answer; False when it is too large or the disk refuses."""
        if len(content) > LARGEST_ANSWER:
            return False

        def keep(connection: sqlite3.Connection) -> bool:
            connection.execute(
                "INSERT OR REPLACE INTO answers (key, content, stored) VALUES (?, ?, ?)",
                (key, content, datetime.now(UTC).timestamp()),
            )
            connection.execute(
                "DELETE FROM answers WHERE key IN "
                "(SELECT key FROM answers ORDER BY stored DESC LIMIT -1 OFFSET ?)",
                (MOST_ANSWERS,),
            )
            return True

        return self._try(keep) or False

    def forget(self, prefix: str) -> None:
        """Drop every answer whose key begins with `prefix` (after a change)."""

        def drop(connection: sqlite3.Connection) -> None:
            connection.execute(
                "DELETE FROM answers WHERE substr(key, 1, ?) = ?", (len(prefix), prefix)
            )

        self._try(drop)

    def _tried(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        for _ in range(2):
            try:
                connection = self._open()
                with connection:
                    return work(connection)
            except sqlite3.DatabaseError as error:
                if is_refused(error):
                    # The next use finds out whether the disk takes it by then.
                    self._close()
                if not is_damage(error) or not self._set_aside():
                    return None
            except (sqlite3.Error, OSError):
                return None
        return None

    def _set_aside(self) -> bool:
        """Make room for a new file; False when that cannot be done."""
        self._close()
        return self.path is not None and set_aside(self.path) is not None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        try:
            return self._connect_to_write()
        except (OSError, sqlite3.Error) as error:
            if self.path is None or not is_refused(error) or not self.path.is_file():
                raise
        # In a folder that is read-only SQLite reads a file only as one that nobody changes.
        name = f"{self.path.absolute().as_uri()}?immutable=1"
        return sqlite3.connect(name, uri=True, check_same_thread=False)

    def _connect_to_write(self) -> sqlite3.Connection:
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.path.touch(mode=0o600)
        connection = sqlite3.connect(
            self.path or ":memory:", timeout=LONGEST_WAIT, check_same_thread=False
        )
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS answers"
                " (key TEXT PRIMARY KEY, content BLOB NOT NULL, stored REAL NOT NULL)"
            )
        except sqlite3.Error:
            connection.close()
            raise
        return connection
