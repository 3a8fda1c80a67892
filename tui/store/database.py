"""A file of SQLite that nothing may be lost of: opened at the first use, set aside when it cannot
be used, put back when it was taken away.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from tui.halves import half_of, take_away_halves
from tui.store.emptied import has_log_alone, has_nothing, show_log
from tui.store.opened import identity, let_go, take
from tui.store.refused import as_os_error, copied, only_reads
from tui.store.setting_aside import COMPANIONS

T = TypeVar("T")
LONGEST_WAIT = 5.0
"""Seconds that another process of this program is waited for."""
BREATH = 0.01
"""Seconds between two tries at a file that another process is just beginning."""


class Damaged(sqlite3.DatabaseError):
    """What stands in the file is none of ours, or is torn."""


class Layout(msgspec.Struct, frozen=True, dict=True):
    """What a file holds."""

    name: str
    """What it is called in words: "changes" for "the file of changes"."""
    version: int
    tables: str
    """The statements that make it. A file with other tables is taken for damaged: who changes
    them counts the version up."""
    newer: str
    """What a person should know where a file of a newer version was set aside."""
    lost: str
    """What a person should do where all that stood in a file is gone."""
    functions: Mapping[str, tuple[int, Callable[..., Any]]] = msgspec.field(default_factory=dict)
    """Functions of Python that its statements use, by name, with their number of arguments."""
    earlier: Mapping[int, str] = msgspec.field(default_factory=dict)
    """What files of earlier versions hold, by version: the beginning of `tables`. Such a file gets
    the rest when it is opened; one of any other earlier version is taken for damaged."""

    @cached_property
    def definitions(self) -> list[str]:
        """The statements, one by one."""
        return _statements(self.tables)

    def missing(self, version: int) -> list[str] | None:
        """The statements that a file of a version lacks; None where nobody knows that version."""
        if not version:
            return self.definitions
        if version not in self.earlier:
            return None
        return self.definitions[len(_statements(self.earlier[version])) :]


class Newer(Exception):
    """The file is of a newer version of the program."""


class Database:
    """One SQLite file, shared by every thread and every process of one user.

    What cannot be used is set aside and `told`; a disk that refuses is an OSError.
    """

    def __init__(self, path: Path | None, layout: Layout) -> None:
        self.path = path
        self.layout = layout
        self._was_emptied = False
        """Whether the file was found empty, which is to be said."""
        self.told: Callable[[str], object] = lambda _text: None
        self.said = ""
        """What was said last of a file that could not be used; empty where all is well."""
        self.prepared: Callable[[sqlite3.Connection], None] = lambda _connection: None
        """Called within the transaction that makes a new file."""
        self.salvage: Callable[[sqlite3.Connection, Path], str] = lambda _connection, _damaged: ""
        """Called in a transaction of its own after a damaged file was set aside, to take over
        what can be read of it; answers what a person should know of that."""
        self.opening: Callable[[], None] = lambda: None
        """Called before the file is opened, which it may keep from it by an OSError."""
        self.closed: Callable[[], None] = lambda: None
        """Called after the file was closed for whoever used it when it was closed already."""
        self._connection: sqlite3.Connection | None = None
        self._file = (0, 0)
        """Which file is open: another process may have put one in its place."""
        self._damaged: Path | None = None
        self._one_at_a_time = threading.RLock()
        self._over = False
        self._uses = 0
        """How many use it now, one within the other."""

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` finds; of a file that may only be read, as that is now. Raises OSError."""
        try:
            return self._do(work, durable=None)
        except OSError as error:
            if self.path is None or not only_reads(error):
                raise
            return self._read_copy(self.path, work, error)

    def _read_copy(self, path: Path, work: Callable[[sqlite3.Connection], T], error: OSError) -> T:
        try:
            with closing(copied(path, self.layout.definitions)) as connection:
                self._define(connection)
                return work(connection)
        except (sqlite3.Error, UnicodeDecodeError):
            # Damaged, or of another version: what that needs can only be done where one may write.
            raise error from None

    def _define(self, connection: sqlite3.Connection) -> None:
        for name, (takes, function) in self.layout.functions.items():
            connection.create_function(name, takes, function, deterministic=True)

    def write(self, work: Callable[[sqlite3.Connection], T], *, durable: bool) -> T:
        """Do it in one transaction; where it is `durable` it is on the disk. Raises OSError."""
        return self._do(work, durable=durable)

    def _tell(self, text: str) -> None:
        self.said = text
        self.told(text)

    def close(self) -> None:
        """Close the file. A thread that is still at work may use it: then it is opened again,
        and closed after that use, since nobody else would.
        """
        with self._one_at_a_time:
            self._over = True
            self._shut()

    def _shut(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
            self._let_go()

    def _let_go(self) -> None:
        if self.path is not None:
            let_go(self._file)

    @contextmanager
    def _used(self) -> Iterator[None]:
        with self._one_at_a_time:
            self._uses += 1
            try:
                yield
            finally:
                self._uses -= 1
                if self._over and not self._uses:
                    self._shut()
                    self.closed()

    def _do(self, work: Callable[[sqlite3.Connection], T], *, durable: bool | None) -> T:
        with self._used():
            for attempt in range(2):
                try:
                    connection = self._open()
                    if durable is None:
                        return work(connection)
                    return self._transact(connection, work, durable=durable)
                except Newer:
                    self._set_aside("newer")
                except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                    if not _is_damage(error) or attempt or self.path is None:
                        raise as_os_error(error, self.path) from error
                    self._set_aside("damaged")
            raise OSError(errno.EIO, "cannot be used", str(self.path))

    def _transact(
        self, connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T], *,
        durable: bool,
    ) -> T:  # fmt: skip
        """As if durable is what SQLite begins with: who waits for that waits for nothing else."""
        if not durable:
            connection.execute("PRAGMA synchronous = NORMAL")
        try:
            connection.execute("BEGIN IMMEDIATE")
            with connection:
                return work(connection)
        finally:
            if not durable:
                connection.execute("PRAGMA synchronous = FULL")

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None and self._is_another():
            self._leave(self._connection)
        if self._connection is None:
            connection = self._connect()
            try:
                self._save_what_can_be_read(connection)
            except BaseException:
                connection.close()
                self._let_go()
                raise
            self._connection = connection
            if self._was_emptied:
                self._was_emptied, named = False, f"The file of {self.layout.name}"
                lost = f"What stood in it, if anything did, is gone. {self.layout.lost}"
                self._tell(f"{named} was there, and empty: {self.path}. {lost}")
        return self._connection

    def _is_another(self) -> bool:
        """Whether the file that was opened no longer stands at its path."""
        if self.path is None:
            return False
        try:
            return identity(self.path.stat()) != self._file
        except FileNotFoundError:
            return True

    def _leave(self, connection: sqlite3.Connection) -> None:
        """Go over to the file that stands at the path by now, such as one that was begun when
        another deck set this one aside. Where none does, what this one holds is put back there:
        what is written into a file without a name would be lost. Raises OSError.
        """
        path = self.path
        assert path is not None
        if not path.exists():
            self.opening()
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with half_of(path) as (copied, _):
                # Nobody else knows its name, and its lock is that of one who writes a half.
                alone = f"{copied.absolute().as_uri()}?nolock=1"
                with closing(sqlite3.connect(alone, uri=True)) as copy:
                    copy.execute("PRAGMA journal_mode = OFF")  # a half is never gone on with
                    connection.backup(copy)
                for companion in COMPANIONS[:-1]:
                    path.with_name(path.name + companion).unlink(missing_ok=True)
                # Who was quicker has put the same there.
                with suppress(FileExistsError):
                    os.link(copied, path)
                copied.unlink()
            self._tell(
                f"The file of {self.layout.name} had been taken away. It was put back: {path}."
            )
        self._shut()

    def _is_emptied(self, path: Path) -> bool:
        """Whether a file that others made has nothing in it and is not just being begun: to
        SQLite that is a new one.
        """
        try:
            found = path.stat()
        except FileNotFoundError:
            return False
        is_old = time.time() - found.st_mtime > LONGEST_WAIT
        return has_nothing(found.st_size) and is_old and identity(found) != self._file

    def _save_what_can_be_read(self, connection: sqlite3.Connection) -> None:
        if self._damaged is None:
            return
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            news = self.salvage(connection, self._damaged)
        kept, self._damaged = self._damaged, None
        self._tell(
            f"The file of {self.layout.name} is damaged. It was kept as {kept}. {news}".strip()
        )

    def _connect(self) -> sqlite3.Connection:
        header, has_log = b"", False
        if self.path is not None:
            self.opening()
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            take_away_halves(self.path)
            is_emptied, has_log = self._is_emptied(self.path), has_log_alone(self.path)
            self._was_emptied |= is_emptied and not has_log
            self._file, header = take(self.path)
        try:
            if has_log:
                # SQLite takes away the log of an empty file, with all that only stands there.
                raise Damaged("nothing is left but its log")
            if header and not set(header[18:]) <= {1, 2}:
                # SQLite takes it for a file of a later time, which may only be read.
                raise sqlite3.DatabaseError("its header is torn")
            return self._connected()
        except BaseException:
            self._let_go()
            raise

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path or ":memory:",
            timeout=LONGEST_WAIT,
            check_same_thread=False,
            isolation_level=None,
        )
        try:
            # Whatever this SQLite was built with; see `_transact`.
            connection.execute("PRAGMA synchronous = FULL")
            self._define(connection)
            version: int = _patiently(connection, "PRAGMA user_version").fetchone()[0]
            if version > self.layout.version:
                raise Newer
            if version < self.layout.version:
                # What is kept is small, each a commit of its own: small pages cost less.
                connection.execute("PRAGMA page_size = 1024")
                _patiently(connection, "PRAGMA journal_mode = WAL")
                self._make(connection)
            elif _definitions(connection) != self.layout.definitions:
                raise sqlite3.DatabaseError("its tables are not what they were")
        except BaseException:
            connection.close()
            raise
        return connection

    def _make(self, connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        with connection:
            # Another process may have been quicker.
            version: int = connection.execute("PRAGMA user_version").fetchone()[0]
            if version == self.layout.version:
                return
            missing, wanted = self.layout.missing(version), self.layout.definitions
            if missing is None or _definitions(connection) != wanted[: len(wanted) - len(missing)]:
                raise sqlite3.DatabaseError("its tables are not what its version has")
            for statement in missing:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {self.layout.version}")
            if not version:
                self.prepared(connection)

    def _set_aside(self, word: str) -> None:
        """Keep the file under another name, so that a new one can be begun. Raises OSError."""
        self._shut()
        path = self.path
        assert path is not None
        with suppress(FileNotFoundError):
            if identity(path.stat()) != self._file:
                return  # Another process did so already.
        stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        kept, number = path.with_name(f"{path.stem}.{word}-{stamp}{path.suffix}"), 1
        while kept.exists():
            # The clock may have been set back: nothing that was kept is written over.
            number += 1
            kept = path.with_name(f"{path.stem}.{word}-{stamp}-{number}{path.suffix}")
        for companion in COMPANIONS:
            file = path.with_name(path.name + companion)
            if file.exists():
                file.replace(kept.with_name(kept.name + companion))
        if word == "damaged":
            show_log(kept)
            self._damaged = kept
            return
        self._tell(
            f"The file of {self.layout.name} is of a newer version of tockdeck. It was kept as"
            f" {kept}. {self.layout.newer}"
        )


def _statements(tables: str) -> list[str]:
    return [statement.strip() for statement in tables.split(";")[:-1]]


def _patiently(connection: sqlite3.Connection, statement: str) -> sqlite3.Cursor:
    """Execute what SQLite itself does not wait for while another deck begins the same file."""
    end = time.monotonic() + LONGEST_WAIT
    while True:
        try:
            return connection.execute(statement)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
        time.sleep(BREATH)


def _definitions(connection: sqlite3.Connection) -> list[str]:
    """Its tables and indices as they were made, in that order."""
    found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    return [sql for (sql,) in found]


def _is_damage(error: sqlite3.DatabaseError | UnicodeDecodeError) -> bool:
    """Whether the file is no database, or no whole one; locked or full it is neither."""
    return (
        type(error) is sqlite3.DatabaseError
        # What SQLite says of a torn table names it, with bytes that are no text.
        or isinstance(error, (Damaged, UnicodeDecodeError))
        or str(error).startswith(("Could not decode", "unsupported file format"))
    )
