"""A line of buttons: ``[ Save ]  [ Cancel ]``; one tab stop, left and right within it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.message import Message

from tui.widget_keys import BUTTONS
from tui.widgets.bar import Bar, Piece, one_line
from tui.widgets.bindings import bindings_from
from tui.widgets.palette import Palette


class Button(NamedTuple):
    """A button's id and title."""

    id: str
    title: str


class Buttons(Bar, can_focus=True):
    """A row of buttons."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(BUTTONS)

    class Pressed(Message):
        """A button was pressed."""

        def __init__(self, id: str) -> None:
            super().__init__()
            self.id = id

    def __init__(
        self,
        buttons: Sequence[Button],
        *,
        selected: int = 0,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._buttons = tuple(buttons)
        self._selected = selected

    def action_step(self, buttons: int) -> None:
        """To another button."""
        self._selected = max(0, min(self._selected + buttons, len(self._buttons) - 1))
        self.refresh()

    def action_press(self) -> None:
        """Press the selected button."""
        self.post_message(self.Pressed(self._buttons[self._selected].id))

    def ground(self, palette: Palette) -> Style:
        """The background of the screen."""
        return palette.plain["text"]

    def pieces(self, width: int, palette: Palette) -> tuple[list[Piece], list[Piece]]:
        """The buttons, the selected one reversed while the line has the focus."""
        left: list[Piece] = []
        for index, button in enumerate(self._buttons):
            here = self.has_focus and index == self._selected
            text = f"[ {one_line(button.title, width)} ]"
            style = palette.button_active if here else palette.button
            left += [Piece(text, style, button.id), Piece("  ", palette.plain["text"])]
        return left, []

    def on_click(self, event: events.Click) -> None:
        """Press what was clicked."""
        if action := self.action_at(event.x):
            event.stop()
            self.post_message(self.Pressed(action))
