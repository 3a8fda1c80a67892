"""Tables, versions and the sample: one transaction, and a way on."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tui.embedded import sample
from tui.embedded.context import Context, Options, Service
from tui.embedded.credentials import Credentials
from tui.embedded.database import Database

SCHEMA = """
CREATE TABLE IF NOT EXISTS things_parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);
CREATE TABLE IF NOT EXISTS things_child (
    id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES things_parent (id)
);
CREATE TRIGGER IF NOT EXISTS things_watch AFTER INSERT ON things_parent BEGIN
    SELECT 1; SELECT 2;
END;
"""


def _seed(context: Context) -> None:
    with context.database.write() as connection:
        number = connection.execute("INSERT INTO things_parent (name) VALUES ('one')").lastrowid
        connection.execute("INSERT INTO things_child (parent_id) VALUES (?)", (number,))


def _ground(context: Context) -> None:
    with context.database.write() as connection:
        connection.execute("INSERT OR IGNORE INTO things_parent (id, name) VALUES (100, 'there')")


def _failure(_request: Request, status: int, words: str) -> Response:
    return PlainTextResponse(words, status)


THINGS = Service("things", "/things", SCHEMA, lambda _context: [], _seed, _failure, _ground)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    with closing(Database(None)) as database:
        yield Context(database, Credentials(), Options(tmp_path))


def _counts(context: Context) -> dict[str, int]:
    return sample.counts(context.database, [THINGS])["things"]


def test_a_fresh_database_gets_the_sample_once(context: Context) -> None:
    sample.prepare(context, [THINGS])
    assert _counts(context) == {"parent": 2, "child": 1}
    assert sample.present(context.database)
    sample.prepare(context, [THINGS])
    assert _counts(context) == {"parent": 2, "child": 1}


def test_clear_leaves_what_must_be_there_and_reset_begins_again(context: Context) -> None:
    sample.prepare(context, [THINGS])
    sample.clear(context, [THINGS])
    assert _counts(context) == {"parent": 1, "child": 0}
    assert not sample.present(context.database)
    sample.prepare(context, [THINGS])
    assert _counts(context) == {"parent": 1, "child": 0}
    sample.reset(context, [THINGS])
    assert _counts(context) == {"parent": 2, "child": 1}
    assert sample.present(context.database)


def test_a_seed_that_fails_leaves_nothing_behind(context: Context) -> None:
    def broken(context: Context) -> None:
        _seed(context)
        raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(sqlite3.OperationalError):
        sample.prepare(context, [dataclasses.replace(THINGS, seed=broken)])
    assert sample.version(context.database) == 0
    assert context.database.read("SELECT name FROM sqlite_master") == []
    sample.prepare(context, [THINGS])
    assert _counts(context) == {"parent": 2, "child": 1}


def test_older_tables_are_brought_forward_step_by_step(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample.prepare(context, [THINGS])

    def add_colour(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE things_parent ADD COLUMN colour TEXT DEFAULT 'blue'")

    monkeypatch.setattr(sample, "SCHEMA_VERSION", sample.SCHEMA_VERSION + 1)
    monkeypatch.setitem(sample.MIGRATIONS, sample.SCHEMA_VERSION - 1, add_colour)
    sample.prepare(context, [THINGS])
    assert sample.version(context.database) == sample.SCHEMA_VERSION
    row = context.database.one("SELECT colour FROM things_parent WHERE name = 'one'")
    assert row is not None
    assert row["colour"] == "blue"


def test_tables_of_a_newer_version_are_left_alone(context: Context) -> None:
    sample.prepare(context, [THINGS])
    with context.database.write() as connection:
        connection.execute(f"PRAGMA user_version = {sample.SCHEMA_VERSION + 1}")
    with pytest.raises(sample.NewerDatabase):
        sample.prepare(context, [THINGS])
    assert sample.version(context.database) == sample.SCHEMA_VERSION + 1


def test_a_transaction_is_kept_as_a_whole_or_not_at_all(context: Context) -> None:
    sample.prepare(context, [THINGS], seeded=False)
    database = context.database

    def write_and_fail() -> None:
        with database.write() as connection:
            connection.execute("INSERT INTO things_parent (name) VALUES ('lost')")
            with database.write() as inner:
                inner.execute("INSERT INTO things_parent (name) VALUES ('lost too')")
            raise ValueError("a mistake")

    with pytest.raises(ValueError, match="mistake"):
        write_and_fail()
    assert _counts(context)["parent"] == 1

    def leave_an_orphan() -> None:
        with database.write() as connection:
            connection.execute("PRAGMA defer_foreign_keys = ON")
            connection.execute("INSERT INTO things_child (parent_id) VALUES (4711)")

    # The reference is checked at the commit, which fails and must not leave the transaction open.
    with pytest.raises(sqlite3.IntegrityError):
        leave_an_orphan()
    with database.write() as connection:
        connection.execute("INSERT INTO things_parent (name) VALUES ('kept')")
    assert _counts(context) == {"parent": 2, "child": 0}


def test_other_data_have_another_name_beside_them(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "embedded.db")) as database:
        context = Context(database, Credentials(), Options(tmp_path))

        def named() -> str:
            said: str = json.loads((tmp_path / "data.json").read_text())["identity"]
            return said

        sample.prepare(context, [THINGS])
        first = named()
        sample.prepare(context, [THINGS])
        assert named() == first, "the same data, after another start"
        (tmp_path / "data.json").unlink()
        sample.prepare(context, [THINGS])
        assert named() == first, "it stands in the data themselves"
        assert (tmp_path / "data.json").stat().st_mode & 0o777 == 0o600
        sample.clear(context, [THINGS])
        second = named()
        sample.reset(context, [THINGS])
        assert len({first, second, named()}) == 3


def test_whether_they_are_the_sample_stands_beside_the_data(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "embedded.db")) as database:
        context = Context(database, Credentials(), Options(tmp_path))

        def is_sample() -> object:
            return json.loads((tmp_path / "data.json").read_text())["sample"]

        sample.prepare(context, [THINGS])
        assert is_sample() is True
        sample.move(context, [THINGS], "Asia/Tokyo")
        assert is_sample() is True, "in another zone"
        sample.clear(context, [THINGS])
        assert is_sample() is False
        sample.prepare(context, [THINGS])
        assert is_sample() is False, "another start brings none back"
        sample.reset(context, [THINGS])
        assert is_sample() is True


def test_data_that_could_not_be_changed_keep_their_name(tmp_path: Path) -> None:
    def broken(_context: Context) -> None:
        raise ValueError("no seed today")

    with closing(Database(tmp_path / "embedded.db")) as database:
        context = Context(database, Credentials(), Options(tmp_path))
        sample.prepare(context, [THINGS])
        before = (tmp_path / "data.json").read_text()
        with pytest.raises(ValueError, match="no seed today"):
            sample.reset(context, [dataclasses.replace(THINGS, seed=broken)])
        assert (tmp_path / "data.json").read_text() == before
        assert _counts(context) == {"parent": 2, "child": 1}
