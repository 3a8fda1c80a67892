"""The index's file: opened, made, and made anew where another version's."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from tui.store.index.folding import FORMAT
from tui.store.setting_aside import set_aside

MEGABYTE = 1024 * 1024
VERSION = 1
LONGEST_WAIT = 1.0
"""Seconds that another process of this program is waited for."""

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


_REFUSALS = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
    sqlite3.SQLITE_IOERR,
)
_memories: dict[Path, sqlite3.Connection] = {}
"""Holds the databases in memory that stand in files' places, until the program ends."""


def is_refused(error: Exception) -> bool:
    """Whether the disk does not take it, as when it is full or may only be read."""
    code = int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
    return code in _REFUSALS or (isinstance(error, OSError) and not code)


def memory_of(path: Path) -> str | None:
    """The name of the database in memory that stands in a file's place, for all of this process;
    None while the file itself is used.
    """
    return _name_of(path) if path in _memories else None


def move_to_memory(path: Path) -> None:
    """Use a database in memory in a file's place from now on. What the file holds is as if it
    were not there.
    """
    if path not in _memories:
        _memories[path] = sqlite3.connect(_name_of(path), uri=True, check_same_thread=False)


def _name_of(path: Path) -> str:
    return f"file:{quote(f'/tockdeck-search{path.absolute()}')}?vfs=memdb"


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
