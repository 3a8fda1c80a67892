"""The ``/`` line: what is typed filters at once, enter keeps it, esc takes it back."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class LineInput(Input):
    """A one-line input without a frame and without a blinking cursor."""

    DEFAULT_CSS = """
    LineInput, LineInput:focus {
        border: none; height: 1; padding: 0; width: 1fr; background: $surface;
    }
    LineInput:focus { background: $panel; }
    """

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        password: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(
            value,
            placeholder=placeholder,
            password=password,
            compact=True,
            select_on_focus=False,
            id=id,
            classes=classes,
        )
        # A blinking cursor writes to the terminal for as long as it waits.
        self.cursor_blink = False


class FilterLine(LineInput):
    """A line that says at every key what is wanted; hidden until `open`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "take_back", "Clear", show=False),
        Binding("down", "keep", "To the list", show=False),
    ]

    class Edited(Message):
        """The text is another one; filter by it at once."""

        def __init__(self, line: FilterLine, text: str) -> None:
            super().__init__()
            self.line = line
            self.text = text

        @property
        def control(self) -> FilterLine:
            """The line, so that handlers can be chosen by its id."""
            return self.line

        def can_replace(self, message: Message) -> bool:
            """Only the newest text matters."""
            return isinstance(message, FilterLine.Edited) and message.line is self.line

    class Left(Message):
        """The person is done: put the focus back to the list; `text` stays in force."""

        def __init__(self, line: FilterLine, text: str) -> None:
            super().__init__()
            self.line = line
            self.text = text

        @property
        def control(self) -> FilterLine:
            """The line, so that handlers can be chosen by its id."""
            return self.line

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(placeholder="filter: enter keeps, esc clears", id=id, classes=classes)
        # Not by a style sheet: a screen gives the first focus before that is read.
        self.display = False

    def open(self) -> None:
        """Show the line with what it had and put the focus there."""
        self.display = True
        self.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass the text on."""
        event.stop()
        self.post_message(self.Edited(self, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the text."""
        event.stop()
        self.action_keep()

    def action_keep(self) -> None:
        """Leave the line; where it is empty it goes out of sight."""
        self.display = bool(self.value)
        self.post_message(self.Left(self, self.value))

    def action_take_back(self) -> None:
        """Empty the line and leave it."""
        self.value = ""
        self.action_keep()
