"""Text in a box that is as high as the text, and scrolled where the screen is too low for it."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from tui.widgets.lines import Lines, Paragraph

MOST_HEIGHT = 94
"""The share of the screen's height that a box may have, in percent; the style sheet's of dialogs,
too."""
WHEEL = 3
"""Lines that a text moves by when the wheel is turned."""


class TallText(Lines):
    """Text as high as it needs to be, or as the screen allows: then the rest is scrolled to."""

    class Moved(Message):
        """Other lines are seen, or there are more or fewer of them."""

    top = 0
    """The first line that is seen."""

    @property
    def count(self) -> int:
        """How many lines there are."""
        return len(self._lines(self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the text has, or as the box may be high."""
        lines = super().get_content_height(container, viewport, width)
        return max(1, min(lines, viewport.height * MOST_HEIGHT // 100 - 2))

    def show(self, paragraphs: Iterable[Paragraph]) -> None:
        """Show other text, from the same line on."""
        super().show(paragraphs)
        self.scroll_lines(0)

    def scroll_lines(self, by: int) -> None:
        """Show what stands so many lines further down."""
        self.top = max(0, min(self.top + by, self.count - self.size.height))
        self.refresh()
        self.post_message(self.Moved())

    def on_resize(self) -> None:
        """What is seen has other ends."""
        self.scroll_lines(0)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Back."""
        event.stop()
        self.scroll_lines(-WHEEL)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """On."""
        event.stop()
        self.scroll_lines(WHEEL)

    def render_line(self, y: int) -> Strip:
        """One of the lines that are seen."""
        return super().render_line(y + self.top)
