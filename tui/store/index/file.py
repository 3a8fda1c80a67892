"""The index's file: opened, made, and made anew where another version's."""

from __future__ import annotations

import itertools
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from tui.store.index.folding import FORMAT
from tui.store.setting_aside import set_aside

MEGABYTE = 1024 * 1024
VERSION = 1
LONGEST_WAIT = 1.0
"""Seconds that another process of this program is waited for."""
FIRST_WAIT, MOST_WAIT = 5.0, 300.0
"""Seconds until a disk that did not take it is tried again: twice as long from time to time."""
_SPARE = MEGABYTE
"""Bytes that are to be free on the disk beside what is written there."""

_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS owners (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS places (
    id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, name TEXT NOT NULL, stamp REAL,
    whole INTEGER NOT NULL DEFAULT 0, evicted INTEGER NOT NULL DEFAULT 0,
    touched REAL NOT NULL DEFAULT 0, UNIQUE (owner, name)
);
CREATE TABLE IF NOT EXISTS docs (
    id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, place INTEGER NOT NULL,
    kind TEXT NOT NULL, key TEXT NOT NULL,
    title TEXT NOT NULL, place_text TEXT NOT NULL, text TEXT NOT NULL, moment REAL,
    digest BLOB NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS docs_by_name ON docs (place, kind, key);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
    content, content='', detail=none, columnsize=0, tokenize="trigram case_sensitive 1"
);
"""
_NAMES = ("words", "docs", "places", "owners", "facts")


@dataclass
class _Memory:
    """A database in memory that stands in a file's place."""

    name: str
    held: sqlite3.Connection
    """Holds it while nobody else has it open."""
    wait: float
    again: float
    """When the disk is tried again, as `monotonic` has it."""


_memories: dict[Path, _Memory] = {}
_numbers = itertools.count()
_turn = threading.RLock()
"""Of who uses what is in memory: nothing is put there while it goes back to the disk."""


def memory_of(path: Path) -> str | None:
    """The name of the database in memory that stands in a file's place, for all of this process;
    None while the file itself is used.
    """
    memory = _memories.get(path)
    return None if memory is None else memory.name


def move_to_memory(path: Path) -> None:
    """Use a database in memory in a file's place, until `back_to_disk`. What the file holds is as
    if it were not there.
    """
    if path not in _memories:
        name = f"file:/tockdeck-search-{next(_numbers)}?vfs=memdb"
        held = sqlite3.connect(name, uri=True, check_same_thread=False)
        _memories[path] = _Memory(name, held, FIRST_WAIT, monotonic() + FIRST_WAIT)


def in_turn(path: Path | None) -> AbstractContextManager[object]:
    """Whoever uses a file does so in here, for the case that it is in memory."""
    return _turn if path in _memories else nullcontext()


def back_to_disk(path: Path, told: Callable[[str], object]) -> bool:
    """Put what is in memory into the file, in place of all that it held, where the disk takes it by
    now; whether it did. It is not tried at every call.
    """
    with _turn:
        memory = _memories.get(path)
        if memory is None or monotonic() < memory.again:
            return False
        memory.wait = min(MOST_WAIT, memory.wait * 2)
        memory.again = monotonic() + memory.wait
        try:
            size = 1
            for name in ("page_count", "page_size"):
                size *= int(memory.held.execute(f"PRAGMA {name}").fetchone()[0])
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # What is written stands in the log first, and then in the file.
            if shutil.disk_usage(path.parent).free < 2 * size + _SPARE:
                return False
            with closing(open_file(path, told)) as kept:
                memory.held.backup(kept)
        except (OSError, sqlite3.Error):
            # That nothing is kept was said already, and why.
            return False
        # Whoever has the one in memory open finds out at the next use.
        del _memories[path]
        memory.held.close()
        return True


def open_file(path: Path | str | None, told: Callable[[str], object]) -> sqlite3.Connection:
    """A connection to the file, or to the database in memory of that name, made where there is
    none. A file of a later version is set aside.

    Raises sqlite3.Error and OSError.
    """
    connection = _connect(path)
    try:
        found = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if found > VERSION and isinstance(path, Path):
            connection.close()
            aside = set_aside(path, "newer")
            if aside is None:
                raise sqlite3.OperationalError("a later version's file stands in the way")
            told(
                "The search index is a later version's."
                f" It is kept as {aside.name}, and a new one is filled."
            )
            connection = _connect(path)
        if not _is_ours(connection):
            _make(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path | str | None) -> sqlite3.Connection:
    if isinstance(path, Path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
    connection = sqlite3.connect(
        path or ":memory:",
        timeout=LONGEST_WAIT,
        check_same_thread=False,
        uri=isinstance(path, str),
    )
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _is_ours(connection: sqlite3.Connection) -> bool:
    """Whether it has our tables, filled the way in which this program fills them."""
    if int(connection.execute("PRAGMA user_version").fetchone()[0]) != VERSION:
        return False
    found = connection.execute("SELECT value FROM facts WHERE name = 'format'").fetchone()
    return found is not None and found[0] == FORMAT


def _make(connection: sqlite3.Connection) -> None:
    """Begin anew: what was filled in another way could be neither found nor taken out."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if _is_ours(connection):
            # Another process was the first.
            return
        begin_anew(connection)


def begin_anew(connection: sqlite3.Connection) -> None:
    """Empty tables in place of all there are, in the transaction that is under way."""
    for name in _NAMES:
        connection.execute(f"DROP TABLE IF EXISTS {name}")
    for statement in _TABLES.split(";\n"):
        if statement.strip():
            connection.execute(statement)
    connection.execute("INSERT INTO facts VALUES ('format', ?)", (FORMAT,))
    connection.execute(f"PRAGMA user_version = {VERSION}")
