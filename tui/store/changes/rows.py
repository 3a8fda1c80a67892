"""How a change lies in the file: one row, whose columns are there to be found by."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tui.store.changes.change import Change, Renewal

_COLUMNS = (
    "id", "owner", "operation", "record", "state", "grouped", "follows",
    "held", "passed", "sender", "needs", "body",
)  # fmt: skip
_INSERT = f"INSERT INTO changes ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_UPDATE = "UPDATE changes SET state = ?, held = ?, passed = ?, sender = ?, body = ? WHERE id = ?"
FIND = "SELECT sequence, body FROM changes"
_RENAME = "UPDATE changes SET record = ? WHERE id = ?"
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Change)


def any_row(connection: sqlite3.Connection, query: str, values: Sequence[object]) -> bool:
    """Whether a query has a row."""
    return connection.execute(f"{query} LIMIT 1", values).fetchone() is not None


def find_one(connection: sqlite3.Connection, query: str, values: Sequence[object]) -> Change | None:
    """The change of the first row of a query that begins with FIND; None where there is none."""
    row = connection.execute(query, values).fetchone()
    return None if row is None else read_change(row)


def read_change(row: tuple[Any, ...]) -> Change:
    """The change of a row of FIND."""
    sequence, body = row
    return msgspec.structs.replace(_decoder.decode(body), sequence=sequence)


def inserted(connection: sqlite3.Connection, change: Change) -> Change:
    """Put a change behind all others; the change with its place, which the file gives it."""
    row = (
        change.id, change.owner, change.operation, change.record, change.state, change.group,
        change.undoes or change.redoes, change.held, change.passed, change.sender, change.needs,
        _encoder.encode(change),
    )  # fmt: skip
    place = connection.execute(_INSERT, row).lastrowid
    assert place is not None
    return msgspec.structs.replace(change, sequence=place)


def replaced(connection: sqlite3.Connection, change: Change, before: Change | None = None) -> None:
    """Write what may have changed of it; what it was begun with stays."""
    values = (change.state, change.held, change.passed, change.sender, _encoder.encode(change))
    connection.execute(_UPDATE, (*values, change.id))
    if before is None or before.record != change.record:
        connection.execute(_RENAME, (change.record, change.id))


def renew(connection: sqlite3.Connection, change: Change, renewal: Renewal) -> None:
    """Every kept change of a record, and every one that may be made again, means the new id."""
    record, ending = change.record, f"/{renewal.old}"
    renewed = f"{record[: -len(ending)]}/{renewal.new}" if record.endswith(ending) else record
    rows = connection.execute(
        f"{FIND} WHERE owner = ? AND (record = ? OR state = 'undone')", (change.owner, record)
    ).fetchall()
    for found in map(read_change, rows):
        named = _named_anew(found, renewal)
        if found.record == record:
            named = msgspec.structs.replace(named, record=renewed)
        if named != found:
            replaced(connection, named, found)


def _named_anew(change: Change, renewal: Renewal) -> Change:
    """The change with a record's new id wherever its arguments name the old one."""
    argument, old, new = renewal.argument, renewal.old, renewal.new

    def renewed(arguments: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(arguments)
        if found.get(argument) == old:
            found[argument] = new
        several = found.get(f"{argument}s")
        if isinstance(several, list):
            found[f"{argument}s"] = [new if one == old else one for one in several]
        return found

    inverse = change.inverse
    return msgspec.structs.replace(
        change,
        arguments=renewed(change.arguments),
        inverse=inverse and msgspec.structs.replace(inverse, arguments=renewed(inverse.arguments)),
    )
