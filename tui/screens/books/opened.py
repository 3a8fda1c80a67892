"""A table as far as it is here, and how it is looked at: its rows stand in the mirror, and pages of
them are read as they are seen, whatever their number and their order.

Rows that are not in the mirror are asked of the service as they are seen. Sorting, filtering and
searching what happens to be here would show something that is not true: for them all rows are
read, and until they are here what is shown says of how many it is.
"""

from __future__ import annotations

import asyncio
from asyncio import Lock
from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from tui.screens.books.asked_pages import AskedPages
from tui.screens.books.cells import TableSource
from tui.screens.books.standing import Standing

if TYPE_CHECKING:
    from tui.workspace.books.cells import Field, TableRow
    from tui.workspace.books.kept_rows import Match, RowView
    from tui.workspace.books.looks import Look
    from tui.workspace.books.narrowed import Wish
    from tui.workspace.books.own_views import OwnView
    from tui.workspace.books.rows import Place, RowChange, TableDesk, View

PAGE = 200
"""Rows that are read together; a few of them fill any terminal."""


class Change(NamedTuple):
    """A row that somebody else has changed, and which of its fields read otherwise."""

    row: TableRow
    fields: list[Field]


class OpenTable:
    """One table, or one of its views; knows no widget."""

    def __init__(
        self,
        desk: TableDesk,
        place: Place,
        view: View | None,
        zone: tzinfo,
        passing: Look | None = None,
    ) -> None:
        """`passing` is how it is looked at on the way from another table: not as it was left, and
        how it is left then is not remembered.
        """
        self.passing = passing
        self.desk = desk
        self.place = place
        self.view = view
        self.zone = zone
        self.kept = desk.mirrored(place, None if view is None else view.id, zone)
        self.fields: list[Field] = []
        self.source: TableSource | None = None
        self.waiting: list[RowChange] = []
        """What is not settled of its rows."""
        self.as_of: datetime | None = None
        self.fresh = False
        """Whether what is shown was asked of the service since the table was opened."""
        self.stamp: int | None = None
        """The service's stamp of what was read last."""
        self.sorts: list[tuple[str, bool]] = []
        """The columns that the rows are to stand by, and whether downwards; the first one first."""
        self.wanted = ""
        """What the rows are chosen by, as it was typed."""
        self.narrowed = ""
        """What those that are shown were chosen by."""
        self.own: OwnView | None = None
        """The view of the person's own that it was opened through."""
        self.reading: tuple[int, int | None] | None = None
        """How many rows of how many were read, while all are on their way."""
        self._shown: RowView | None = None
        self.shows_all = False
        """Whether what is shown was arranged out of all rows; a text is looked for in that."""
        self._asked = AskedPages()
        self.old_pages: list[int] = []
        """Those that were shown last as they were kept, though the service was asked since."""
        self._taking = Lock()

    @property
    def total(self) -> int | None:
        """Rows of the whole table, as the service told."""
        return None if self.kept.table is None else self.kept.table.row_count

    @property
    def whole(self) -> bool:
        """Whether all rows are here."""
        return self.kept.whole

    # -- reading ------------------------------------------------------------------------------

    async def recall(self) -> Look | None:
        """What an earlier read has kept, as the person left it; None where there is nothing."""
        look, there = await asyncio.gather(self.desk.look(self.kept), self.kept.recall())
        look = self.passing or look
        self.sorts, self.wanted = list(look.sorts), look.filter
        if not there or self.kept.state is None:
            return None
        self.as_of = self.kept.state.as_of
        self.stamp = int(self.kept.state.stamp or 0) or None
        return look

    async def refresh(self, top: int, row: int = 0) -> bool:
        """Bring what is here up to now, with the pages that are seen from row `top` on and that of
        `row`; whether all rows are to be read for what is wished for, or anew. Other pages are
        asked for once they are seen.
        """
        from tui.workspace.books.row_view import SEEN

        view_id = None if self.view is None else self.view.id
        first = (await self.desk.page(self.place, view_id=view_id, size=PAGE)).value
        self.stamp = first.sstamp
        anew = False
        if self.kept.has_all(first, PAGE):
            await self.kept.take_whole(first)
        elif not await self.kept.refresh(first):
            anew = self.whole
            if not anew:
                self._asked.anew()
                self._asked.came(0)
                await self.kept.take(0, first)
                last = len(first.rows) < PAGE
                seen = () if last else {one // PAGE for one in (top, top + SEEN, row)}
                for page in sorted(seen):
                    if page and self._may_be(page):
                        await self._ask(page)
        self.fresh = not anew
        if self.kept.state is not None:
            self.as_of = self.kept.state.as_of
        return anew or (self.needs_all and not self.whole)

    async def refresh_last(self) -> None:
        """The first page and the last one: new rows stand at the end, as far as is known."""
        await self.refresh(0)
        if self.view is None and self.total and not self.whole:
            await self._ask((self.total - 1) // PAGE)

    async def _ask(self, page: int) -> dict[int, TableRow]:
        """Ask the service for a page, and keep it; its rows by their places."""
        first = page * PAGE
        view_id = None if self.view is None else self.view.id
        found = (await self.desk.page(self.place, first, view_id=view_id, size=PAGE)).value
        await self.kept.take(first, found)
        self._asked.came(page)
        return dict(enumerate(found.rows, first))

    async def read_all(self) -> bool:
        """Read all rows; whether they are here now. `reading` says how far that is."""

        def told(read: int, total: int | None) -> None:
            self.reading = read, total

        told(0, self.total if self.view is None else None)
        try:
            whole = await self.kept.gather(told)
        finally:
            self.reading = None
        self.fresh = True
        if self.kept.state is not None:
            self.as_of = self.kept.state.as_of
            self.stamp = int(self.kept.state.stamp or 0) or None
        return whole

    # -- in an order ----------------------------------------------------------------------------

    @property
    def lost(self) -> bool:
        """Whether rows that are shown were put away meanwhile: they are to be read again."""
        return self._shown is not None and self._shown.lost

    @property
    def became_other(self) -> bool:
        """Whether rows were shown of more than one order: they are to be arranged again."""
        return self._shown is not None and self._shown.became_other

    @property
    def needs_all(self) -> bool:
        """Whether what is wished for needs all rows."""
        return bool(self.sorts or self.wanted.strip())

    def turn(self, column: str) -> None:
        """Upwards by a column, then downwards, then no longer; what stood first is second then."""
        others = [one for one in self.sorts if one[0] != column]
        first = self.sorts[0] if self.sorts else None
        if first is None or first[0] != column:
            self.sorts = [(column, False), *others]
        else:
            self.sorts = others if first[1] else [(column, True), *others]

    def wish_nothing(self) -> None:
        """Neither sorted nor filtered."""
        self.sorts, self.wanted = [], ""

    def _wish(self) -> Wish:
        return self.kept.wish(self.wanted, self.sorts)

    async def arrange(self, cursor: str, row: int, top: int) -> bool:
        """Show what is here in the order that is wished for; False where other wishes came
        meanwhile. The rows around that of the key `cursor`, else around `row`, are read, and
        those from `top` on.
        """
        from tui.workspace.books.kept_rows import Seen

        wish, whole, text = self._wish(), self.whole, self.wanted
        row_id = int(cursor) if cursor.isdecimal() else None
        view, pages = await self.kept.view(wish, row_id, Seen(row, top, PAGE))
        wanted = wish == self._wish()
        left, self._shown = (self._shown, view) if wanted else (view, self._shown)
        if wanted:
            self.shows_all, self.narrowed = whole, text
            self._show(pages)
            self.old_pages = [page for page in pages if self.is_old(page)]
        if left is not None:
            left.leave()
        return wanted

    async def keep_order(self) -> None:
        """Keep the order of all rows, so that none of its pages has to wait for it."""
        wish = self._wish()
        if self.whole and not wish.plain:
            await self.kept.keep_order(wish)

    def _show(self, pages: Mapping[int, Mapping[int, TableRow]]) -> None:
        assert self._shown is not None  # made just now
        if self.source is None or self.fields != self.kept.fields:
            before, self.fields = self.source, self.kept.fields
            # By a column that is gone nothing stands.
            self.sorts = [one for one in self.sorts if self.field(one[0]) is not None]
            self.source = TableSource(self.fields, self.zone, total=None, page_size=PAGE)
            if before is not None:
                self.source.take_marks(before)
        open_end = not (self.needs_all or self.whole or self.kept.counted)
        self._asked.none_under_way()
        self.source.show(None if open_end else self._shown.total, pages)
        self.source.show_waiting(self.waiting)

    def pages_to_ask_for(self, first: int, last: int) -> list[int]:
        """Pages of those rows that nobody has asked for yet; they count as asked for now."""
        if self.source is None:
            return []
        return self._asked.others(range(first // PAGE, last // PAGE + 1))

    def is_old(self, page: int) -> bool:
        """Whether what is kept of a page is older than what was read last: while some rows are
        elsewhere, nobody tells what became of those that are here."""
        return not (self.whole or self.needs_all) and self._asked.is_old(page)

    def _may_be(self, page: int) -> bool:
        total = self.total
        return total is None or self.view is not None or page * PAGE < total

    async def fetch(self, page: int, *, near: bool = False, kept: bool = False) -> bool:
        """Read one more page; whether it is of what is shown now. The service is asked for rows
        that are to be seen, and not for those that are only `near` to them; nor where it is to
        be what was `kept` of them, however old.
        """
        source, view = self.source, self._shown
        if source is None or view is None:
            return False
        try:
            rows = await view.rows(page * PAGE, PAGE)
            lacks = len(rows) < (
                PAGE if source.total is None else min(PAGE, source.total - page * PAGE)
            )
            if near and self.is_old(page):
                return False
            lacks = (lacks or self.is_old(page)) and not kept
            if lacks and not near and not self.needs_all and not self.whole:
                rows = await self._ask(page)
        finally:
            self._asked.done(page)
        if source is not self.source or view is not self._shown:
            return False
        if rows or not near:
            if source.total is not None and not self.needs_all:
                source.total = max(source.total, self.total or 0)
            source.put_page(page, rows)
        return bool(rows)

    async def match(self, text: str, row: int, *, backwards: bool) -> Match | None:
        """The next row that holds a text, among those that are shown."""
        return (
            None if self._shown is None else await self._shown.match(text, row, backwards=backwards)
        )

    async def look_at_waiting(self) -> bool:
        """Show what is not settled of its rows; whether something of it has been settled since."""
        # One after the other: what was asked earlier is never shown over what is known by now.
        async with self._taking:
            before = {change.id for change in self.waiting}
            self.waiting = await self.desk.waiting(self.place, self.fields)
            if self.source is not None:
                self.source.show_waiting(self.waiting)
            return bool(before - {change.id for change in self.waiting})

    async def close(self) -> None:
        """Be done with the table."""
        shown, self._shown = self._shown, None
        if shown is not None:
            await shown.close()

    def drop(self) -> None:
        """Be done with the table at once, where nothing can be waited for."""
        shown, self._shown = self._shown, None
        if shown is not None:
            shown.ordered.close()

    # -- rows -----------------------------------------------------------------------------------

    def record(self, key: str) -> TableRow | None:
        """A row by its key, where it is here."""
        return None if self.source is None else self.source.record(key)

    def records(self, keys: Iterable[str]) -> list[TableRow]:
        """Those of the rows that are here, as they stand."""
        source = self.source
        if source is None:
            return []
        found = [row for key in keys if (row := source.record(key)) is not None]
        return sorted(found, key=lambda row: source.index_of(str(row.id)) or 0)

    def standing(self) -> Standing | None:
        """Where the rows stand that are shown in another order than the service's, or narrowed;
        None where they are not.
        """
        source = self.source
        if source is None or source.total is None or not (self.shows_all and self.needs_all):
            return None
        places = ((source.index_of(key), row) for key, row in source.records().items())
        return Standing(source.total, {at: row for at, row in places if at is not None})

    def field(self, key: str) -> Field | None:
        """The field of a column."""
        return next((one for one in self.fields if str(one.id) == key), None)

    def replace(self, row: TableRow) -> int | None:
        """Show a row's new values in its place; which place, None where it is not here."""
        return None if self.source is None else self.source.replace(row)

    def knows(self, row_id: int) -> bool:
        """Whether the row is among those that are shown."""
        return self.record(str(row_id)) is not None

    def index_of(self, row: TableRow) -> int | None:
        """Where a row stands; None where it is not here."""
        return None if self.source is None else self.source.index_of(str(row.id))

    def take_changes(self, rows: Iterable[TableRow]) -> list[Change]:
        """Rows as somebody else has left them: those that read otherwise, which are marked."""
        changes: list[Change] = []
        for row in rows:
            before = self.record(str(row.id))
            self.replace(row)
            if before is not None:
                changes += self._marked(before, row)
        return changes

    def since(self, before: Mapping[str, TableRow]) -> list[Change]:
        """The rows that read otherwise than they did before, which are marked."""
        return [
            change
            for key, row in before.items()
            if (now := self.record(key)) is not None
            for change in self._marked(row, now)
        ]

    def _marked(self, before: TableRow, after: TableRow) -> list[Change]:
        fields = self.other_fields(before, after)
        if not fields or self.source is None:
            return []
        self.source.mark_changed(str(after.id), [field.id for field in fields])
        return [Change(after, fields)]

    def other_fields(self, before: TableRow, after: TableRow) -> list[Field]:
        """The fields that read otherwise, but for what the service keeps of each change."""
        from tui.workspace.books.cells import cell_text, kind_of

        def text(row: TableRow, field: Field) -> str:
            return cell_text(field, row.cells.get(field.id), self.zone)

        return [
            field
            for field in self.fields
            if kind_of(field) != "activity" and text(before, field) != text(after, field)
        ]
