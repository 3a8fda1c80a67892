"""What became of changes of TimeTonic's rows of which nobody knows the outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tui.services.timetonic import TimeTonic
from tui.store.changes import Change
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
"""Rows that changed since, among which a new one is looked for."""


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
    """All of the rows: each changed one by its values, each new one by what it holds."""
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
        first = next((int(name) for one in wanted for name in one if name.isdecimal()), None)
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
    listed = await client.list_table_rows_by_id(
        table, b_o=owner, last_modified_after=since, max_rows=MOST_FOUND
    )
    ids = [row.id for row in listed.rows]
    found = await read_rows(
        client, {**change.known, "cat_id": table, "tab_id": None}, ids,
        [name for one in wanted for name in one],
    )  # fmt: skip
    if found is None:
        return None
    made: list[int] = []
    for values in wanted:
        like = [one for one in found.rows if one not in made and _holds_all(found, one, values)]
        if len(like) != 1:
            return None
        made += like
    return made


def _holds_all(found: Found, row_id: int, values: Data) -> bool:
    """Whether a row holds these values, and of what can be written nothing besides."""
    there, wanted = found.values(row_id, values), found.as_read(values)
    return all(same(value, wanted.get(name)) for name, value in there.items())
