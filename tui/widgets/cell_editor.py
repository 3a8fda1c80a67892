"""A line of text in the place of a cell, and below it what is wrong or was understood."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from tui.widget_keys import CELL
from tui.widgets.bindings import bindings_from
from tui.widgets.filterline import LineInput
from tui.widgets.lines import Lines, Paragraph, wrapped

NARROWEST = 12
"""Cells that a line has at least, where the window has them: a number's column has fewer."""
NARROW = 24
"""And where something is said of it."""


class CellLine(LineInput):
    """The line; what leaves it says where the cursor goes then."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(CELL)

    class Left(Message):
        """The person is done with it: the cursor goes so many rows and columns from there."""

        def __init__(self, text: str, rows: int, columns: int) -> None:
            super().__init__()
            self.text = text
            self.rows = rows
            self.columns = columns

    class GivenUp(Message):
        """The cell stays as it was."""

    class WholeWanted(Message):
        """It is to be gone on with where there is more room; `outside` in one's own editor."""

        def __init__(self, text: str, *, outside: bool) -> None:
            super().__init__()
            self.text = text
            self.outside = outside

    async def action_submit(self) -> None:
        """Take it, and go down."""
        self.action_leave(1, 0)

    def action_leave(self, rows: int, columns: int) -> None:
        """Take it."""
        self.post_message(self.Left(self.value, rows, columns))

    def action_give_up(self) -> None:
        """Leave the cell as it was."""
        self.post_message(self.GivenUp())

    def action_whole(self, outside: bool) -> None:
        """Go on in a form, or in one's own editor."""
        self.post_message(self.WholeWanted(self.value, outside=outside))


class CellEditor(Widget):
    """Lies over a cell of a grid until it is removed; the grid's pane holds it in a layer `above`:
    it takes no room from the rows."""

    class Edited(Message):
        """Another text stands there."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    DEFAULT_CSS = """
    CellEditor {
        layer: above; layout: vertical; position: absolute; height: 1; background: $panel;
    }
    CellEditor Lines { background: $panel; }
    """

    def __init__(self, text: str, *, replaces: bool = False) -> None:
        """With `replaces` the first letter typed is written over what stands there."""
        super().__init__()
        self.line = CellLine(text)
        self._replaces = replaces
        self._above, self._below = Lines(), Lines()
        self._above.display = self._below.display = False
        self._saying: list[Paragraph] = []
        self._wrong_about: str | None = None

    def compose(self) -> ComposeResult:
        """The line, and what is said of it below, or above where it stands at the bottom."""
        yield self._above
        yield self.line
        yield self._below

    def on_mount(self) -> None:
        """What is there already is gone on with, or proposed."""
        if self._replaces:
            self.line.propose()
        else:
            self.line.cursor_position = len(self.line.value)

    def say(self, text: str, *, wrong: bool = False) -> None:
        """Say beside the line what is wrong with it, or how it is understood; "" says nothing."""
        self._wrong_about = self.line.value if wrong else None
        said = Paragraph(f"✗ {text}", "bad") if wrong else Paragraph(text, "muted")
        self._saying = [said] if text else []

    def lie_over(self, cell: Region, room: Size) -> None:
        """Cover a cell of a pane of that size. Units: character cells."""
        width = max(cell.width, NARROWEST, len(self.line.value) + 1)
        x = max(0, min(cell.x, room.width - (max(width, NARROW) if self._saying else width)))
        if self._saying:
            # A blank behind it: what stands there would be read on with it.
            width = max(width, min(len(self._saying[0].text) + 1, room.width - x))
        width = min(width, room.width)
        said = len(wrapped(self._saying, width))
        above = cell.y + said >= room.height
        for lines, here in ((self._above, above), (self._below, not above)):
            lines.display = bool(said) and here
            if lines.display:
                lines.show(self._saying)
        self.styles.width, self.styles.height = width, 1 + said
        self.styles.offset = (x, cell.y - said if above else cell.y)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        # What was wrong with another text is not said of this one.
        if event.value != self._wrong_about:
            self.post_message(self.Edited(event.value))
