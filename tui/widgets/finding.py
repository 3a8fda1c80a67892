"""Dialogs in which typing finds: a line to type in over a list, one cursor for both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Generic, TypeVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from tui.widget_keys import FINDING
from tui.widgets.bindings import bindings_from
from tui.widgets.dialog import Dialog
from tui.widgets.filterline import LineInput
from tui.widgets.rows import RowsWidget

Result = TypeVar("Result")


class Finding(Dialog[Result], Generic[Result]):
    """The line has the focus; up, down and enter are for the list all the same."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(FINDING)

    def __init__(self, title: str, keys: str, rows: RowsWidget, *, placeholder: str) -> None:
        super().__init__(title, keys)
        self.line = LineInput(placeholder=placeholder)
        self.rows = rows

    def body(self) -> Iterable[Widget]:
        """The line to type in, and the list."""
        yield self.line
        yield self.rows

    def on_mount(self) -> None:
        """Typing finds at once."""
        self.set_focus(self.line)

    def narrow(self, text: str) -> None:
        """Show what answers to what was typed."""

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow."""
        event.stop()
        self.points_at = None
        self.narrow(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Choose what the cursor is on."""
        event.stop()
        self.rows.action_choose()

    def action_found_by(self, by: int) -> None:
        """Move the cursor while the line keeps the focus."""
        self.points_at = self.rows
        self.rows.action_cursor_by(by)

    def action_found_page(self, by: float) -> None:
        """Move it by what is seen."""
        self.points_at = self.rows
        self.rows.action_page(by)
