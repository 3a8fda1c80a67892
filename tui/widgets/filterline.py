"""The ``/`` line: what is typed filters at once, enter keeps it, esc takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from tui.spoken_keys import key_for
from tui.widget_keys import FILTER
from tui.widgets.bindings import bindings_from
from tui.widgets.cells import in_editor
from tui.words import counted

if TYPE_CHECKING:
    from textual.widgets.input import Selection


class LineInput(Input):
    """A one-line input without a frame and without a blinking cursor."""

    _proposes = False
    """Whether what stands there is still as it was proposed."""

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

    def propose(self) -> None:
        """Select what stands there: the first letter typed is written over it, and a key that
        moves, or takes a letter away, keeps the rest.
        """
        self.select_all()
        self._proposes = True

    def watch_selection(self, selection: Selection) -> None:
        """Once the cursor was moved nothing is proposed any more."""
        self._proposes = self._proposes and selection == (0, len(self.value))

    def action_delete_left(self) -> None:
        """Take away what is selected, or the letter before the cursor."""
        if self._proposes:
            self.cursor_position = len(self.value)
        super().action_delete_left()

    def on_paste(self, event: events.Paste) -> None:
        """Put all of it in: Textual takes the first line only, which may be an empty one."""
        event.stop()
        event.prevent_default()
        lines = [line for line in event.text.splitlines() if line.strip()]
        if lines:
            before = self.value[: min(self.selection)]
            # Begun with a line break it is another line than what stands before it.
            another = event.text[:1] in "\r\n" and before and not before.endswith(" ")
            self.replace(" " * bool(another) + " ".join(lines), *self.selection)
        if len(lines) > 1:
            self.notify(f"{counted(len(lines), 'line')} were joined with blanks.", markup=False)

    @property
    def _value(self) -> Text:
        """What is drawn: Textual hands control characters of a value on to the terminal."""
        if self.password:
            return super()._value
        return Text(in_editor(self.value), no_wrap=True, end="")


class FilterLine(LineInput):
    """A line that says at every key what is wanted; hidden until `open`."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(FILTER)

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
        super().__init__(
            placeholder=f"filter: enter keeps, {key_for('filter.clear')} clears",
            id=id,
            classes=classes,
        )
        # Not by a style sheet: a screen gives the first focus before that is read.
        self.display = False
        self._came_from: Widget | None = None

    def open(self) -> None:
        """Show the line with what it had and put the focus there."""
        self.display = True
        if not self.has_focus:
            self._came_from = self.screen.focused
        # At once: the next key may have been pressed already, and belongs to this line.
        self.screen.set_focus(self)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass the text on."""
        event.stop()
        self.post_message(self.Edited(self, event.value))

    async def action_submit(self) -> None:
        """Keep the text: at once, since the next key is for the list."""
        self.action_keep()

    def action_keep(self) -> None:
        """Leave the line; where it is empty it goes out of sight."""
        if self.has_focus:
            self.screen.set_focus(self._came_from)
        self.display = bool(self.value)
        # The last keys may not have been told yet: the screen filters by the whole text first.
        self.post_message(self.Edited(self, self.value))
        self.post_message(self.Left(self, self.value))

    def action_take_back(self) -> None:
        """Empty the line and leave it."""
        self.value = ""
        self.action_keep()
