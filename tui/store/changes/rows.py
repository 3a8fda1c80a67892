"""How a change lies in the file: one row, whose columns are there to be found by."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tui.store.changes.change import Change, Renewal
from tui.store.changes.held import FROM, Held
from tui.store.database import Damaged

_COLUMNS = (
    "id", "owner", "operation", "record", "state", "grouped", "follows",
    "held", "passed", "sender", "needs", "body",
)  # fmt: skip
_INSERT = f"INSERT INTO changes ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_UPDATE = "UPDATE changes SET state = ?, held = ?, passed = ?, sender = ?, body = ? WHERE id = ?"
OF_ONE = (
    "{0}.sequence, {0}.body, (SELECT arguments FROM beside WHERE beside.sequence = {0}.sequence)"
)
"""The columns of `read_change`; to be filled in with the name of the table."""
FIND = f"SELECT {OF_ONE.format('changes')} FROM changes"
_PLACE = "(SELECT sequence FROM changes WHERE id = ?)"
_BESIDE = "INSERT INTO beside (sequence, arguments) VALUES (?, ?)"
_RENAME = "UPDATE changes SET record = ? WHERE id = ?"
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Change)


class Unreadable(Damaged):
    """What stands in a row is no change: the file is damaged."""


def find_in(connection: sqlite3.Connection) -> str:
    """FIND for a file that may be of the first version, in which nothing stands beside a change."""
    there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'beside'").fetchone()
    return FIND if there else "SELECT sequence, body, NULL FROM changes"


def any_row(connection: sqlite3.Connection, query: str, values: Sequence[object]) -> bool:
    """Whether a query has a row."""
    return connection.execute(f"{query} LIMIT 1", values).fetchone() is not None


def find_one(connection: sqlite3.Connection, query: str, values: Sequence[object]) -> Change | None:
    """The change of the first row of a query that begins with FIND; None where there is none."""
    row = connection.execute(query, values).fetchone()
    return None if row is None else read_change(row)


def is_still(connection: sqlite3.Connection, change: Change) -> bool:
    """Whether what is kept of a change is what is known of it here, to the byte."""
    row = connection.execute(f"{FIND} WHERE id = ?", (change.id,)).fetchone()
    if row is None:
        return False
    _, body, beside = row
    kept = change.arguments.kept if isinstance(change.arguments, Held) else None
    # It was put there before it had its place.
    unplaced = msgspec.structs.replace(change, sequence=0)
    return beside == kept and body in (_body(unplaced)[0], _body(change)[0])


def read_change(row: tuple[Any, ...]) -> Change:
    """The change of a row of FIND. Raises Unreadable."""
    sequence, body, beside = row
    try:
        change = msgspec.structs.replace(_decoder.decode(body), sequence=sequence)
        if beside is not None:
            # Only looked through: what is in it is read by who asks for it.
            msgspec.json.decode(beside, type=msgspec.Raw)
            change = msgspec.structs.replace(change, arguments=Held(beside))
        return change
    except (msgspec.MsgspecError, UnicodeError, TypeError, RecursionError) as error:
        raise Unreadable(f"change {sequence} cannot be read: {error}") from error


def inserted(connection: sqlite3.Connection, change: Change) -> Change:
    """Put a change behind all others; the change with its place, which the file gives it."""
    body, beside = _body(change)
    row = (
        change.id, change.owner, change.operation, change.record, change.state, change.group,
        change.undoes or change.redoes, change.held, change.passed, change.sender, change.needs,
        body,
    )  # fmt: skip
    place = connection.execute(_INSERT, row).lastrowid
    assert place is not None
    placed = msgspec.structs.replace(change, sequence=place)
    if beside is not None:
        connection.execute(_BESIDE, (place, beside.kept))
        placed = msgspec.structs.replace(placed, arguments=beside)
    _touch(connection, placed)
    return placed


def replaced(connection: sqlite3.Connection, change: Change, before: Change | None = None) -> bool:
    """Write what may have changed of it; what it was begun with stays. Whether it was there."""
    body, beside = _body(change)
    values = (change.state, change.held, change.passed, change.sender, body)
    found = connection.execute(_UPDATE, (*values, change.id)).rowcount
    was_beside = before is not None and isinstance(before.arguments, Held)
    if beside is not change.arguments and (was_beside or beside is not None):
        # They are others than those that were kept.
        connection.execute(f"DELETE FROM beside WHERE sequence = {_PLACE}", (change.id,))
        if beside is not None and found:
            connection.execute(
                f"INSERT INTO beside (sequence, arguments) VALUES ({_PLACE}, ?)",
                (change.id, beside.kept),
            )
    if before is None or before.record != change.record:
        connection.execute(_RENAME, (change.record, change.id))
    if before is not None and before.also != change.also:
        _touch(connection, change)
    return bool(found)


def _body(change: Change) -> tuple[bytes, Held | None]:
    """A change as it is kept, and the arguments that stand beside it: those that it has as such
    already, or that are too many."""
    arguments = change.arguments
    if not isinstance(arguments, Held):
        kept = _encoder.encode(arguments)
        if len(kept) < FROM:
            return _encoder.encode(change), None
        arguments = Held(kept, arguments)
    return _encoder.encode(msgspec.structs.replace(change, arguments={})), arguments


def _touch(connection: sqlite3.Connection, change: Change) -> None:
    """Let a change be found by every record that it is about."""
    connection.executemany(
        "INSERT OR IGNORE INTO touched (record, sequence) VALUES (?, ?)",
        [(record, change.sequence) for record in change.also],
    )


def about(record: str) -> tuple[str, tuple[str, str]]:
    """The condition that a change is about a record, alone or among others; with its values."""
    condition = "(record = ? OR sequence IN (SELECT sequence FROM touched WHERE record = ?))"
    return condition, (record, record)


def renew(connection: sqlite3.Connection, owner: str, renewal: Renewal) -> None:
    """Every kept change of a record, and every one that may be made again, means the new id."""
    record, ending = renewal.record, f"/{renewal.old}"
    renewed = f"{record[: -len(ending)]}/{renewal.new}" if record.endswith(ending) else record
    condition, values = about(record)
    rows = connection.execute(
        f"{FIND} WHERE owner = ? AND ({condition} OR state = 'undone')", (owner, *values)
    ).fetchall()
    for found in map(read_change, rows):
        named = _moved(_named_anew(found, renewal), renewal, renewed)
        if named != found:
            replaced(connection, named, found)


def _moved(change: Change, renewal: Renewal, renewed: str) -> Change:
    """The change as one of a record that is called otherwise now, where it was one of it."""
    answer, is_it = change.answer, change.record == renewal.record
    if is_it and answer.get("id") == renewal.old:
        answer = {**answer, "id": renewal.new}
    return msgspec.structs.replace(
        change,
        record=renewed if is_it else change.record,
        also=tuple(renewed if one == renewal.record else one for one in change.also),
        answer=answer,
    )


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
        by_record = f"{argument.removesuffix('_id')}s"
        if isinstance(found.get(by_record), dict):
            # Fields of several records stand by the id of each.
            found[by_record] = {
                str(new) if name == str(old) else name: values
                for name, values in found[by_record].items()
            }
        return found

    def fields(values: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        return values and {
            f"{new}/{name.partition('/')[2]}" if name.startswith(f"{old}/") else name: value
            for name, value in values.items()
        }

    inverse = change.inverse
    return msgspec.structs.replace(
        change,
        arguments=renewed(change.arguments),
        before=fields(change.before),
        wanted=fields(change.wanted) or {},
        after=fields(change.after),
        inverse=inverse and msgspec.structs.replace(inverse, arguments=renewed(inverse.arguments)),
    )
