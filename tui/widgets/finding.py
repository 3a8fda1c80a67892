"""Dialogs in which typing finds: a line to type in over a list, one cursor for both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from textual import events
from textual.widget import Widget
from textual.widgets import Input

from tui.widgets.dialogs import Dialog
from tui.widgets.filterline import LineInput
from tui.widgets.rows import RowsWidget

Result = TypeVar("Result")


class Finding(Dialog[Result], Generic[Result]):
    """The line has the focus; up, down and enter are for the list all the same."""

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
        self.narrow(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Choose what the cursor is on."""
        event.stop()
        self.rows.action_choose()

    def on_key(self, event: events.Key) -> None:
        """The cursor moves while the line keeps the focus."""
        if not self.line.has_focus:
            return
        if event.key in ("up", "down"):
            event.stop()
            self.rows.action_cursor_by(-1 if event.key == "up" else 1)
        elif event.key in ("pageup", "pagedown"):
            event.stop()
            self.rows.action_page(-1.0 if event.key == "pageup" else 1.0)
