"""The read cache: the last good answer of a read, painted at once with its age.

It holds bytes under text keys and knows nothing of what they mean. Losing it loses nothing:
a file that cannot be used is set aside and a new one begun.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

LARGEST_ANSWER = 4 * 1024 * 1024
MOST_ANSWERS = 2000


@dataclass(frozen=True)
class Cached:
    """A kept answer and when it came."""

    content: bytes
    stored: datetime


class Cache:
    """Kept answers by key, shared by every process of one user.

    Opened at the first use. With `path` None nothing is kept. A full disk or a locked file
    never fails a read of the service: the answer is then just not kept.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None

    def get(self, key: str) -> Cached | None:
        """The kept answer, or None."""
        try:
            row = (
                self._open()
                .execute("SELECT content, stored FROM answers WHERE key = ?", (key,))
                .fetchone()
            )
        except (sqlite3.Error, OSError):
            return None
        return Cached(row[0], datetime.fromtimestamp(row[1], UTC)) if row else None

    def put(self, key: str, content: bytes) -> bool:
        """Keep an answer; False when it is too large or the disk refuses."""
        if len(content) > LARGEST_ANSWER:
            return False
        try:
            connection = self._open()
            with connection:
                connection.execute(
                    "INSERT OR REPLACE INTO answers (key, content, stored) VALUES (?, ?, ?)",
                    (key, content, datetime.now(UTC).timestamp()),
                )
                connection.execute(
                    "DELETE FROM answers WHERE key IN "
                    "(SELECT key FROM answers ORDER BY stored DESC LIMIT -1 OFFSET ?)",
                    (MOST_ANSWERS,),
                )
        except (sqlite3.Error, OSError):
            return False
        return True

    def forget(self, prefix: str) -> None:
        """Drop every answer whose key begins with `prefix` (after a change)."""
        try:
            connection = self._open()
            with connection:
                connection.execute(
                    "DELETE FROM answers WHERE substr(key, 1, ?) = ?", (len(prefix), prefix)
                )
        except (sqlite3.Error, OSError):
            self.close()

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            try:
                self._connection = self._connect()
            except sqlite3.DatabaseError:
                if self.path is None or not self.path.is_file():
                    raise
                self.path.replace(self.path.with_name(self.path.name + ".broken"))
                self._connection = self._connect()
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.path.touch(mode=0o600)
        connection = sqlite3.connect(self.path or ":memory:", timeout=0.2, check_same_thread=False)
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
