"""Fields and rows of a smart table as columns and rows of a grid."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, overload

from tui.widgets.grid_model import Cell, CellValue, Column, PagedSource

if TYPE_CHECKING:
    from tui.workspace.books.cells import Field, TableRow
    from tui.workspace.books.rows import RowChange

READ_ONLY = "⊘"
PENDING = "…"
"""Before what the service does not have yet; behind what is on its way to it."""
UNKNOWN = "?"
"""Before what was sent, and nobody knows whether the service has it."""
DELETED = "✗"
"""Before the name of a row that is to be deleted."""
CHANGED = "Δ"
"""Before what somebody else has changed while it was looked at."""
EMPTY = "empty"
NEW = "new:"
"""What keys of rows begin with that the service does not have yet."""
WIDEST = 40
PIXELS_OF_A_CELL = 8
SHOWN_CHARACTERS = 400
"""A cell never shows more; a row viewer shows all of it."""


def columns_of(fields: Sequence[Field]) -> list[Column]:
    """One column a field; numbers at the right, read-only ones with a mark in the title."""
    from tui.workspace.books.cells import kind_of, why_not_writable

    columns: list[Column] = []
    for field in fields:
        kind = kind_of(field)
        # Into these something is put all the same, only not by typing over what is there.
        takes = kind in ("files", "comments") and not field.read_only
        mark = f" {READ_ONLY}" if why_not_writable(field) and not takes else ""
        number = kind in ("integer", "number", "files", "comments", "activity")
        columns.append(
            Column(
                str(field.id),
                (field.name or f"field {field.id}") + mark,
                maximum=min(60, max(WIDEST, (field.width or 0) // PIXELS_OF_A_CELL)),
                kind="boolean" if kind == "boolean" else "number" if number else "text",
            )
        )
    return columns


class _Cells(Sequence[CellValue]):
    """What a grid shows of one row, worked out when it is first seen."""

    def __init__(self, make: Callable[[TableRow], list[CellValue]], row: TableRow) -> None:
        self._make = make
        self.row = row
        self._made: list[CellValue] | None = None

    def change(self, row: TableRow) -> None:
        """The row has other values now."""
        self.row = row
        self._made = None

    @property
    def made(self) -> list[CellValue]:
        """The cells."""
        if self._made is None:
            self._made = self._make(self.row)
        return self._made

    @overload
    def __getitem__(self, index: int) -> CellValue: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[CellValue]: ...
    def __getitem__(self, index: int | slice) -> CellValue | Sequence[CellValue]:
        return self.made[index]

    def __len__(self) -> int:
        return len(self.made)


class TableSource(PagedSource):
    """The rows of a table that are here: as records, and as what the grid shows of them."""

    def __init__(
        self,
        fields: Sequence[Field],
        zone: tzinfo,
        *,
        total: int | None,
        page_size: int,
        keep: int = 64,
    ) -> None:
        from tui.workspace.books.cells import kind_of, why_not_writable

        super().__init__(total, page_size, keep)
        self.fields = list(fields)
        self._looks = [(field, kind_of(field), why_not_writable(field)) for field in fields]
        self._zone = zone
        self._cells: dict[str, _Cells] = {}
        self._pending: dict[tuple[str, int], str] = {}
        self._changed: set[tuple[str, int]] = set()
        self._waiting: dict[tuple[str, int], str] = {}
        self._deleted: dict[str, str] = {}
        self._new: list[tuple[str, list[CellValue]]] = []
        self._most = 2 * page_size * keep

    def show(self, total: int | None, pages: Mapping[int, Mapping[int, TableRow]]) -> None:
        """Show these rows, by their places on these pages, and no others."""
        self.clear()
        self._cells.clear()
        self.total = total
        for page, rows in pages.items():
            self.put_page(page, rows)

    def put_page(self, page: int, rows: Mapping[int, TableRow]) -> None:
        """Those rows of a page that are here, by their places."""
        if len(self._cells) > self._most:
            # Pages that were not seen for long are gone from the grid: so are their records.
            for key in [key for key in self._cells if self.index_of(key) is None]:
                del self._cells[key]
        first = page * self.page_size
        made = {str(row.id): _Cells(self._make, row) for row in rows.values()}
        self._cells |= made
        last = max(rows, default=first - 1)
        stand = [rows.get(place) for place in range(first, last + 1)]
        self.put(
            first,
            [None if row is None else made[str(row.id)] for row in stand],
            ["" if row is None else str(row.id) for row in stand],
        )

    def record(self, key: str) -> TableRow | None:
        """The row of a key, where it is here."""
        cells = self._cells.get(key)
        return None if cells is None or self.index_of(key) is None else cells.row

    def records(self) -> dict[str, TableRow]:
        """All rows that are here, by their keys."""
        return {key: one.row for key, one in self._cells.items() if self.index_of(key) is not None}

    def replace(self, row: TableRow) -> int | None:
        """Show a row's new values in its place; which place, None where it is not here."""
        cells = self._cells.get(str(row.id))
        if cells is None:
            return None
        cells.change(row)
        return self.index_of(str(row.id))

    def set_pending(self, key: str, field_id: int, text: str | None) -> int | None:
        """Show what is being written in a cell, or with None no longer; the row's place."""
        if text is None:
            self._pending.pop((key, field_id), None)
        else:
            self._pending[key, field_id] = text
        cells = self._cells.get(key)
        return None if cells is None else self.replace(cells.row)

    def show_waiting(self, changes: Iterable[RowChange]) -> None:
        """Show what is not settled of these rows, and nothing else of the kind."""
        before = {key for key, _ in self._waiting} | self._deleted.keys()
        self._waiting, self._deleted, self._new = {}, {}, []
        for one in changes:
            mark = UNKNOWN if one.unknown else PENDING
            if one.row_id is None:
                self._new.append((f"{NEW}{one.id}", [*self._new_cells(one, mark)]))
            elif one.deletes:
                self._deleted[str(one.row_id)] = mark
            else:
                for field, _kind, _why in self._looks:
                    if field.id in one.cells:
                        text = self._wanted(field, one)
                        self._waiting[str(one.row_id), field.id] = f"{mark} {text}"
        for key in before | {key for key, _ in self._waiting} | self._deleted.keys():
            cells = self._cells.get(key)
            if cells is not None:
                self.replace(cells.row)

    def _wanted(self, field: Field, change: RowChange) -> str:
        from tui.workspace.books.cells import cell_text

        text = cell_text(field, change.cells.get(field.id), self._zone)
        return " ".join(text.split())[:SHOWN_CHARACTERS] or EMPTY

    def _new_cells(self, change: RowChange, mark: str) -> Iterable[CellValue]:
        for index, (field, _kind, _why) in enumerate(self._looks):
            text = self._wanted(field, change) if field.id in change.cells else ""
            yield Cell(f"{mark} {text or '(no name)'}" if not index else text, "warn")

    @property
    def new_rows(self) -> Sequence[tuple[str, list[CellValue]]]:
        """Rows that the service does not have yet: what each is called, and its cells."""
        return self._new

    def mark_changed(self, key: str, field_ids: Iterable[int]) -> None:
        """Mark cells that somebody else has changed, until the row is written or read anew."""
        self._changed.update((key, field_id) for field_id in field_ids)

    def take_marks(self, other: TableSource) -> None:
        """Mark what is marked in another."""
        self._changed |= other._changed

    def unmark(self, key: str) -> None:
        """No cell of a row is marked any more."""
        self._changed = {one for one in self._changed if one[0] != key}

    def _make(self, row: TableRow) -> list[CellValue]:
        return [self._cell(index, row) for index in range(len(self._looks))]

    def _cell(self, index: int, row: TableRow) -> CellValue:
        from tui.workspace.books.cells import cell_text, typed

        field, kind, why_not = self._looks[index]
        pending = self._pending.get((str(row.id), field.id))
        if pending is not None:
            return Cell(f"{pending}{PENDING}", "warn")
        waiting = self._waiting.get((str(row.id), field.id))
        if waiting is not None:
            return Cell(waiting, "warn")
        cell = row.cells.get(field.id)
        if (str(row.id), field.id) in self._changed:
            shown = cell_text(field, cell, self._zone)[:SHOWN_CHARACTERS]
            return Cell(f"{CHANGED} {shown}".rstrip(), "accent")
        if kind == "boolean":
            value = typed(field, cell)
            return value if isinstance(value, bool) or value is None else str(value)
        text = cell_text(field, cell, self._zone)[:SHOWN_CHARACTERS]
        if index == 0 and str(row.id) in self._deleted:
            mark = self._deleted[str(row.id)]
            return Cell(f"{mark} {DELETED} {text or '(no name)'}", "warn")
        if index == 0:
            return Cell(text or "(no name)", "strong" if text else "muted")
        return Cell(text, "muted" if why_not else "text")


class WithNewRows:
    """The rows of a table, and behind the last of them those that the service does not have yet."""

    def __init__(self, rows: TableSource) -> None:
        self.rows = rows

    @property
    def total(self) -> int | None:
        """How many rows there are; None while nobody knows."""
        return None if self.rows.total is None else self.rows.total + len(self.rows.new_rows)

    @property
    def known(self) -> int:
        """How many rows have arrived."""
        return self.rows.known

    def _new(self, index: int) -> tuple[str, list[CellValue]] | None:
        place = -1 if self.rows.total is None else index - self.rows.total
        return self.rows.new_rows[place] if 0 <= place < len(self.rows.new_rows) else None

    def loaded(self, index: int) -> bool:
        """Whether the row is here."""
        return self._new(index) is not None or self.rows.loaded(index)

    def row(self, index: int) -> Sequence[CellValue] | None:
        """The row's values."""
        new = self._new(index)
        return self.rows.row(index) if new is None else new[1]

    def key(self, index: int) -> str:
        """The row's key."""
        new = self._new(index)
        return self.rows.key(index) if new is None else new[0]

    def index_of(self, key: str) -> int | None:
        """Where the row with this key is now."""
        if not key.startswith(NEW) or self.rows.total is None:
            return self.rows.index_of(key)
        places = (n for n, (name, _cells) in enumerate(self.rows.new_rows) if name == key)
        place = next(places, None)
        return None if place is None else self.rows.total + place
