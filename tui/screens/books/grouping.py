"""The rows that are shown, in groups: the values of a column with how often each is there, or the
values of one column by those of another. A group, a cell or several marked ones narrow the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from tui.screens.asking import Asking
from tui.screens.books.opened import OpenTable
from tui.spoken_keys import key_for
from tui.widget_keys import CLOSING, GROUPS
from tui.widgets.bindings import bindings_from
from tui.widgets.dialog import Dialog
from tui.widgets.form_values import FormField
from tui.widgets.grid import Grid
from tui.widgets.grid_model import Cell, CellValue, Column, ListSource
from tui.words import counted, in_brief
from tui.workspace.books.brought import all_here
from tui.workspace.books.cells import Field
from tui.workspace.books.kept_rows import Lost
from tui.workspace.books.narrowed import wish_of
from tui.workspace.books.pivoted import Measure, Pivot, Sum, pivot, shown, summable
from tui.workspace.problems import GivenUp

BAR = 16
"""Cells of the longest bar."""
_VALUE, _TOTAL, _SHARE = "value", "total", "share"
_NONE = ""
EMPTY = "(empty)"


class Groups(Dialog[str | None]):
    """A pivot, or of one column a table of its values; dismissed with the condition of what was
    chosen.
    """

    DEFAULT_CSS = """
    Groups > #box { width: 96%; height: 94%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_from((*CLOSING, *GROUPS))

    def __init__(self, found: Pivot, title: str) -> None:
        keys = (
            f"{key_for('list.choose')} narrows to it · {key_for('table.mark')} marks several · "
            f"{key_for('groups.sort')} sorts"
        )
        if len(found.measures) > 1:
            keys += f" · {key_for('groups.measure')} count, sum, mean"
        super().__init__(title, f"{keys} · {key_for('dialog.cancel')} closes")
        self._found = found
        self._measure: Measure = found.measures[0]
        self._order = list(range(len(found.down)))
        self._sorted: tuple[str, bool] = (_TOTAL, True)
        self.grid = Grid(cursor="cell" if found.across_field is not None else "row",
                         empty="No row.")  # fmt: skip

    def body(self) -> Iterable[Widget]:
        """The groups."""
        yield self.grid

    def on_mount(self) -> None:
        """Keys work at once."""
        self._show()
        self.set_focus(self.grid)

    def _show(self) -> None:
        found = self._found
        title = found.down_field.name
        across = [
            Column(str(place), value.text or EMPTY, kind="number")
            for place, value in enumerate(found.across)
        ]
        word = self._measure if found.value_field is None or self._measure == "count" else (
            f"{self._measure} of {found.value_field.name}"
        )  # fmt: skip
        columns = [Column(_VALUE, title), Column(_TOTAL, word, kind="number"), *across]
        if found.across_field is None:
            columns.append(Column(_SHARE, "of all rows"))
        key, column = self.grid.cursor_key, self.grid.cursor_column
        self.grid.set_columns(columns, frozen=1)
        rows = [self._line(place) for place in self._order]
        everything = [self._text(one.sum) for one in found.across]
        rows.append([Cell("all", "strong"), self._text(found.total), *everything])
        keys = [*map(str, self._order), _TOTAL]
        self.grid.set_source(ListSource(rows, keys))
        self.grid.move_to_key(key)
        self.grid.move_to(self.grid.cursor_row, column or None)
        self.grid.show_sort(dict([self._sorted]))

    def _text(self, found: Sum) -> str:
        return shown(found, self._measure, self._found.value_field)

    def _line(self, place: int) -> list[CellValue]:
        found, value = self._found, self._found.down[place]
        line: list[CellValue] = [
            value.text or Cell(EMPTY, "muted"), self._text(value.sum),
            *(self._text(self._sum(place, str(n))) for n in range(len(found.across))),
        ]  # fmt: skip
        if found.across_field is None:
            most = max(one.sum.rows for one in found.down)
            bar = "█" * max(1, round(BAR * value.sum.rows / most))
            line.append(f"{bar} {100 * value.sum.rows / max(1, found.total.rows):.1f} %")
        return line

    def _sum(self, place: int, column: str) -> Sum:
        found = self._found
        if not column.isdecimal():
            return found.down[place].sum
        return found.cells.get((place, int(column)), Sum())

    def _figure(self, place: int, column: str) -> float:
        told = self._sum(place, column)
        if self._measure == "count":
            return told.rows
        if not told.numbers:
            return float("-inf")
        return told.total if self._measure == "sum" else told.total / told.numbers

    def action_sort(self) -> None:
        """By the cursor's column; of a row cursor by rows, then by value."""
        column = self.grid.cursor_column
        if self._found.across_field is None:
            column = _VALUE if self._sorted[0] == _TOTAL else _TOTAL
        self._sort_by(column)

    @on(Grid.SortWanted)
    def _title_clicked(self, message: Grid.SortWanted) -> None:
        message.stop()
        self._sort_by(_TOTAL if message.column == _SHARE else message.column)

    def _sort_by(self, column: str) -> None:
        same = self._sorted[0] == column
        # Names begin with the first one, figures with the largest.
        descending = not self._sorted[1] if same else column != _VALUE
        self._sorted = (column, descending)
        if column == _VALUE:
            down = self._found.down
            self._order.sort(key=lambda one: down[one].text.casefold(), reverse=descending)
        else:
            self._order.sort(key=lambda one: self._figure(one, column), reverse=descending)
        self._show()

    def action_measure(self) -> None:
        """The next of count, sum and mean."""
        measures = self._found.measures
        self._measure = measures[(measures.index(self._measure) + 1) % len(measures)]
        self._show()

    @on(Grid.Selected)
    @on(Grid.EditWanted)
    def _chosen(self, message: Grid.Selected | Grid.EditWanted) -> None:
        """Give the condition of the cursor's group, or of the marked ones."""
        message.stop()
        marked = [int(key) for key in self.grid.marked if key.isdecimal()]
        here = [int(message.key)] if message.key.isdecimal() else []
        across = int(message.column) if message.column.isdecimal() else None
        places = sorted(marked, key=self._order.index) or here
        condition = self._found.condition(places, across)
        if condition:
            self.dismiss(condition)


async def count_values(asker: Asking, table: OpenTable, field: Field) -> str:
    """Show how often each value of a column is there; the condition of what was chosen."""
    return await _grouped(asker, table, field, None, None)


async def ask_pivot(asker: Asking, table: OpenTable, field: Field) -> str:
    """Ask what is to be counted by what, and show it; the condition of what was chosen."""
    from tui.widgets.form import Form

    names = [(str(one.id), one.name) for one in table.fields]
    sums = [(str(one.id), one.name) for one in summable(table.fields)]
    other = next((one for one in table.fields if one.choices and one.id != field.id), None)
    across = None if other is None else str(other.id)
    fields = [
        FormField("down", "Rows", "choice", required=True, default=str(field.id), choices=names),
        FormField("across", "Columns", "choice", default=across, choices=names,
                  help="none: only the values of the rows"),
        FormField("value", "Sum and mean of", "choice", choices=sums,
                  help="none: rows are counted"),
    ]  # fmt: skip
    title = f"Pivot of {in_brief(table.place.table.name)}"
    values = await asker.ask(Form(title, fields, save="Show"))
    if values is None:
        return ""
    by_id = {str(one.id): one for one in table.fields}
    down, other, value = (by_id.get(values[name] or _NONE) for name in ("down", "across", "value"))
    return "" if down is None else await _grouped(asker, table, down, other, value)


async def _grouped(
    asker: Asking, table: OpenTable, down: Field, across: Field | None, value: Field | None
) -> str:
    async def work() -> tuple[Pivot, str]:
        kept = await all_here(table.desk, table.kept)
        wish = wish_of(table.wanted, (), table.kept.fields, table.zone)
        with asker.workspace.feed.resting():
            found = await pivot(table.kept, down, across, value, wish.filters, table.zone)
        return found, "" if kept is None else kept.sentence

    try:
        found, remark = await asker.wait_for(
            "Count", "Counting …", work(), GivenUp("Given up: nothing was counted")
        )
    except Lost:
        asker.flash(
            (
                "The rows that are kept were put away meanwhile: "
                f"{key_for('books.refresh')} reads them again."
            ),
            "warn",
        )
        return ""
    if remark:
        asker.flash(remark, "warn")
    title = down.name if across is None else f"{down.name} × {across.name}"
    of = counted(found.total.rows, "row")
    if table.wanted.strip():
        of += f" that match “{' '.join(table.wanted.split())[:40]}”"
    left_out = f" · {found.left_out}" if found.left_out else ""
    chosen = await asker.ask(Groups(found, f"{title}: {of}{left_out}"))
    return chosen or ""
