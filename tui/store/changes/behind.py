"""What keeps a change from being sent now: an earlier one of its record, or who was quicker."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import msgspec

from tui.store.changes.change import IN_ORDER, Change
from tui.store.changes.rows import about, any_row

BEHIND = "An earlier change of the same record is not settled; nothing was sent."


def as_dropped(change: Change) -> Change:
    """A change that is not sent since it may not wait for the one before it."""
    return msgspec.structs.replace(
        change, state="dropped", reason=BEHIND, settled=datetime.now(UTC)
    )


def is_behind(connection: sqlite3.Connection, change: Change) -> bool:
    """Whether something has to be settled before this may be sent."""
    if change.needs and not any_row(
        connection,
        "SELECT 1 FROM changes WHERE id = ? AND state = 'done'",
        (change.needs,),
    ):
        return True
    return any(
        any_row(
            connection,
            f"SELECT 1 FROM changes WHERE {condition} AND state IN ({IN_ORDER})"
            " AND owner = ? AND sequence < ? AND id <> ?",
            (*values, change.owner, change.sequence or 2**62, change.id),
        )
        for condition, values in map(about, change.records)
    )


def is_taken(connection: sqlite3.Connection, change: Change) -> bool:
    """Whether what it undoes or redoes is on its way already, or is not to be any more."""
    follows = change.undoes or change.redoes
    return bool(follows) and (
        any_row(
            connection,
            f"SELECT 1 FROM changes WHERE follows = ? AND state IN ({IN_ORDER})",
            (follows,),
        )
        or any_row(
            connection,
            "SELECT 1 FROM changes WHERE id = ? AND state = ?",
            (follows, "undone" if change.undoes else "done"),
        )
    )


def is_overtaken(connection: sqlite3.Connection, change: Change, newest: int | None) -> bool:
    """Whether one of its record was begun after `newest`."""
    return newest is not None and any(
        any_row(
            connection,
            f"SELECT 1 FROM changes WHERE {condition} AND owner = ? AND sequence > ?",
            (*values, change.owner, newest),
        )
        for condition, values in map(about, change.records)
    )
