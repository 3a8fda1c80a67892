"""A service with one table, in memory: asked as the real one is, answering in any order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, tzinfo
from random import Random
from typing import Any
from weakref import finalize

from tui.services.timetonic import Book, Cell, Field, Table, TableRow, TableValues
from tui.services.timetonic.by_column import FieldColumn, TableColumns
from tui.services.timetonic.table_columns import Column, RowInfo
from tui.services.timetonic.table_records import RowList
from tui.store.mirror.mirror import Mirror
from tui.store.mirror.wishes import Wish
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.books.rows import Place, TableDesk
from tui.workspace.reads import Answer

PLACE = Place(Book(b_c="book", b_o="me"), Table(id=7, name="Things"))


async def all_rows(
    desk: TableDesk, place: Place, view_id: int | None = None, told: Any = None
) -> list[TableRow]:
    """Every row of a table or a view, read through the mirror, as the service has them."""
    kept = desk.mirrored(place, view_id, UTC)
    assert await kept.gather(told or (lambda _read, _total: None))
    return await rows_of(kept)


async def rows_of(kept: KeptRows, wish: Wish | None = None) -> list[TableRow]:
    """The rows that are kept, in an order."""
    view, _ = await kept.view(wish or Wish())
    with closing(view.ordered):
        found = await view.rows(0, 100_000)
    assert list(found) == sorted(found)
    return list(found.values())


def filled_cells(rows: Sequence[TableRow]) -> list[dict[int, Cell]]:
    """What is in the cells of rows that are not empty."""
    return [{key: cell for key, cell in row.cells.items() if cell != Cell()} for row in rows]


def by_columns(found: TableValues) -> TableColumns:
    """The same rows by columns."""
    ids = [row.id for row in found.rows]
    columns = []
    for field in found.table.fields:
        cells = [row.cells.get(field.id, Cell()) for row in found.rows]
        column = Column(ids, [cell.value for cell in cells], [cell.text for cell in cells])
        columns.append(FieldColumn(field, column))
    infos = {row_id: RowInfo(index=place) for place, row_id in enumerate(ids)}
    return TableColumns(table=found.table, infos=infos, columns=columns, sstamp=found.sstamp)


class OneTable:
    """Stands for the service; `stamp` grows with every change."""

    def __init__(self, fields: Sequence[Field], random: Random) -> None:
        self.fields = list(fields)
        self.rows: list[TableRow] = []
        self.changed: dict[int, int] = {}
        self.deleted: dict[int, int] = {}
        self.stamp = 17_000_000_000_000
        self.asked: list[str] = []
        self.incremental = True
        self.meanwhile: Callable[[], None] = lambda: None
        """What happens while somebody reads."""
        self._random = random

    def put(self, row: TableRow, at: int | None = None) -> None:
        """A row is made or changed."""
        self.stamp += 1
        self.changed[row.id] = self.stamp
        for place, one in enumerate(self.rows):
            if one.id == row.id:
                self.rows[place] = row
                return
        self.rows.insert(len(self.rows) if at is None else at, row)

    def delete(self, row_id: int) -> None:
        """A row goes."""
        self.stamp += 1
        self.deleted[row_id] = self.stamp
        self.rows = [row for row in self.rows if row.id != row_id]

    def _answer(self, rows: Sequence[TableRow]) -> TableValues:
        table = Table(id=7, name="Things", fields=self.fields, row_count=len(self.rows))
        return TableValues(table=table, rows=list(rows), sstamp=self.stamp)

    async def values(
        self, _place: Place, offset: int, size: int, _view_id: int | None
    ) -> TableValues:
        """As `AskedRows.values`."""
        self.asked.append(f"{offset}")
        for _ in range(self._random.randrange(4)):
            await asyncio.sleep(0)
        answer = self._answer(self.rows[offset : offset + size])
        self.meanwhile()
        for _ in range(self._random.randrange(4)):
            await asyncio.sleep(0)
        return answer

    async def columns(
        self, place: Place, offset: int, size: int, view_id: int | None
    ) -> TableColumns | TableValues:
        """As `AskedRows.columns`, now and then by rows."""
        found = await self.values(place, offset, size, view_id)
        return found if self._random.random() < 0.3 else by_columns(found)

    async def page(
        self, place: Place, *, size: int, view_id: int | None = None
    ) -> Answer[TableValues]:
        """As `AskedRows.page`."""
        return Answer(await self.values(place, 0, size, view_id), datetime.now(UTC), kept=False)

    async def rows_of(self, _place: Place, row_ids: list[int]) -> list[TableRow]:
        """As `AskedRows.rows_of`."""
        self.asked.append("rows")
        return [row for row in self.rows if row.id in row_ids]

    async def changed_since(self, _place: Place, stamp: str, _most: int) -> RowList:
        """As `AskedRows.changed_since`; where it is not `incremental` it does not tell what is
        gone.
        """
        self.asked.append("changes")
        since = int(stamp)
        rows = [row for row in self.rows if self.changed.get(row.id, 0) > since]
        gone = [one for one, at in self.deleted.items() if at > since]
        return RowList(rows=rows, deleted=gone if self.incremental else [], sstamp=self.stamp)


def kept_nowhere(table: OneTable, where: tzinfo) -> KeptRows:
    """What is kept of a table, in a mirror in memory that is closed with it."""
    mirror = Mirror(None)
    kept = KeptRows(table, mirror, "me", PLACE, None, where)  # type: ignore[arg-type]
    finalize(kept, mirror.close)
    return kept
