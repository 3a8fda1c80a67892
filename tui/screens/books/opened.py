"""A table as far as it was read, and how it is looked at: pages on demand, or all rows once they
are sorted or filtered.

A page at a time is enough to look at a table of any length. Sorting and filtering what happens
to be loaded would show something that is not true, so for them all rows are loaded first.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from tui.screens.books.cells import TableSource
from tui.words import counted, noun

if TYPE_CHECKING:
    from tui.workspace.books.cells import Field, Selection, TableRow
    from tui.workspace.books.rows import Place, RowChange, TableDesk, TableValues, View
    from tui.workspace.books.talk import MessageChange
    from tui.workspace.reads import Answer

PAGE = 200
"""Rows of a request; one of them fills any terminal."""


class Read(NamedTuple):
    """What the service answered: the table, when, and rows by the number of their page."""

    values: TableValues
    as_of: datetime
    pages: Mapping[int, list[TableRow]]


def waiting_text(changes: Sequence[RowChange] | Sequence[MessageChange]) -> str:
    """How many changes wait, and of how many nobody knows what became of them."""
    unknown = sum(change.unknown for change in changes)
    counts = (("waiting", len(changes) - unknown), ("not known", unknown))
    return " · ".join(f"{count:,} {word}" for word, count in counts if count)


class Change(NamedTuple):
    """A row that somebody else has changed, and which of its fields read otherwise."""

    row: TableRow
    fields: list[Field]


class OpenTable:
    """One table, or one of its views; knows no widget."""

    def __init__(self, desk: TableDesk, place: Place, view: View | None, zone: tzinfo) -> None:
        self.desk = desk
        self.place = place
        self.view = view
        self.zone = zone
        self.fields: list[Field] = []
        self.source: TableSource | None = None
        self.waiting: list[RowChange] = []
        """What is not settled of its rows."""
        self.total: int | None = None
        """Rows of the whole table, as the service told."""
        self.as_of: datetime | None = None
        self.stamp: int | None = None
        """The service's stamp of what was read last."""
        self.whole: Selection | None = None
        """All rows, where they were loaded."""
        self.sort: tuple[str, bool] | None = None
        """The column that the rows are to stand by, and whether downwards."""
        self.wanted = ""
        """The text that the rows are chosen by."""
        self._complete = True
        self._asked: set[int] = set()

    @property
    def _view_id(self) -> int | None:
        return None if self.view is None else self.view.id

    # -- reading ------------------------------------------------------------------------------

    async def kept(self) -> Read | None:
        """The first page of an earlier read, at once."""
        kept = await self.desk.kept(self.place, self._view_id)
        return None if kept is None else Read(kept.value, kept.as_of, {0: kept.value.rows})

    async def newest(self, *also: int) -> Read:
        """The first page as it is now, and others where there are any."""
        answer = await self._page(0)
        pages = {0: answer.value.rows}
        for page in also:
            if page and len(answer.value.rows) == PAGE:
                rows = (await self._page(page)).value.rows
                if rows:
                    pages[page] = rows
        return Read(answer.value, answer.as_of, pages)

    async def newest_with_last(self) -> Read:
        """The same with the last page: new rows stand at the end, as far as is known."""
        read = await self.newest()
        total = read.values.table.row_count
        if self.view is not None or total is None or total <= PAGE:
            return read
        last = (total - 1) // PAGE
        rows = (await self._page(last)).value.rows
        return read._replace(pages={**read.pages, last: rows})

    async def _page(self, page: int) -> Answer[TableValues]:
        return await self.desk.page(self.place, page * PAGE, view_id=self._view_id, size=PAGE)

    def take(self, read: Read, *, heard: bool = False) -> list[Change]:
        """Show what was read, and no other rows. Where others have changed something (`heard`):
        the rows that read otherwise than before, which are marked.
        """
        table, before = read.values.table, self.source
        self.as_of, self.stamp, self.total = read.as_of, read.values.sstamp, table.row_count
        self.fields = read.values.fields
        self.source = TableSource(
            self.fields, self.zone,
            total=self.total if self.view is None else None, page_size=PAGE,
        )  # fmt: skip
        for page, rows in sorted(read.pages.items()):
            self.source.put_rows(page * PAGE, rows)
        self._asked.clear()
        self.source.show_waiting(self.waiting)
        if not heard or before is None:
            return []
        self.source.take_marks(before)
        return [
            change
            for rows in read.pages.values()
            for row in rows
            if (known := before.record(str(row.id))) is not None
            for change in self._marked(known, row)
        ]

    def pages_to_ask_for(self, first: int, last: int) -> list[int]:
        """Pages of those rows that nobody has asked for yet; they count as asked for now."""
        if self.source is None or self.whole is not None:
            return []
        pages = [page for page in range(first // PAGE, last // PAGE + 1) if page not in self._asked]
        self._asked.update(pages)
        return pages

    async def fetch(self, page: int) -> bool:
        """Read one more page; whether it is of what is shown now."""
        source = self.source
        try:
            answer = await self._page(page)
        finally:
            self._asked.discard(page)
        if source is None or source is not self.source or self.whole is not None:
            return False
        if self.view is None:
            source.total = self.total = answer.value.table.row_count
        source.put_rows(page * PAGE, answer.value.rows)
        return True

    async def look_at_waiting(self) -> bool:
        """Show what is not settled of its rows; whether something of it has been settled since."""
        before = {change.id for change in self.waiting}
        self.waiting = await self.desk.waiting(self.place, self.fields)
        if self.source is not None:
            self.source.show_waiting(self.waiting)
        return bool(before - {change.id for change in self.waiting})

    # -- sorted and filtered --------------------------------------------------------------------

    @property
    def needs_all(self) -> bool:
        """Whether what is wished for needs all rows."""
        return bool(self.sort or self.wanted.strip())

    def turn(self, column: str) -> None:
        """Upwards by a column, then downwards, then as the table has its rows."""
        if self.sort is None or self.sort[0] != column:
            self.sort = column, False
        else:
            self.sort = None if self.sort[1] else (column, True)

    def wish_nothing(self) -> None:
        """Neither sorted nor filtered."""
        self.sort, self.wanted = None, ""

    def take_loaded(self) -> bool:
        """Sort and filter what is here; whether that is all of the table."""
        source = self.source
        if source is None or source.total is None or source.held < source.total:
            return False
        self._choose_among(source.records(), complete=True)
        return True

    async def read_all(self, told: Callable[[str], None]) -> None:
        """Read all rows; `told` hears how far that is."""

        def count(loaded: int, total: int | None) -> None:
            of = f" of {total:,}" if total is not None else ""
            rows = noun(loaded if total is None else total, "row")
            told(f"… {loaded:,}{of} {rows} · esc gives up")

        count(0, self.total if self.view is None else None)
        whole = await self.desk.every(self.place, count, view_id=self._view_id)
        self.total, self.stamp = whole.values.table.row_count, whole.values.sstamp
        self.fields = whole.values.fields
        self._choose_among(whole.values.rows, complete=whole.complete)

    def _choose_among(self, rows: list[TableRow], *, complete: bool) -> None:
        from tui.workspace.books.cells import Selection

        self.whole = Selection(self.fields, rows, self.zone)
        self._complete = complete

    async def select(self) -> bool:
        """Hold the rows that are wished for; False where other wishes came meanwhile."""
        whole, sort, source = self.whole, self.sort, self.source
        if whole is None:
            return False
        field = None if sort is None else self.field(sort[0])
        rows = await to_thread(whole.chosen, self.wanted, field, descending=bool(sort and sort[1]))
        if whole is not self.whole or source is None or source is not self.source:
            return False
        # The same source, so that columns keep their widths while a person types.
        source.hold(rows)
        return True

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

    def field(self, key: str) -> Field | None:
        """The field of a column."""
        return next((one for one in self.fields if str(one.id) == key), None)

    def replace(self, row: TableRow) -> int | None:
        """Show a row's new values in its place; which place, None where it is not here."""
        if self.whole is not None:
            self.whole.replace(row)
        return None if self.source is None else self.source.replace(row)

    def knows(self, row_id: int) -> bool:
        """Whether the row is among those that were read."""
        return self.record(str(row_id)) is not None or (
            self.whole is not None and any(row.id == row_id for row in self.whole.rows)
        )

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

    # -- how much of it is here -----------------------------------------------------------------

    @property
    def count_text(self) -> str:
        """How many rows are shown, of how many, and how many changes are not settled."""
        return " · ".join(filter(None, (self._rows_text, waiting_text(self.waiting))))

    @property
    def _rows_text(self) -> str:
        source = self.source
        if source is None:
            return ""
        whole = "" if self.total is None else f" of {self.total:,}"
        of = source.held if self.total is None else self.total
        if self.whole is not None:
            rest = "" if self._complete else f" (only the first {len(self.whole.rows):,} loaded)"
            shown = source.total or 0
            if self.wanted:
                match = "matches" if shown == 1 else "match"
                return f"{shown:,} of {len(self.whole.rows):,} {match} “{self.wanted}”{rest}"
            if self.view is None:
                return f"{counted(shown, 'row')}{rest}"
            return f"{shown:,}{whole} {noun(of, 'row')}{rest}"
        loaded = source.held
        if self.view is None:
            everything = self.total is not None and loaded >= self.total
            rows = noun(of, "row")
            return counted(loaded, "row") if everything else f"{loaded:,}{whole} {rows} loaded"
        if source.total is not None and loaded >= source.total:
            return f"{loaded:,}{whole} {noun(of, 'row')}"
        return f"{loaded:,}+{whole} {noun(of, 'row')} loaded"
