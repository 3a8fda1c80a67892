"""Rows of smart tables: read page by page or whole, written cell by cell, with undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec

from tui.services.left_out import received
from tui.services.timetonic import (
    Comment,
    Field,
    ReferenceValue,
    TableRow,
    TableValues,
    View,
)
from tui.words import counted
from tui.workspace.books.cells import row_title, sent_value, typed, values_of
from tui.workspace.books.places import Place
from tui.workspace.books.waiting import RowChange, rows_waiting
from tui.workspace.changes.history import History
from tui.workspace.connections.connections import Connections
from tui.workspace.reads import Answer, Reads

__all__ = [
    "Comment", "Field", "LinkChoices", "Place", "RowChange", "TableDesk", "TableRow",
    "TableValues", "View", "Whole",
]  # fmt: skip

PAGE = 200
"""Rows of a page on the screen."""
LARGE_PAGE = 500
"""Rows of a request where all of them are wanted."""
MOST_ROWS = 50_000
"""Rows that are held at once; more are never loaded, and that is said."""
MOST_CHOICES = 2_000
"""Rows of another table among which a link is chosen."""


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """All rows of a table or a view, or as many of them as are ever held."""

    values: TableValues
    complete: bool


class LinkChoices(msgspec.Struct, frozen=True, kw_only=True):
    """The rows that a link field may point to."""

    rows: list[ReferenceValue]
    complete: bool


def written_through(place: Place) -> dict[str, Any]:
    """How every row of a place is written: by its book and its tab, its automations run."""
    # Automations run as they would for a change in the browser.
    return {"b_o": place.book.b_o, "tab_id": place.tab_id, "bypass_url_trigger": False}


class TableDesk:
    """The use cases around one table's rows."""

    def __init__(self, connections: Connections, reads: Reads, history: History) -> None:
        self._connections = connections
        self._reads = reads
        self._history = history

    # -- reading ------------------------------------------------------------------------------

    def _page_key(self, place: Place, view_id: int | None) -> str:
        return f"{self._owner}/rows/{place.key}/{view_id or ''}"

    async def kept(self, place: Place, view_id: int | None) -> Answer[TableValues] | None:
        """The first page of an earlier read, at once."""
        return await self._reads.kept(self._page_key(place, view_id), TableValues)

    async def page(
        self, place: Place, offset: int = 0, *, view_id: int | None = None, size: int = PAGE
    ) -> Answer[TableValues]:
        """Rows from `offset` on, `size` of them where there are so many.

        The real service may give fewer than were asked for: then it is asked again.
        """

        async def fetch() -> TableValues:
            found = await self._values(place, offset, size, view_id)
            whole = self._whole(place, found, view_id)
            rows, came = found.rows, received(found.rows)
            while whole is not None and 0 < came < size and offset + came < whole:
                more = await self._values(place, offset + came, size - came, None)
                if not received(more.rows):
                    break
                rows, came = [*rows, *more.rows], came + received(more.rows)
            return msgspec.structs.replace(found, rows=rows)

        if offset:
            value = await fetch()
            return Answer(value, datetime.now(UTC), kept=False)
        return await self._reads.fresh(self._page_key(place, view_id), fetch)

    async def every(
        self, place: Place, told: Callable[[int, int | None], None], *, view_id: int | None = None
    ) -> Whole:
        """All rows, `MOST_ROWS` at most; `told` hears how many of how many there are so far."""
        first = await self._values(place, 0, LARGE_PAGE, view_id)
        total = self._whole(place, first, view_id)
        rows, page, came = list(first.rows), received(first.rows), received(first.rows)
        # What could not be read counts as well: the next page begins behind it.
        while page and (page == LARGE_PAGE or (total is not None and came < total)):
            if len(rows) >= MOST_ROWS:
                break
            told(len(rows), total)
            found = (await self._values(place, came, LARGE_PAGE, view_id)).rows
            rows += found
            page, came = received(found), came + received(found)
        complete = len(rows) < MOST_ROWS or not page
        values = msgspec.structs.replace(first, rows=rows)
        self._reads.heard(self._page_key(place, view_id), values)
        return Whole(values=values, complete=complete)

    @staticmethod
    def _whole(place: Place, found: TableValues, view_id: int | None) -> int | None:
        """How many rows there are in all; None where only some of the table's are shown."""
        return found.table.row_count if view_id is None and place.tab_id is None else None

    async def _values(
        self, place: Place, offset: int, size: int, view_id: int | None
    ) -> TableValues:
        client = await self._connections.timetonic()
        return await client.get_table_values(
            place.table.id,
            b_o=place.book.b_o,
            filter_row_ids=None if view_id is None else {"applyViewFilters": view_id},
            tab_id=place.tab_id,
            offset=offset,
            max_rows=size,
        )

    async def row(self, place: Place, row_id: int) -> TableRow | None:
        """One row as the service has it now; None where it is gone."""
        client = await self._connections.timetonic()
        found = await client.get_table_values(
            place.table.id,
            b_o=place.book.b_o,
            filter_row_ids=[row_id],
            tab_id=place.tab_id,
            max_rows=1,
        )
        return next((row for row in found.rows if row.id == row_id), None)

    async def link_choices(self, place: Place, field: Field) -> LinkChoices:
        """The rows that a link may point to."""
        client = await self._connections.timetonic()
        found: list[ReferenceValue] = []
        came = 0
        while len(found) < MOST_CHOICES:
            page = await client.get_reference_field_values(
                field.id, b_o=place.book.b_o, offset=came, max_rows=LARGE_PAGE
            )
            found += page.values
            came += received(page.values)
            if received(page.values) < LARGE_PAGE:
                return LinkChoices(rows=found, complete=True)
        return LinkChoices(rows=found, complete=False)

    async def comments(self, place: Place, field: Field, row_id: int) -> list[Comment]:
        """What was said in a cell."""
        client = await self._connections.timetonic()
        found = await client.get_table_value_comments(row_id, field.id, b_o=place.book.b_o)
        return found.comments

    # -- writing ------------------------------------------------------------------------------

    async def write_cell(
        self, place: Place, fields: list[Field], row: TableRow, field: Field, value: Any
    ) -> None:
        """Write one cell; undo writes the old value. `row` is as the person saw it."""
        client = await self._connections.timetonic()
        name = str(field.id)
        await self._history.write(
            f"Change {field.name} of {row_title(fields, row, UTC)}",
            partial(
                client.create_or_update_table_row,
                row.id,
                {name: sent_value(field, value)},
                cat_id=place.table.id,
                **written_through(place),
            ),
            seen={name: sent_value(field, typed(field, row.cells.get(field.id)))},
        )

    async def add(self, place: Place, values: Mapping[int, Any]) -> int | None:
        """Add a row with values by field id; its real id, by which undo deletes it again.

        None where the service made the row and did not tell its id: then there is no undo.
        """
        client = await self._connections.timetonic()
        written = await self._history.write(
            f"Add a row to {place.table.name}",
            partial(
                client.create_or_update_table_row,
                field_values={str(field_id): value for field_id, value in values.items()},
                cat_id=place.table.id,
                **written_through(place),
            ),
        )
        return written.id

    async def delete(self, place: Place, fields: list[Field], *rows: TableRow) -> None:
        """Delete rows, as one step of undo, which brings each back as it was, or else makes a new
        one of its values. The rows are as the person saw them.
        """
        client = await self._connections.timetonic()
        name = row_title(fields, rows[0], UTC)
        what = name if len(rows) == 1 else counted(len(rows), "row")
        await self._history.write_all(
            f"Delete {what} from {place.table.name}",
            [
                partial(client.delete_table_row, row.id, b_o=place.book.b_o, tab_id=place.tab_id)
                for row in rows
            ],
            alike=True,
            seen=[values_of(fields, row) for row in rows],
            about={"cat_id": place.table.id},
        )

    async def comment(self, place: Place, field: Field, row_id: int, text: str) -> None:
        """Say something in a cell; undo deletes what was said."""
        client = await self._connections.timetonic()
        await self._history.write(
            f"Comment in {field.name}",
            partial(client.edit_table_value_comments, row_id, field.id, text, b_o=place.book.b_o),
        )

    async def waiting(self, place: Place, fields: list[Field]) -> list[RowChange]:
        """What is not settled of this table's rows, in the order in which it was begun."""
        return rows_waiting(await self._history.outbox.still_open(), self._owner, place, fields)

    @property
    def _owner(self) -> str:
        return self._connections.account("timetonic")
