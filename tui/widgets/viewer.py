"""Long text or JSON to read over a screen: a cell that was cut, an answer, a message in full."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from tui.spoken_keys import either_of, key_for
from tui.widget_keys import CLOSING, COPYING, GOING_ON, READING
from tui.widgets.bindings import bindings_from
from tui.widgets.dialog import Dialog
from tui.widgets.lines import Paragraph, ScrollingLines
from tui.words import counted

LONGEST = 400_000
"""Characters that are shown; what is longer says so at its end."""
DEEPEST = 24
"""Cells of indentation that are kept."""


def as_text(value: object) -> str:
    """Text as it is, anything else as indented JSON; what JSON cannot say, in its own words."""
    if isinstance(value, str):
        return value
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


class Viewer(Dialog[bool]):
    """Scrolls through a text; ``y`` asks the screen below to copy it.

    Where it `goes_on`, as in `rolls it back`, it gives True for the keys that say so.
    """

    DEFAULT_CSS = """
    Viewer > #box { width: 96%; height: 94%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_from((*READING, *COPYING, *GOING_ON))

    class CopyWanted(Message):
        """A person wants the whole text on the clipboard; posted to the screen below."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, title: str, value: object, goes_on: str = "") -> None:
        way = f"{key_for('viewer.go_on')} {goes_on} · " if goes_on else ""
        super().__init__(
            title,
            f"{way}{key_for('viewer.copy')} copies · "
            f"{either_of('viewer.close', 'dialog.cancel')} closes",
        )
        self._text = as_text(value)
        self._goes_on = bool(goes_on)

    def body(self) -> Iterable[Widget]:
        """The text, and how much of it is left out if it is very long."""
        # Line by line, so that a wrapped line of JSON stays under its indentation.
        paragraphs = [
            Paragraph(line.lstrip(" "), indent=min(len(line) - len(line.lstrip(" ")), DEEPEST))
            for line in self._text[:LONGEST].split("\n")
        ]
        if len(self._text) > LONGEST:
            left = len(self._text) - LONGEST
            paragraphs.append(Paragraph(f"… {counted(left, 'more character')} not shown", "warn"))
        yield ScrollingLines(paragraphs)

    def on_mount(self) -> None:
        """Keys scroll at once."""
        self.set_focus(self.query_one(ScrollingLines))

    def action_copy(self) -> None:
        """Ask the screen below to copy: it knows the clipboard and says what came of it."""
        self.app.screen_stack[-2].post_message(self.CopyWanted(self._text))

    def action_go_on(self) -> None:
        """It was read, and something is to be done about it."""
        if self._goes_on:
            self.dismiss(True)


class _Read(ScrollingLines):
    """Lines of which enter shows the next page, and at their end says what it does not do."""

    def __init__(self, paragraphs: Iterable[Paragraph], at_end: Callable[[], None]) -> None:
        super().__init__(paragraphs)
        self._at_end = at_end

    def action_choose(self) -> None:
        """The next page; at the end, tell."""
        if self._top_row + self.page_rows < self.row_count:
            self.action_page(1)
        else:
            self._at_end()


class Review(Dialog[bool]):
    """A text to be read before something is made of it: True where a person goes on.

    Enter reads on and never makes it: the one that ended the form before may be pressed twice.
    """

    DEFAULT_CSS = """
    Review > #box { width: 96%; height: 94%; }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_from((*GOING_ON, *CLOSING))

    def __init__(self, title: str, text: str, goes_on: str) -> None:
        """`goes_on` says what the key does, as in `makes the invoice`."""
        super().__init__(
            title, f"{either_of('viewer.go_on')} {goes_on} · {key_for('dialog.cancel')} goes back"
        )
        self._at_end = f"all read: {self._dialog_keys}"
        self._text = text

    def body(self) -> Iterable[Widget]:
        """The text, line by line; what begins with an exclamation mark stands out."""
        yield _Read([
            Paragraph(line.strip(), "warn" if line.startswith("!") else "text",
                      indent=len(line) - len(line.lstrip(" ")))
            for line in self._text.split("\n")
        ], self._say_all)  # fmt: skip

    def _say_all(self) -> None:
        self.show_keys(self._at_end)

    def on_mount(self) -> None:
        """Keys scroll at once."""
        self.set_focus(self.query_one(ScrollingLines))

    def action_go_on(self) -> None:
        """It was read."""
        self.dismiss(True)
