"""The mirror's file: opened, kept whole, and put out of the way where it cannot be used."""

from __future__ import annotations

import itertools
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

from tui.store.mirror.troubles import (
    GivenUp,
    Lost,
    Trouble,
    damaged,
    is_broken,
    is_given_up,
    is_gone,
    kept_again,
    newer,
    not_kept,
    older,
    why_not_kept,
)
from tui.store.setting_aside import set_aside

VERSION = 4
"""Of the tables below; a file of another one is not used."""
LONGEST_WAIT = 5.0
"""Seconds that another process of this program is waited for, off the event loop."""
FIRST_WAIT, MOST_WAIT = 5.0, 300.0
"""Seconds until a disk that did not take it is tried again: twice as long from time to time."""
OTHER = "other"
"""What a database is called that stands beside another one while collections are taken over."""
_SPARE = 1024 * 1024
"""Bytes that are to be free on the disk beside what is written there."""
_MARK = 0x74636B6D
"""Says in the file's head whose it is."""
_TABLES = (
    """
CREATE TABLE collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, name TEXT NOT NULL,
    shape TEXT NOT NULL, info BLOB NOT NULL, stamp TEXT NOT NULL DEFAULT '',
    count INTEGER NOT NULL DEFAULT 0, total INTEGER, complete INTEGER NOT NULL DEFAULT 0,
    evicted INTEGER NOT NULL DEFAULT 0, as_of REAL, used REAL NOT NULL,
    writes INTEGER NOT NULL DEFAULT 0, UNIQUE (owner, name)
)
""",
    """
CREATE TABLE orders (
    id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL, wish TEXT NOT NULL,
    writes INTEGER NOT NULL, total INTEGER NOT NULL, UNIQUE (collection, wish)
)
""",
)
_memories = itertools.count()

T = TypeVar("T")
TakeOver = Callable[[sqlite3.Connection, tuple[str, str] | None], int]


class MirrorFile:
    """The file, shared by every thread and every process of one user.

    Opened at the first use. With `path` None a database in memory stands in its place, and where
    the disk does not take it, until it does: then what is in memory is put there. Work raises
    `Lost` where the file became another one on the way: what was read from it before is to be read
    anew.
    """

    def __init__(self, path: Path | None, take_over: TakeOver) -> None:
        """`take_over` puts the collections of the database that is attached as OTHER into the
        connection's own; see `taking_over`.
        """
        self.path = path
        self._take_over = take_over
        self._wait = FIRST_WAIT
        self._tried_again = 0.0
        """When the next try is, as `time.monotonic` has it."""
        self.kept = path is not None
        """False while nothing is kept on the disk."""
        self.forgotten: list[str] = []
        """How the names of the owners begin whose records are to go from the file, too, once it
        takes what is written."""
        self._memory = _new_memory()
        self._held: sqlite3.Connection | None = None
        """Holds the database in memory while nobody else has it open."""
        self._writer: sqlite3.Connection | None = None
        self._one_at_a_time = threading.RLock()
        self._over = False
        self._troubles: list[Trouble] = []

    @property
    def memory(self) -> str:
        """The name of the database in memory that stands in the file's place; "" for none."""
        return "" if self.kept else self._memory

    def troubles(self) -> list[Trouble]:
        """What happened to the file since one asked last."""
        told, self._troubles = self._troubles, []
        return told

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do it in one transaction. Raises Lost, and sqlite3.Error for what is a mistake here."""
        with self._one_at_a_time, self.guarded():
            if not self.kept:
                self._keep_again()
            if self._writer is None:
                self._writer = self.connect()
            try:
                with self._writer:
                    # At once: who reads first and writes later may find that somebody else wrote.
                    self._writer.execute("BEGIN IMMEDIATE")
                    return work(self._writer)
            finally:
                if self._over and self.kept:
                    self._shut()

    def connect(self) -> sqlite3.Connection:
        """A connection of one's own, which sees what was written before it. Raises Lost."""
        with self._one_at_a_time, self.guarded():
            connection = self._opened()
            try:
                connection.execute("PRAGMA synchronous = OFF")
                connection.execute("PRAGMA temp_store = FILE")
                connection.execute("PRAGMA cache_size = -2000")
            except sqlite3.Error:
                connection.close()
                raise
            return connection

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Turn what SQLite says into what it means for the file.

        Raises GivenUp for what was interrupted, Lost where the file or a collection went.
        """
        try:
            yield
        except sqlite3.Error as error:
            if is_given_up(error):
                raise GivenUp from error
            if is_gone(error):
                raise Lost from error
            if is_broken(error):
                self._leave("broken")
            elif why := why_not_kept(error):
                self._keep_nothing(why)
            else:
                raise
            raise Lost from error

    def recall(self, owner: str, name: str) -> bool:
        """While nothing is kept: have in memory what the file has of a collection, which may be
        read though nothing can be written; whether there was any. Raises Lost.
        """
        with self._one_at_a_time:
            if self.kept or self.path is None or not self.path.exists():
                return False
            with self.guarded():
                connection = self.connect()
            # Beside a database in memory it would be taken for one in memory, too. A file in a
            # folder that is read-only is opened as one that nobody changes.
            for how in ("vfs=unix&mode=ro", "vfs=unix&immutable=1"):
                try:
                    name_of_file = f"{self.path.absolute().as_uri()}?{how}"
                    return self._taken_over(connection, name_of_file, (owner, name)) > 0
                except sqlite3.Error:
                    # What cannot be read is not there: that nothing is kept was said.
                    connection.close()
                    connection = self.connect()
                finally:
                    connection.close()
        return False

    def close(self) -> None:
        """Close the file; whoever uses it later opens it for that use."""
        with self._one_at_a_time:
            self._over = True
            self._shut()

    def _shut(self) -> None:
        with self._one_at_a_time:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            if self._held is not None:
                self._held.close()
                self._held = None

    # -- opening ----------------------------------------------------------------------------------

    def _opened(self) -> sqlite3.Connection:
        for _ in range(3):
            connection = self._raw()
            try:
                version = self._prepared(connection)
            except BaseException:
                connection.close()
                raise
            if version == VERSION:
                return connection
            connection.close()
            self._leave("newer" if version > VERSION else "older" if version > 0 else "broken")
        raise sqlite3.OperationalError("the file of the mirror is changed all the time")

    def _raw(self) -> sqlite3.Connection:
        if not self.kept or self.path is None:
            if self._held is None:
                self._held = self._connected(self._memory, uri=True)
            return self._connected(self._memory, uri=True)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.path.touch(mode=0o600)
        except OSError as error:
            self._keep_nothing((error.strerror or str(error)).lower())
            return self._raw()
        return self._connected(str(self.path))

    @staticmethod
    def _connected(
        name: str, *, uri: bool = False, wait: float | None = None
    ) -> sqlite3.Connection:
        seconds = LONGEST_WAIT if wait is None else wait
        return sqlite3.connect(
            name, timeout=seconds, check_same_thread=False, isolation_level=None, uri=uri
        )

    @staticmethod
    def _prepared(connection: sqlite3.Connection) -> int:
        """The version of the file; a new one gets its tables."""
        if version := version_of(connection):
            return version
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version:
                # Another process was faster.
                return int(version)
            if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                return -1
            for table in _TABLES:
                connection.execute(table)
            connection.execute(f"PRAGMA application_id = {_MARK}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        return VERSION

    # -- troubles ---------------------------------------------------------------------------------

    def _leave(self, ending: str) -> None:
        """Put the file aside; where that cannot be done, keep nothing."""
        with self._one_at_a_time:
            self._shut()
            if not self.kept or self.path is None:
                self._memory = _new_memory()
                return
            aside = set_aside(self.path, ending)
            if aside is None:
                self._keep_nothing("it is damaged and cannot be put aside")
                return
            told = {"newer": newer, "older": older}.get(ending, damaged)
            self._troubles.append(told(self.path, aside))

    def _keep_nothing(self, why: str) -> None:
        with self._one_at_a_time:
            self._shut()
            if self.kept and self.path is not None:
                self._troubles.append(not_kept(self.path, why))
                self._tried_again = time.monotonic() + self._wait
            else:
                # Memory itself is at its end: begin again with an empty one.
                self._memory = _new_memory()
            self.kept = False

    # -- keeping again ----------------------------------------------------------------------------

    def _keep_again(self) -> None:
        """Put what is in memory into the file where the disk takes it by now."""
        if self.path is None or time.monotonic() < self._tried_again:
            return
        self._wait = min(MOST_WAIT, self._wait * 2)
        self._tried_again = time.monotonic() + self._wait
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # What is written stands in the log first, and then in the file.
            if shutil.disk_usage(self.path.parent).free < 2 * self._in_memory() + _SPARE:
                return
            self.path.touch(mode=0o600)
            connection = self._connected(self.path.absolute().as_uri(), uri=True, wait=0)
        except (OSError, sqlite3.Error):
            # That nothing is kept was said already, and why.
            return
        try:
            if self._prepared(connection) != VERSION:
                return
            self._taken_over(connection, self._memory, None)
        except sqlite3.Error:
            return
        finally:
            connection.close()
        # Whoever still has the one in memory open reads on in it.
        self._shut()
        self._memory = _new_memory()
        self.forgotten.clear()
        self.kept = True
        self._troubles.append(kept_again(self.path))

    def _in_memory(self) -> int:
        """Bytes of the database in memory."""
        with closing(self._raw()) as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            (size,) = connection.execute("PRAGMA page_size").fetchone()
        return int(pages * size)

    def _taken_over(
        self, connection: sqlite3.Connection, name: str, wanted: tuple[str, str] | None
    ) -> int:
        """Take collections over from another database; how many. Raises sqlite3.Error."""
        connection.execute(f"ATTACH ? AS {OTHER}", (name,))
        if version_of(connection, OTHER) != VERSION:
            return 0
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            return self._take_over(connection, wanted)


def version_of(connection: sqlite3.Connection, which: str = "main") -> int:
    """The version of the file; 0 for a new one, -1 for one that is no mirror's."""
    (version,) = connection.execute(f"PRAGMA {which}.user_version").fetchone()
    (mark,) = connection.execute(f"PRAGMA {which}.application_id").fetchone()
    return int(version) if not version or mark == _MARK else -1


def _new_memory() -> str:
    """The name of a database in memory that all connections of this process can open."""
    return f"file:/tockdeck-mirror-{next(_memories)}?vfs=memdb"
