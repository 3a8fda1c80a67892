"""Where a grid's columns stand: widths, what is hidden, and which part is scrolled into view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from tui.widgets.cells import cell_text
from tui.widgets.grid_model import CellValue, Column, ListSource

GAP = 2
"""Cells between two columns."""
WIDEST = 200
NARROWEST = 1
LEAST_CUT = 6
"""Cells that are left of a column that is cut off at the right: of fewer nothing can be read."""


class Place(NamedTuple):
    """One visible column: its index among all columns, and the cells that it has."""

    column: int
    x: int
    width: int


def room_of(columns: Sequence[Column], source: ListSource) -> int:
    """The cells in which all columns stand whole with the widths that all these rows ask for."""
    layout = GridLayout(columns)
    layout.measure(row for at in range(source.total) if (row := source.row(at)) is not None)
    return layout.wanted


class GridLayout:
    """The columns of one grid and the widths that a person or the first rows gave them."""

    def __init__(self, columns: Sequence[Column] = (), frozen: int = 1) -> None:
        self.columns = tuple(columns)
        self.frozen = frozen
        """How many of the shown columns stay where they are while the others scroll sideways."""
        self.hidden: set[str] = set()
        self._order: list[int] = list(range(len(self.columns)))
        self.first = 0
        """How many unfrozen columns are scrolled out at the left."""
        self._chosen: dict[str, int] = {}
        self._measured: dict[str, int] = {}
        self.sampled = False
        """Whether rows were there to measure."""

    @property
    def shown(self) -> list[int]:
        """Indices of the columns that are not hidden, in the order in which they stand."""
        return [i for i in self._order if self.columns[i].key not in self.hidden]

    @property
    def order(self) -> list[str]:
        """The keys of all columns as they stand; none where nobody has moved one."""
        moved = self._order != sorted(self._order)
        return [self.columns[i].key for i in self._order] if moved else []

    def put_in_order(self, keys: Sequence[str]) -> None:
        """Let columns stand in this order; those that it does not name stay behind the one that
        they stood behind.
        """
        wanted = {key: place for place, key in enumerate(keys)}
        last, found = -1, []
        for index, column in enumerate(self.columns):
            last = wanted.get(column.key, last)
            found.append((last, column.key not in wanted, index))
        self._order = [index for _, _, index in sorted(found)]

    def move(self, index: int, by: int) -> bool:
        """Move a column among those that are shown, to the right with positive `by`; whether it
        stands elsewhere now.
        """
        shown = self.shown
        if index not in shown:
            return False
        place = shown.index(index)
        other = shown[max(0, min(place + by, len(shown) - 1))]
        if other == index:
            return False
        self._order.remove(index)
        self._order.insert(self._order.index(other) + (by > 0), index)
        return True

    def measure(self, rows: Iterable[Sequence[CellValue]]) -> None:
        """Take automatic widths from these rows; widths that a person chose stay."""
        widths = [cell_len(cell_text(column.title, WIDEST)) + 2 for column in self.columns]
        self.sampled = self._widen_to(rows, widths)
        self._measured = {
            column.key: max(column.minimum, min(column.maximum, width))
            for column, width in zip(self.columns, widths, strict=True)
        }

    def _widen_to(self, rows: Iterable[Sequence[CellValue]], widths: list[int]) -> bool:
        """Raise `widths` to what the rows need; whether there were any rows."""
        measured = [i for i, column in enumerate(self.columns) if column.width is None]
        any_row = False
        for row in rows:
            any_row = True
            for index in measured:
                column = self.columns[index]
                if index < len(row) and widths[index] < column.maximum:
                    text = cell_text(column.cell(row[index]).text, column.maximum)
                    widths[index] = max(widths[index], cell_len(text))
        return any_row

    def grow(self, rows: Iterable[Sequence[CellValue]], room: int) -> bool:
        """Widen automatic columns to these rows while all columns fit; whether any did."""
        shown = self.shown
        spare = room - self.wanted
        if spare <= 0 or not self.sampled:
            return False
        widths = [self.width(index) for index in range(len(self.columns))]
        self._widen_to(rows, widths)
        grew = False
        for index in shown:
            column = self.columns[index]
            wanted = min(column.maximum, widths[index]) - self.width(index)
            if 0 < wanted <= spare and column.key not in self._chosen:
                self._measured[column.key] = self.width(index) + wanted
                spare -= wanted
                grew = True
        return grew

    @property
    def wanted(self) -> int:
        """The cells that all shown columns want, with what is between them."""
        shown = self.shown
        return sum(map(self.width, shown)) + GAP * (len(shown) - 1)

    def width(self, index: int) -> int:
        """The cells that a column wants."""
        column = self.columns[index]
        chosen = self._chosen.get(column.key)
        if chosen is not None:
            return chosen
        if column.width is not None:
            return column.width
        return self._measured.get(column.key, column.minimum)

    def widen(self, index: int, cells: int) -> None:
        """Make a column wider, or narrower with negative `cells`."""
        self.set_width(index, self.width(index) + cells)

    def set_width(self, index: int, cells: int) -> None:
        """Give a column so many cells, as far as that is sensible."""
        self._chosen[self.columns[index].key] = max(NARROWEST, min(WIDEST, cells))

    @property
    def chosen(self) -> dict[str, int]:
        """The widths that a person set, by the keys of their columns."""
        return dict(self._chosen)

    def choose(self, widths: Mapping[str, int]) -> None:
        """Set widths, such as those that a person set before."""
        known = {column.key for column in self.columns}
        self._chosen = {
            key: max(NARROWEST, min(WIDEST, width)) for key, width in widths.items() if key in known
        }

    def forget_widths(self) -> None:
        """Back to the automatic widths."""
        self._chosen.clear()

    def places(self, room: int) -> list[Place]:
        """The columns that stand in `room` cells, the last one perhaps cut off, where enough of it
        is left."""
        shown = self.shown
        frozen, moving = shown[: self.frozen], shown[self.frozen :]
        self.first = max(0, min(self.first, len(moving) - 1))
        visible = [*frozen, *moving[self.first :]]
        widths = {index: self.width(index) for index in visible}
        if moving and frozen:
            # Frozen columns never take the whole room: what is to be scrolled must be seen.
            most = max(NARROWEST, room // 2 // len(frozen) - GAP)
            for index in frozen:
                widths[index] = min(widths[index], max(most, NARROWEST))
        self._share_out(widths, room)
        places: list[Place] = []
        x = 0
        for index in visible:
            if x >= room:
                break
            width = min(widths[index], room - x)
            if len(places) > len(frozen) and width < min(widths[index], LEAST_CUT):
                break
            places.append(Place(index, x, width))
            x += width + GAP
        return places

    def _share_out(self, widths: dict[int, int], room: int) -> None:
        """Give the room that is left to the flexible columns that nobody has set by hand."""
        left = room - sum(widths.values()) - GAP * (len(widths) - 1)
        flexible = [
            index
            for index in widths
            if self.columns[index].flexible and self.columns[index].key not in self._chosen
        ]
        if left <= 0 or not flexible:
            return
        share, rest = divmod(left, len(flexible))
        for order, index in enumerate(flexible):
            widths[index] += share + (1 if order < rest else 0)

    def reveal(self, index: int, room: int) -> bool:
        """Scroll sideways as little as shows a column whole; whether anything moved. Before there
        is room nothing does: all before that column would be scrolled out.
        """
        if room <= 0:
            return False
        before = self.first
        shown = self.shown
        if index not in shown or shown.index(index) < self.frozen:
            return False
        order = shown.index(index) - self.frozen
        self.first = min(self.first, order)
        while self.first < order:
            places = self.places(room)
            if any(p.column == index and p.width >= self.width(index) for p in places):
                break
            self.first += 1
        return self.first != before

    def cut_right(self, room: int) -> bool:
        """Whether columns go on at the right of what is visible."""
        places = self.places(room)
        shown = self.shown
        if not places or not shown:
            return False
        last = places[-1]
        return last.column != shown[-1] or last.width < self.width(last.column)
