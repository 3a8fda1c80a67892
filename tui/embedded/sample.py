"""The tables of all services and the sample workspace in them."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from tui.embedded.context import Context, Service
from tui.embedded.database import Database
from tui.embedded.files import write_private

SCHEMA_VERSION = 1

LARGEST_VERSION = 9_999
"""More than this program will ever have; beyond it the number is damaged."""

Migration = Callable[[sqlite3.Connection], None]

MIGRATIONS: dict[int, Migration] = {}
"""From the version that is the key to the next one. Each runs once, inside one transaction."""

_MARKER = """
CREATE TABLE IF NOT EXISTS deck_sample (
    service TEXT PRIMARY KEY,
    seeded_at TEXT NOT NULL
);
"""

_HOME = """
CREATE TABLE IF NOT EXISTS deck_home (
    timezone TEXT NOT NULL
);
"""
"""The zone that the accounts live in: that of the first start, wherever later ones are made, or
the one that they were moved to, or in which they were begun again."""


_DATA = """
CREATE TABLE IF NOT EXISTS deck_data (
    identity TEXT NOT NULL
);
"""
"""Another name whenever all data is another: what was noted for the former is not for this."""

IDENTITY_FILE = "data.json"


class NewerDatabase(Exception):
    """The database was written by a newer version, whose tables this one does not know."""


class NotOurs(Exception):
    """The version in the file is none that any program has written there."""


def prepare(context: Context, services: Sequence[Service], *, seeded: bool = True) -> None:
    """Bring the database to this version; a fresh one also gets the sample workspace.

    Tables, seeds and version number are one transaction: a process that is killed half-way
    leaves a fresh database, not half a workspace. Raises NewerDatabase, NotOurs,
    sqlite3.DatabaseError.
    """
    found = version(context.database)
    if not 0 <= found <= LARGEST_VERSION or (not found and _has_tables(context.database)):
        raise NotOurs(f"its version reads {found}")
    if found > SCHEMA_VERSION:
        raise NewerDatabase(
            f"its tables are of version {found}, and this program knows {SCHEMA_VERSION}"
        )
    with context.database.write() as connection:
        if found:
            for step in range(found, SCHEMA_VERSION):
                MIGRATIONS[step](connection)
        for script in (_MARKER, _HOME, _DATA, *(service.schema for service in services)):
            for statement in _statements(script):
                connection.execute(statement)
        _settle(context, connection)
        for service in services:
            service.ground(context)
        if not found and seeded:
            _seed(context, services)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        if context.database.one("SELECT 1 FROM deck_data") is None:
            _name_anew(connection)
    _publish_identity(context.database)


def _settle(context: Context, connection: sqlite3.Connection) -> None:
    """Live in the zone of the first start: wall times that were kept mean that one."""
    row = connection.execute("SELECT timezone FROM deck_home").fetchone()
    if row is not None:
        context.options = replace(context.options, timezone=str(row[0]))
        return
    connection.execute("INSERT INTO deck_home VALUES (?)", (context.options.timezone,))


def move(context: Context, services: Sequence[Service], zone: str) -> None:
    """Let what is kept live in another zone: days and rate schedules go by that from now on, and
    of work that is on no invoice as well. Moments stay what they are. Raises OSError.
    """
    with context.database.write() as connection:
        for service in services:
            service.move(context, zone)
        connection.execute("UPDATE deck_home SET timezone = ?", (zone,))
    context.options = replace(context.options, timezone=zone)
    _publish_identity(context.database)


def version(database: Database) -> int:
    """The version of the tables in the file; 0 in a fresh one."""
    row = database.one("PRAGMA user_version")
    return int(row[0]) if row is not None else 0


def _has_tables(database: Database) -> bool:
    return database.one("SELECT 1 FROM sqlite_master LIMIT 1") is not None


def clear(context: Context, services: Sequence[Service], zone: str = "") -> None:
    """Empty every table of every service but for what is real; the accounts stay usable. What
    comes then lives in `zone`, where one is named.
    """
    with _other_data(context, zone) as connection:
        _empty(connection, context.database, services)
        for service in services:
            service.ground(context)


def reset(context: Context, services: Sequence[Service], zone: str = "") -> None:
    """Empty every table but for what is real, and write the sample workspace anew, as of now; it
    lives in `zone`, where one is named.
    """
    with _other_data(context, zone) as connection:
        _empty(connection, context.database, services)
        for service in services:
            service.ground(context)
        _seed(context, services)


@contextmanager
def _other_data(context: Context, zone: str) -> Iterator[sqlite3.Connection]:
    """A transaction after which the data are others and live in `zone`, where one is named, or
    where it fails the same as before.

    While nobody can know which, none are named. Raises OSError.
    """
    database, before = context.database, context.options
    if database.path is not None:
        database.path.with_name(IDENTITY_FILE).unlink(missing_ok=True)
    try:
        with database.write() as connection:
            if zone:
                connection.execute("UPDATE deck_home SET timezone = ?", (zone,))
                context.options = replace(before, timezone=zone)
            yield connection
    except BaseException:
        context.options = before
        raise
    finally:
        _publish_identity(database)


def _publish_identity(database: Database) -> None:
    """Write down beside the data which they are, in which zone, and whether they began with the
    sample. Raises OSError.
    """
    row = database.one("SELECT identity, (SELECT timezone FROM deck_home) FROM deck_data")
    if database.path is not None and row is not None:
        said = {"identity": str(row[0]), "timezone": str(row[1]), "sample": present(database)}
        write_private(database.path.with_name(IDENTITY_FILE), f"{json.dumps(said)}\n")


def _name_anew(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM deck_data")
    connection.execute("INSERT INTO deck_data VALUES (?)", (secrets.token_hex(8),))


def present(database: Database) -> bool:
    """True while the sample workspace, or what became of it, is in the tables."""
    return database.one("SELECT 1 FROM deck_sample LIMIT 1") is not None


def counts(database: Database, services: Sequence[Service]) -> dict[str, dict[str, int]]:
    """Rows by service and table, the table's name without the service's."""
    return {
        service.name: {
            table.removeprefix(service.name + "_"): _count(database, table)
            for table in _tables(database, service)
        }
        for service in services
    }


def _seed(context: Context, services: Sequence[Service]) -> None:
    for service in services:
        service.seed(context)
        with context.database.write() as connection:
            connection.execute(
                "INSERT INTO deck_sample (service, seeded_at) VALUES (?, ?)",
                (service.name, context.now().isoformat()),
            )


def _empty(connection: sqlite3.Connection, database: Database, services: Sequence[Service]) -> None:
    # Children may be emptied after their parents: the references are checked at the commit.
    connection.execute("PRAGMA defer_foreign_keys = ON")
    connection.execute("DELETE FROM deck_sample")
    _name_anew(connection)
    numbered = database.one("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'")
    for service in services:
        real = dict(service.real)
        for table in _tables(database, service):
            connection.execute(f'DELETE FROM "{table}" WHERE NOT ({real.get(table, 0)})')
            if numbered is not None:
                connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))


def _tables(database: Database, service: Service) -> list[str]:
    rows = database.read(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, ?) = ?"
        " ORDER BY name",
        (len(service.name) + 1, service.name + "_"),
    )
    return [str(row["name"]) for row in rows]


def _count(database: Database, table: str) -> int:
    row = database.one(f'SELECT count(*) FROM "{table}"')
    return int(row[0]) if row is not None else 0


def _statements(script: str) -> Iterator[str]:
    """One statement at a time: sqlite3's own executescript would commit the transaction."""
    gathered = ""
    for line in script.splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""
    if gathered.strip():
        yield gathered
