"""Rows of smart tables: read page by page or whole, written cell by cell, with undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from tui.services.errors import Refused, ServiceError
from tui.services.left_out import received
from tui.services.timetonic import (
    Book,
    Cell,
    Comment,
    Field,
    ReferenceValue,
    Table,
    TableRow,
    TableValues,
    View,
)
from tui.workspace.books.cells import row_title, sent_value, typed, why_not_writable
from tui.workspace.changes.history import History, Undo
from tui.workspace.connections.connections import Connections
from tui.workspace.reads import Answer, Reads

__all__ = [
    "ChangedMeanwhile", "Comment", "Field", "LinkChoices", "Place", "TableDesk", "TableRow",
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


class ChangedMeanwhile(ServiceError):
    """Somebody else changed what a person is about to write over; nothing was sent."""

    kind = "changed meanwhile"
    nothing_done = True
    default_advice = "Save again to write yours in its place."


@dataclass(frozen=True)
class Place:
    """A table in its book."""

    book: Book
    table: Table
    may_change: bool = True
    """False where the service tells that the user may not change this book's tables."""
    tab_id: int | None = None
    """Set for a table of another book that this one mirrors: all that is asked of it and written
    to it goes through this tab."""

    @property
    def key(self) -> str:
        """Ids of tables are unique over all books; a mirror is a place of its own."""
        return str(self.table.id) if self.tab_id is None else f"{self.table.id}.{self.tab_id}"

    def with_count(self, rows: int) -> Place:
        """The same with another number of rows."""
        return replace(self, table=msgspec.structs.replace(self.table, row_count=rows))


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
        self.news = ""
        """What the latest undo had to say beyond that it was done; whoever shows it empties it."""

    # -- reading ------------------------------------------------------------------------------

    def _page_key(self, place: Place, view_id: int | None) -> str:
        return f"{self._connections.account('timetonic')}/rows/{place.key}/{view_id or ''}"

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
        return Whole(values=msgspec.structs.replace(first, rows=rows), complete=complete)

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
        """Write one cell; undo writes the old value, after a warning where it changed since."""
        client = await self._connections.timetonic()
        title = f"{field.name} of {row_title(fields, row, UTC)}"
        before = row.cells.get(field.id)
        old = typed(field, before)
        sent = {str(field.id): sent_value(field, value)}
        written: list[Cell | None] = []

        def undo(_done: object) -> Undo:
            warned: list[bool] = []

            async def put_back() -> None:
                now = await self.row(place, row.id)
                if now is None:
                    self.news = f"The row of {title} is gone; nothing was put back."
                    return
                there = now.cells.get(field.id)
                if written and not warned and typed(field, there) != typed(field, written[0]):
                    warned.append(True)
                    raise Refused(
                        f"{title} was changed since, by somebody else",
                        service="timetonic",
                        advice="u again puts the old value back all the same.",
                    )
                await client.create_or_update_table_row(
                    row.id,
                    {str(field.id): sent_value(field, old)},
                    cat_id=place.table.id,
                    **written_through(place),
                )

            return Undo(title, put_back)

        await self._history.write(
            f"Change {title}",
            "timetonic.createOrUpdateTableRow",
            {"row_id": row.id, "field_values": sent},
            lambda: client.create_or_update_table_row(
                row.id,
                sent,
                cat_id=place.table.id,
                **written_through(place),
            ),
            undo=undo,
        )
        # Made, whatever becomes of looking at it: then undo does not know what stood there.
        with suppress(ServiceError):
            after = await self.row(place, row.id)
            if after is not None:
                written.append(after.cells.get(field.id))

    async def add(self, place: Place, values: Mapping[int, Any]) -> int | None:
        """Add a row with values by field id; its real id, by which undo deletes it again.

        None where the service made the row and did not tell its id: then there is no undo.
        """
        client = await self._connections.timetonic()
        sent = {str(field_id): value for field_id, value in values.items()}

        async def create() -> int | None:
            written = await client.create_or_update_table_row(
                field_values=sent,
                cat_id=place.table.id,
                **written_through(place),
            )
            return written.id

        def undo(row_id: int | None) -> Undo | None:
            if row_id is None:
                return None
            return Undo(
                f"new row in {place.table.name}",
                lambda: client.delete_table_row(row_id, b_o=place.book.b_o, tab_id=place.tab_id),
            )

        return await self._history.write(
            f"Add a row to {place.table.name}",
            "timetonic.createOrUpdateTableRow",
            {"cat_id": place.table.id, "field_values": sent},
            create,
            undo=undo,
        )

    async def delete(self, place: Place, fields: list[Field], row: TableRow) -> None:
        """Delete a row. Undo brings it back as it was, or else makes a new one of its values."""
        client = await self._connections.timetonic()
        name = row_title(fields, row, UTC)
        values = {
            str(field.id): sent_value(field, typed(field, row.cells.get(field.id)))
            for field in fields
            if not why_not_writable(field) and typed(field, row.cells.get(field.id)) is not None
        }

        async def bring_back() -> None:
            # The service can take back a row's last change; whether that includes its deletion
            # is not documented. So it is tried, and looked at.
            try:
                await client.roll_back_before_change(
                    row.id, b_o=place.book.b_o, cat_id=place.table.id
                )
                if await self.row(place, row.id) is not None:
                    self.news = f"“{name}” is back as it was."
                    return
            except ServiceError as error:
                if not error.nothing_done:
                    raise
                # Refused: then its values make a new row.
            made = await client.create_or_update_table_row(
                field_values=values,
                cat_id=place.table.id,
                **written_through(place),
            )
            self.news = (
                f"“{name}” is back as a new row with the id {made.id};"
                " its files, comments and links to it are not."
            )

        await self._history.write(
            f"Delete {name} from {place.table.name}",
            "timetonic.deleteTableRow",
            {"row_id": row.id, "b_o": place.book.b_o},
            lambda: client.delete_table_row(row.id, b_o=place.book.b_o, tab_id=place.tab_id),
            undo=lambda _done: Undo(f"deletion of {name}", bring_back),
        )

    async def comment(self, place: Place, field: Field, row_id: int, text: str) -> None:
        """Say something in a cell; undo deletes what was said."""
        client = await self._connections.timetonic()
        known = {one.id for one in await self.comments(place, field, row_id)}

        async def unsay() -> None:
            # The service does not tell the id of a new comment: it is the new one of this text.
            for one in reversed(await self.comments(place, field, row_id)):
                if one.id is not None and one.id not in known and one.text == text:
                    await client.delete_table_value_comments(
                        row_id, field.id, one.id, b_o=place.book.b_o
                    )
                    return
            self.news = "The comment was not there any more."

        await self._history.write(
            f"Comment in {field.name}",
            "timetonic.editTableValueComments",
            {"row_id": row_id, "field_id": field.id, "comment": text},
            lambda: client.edit_table_value_comments(row_id, field.id, text, b_o=place.book.b_o),
            undo=lambda _done: Undo(f"comment in {field.name}", unsay),
        )
