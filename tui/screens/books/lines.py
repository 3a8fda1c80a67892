"""Items of several lines each, such as messages, under one line cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.message import Message

from tui.widgets.beside import still_there
from tui.widgets.cells import fit
from tui.widgets.lines import Paragraph, wrapped
from tui.widgets.palette import Palette, Role
from tui.widgets.rows import GUTTER, RowsWidget


class Item(NamedTuple):
    """What stands together: its key, and its paragraphs."""

    key: str
    paragraphs: Sequence[Paragraph]


class _Line(NamedTuple):
    key: str
    text: str
    role: Role


class ItemLines(RowsWidget):
    """Text to scroll through that knows which item the cursor is in."""

    class Chosen(Message):
        """A person chose the item under the cursor (enter)."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, empty: str = "Nothing here.", id: str | None = None) -> None:
        super().__init__(empty=empty, id=id)
        self._tells = False
        self._items: Sequence[Item] = ()
        self._lines: list[_Line] = []
        self._width = -1
        self._start: tuple[str, bool] | None = None

    def show(self, items: Sequence[Item], *, at_end: bool = False, key: str = "") -> None:
        """Show other items, with the cursor on that of `key`, or where that went on the one that
        stood next to it, else at the end or the beginning.
        """
        # Those that there are may wait for a width to be wrapped to.
        self._tells = not items
        before, now = ({one.key: None for one in some} for some in (self._items, items))
        key = still_there(key, [*before], now) or ""
        self._items = tuple(items)
        self._lines = []
        self._width = -1
        self._start = key, at_end
        self._wrap()

    def _index_of(self, key: str) -> int | None:
        return next((n for n, line in enumerate(self._lines) if key and line.key == key), None)

    @property
    def key(self) -> str:
        """The key of the item that the cursor is in; empty where there is none."""
        return self._lines[self.cursor_row].key if self._lines else ""

    @property
    def row_count(self) -> int:
        """How many lines the items have at the present width."""
        return len(self._lines)

    def row_chosen(self) -> None:
        """Tell which item was chosen."""
        self.post_message(self.Chosen(self.key))

    def on_resize(self) -> None:
        """Wrap to the new width, with the cursor on the same item."""
        if self._start is None:
            self._start = self.key, self.cursor_row >= self.row_count - 2
        self._wrap()
        super().on_resize()

    def _wrap(self) -> None:
        """Work out the lines; while the pane is hidden there is no width to wrap to."""
        width = max(1, self.content_size.width - GUTTER - 1)
        if not self.content_size.width:
            self.reset_rows(0)
            return
        if width != self._width:
            self._width = width
            self._lines = [
                _Line(item.key, text, role)
                for item in self._items
                for text, role in wrapped(item.paragraphs, width)
            ]
        key, at_end = self._start or ("", False)
        self._start = None
        first = None if at_end else self._index_of(key)
        last = (n for n in range(len(self._lines) - 1, -1, -1) if self._lines[n].text.strip())
        self.reset_rows(next(last, 0) if at_end else 0)
        if first is not None:
            self.go_to(key)

    def go_to(self, key: str) -> None:
        """Put the cursor on an item: all of it is seen, or as much as there is room for."""
        places = [n for n, line in enumerate(self._lines) if line.key == key]
        if places:
            self.move_to_row(places[-1])
            self.move_to_row(places[0])

    def render_row(
        self, index: int, width: int, ground: Mapping[str, Style], palette: Palette
    ) -> list[Segment]:
        """One line."""
        del palette
        line = self._lines[index]
        return [Segment(fit(line.text, width), ground[line.role])]
