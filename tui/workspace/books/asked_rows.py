"""Rows of smart tables as the service gives them when it is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypedDict

import msgspec

from tui.services.errors import AuthenticationFailed, ServiceError
from tui.services.left_out import received
from tui.services.timetonic import TableRow, TableValues, TimeTonic
from tui.services.timetonic.by_column import SomeValues
from tui.services.timetonic.table_records import RowList
from tui.workspace.books.places import Place
from tui.workspace.connections.connections import Connections
from tui.workspace.reads import Answer

PAGE = 200
"""Rows of a page on the screen."""


class _Asked(TypedDict):
    """Which rows of a table an answer is to have, as both readings of it take that."""

    b_o: str
    filter_row_ids: dict[str, int] | None
    tab_id: int | None
    offset: int
    max_rows: int


def _asked_of(place: Place, offset: int, size: int, view_id: int | None) -> _Asked:
    return {
        "b_o": place.book.b_o,
        "filter_row_ids": None if view_id is None else {"applyViewFilters": view_id},
        "tab_id": place.tab_id,
        "offset": offset,
        "max_rows": size,
    }


class AskedRows:
    """Reads of rows, each of which asks the service."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def client(self) -> TimeTonic:
        """The service. Raises what connecting raises."""
        return await self._connections.timetonic()

    async def page(
        self, place: Place, offset: int = 0, *, view_id: int | None = None, size: int = PAGE
    ) -> Answer[TableValues]:
        """Rows from `offset` on, `size` of them where there are so many.

        The real service may give fewer than were asked for: then it is asked again.
        """
        found = await self.values(place, offset, size, view_id)
        whole = self._whole(place, found, view_id)
        rows, came = found.rows, received(found.rows)
        while whole is not None and 0 < came < size and offset + came < whole:
            more = await self.values(place, offset + came, size - came, None)
            if not received(more.rows):
                break
            rows, came = [*rows, *more.rows], came + received(more.rows)
        value = msgspec.structs.replace(found, rows=rows)
        return Answer(value, datetime.now(UTC), kept=False)

    @staticmethod
    def _whole(place: Place, found: TableValues, view_id: int | None) -> int | None:
        """How many rows there are in all; None where only some of the table's are shown."""
        return found.table.row_count if view_id is None and place.tab_id is None else None

    async def values(
        self, place: Place, offset: int, size: int, view_id: int | None
    ) -> TableValues:
        """One answer of rows; the service may give fewer than were asked for."""
        client = await self._connections.timetonic()
        return await client.get_table_values(
            place.table.id, **_asked_of(place, offset, size, view_id)
        )

    async def columns(
        self, place: Place, offset: int, size: int, view_id: int | None
    ) -> SomeValues:
        """The same, by columns where they come as documented."""
        client = await self._connections.timetonic()
        return await client.table_columns(place.table.id, **_asked_of(place, offset, size, view_id))

    async def row(self, place: Place, row_id: int) -> TableRow | None:
        """One row as the service has it now; None where it is gone."""
        found = await self.rows_of(place, [row_id])
        return next((row for row in found if row.id == row_id), None)

    async def rows_of(self, place: Place, row_ids: list[int]) -> list[TableRow]:
        """Those of the rows that the service still has, as they are now."""
        client = await self._connections.timetonic()
        found = await client.get_table_values(
            place.table.id,
            b_o=place.book.b_o,
            filter_row_ids=row_ids,
            tab_id=place.tab_id,
            max_rows=len(row_ids),
        )
        return found.rows

    async def changed_since(self, place: Place, stamp: str, most: int) -> RowList | None:
        """Which rows changed since a stamp, `most` of them; None where the service cannot tell."""
        try:
            client = await self.client()
            return await client.list_table_rows_by_id(
                place.table.id,
                b_o=place.book.b_o,
                max_rows=most,
                last_modified_after=int(stamp),
            )
        except AuthenticationFailed:
            raise
        except ServiceError:
            # Not every server knows the question.
            return None
