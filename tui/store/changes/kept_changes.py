"""The changes that are kept, found again: by id, by action, by what of them is wanted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from tui.store.changes.change import IN_ORDER, Change, State
from tui.store.changes.rows import FIND, OF_ONE, about, any_row, find_one, read_change
from tui.store.changes.wanted import ALL, Wanted
from tui.store.database import Database

_PARTS = "grouped = ? AND operation = ? AND needs = '' AND (follows = '') = ?"


class KeptChanges:
    """What is asked of the file; nothing here writes to it.

    What could not be written yet is told as it is known, not as it stands there. All of it raises
    OSError where the disk refuses.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._unwritten: dict[str, Change] = {}

    def get(self, id: str) -> Change | None:
        """One change."""
        found = self._select(f"{FIND} WHERE id = ?", id)
        return found[0] if found else None

    def still_open(self) -> list[Change]:
        """What waits, is being sent, or is not known: in the order in which it was begun."""
        return self._select(f"{FIND} WHERE state IN ({IN_ORDER}) ORDER BY sequence")

    def of_group(self, change: Change) -> list[Change]:
        """All changes of one action of a person, in order."""
        if not change.group:
            return [found] if (found := self.get(change.id)) is not None else []
        return self.grouped(change.group)

    def grouped(self, group: str) -> list[Change]:
        """The same by the group's name."""
        return self._select(f"{FIND} WHERE grouped = ? AND follows = '' ORDER BY sequence", group)

    def groups(self, owner: str, operation: str) -> list[str]:
        """The actions of an account that have changes by an operation which are made, or may come
        to be: the latest first."""
        query = (
            "SELECT grouped FROM changes WHERE owner = ? AND operation = ? AND grouped <> ''"
            f" AND follows = '' AND state IN ({IN_ORDER}, 'done')"
            " GROUP BY grouped ORDER BY max(sequence) DESC"
        )
        values = (owner, operation)
        return self.database.read(lambda one: [group for (group,) in one.execute(query, values)])

    def alike(self, change: Change) -> list[Change]:
        """A change and all that are parts of the same work (see `wanted.ALIKE`), in order."""
        if not change.group or change.needs:
            return [found] if (found := self.get(change.id)) is not None else []
        return self._select(f"{FIND} WHERE {_PARTS} ORDER BY sequence", *_parts_of(change))

    def parts(self, change: Change) -> dict[State, int]:
        """How many of them are in each state; empty where it stands for itself."""
        if not change.group or change.needs:
            return {}
        query = f"SELECT state, count(*) FROM changes WHERE {_PARTS} GROUP BY state"
        values = _parts_of(change)
        return self.database.read(lambda one: dict(one.execute(query, values).fetchall()))

    def newest(self, most: int, wanted: Wanted = ALL, *, past: int = 0) -> list[Change]:
        """The newest of those that are wanted first: `most` of them, `past` so many."""
        where, values = wanted.where()
        return self._select(
            f"{FIND} WHERE {where} ORDER BY sequence DESC LIMIT {int(most)} OFFSET {int(past)}",
            *values,
        )

    def count(self, wanted: Wanted = ALL) -> int:
        """How many changes are kept, of those that are wanted."""
        where, values = wanted.where()
        query = f"SELECT count(*) FROM changes WHERE {where}"
        return self.database.read(lambda one: int(one.execute(query, values).fetchone()[0]))

    def last_to_undo(self, owners: Iterable[str]) -> Change | None:
        """The latest change of these accounts that undo has not passed over."""
        return self._latest(
            f"{FIND} WHERE follows = '' AND passed = 0 AND state IN"
            f" ({IN_ORDER}, 'done') AND owner = ? ORDER BY sequence DESC LIMIT 1",
            owners,
        )

    def last_to_redo(self, owners: Iterable[str]) -> Change | None:
        """The change that was undone last; None where something new was begun since."""
        owners = list(owners)
        undo = self._latest(
            f"SELECT {OF_ONE.format('taken')} FROM changes AS taken"
            " JOIN changes AS made ON made.id = taken.follows"
            " WHERE taken.follows <> '' AND taken.state = 'done' AND made.state = 'undone'"
            " AND taken.owner = ? ORDER BY taken.sequence DESC LIMIT 1",
            owners,
        )
        if undo is None:
            return None
        newer = self._latest(
            f"{FIND} WHERE follows = '' AND owner = ?"
            f" AND state NOT IN ('dropped', 'refused') AND sequence > {undo.sequence}"
            " ORDER BY sequence DESC LIMIT 1",
            owners,
        )
        return None if newer is not None else self.get(undo.undoes)

    def glance(self, owner: str, records: Sequence[str]) -> tuple[bool, int]:
        """Whether a change of these records is not settled yet; and the newest change of all.

        What is read of them from now on is older than what is begun after that change.
        """

        def look(connection: sqlite3.Connection) -> tuple[bool, int]:
            (newest,) = connection.execute("SELECT max(sequence) FROM changes").fetchone()
            still_open = any(
                any_row(
                    connection,
                    f"SELECT 1 FROM changes WHERE {condition} AND owner = ?"
                    f" AND state IN ({IN_ORDER})",
                    (*values, owner),
                )
                for condition, values in map(about, records)
            )
            return still_open, newest or 0

        return self.database.read(look)

    def version(self) -> int:
        """Another number once somebody else has written to the file; cheap to ask for."""
        return self.database.read(lambda one: int(one.execute("PRAGMA data_version").fetchone()[0]))

    def _latest(self, query: str, owners: Iterable[str]) -> Change | None:
        """The latest of what a query finds for each account.

        Each is asked for alone, by its index: those of other accounts may be many, and newer.
        """

        def look(connection: sqlite3.Connection) -> list[Change]:
            found = (find_one(connection, query, (owner,)) for owner in owners)
            return [one for one in found if one is not None]

        latest = max(self.database.read(look), key=lambda one: one.sequence, default=None)
        return latest and self._unwritten.get(latest.id, latest)

    def _select(self, query: str, *values: object) -> list[Change]:
        found = self.database.read(
            lambda one: [read_change(row) for row in one.execute(query, values)]
        )
        return [self._unwritten.get(change.id, change) for change in found]


def _parts_of(change: Change) -> tuple[object, ...]:
    """The values of `_PARTS` for the work that a change is a part of."""
    return change.group, change.operation, not (change.undoes or change.redoes)
