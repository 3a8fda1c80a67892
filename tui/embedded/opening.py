"""Opening what the data directory holds, and setting aside what cannot be opened."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from tui.embedded import sample
from tui.embedded.context import Context, Options, Service
from tui.embedded.credentials import Credentials
from tui.embedded.database import Database
from tui.embedded.failures import StartError, disk_full, from_system, read_only
from tui.embedded.files import set_aside

DATABASE_FILE = "embedded.db"
CREDENTIALS_FILE = "credentials.json"
_SIDE_FILES = ("-wal", "-shm")


def open_context(options: Options, services: Sequence[Service]) -> Context:
    """Credentials and database of the data directory, ready to serve. Raises StartError."""
    notices: list[str] = []
    try:
        credentials = _credentials(options.data / CREDENTIALS_FILE, notices)
        context = _database(options, credentials, services, notices)
    except OSError as error:
        raise from_system(error, options.data) from error
    context.notices = notices
    return context


def _credentials(path: Path, notices: list[str]) -> Credentials:
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
) -> Context:
    path = options.data / DATABASE_FILE
    try:
        return _prepared(path, options, credentials, services)
    except sqlite3.DatabaseError as error:
        if not _is_damage(error):
            raise _start_error(error, options.data) from error
    aside = set_aside(path)
    for ending in _SIDE_FILES:
        side = path.with_name(path.name + ending)
        with suppress(FileNotFoundError):
            side.rename(aside.with_name(aside.name + ending))
    _say(f"{path} is damaged; it is kept as {aside.name}, and a fresh one is made.", notices)
    try:
        return _prepared(path, options, credentials, services)
    except sqlite3.DatabaseError as error:
        raise _start_error(error, options.data) from error


def _prepared(
    path: Path, options: Options, credentials: Credentials, services: Sequence[Service]
) -> Context:
    with ExitStack() as on_error:
        database = Database(path)
        on_error.callback(database.close)
        found = database.one("PRAGMA quick_check(1)")
        if found is None or found[0] != "ok":
            raise sqlite3.DatabaseError("database disk image is malformed")
        context = Context(database, credentials, options)
        try:
            sample.prepare(context, services)
        except sample.NewerDatabase as error:
            raise StartError(
                "newer-database",
                f"{path} was written by a newer version of tockdeck: {error}.",
                "Install that version again, or name another directory with --data.",
                path,
            ) from error
        on_error.pop_all()
        return context


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return type(error) is sqlite3.DatabaseError


def _start_error(error: sqlite3.DatabaseError, data: Path) -> StartError:
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
