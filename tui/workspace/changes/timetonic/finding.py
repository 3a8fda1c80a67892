"""What became of changes of TimeTonic's rows of which nobody knows the outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tui.services.digits import whole
from tui.services.timetonic import TimeTonic
from tui.store.changes import Change
from tui.workspace.changes.arguments import from_data
from tui.workspace.changes.kinds import Data
from tui.workspace.changes.timetonic.reading import (
    Found,
    number_of,
    read_rows,
    rows_named,
    table_of,
)
from tui.workspace.changes.values import differing, same

STAMPS = 10_000
"""Server stamps of one second."""
MARGIN = timedelta(seconds=10)
"""How long before a change was begun its effect is looked for, by the service's own clock."""
MOST_FOUND = 200
"""Rows that changed since, among which a few new ones are looked for: the newest."""
MOST_LISTED, LEAST_LISTED = 100_000, 100
"""Rows that are asked for at once, and how few tell that there are no more."""


async def find_row(client: TimeTonic, change: Change) -> Data | None:
    """A new row by what it holds and when it was made; a changed one by its values."""
    row_id = number_of(change.arguments.get("row_id"))
    values = change.wanted
    if row_id is None:
        made = await _made_since(client, change, [values])
        return None if made is None else {"id": made[0]}
    found = await read_rows(client, change.known, [row_id], values)
    return {"id": row_id} if _hold(found, {row_id: values}) else None


async def find_value(client: TimeTonic, change: Change) -> Data | None:
    """A value where it was to be written."""
    row_id, field_id = int(change.arguments["row_id"]), str(change.arguments["field_id"])
    if "value" in change.hidden:
        return None
    found = await read_rows(client, change.known, [row_id], [field_id])
    wanted = {field_id: change.arguments.get("value", "")}
    return {"id": row_id} if _hold(found, {row_id: wanted}) else None


async def find_file(client: TimeTonic, change: Change) -> Data | None:
    """A file in its cell by its unique id."""
    unique, row_id = change.arguments.get("uuid"), number_of(change.arguments.get("row_id"))
    field_id = change.arguments.get("field_id")
    if not unique or row_id is None or field_id is None:
        return None
    found = await read_rows(client, change.known, [row_id], [str(field_id)])
    row = None if found is None else found.rows.get(row_id)
    cell = None if row is None else row.cells.get(int(field_id))
    there = cell.value if cell is not None and isinstance(cell.value, list) else []
    hangs = any(isinstance(one, Mapping) and one.get("uuid") == unique for one in there)
    return {} if hangs else None


async def find_several(client: TimeTonic, change: Change) -> Data | None:
    """All of the rows: each changed one by its values, each new one by what it holds; where they
    are taken back, each that was new by its absence.
    """
    gone = change.arguments.get("row_ids") or []
    if gone:
        there = await read_rows(client, change.known, gone)
        if there is None or there.rows:
            return None
    asked: Mapping[str, Data] = change.arguments.get("rows") or {}
    old = {number: asked[n] or {} for n in asked if (number := number_of(n)) is not None}
    new = [asked[name] or {} for name in asked if number_of(name) is None]
    if old:
        fields = [name for values in old.values() for name in values]
        if not _hold(await read_rows(client, change.known, list(old), fields), old):
            return None
    made = await _made_since(client, change, new) if new else []
    return None if made is None else {"row_ids": made}


async def find_deletion(client: TimeTonic, change: Change) -> Data | None:
    """Deleted rows by their absence."""
    found = await read_rows(client, change.known, rows_named(change.arguments))
    return {} if found is not None and not found.rows else None


async def find_rolled_back(client: TimeTonic, change: Change) -> Data | None:
    """Rows that were to come back by their presence; of another roll back nobody can tell."""
    if "rows" not in change.arguments:
        return None
    ids = rows_named(change.arguments)
    found = await read_rows(client, change.arguments, ids)
    return {} if found is not None and found.rows.keys() >= set(ids) else None


def _hold(found: Found | None, wanted: Mapping[int, Data]) -> bool:
    return found is not None and all(
        row_id in found.rows and not differing(found.as_read(values), found.values(row_id, values))
        for row_id, values in wanted.items()
    )


async def _made_since(
    client: TimeTonic, change: Change, wanted: Sequence[Data]
) -> list[int] | None:
    """The ids of the rows that hold these values and came since, where each is the only one."""
    table = change.known.get("cat_id")
    if table is None:
        named = (whole(name) for one in wanted for name in one)
        first = next((field for field in named if field is not None), None)
        place = None if first is None else await table_of(client, first)
        if place is None:
            return None
        table = place[0]
    owner = change.known.get("b_o")
    now = await client.get_table_values(table, b_o=owner, max_rows=1)
    if now.sstamp is None:
        return None
    # By the service's own clock: how long ago it was here is how long ago it was there.
    since = now.sstamp - int((datetime.now(UTC) - change.time + MARGIN).total_seconds() * STAMPS)
    came = await _came_since(client, table, owner, since)
    # What other changes of the same action made is theirs: of an import that may be all the rest.
    theirs = {
        one for told in change.known.get("of_others") or () for one in told.get("row_ids") or ()
    }
    ids = sorted(came - theirs)[-max(MOST_FOUND, 2 * len(wanted)) :]
    found = await read_rows(
        client, {**change.known, "cat_id": table, "tab_id": None}, ids,
        {name: None for one in wanted for name in one},
    )  # fmt: skip
    return None if found is None else made_of(found, wanted)


async def _came_since(client: TimeTonic, table: int, owner: str | None, since: int) -> set[int]:
    """The ids of the rows that came or changed since: the service may tell only some at once."""
    came: set[int] = set()
    while True:
        listed = await client.list_table_rows_by_id(
            table, b_o=owner, last_modified_after=since, max_rows=MOST_LISTED
        )
        came.update(row.id for row in listed.rows)
        newest = max((row.sstamp or 0 for row in listed.rows), default=0)
        if newest <= since or len(listed.rows) < LEAST_LISTED:
            return came
        since = newest


def made_of(found: Found, wanted: Sequence[Data]) -> list[int] | None:
    """Which of the rows holds which of these values, and of what can be written nothing besides.

    None where one is not there, or where more rows hold the same than were to be made.
    """
    names = {name for values in wanted for name in values}
    rows: dict[Any, list[int]] = {}
    for row_id in sorted(found.rows):
        rows.setdefault(essence(found.values(row_id, names)), []).append(row_id)
    forms = [essence(found.as_read(values)) for values in wanted]
    if any(len(rows.get(form, ())) != count for form, count in Counter(forms).items()):
        return None
    return [rows[form].pop(0) for form in forms]


def essence(values: Data) -> frozenset[Any]:
    """What a row holds, such that two of them are equal where `same` says so of every field."""
    return frozenset(
        (name, _hashed(value)) for name, value in values.items() if not same(value, None)
    )


def _hashed(value: Any) -> Any:
    plain = from_data(value)
    if isinstance(plain, list):
        return tuple(map(_hashed, plain))
    if isinstance(plain, dict):
        return plain["row_id"] if "row_id" in plain else repr(sorted(plain.items()))
    return isinstance(plain, bool), plain
