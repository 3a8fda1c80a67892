"""Where the links of tables lead, and which rows of other tables point to a row."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import tzinfo
from functools import partial
from typing import NamedTuple

from tui.services.timetonic import LinkedRow
from tui.store.mirror.ordered import Ordered
from tui.store.mirror.troubles import Lost
from tui.store.mirror.wishes import Holds
from tui.workspace.books.books import Book, BookDesk, table_places
from tui.workspace.books.brought import all_rows, bring_up, undisturbed
from tui.workspace.books.cell_reading import value_kind
from tui.workspace.books.cells import Field, TableRow, kind_of, row_title, typed
from tui.workspace.books.kept_rows import KeptRows, Told
from tui.workspace.books.mirrored import cells_of, column_name
from tui.workspace.books.narrowed import ROW_ID, Wish
from tui.workspace.books.places import Place
from tui.workspace.books.row_view import given_up_with

MOST = 2_000
"""Rows that a table is narrowed to by their ids."""
MOST_FOUND = 200
"""Rows that are shown of those that hold what was typed."""
_AT_ONCE = 1_000


class Pointing(NamedTuple):
    """A field of a table that leads to another one."""

    place: Place
    field: Field


def linked_ids(field: Field, row: TableRow) -> list[int]:
    """The rows that a link cell points to."""
    found = typed(field, row.cells.get(field.id)) if kind_of(field) == "link" else None
    those = found if isinstance(found, list) else []
    return [one.row_id for one in those if isinstance(one, LinkedRow)]


def only_rows(ids: Sequence[int]) -> str:
    """The condition that a row is one of these, as one would type it."""
    return f"{ROW_ID}={'|'.join(map(str, ids[:MOST]))}"


def leads_to(field: Field) -> int | None:
    """The id of the table that a field leads to."""
    return None if field.link is None or field.link.category is None else field.link.category.id


async def place_linked(desk: BookDesk, book: Book, table_id: int) -> Place | None:
    """The table of that id: in this book, else in another; as they were kept, else as the service
    has this book. None where it is not among what this person may see.
    """
    async for place in _places(desk, book):
        if place.table.id == table_id:
            return place
    there = table_places(book, (await desk.tables(book)).value)
    return next((one for one in there if one.table.id == table_id), None)


async def _places(desk: BookDesk, book: Book) -> AsyncIterator[Place]:
    """The tables of a book, then those of the others, as far as they were read."""
    shelf = await desk.kept_shelf()
    others = [] if shelf is None else shelf.value.open_books()
    for one in [book, *(other for other in others if other != book)]:
        kept = await desk.kept_tables(one)
        for place in [] if kept is None else table_places(one, kept.value):
            yield place


async def what_points_to(desk: BookDesk, place: Place, zone: tzinfo) -> list[Pointing]:
    """The fields that lead to a table: of the tables of its book, and of others that were read.
    Raises what reading raises.
    """
    found: list[Pointing] = []
    async for other in _places(desk, place.book):
        kept = desk.rows.mirrored(other, None, zone)
        await kept.recall()
        fields = kept.fields
        if not fields and other.book == place.book:
            # What a book tells of its tables says nothing of their fields.
            fields = (await desk.rows.values(other, 0, 1, None)).table.fields
        found += [Pointing(other, field) for field in fields if leads_to(field) == place.table.id]
    return found


async def rows_pointing(desk: BookDesk, pointing: Pointing, row_id: int, zone: tzinfo) -> list[int]:
    """The rows of which a field points to a row, all of them looked at. Raises what reading
    raises, GivenUp and NotAllHere.
    """
    kept: KeptRows = desk.rows.mirrored(pointing.place, None, zone)
    await bring_up(desk.rows, kept, None, lambda _read, _of: None)
    view = await all_rows(kept, Wish())
    try:
        work = partial(_pointing, view.ordered, pointing.field, row_id)
        return await given_up_with(view.ordered, work)
    finally:
        await view.close()


def _pointing(ordered: Ordered, field: Field, row_id: int) -> list[int]:
    found: list[int] = []
    with undisturbed(ordered):
        for first in range(0, ordered.total, _AT_ONCE):
            for row in ordered.window(first, _AT_ONCE):
                made = TableRow(id=int(row.id), cells=cells_of(row))
                if row_id in linked_ids(field, made):
                    found.append(made.id)
    return found


class Found(NamedTuple):
    """Rows of a table that hold what was typed, the first of them by id and name."""

    rows: list[tuple[int, str]]
    matching: int
    """How many hold it, of those that were read."""
    read: int
    """How many rows were read."""
    of: int | None
    """How many the table has; None where nobody knows."""


class LinkSearch:
    """The rows of the table that a link leads to, searched as far as they are kept here."""

    def __init__(self, desk: BookDesk, place: Place, zone: tzinfo) -> None:
        self._desk = desk
        self._zone = zone
        self._kept: KeptRows = desk.rows.mirrored(place, None, zone)

    async def recall(self) -> None:
        """Find what an earlier read has kept."""
        await self._kept.recall()

    async def read(self, told: Told) -> str:
        """Read the rows that are not here yet; "", or what is to be said of them. Raises what
        `bring_up` raises.
        """
        kept = await bring_up(self._desk.rows, self._kept, None, told)
        return "" if kept is None else kept.sentence

    async def find(self, text: str) -> Found:
        """The rows whose name holds every word of a text, as far as they are here. Raises
        GivenUp.
        """
        kept = self._kept
        if kept.state is None:
            return Found([], 0, 0, None)
        fields = kept.fields
        column = column_name(fields[0]) if fields and value_kind(fields[0]) == "text" else None
        words = tuple(Holds(word, column) for word in text.split())
        try:
            view, _ = await kept.view(Wish(filters=words))
        except Lost:
            return Found([], 0, 0, None)
        try:
            rows = await view.rows(0, MOST_FOUND)
            named = [(row.id, row_title(fields, row, self._zone)) for row in rows.values()]
            return Found(named, view.total, kept.state.count, kept.state.total)
        finally:
            await view.close()
