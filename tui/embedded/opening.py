"""Opening what the data directory holds, and setting aside what cannot be opened."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from tui.embedded import sample
from tui.embedded.context import Context, Options, Service
from tui.embedded.credentials import Credentials
from tui.embedded.database import Database, index_of, log_of
from tui.embedded.failures import StartError, disk_full, from_system, read_only
from tui.embedded.files import name_aside, set_aside
from tui.embedded.seal import State, state_of, unseal
from tui.embedded.write_ahead import Log, state_of_log

DATABASE_FILE = "embedded.db"
CREDENTIALS_FILE = "credentials.json"
SMALLEST = 512
"""Bytes of the smallest database that SQLite writes."""

_LARGEST_PAGE = 65_536
"""Bytes, for which its two bytes have no room: they are 1 then."""


def open_context(
    options: Options, services: Sequence[Service], *, was_served: bool = False
) -> Context:
    """Credentials and database of the data directory, ready to serve. Raises StartError.

    `was_served` is whether a server ran there that did not end in order: it had a database.
    """
    notices: list[str] = []
    try:
        credentials = _credentials(options.data / CREDENTIALS_FILE, notices)
        context = _database(options, credentials, services, notices, was_served=was_served)
    except OSError as error:
        raise from_system(error, options.data) from error
    context.notices = notices
    return context


def _credentials(path: Path, notices: list[str]) -> Credentials:
    if path.is_file() and path.stat().st_mode & 0o077:
        path.chmod(0o600)
        _say(
            f"{path} could be read by others. It cannot any more, but they may know what is in"
            " it: remove it to have new credentials made.",
            notices,
        )
    try:
        return Credentials.load_or_create(path)
    except ValueError:
        aside = set_aside(path)
        _say(
            f"{path} could not be read; it is kept as {aside.name}, and new credentials are made.",
            notices,
        )
        return Credentials.load_or_create(path)


def _database(
    options: Options,
    credentials: Credentials,
    services: Sequence[Service],
    notices: list[str],
    *,
    was_served: bool,
) -> Context:
    path = options.data / DATABASE_FILE
    try:
        if was_served and not path.exists():
            raise Damaged(State.GONE.value)
        # While it serves there is a log, if an empty one.
        lacks_log = was_served and state_of(path) is State.UNKNOWN and not log_of(path).exists()
        context = _prepared(path, options, credentials, services, notices)
        if lacks_log:
            _say(
                f"The log of {path} is not there any more. What was changed after the server began"
                " that was killed may be missing; everything before it is there.",
                notices,
            )
        return context
    except Damaged as damage:
        was_there = path.exists()
        aside = set_aside(path) if was_there else name_aside(path, "broken")
        has_log = _has_content(log_of(path))
        for side in (log_of, index_of):
            with suppress(FileNotFoundError):
                if was_there or has_log:
                    side(path).rename(side(aside))
                else:
                    side(path).unlink()
        if was_there:
            _say(
                f"{path} is damaged ({damage}); it is kept as {aside.name}, and a fresh one with"
                " the sample is made. To use it all the same, give it its old name back.",
                notices,
            )
        else:
            log = f"its log is kept as {log_of(aside).name}, and " if has_log else ""
            _say(f"{path} is {damage}; {log}a fresh one with the sample is made.", notices)
        unseal(path)
    except sqlite3.DatabaseError as error:
        raise _start_error(error, options.data) from error
    try:
        return _prepared(path, options, credentials, services, notices)
    except (sqlite3.DatabaseError, Damaged) as error:
        raise _start_error(error, options.data) from error


class Damaged(Exception):
    """The database file is not what was written; the text ends a sentence or a bracket."""


def _prepared(
    path: Path,
    options: Options,
    credentials: Credentials,
    services: Sequence[Service],
    notices: list[str],
) -> Context:
    """The database, brought to this version. Raises Damaged, StartError, DatabaseError, OSError."""
    if path.is_dir():
        # SQLite only says that it cannot open it.
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    state = state_of(path)
    if state in (State.CHANGED, State.GONE):
        raise Damaged(state.value)
    fresh = not path.exists()
    if fresh and (log_of(path).exists() or index_of(path).exists()):
        # Of a server that was killed, empty where all stood in the database. SQLite takes them
        # away where a new one is begun, and makes them after it.
        raise Damaged(State.GONE.value)
    if not fresh and path.stat().st_size < SMALLEST:
        # SQLite takes an empty file for a new database.
        raise Damaged("cut short")
    if not fresh:
        _look_at_log(path, notices)
        if _lacks_pages(path):
            raise Damaged("cut short")
    with ExitStack() as on_error:
        try:
            database = Database(path)
            on_error.callback(database.close)
            if state is State.UNKNOWN and not fresh:
                database.check(whole=True)
            context = Context(database, credentials, options)
            sample.prepare(context, services)
            if fresh:
                database.fold()
        except sample.NewerDatabase as error:
            raise StartError(
                "newer-database",
                f"{path} was written by a newer version of tockdeck: {error}.",
                "Install that version again, or name another directory with --data.",
                path,
            ) from error
        except sample.NotOurs as error:
            raise Damaged(str(error)) from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if fresh or not _is_damage(error):
                raise
            raise Damaged(str(error)) from error
        on_error.pop_all()
        return context


def _has_content(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except FileNotFoundError:
        return False


def _lacks_pages(path: Path) -> bool:
    """Whether the file is shorter than its first page says, and no log may hold the rest.

    SQLite takes a part of a page for a whole one that ends with zeros.
    """
    log = log_of(path)
    if log.exists() and log.stat().st_size:
        return False
    with path.open("rb") as file:
        head = file.read(32)
    size, pages = int.from_bytes(head[16:18], "big"), int.from_bytes(head[28:32], "big")
    return path.stat().st_size < (_LARGEST_PAGE if size == 1 else size) * pages


def _look_at_log(path: Path, notices: list[str]) -> None:
    """Before SQLite drops what it cannot read there. Raises Damaged, OSError."""
    log = state_of_log(log_of(path), index_of(path))
    if log is Log.DAMAGED:
        raise Damaged("its log of changes")
    if log is Log.UNCLEAR:
        aside = name_aside(path, "copy")
        shutil.copy(path, aside)
        shutil.copy(log_of(path), log_of(aside))
        _say(
            f"The last change in the log of {path} cannot be read: it was being written when the"
            " server ended, and then nobody was told that it was made, or the log was damaged"
            f" since. Everything before it is there. {aside.name} and {log_of(aside).name} are a"
            " copy of what was found.",
            notices,
        )


_NO_DAMAGE = ("full", "readonly", "unable to open", "disk I/O", "locked")


def _is_damage(error: Exception) -> bool:
    """Everything but what the system refuses: in a sound file no statement of ours fails."""
    return not any(words in str(error) for words in _NO_DAMAGE)


def _start_error(error: Exception, data: Path) -> StartError:
    words = str(error)
    if "full" in words:
        return disk_full(data)
    if "readonly" in words or "unable to open" in words:
        return read_only(data)
    return StartError(
        "database",
        f"The database in {data} cannot be used: {words}.",
        "End other programs that hold it, or name another directory with --data.",
        data,
    )


def _say(words: str, notices: list[str]) -> None:
    sys.stderr.write(words + "\n")
    notices.append(words)
