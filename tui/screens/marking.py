"""What waits to be sent, marked on its record in a list, in one way for all rooms.

A mark stands before the first words of the record; what is to be made stands behind the others,
in a row of its own that no command takes for a record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui.widgets.grid_model import Cell, CellValue, Column, ListSource, RowSource
from tui.workspace.changes.unsettled import Unsettled, called, new_key, sign_of_open

if TYPE_CHECKING:
    from tui.widgets.outline_model import Node
    from tui.workspace.changes.history import Change


class Marked:
    """Rows of a source with marks, and behind them those that are to be made."""

    def __init__(
        self,
        rows: RowSource,
        columns: Sequence[Column],
        mark: Callable[[str], str],
        *,
        at: str,
        new: Sequence[Change] = (),
    ) -> None:
        """`mark` gives what stands before a row, by its key; `at` is the column that it is in."""
        self.rows = rows
        self._columns = columns
        self._mark = mark
        self._at = next(n for n, column in enumerate(columns) if column.key == at)
        self._new = ListSource()
        if new:
            self._new = ListSource(list(map(self._new_row, new)), list(map(new_key, new)))

    def _new_row(self, change: Change) -> list[CellValue]:
        """The mark in its column, and what it is called where the room is."""
        sign, text = sign_of_open(change), called(change)
        wide = (n for n, column in enumerate(self._columns) if column.flexible)
        place = next(wide, self._at)
        row: list[CellValue] = [""] * len(self._columns)
        row[self._at] = Cell(sign, "warn")
        row[place] = Cell(f"{sign} {text}" if place == self._at else text, "warn")
        return row

    @property
    def _behind(self) -> int:
        return self.rows.total or 0

    @property
    def total(self) -> int | None:
        """How many rows there are; None while nobody knows."""
        total = self.rows.total
        return None if total is None else total + self._new.total

    @property
    def known(self) -> int:
        """How many rows there are at least."""
        return self.rows.known

    def loaded(self, index: int) -> bool:
        """Whether the row is here."""
        return self.rows.loaded(index) or self._new.loaded(index - self._behind)

    def row(self, index: int) -> Sequence[CellValue] | None:
        """The row's values."""
        row = self.rows.row(index)
        if row is None:
            return self._new.row(index - self._behind)
        mark = self._mark(self.rows.key(index))
        if not mark:
            return row
        shown = self._columns[self._at].cell(row[self._at])
        marked = Cell(f"{mark} {shown.text}".rstrip(), "warn")
        return [*row[: self._at], marked, *row[self._at + 1 :]]

    def key(self, index: int) -> str:
        """The row's key."""
        return self.rows.key(index) or self._new.key(index - self._behind)

    def index_of(self, key: str) -> int | None:
        """Where the row with this key is."""
        place = self.rows.index_of(key)
        if place is not None:
            return place
        behind = self._new.index_of(key)
        return None if behind is None else self._behind + behind


def marked_rows(
    rows: ListSource,
    columns: Sequence[Column],
    unsettled: Unsettled,
    record: str,
    *,
    at: str,
    new: Sequence[Change] = (),
) -> RowSource:
    """The rows with the marks of what is open of them; `record` is what comes before the key.

    The same rows where nothing is open.
    """
    if not unsettled.changes:
        return rows
    return Marked(rows, columns, lambda key: unsettled.mark(f"{record}/{key}"), at=at, new=new)


def marked_nodes(
    nodes: Sequence[Node], unsettled: Unsettled, record: str, new: Sequence[Change] = ()
) -> list[Node]:
    """The nodes with the marks of what is open of them, and behind them what is to be made."""
    if not unsettled.changes:
        return list(nodes)
    from tui.widgets.outline_model import Node

    found = [
        one._replace(label=f"{mark} {one.label}", role="warn")
        if (mark := unsettled.mark(f"{record}/{one.key}"))
        else one
        for one in nodes
    ]
    return [
        *found,
        *(
            Node(new_key(one), f"{sign_of_open(one)} {called(one)}", role="warn", mark=" ")
            for one in new
        ),
    ]
