"""Lines of text that a pane gives as they are now, of which only what changed is written."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.screens.live.runs import Runs, changed_regions, strip_of
from tui.widgets.palette import palette_of


class Sheet(Widget, can_focus=True):
    """Draws what it is given by `show`; says when there is room for other lines."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    Sheet { height: 1fr; width: 1fr; background: $background; }
    """

    class Resized(Message):
        """There is more or less room."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: Sequence[Runs] = ()

    def show(self, lines: Sequence[Runs]) -> int:
        """Show other lines; how many cells of them are others."""
        before, self._lines = self._lines, lines
        regions = changed_regions(before, lines, self.content_size.width)
        if regions:
            self.refresh(*regions)
        return sum(region.width for region in regions)

    def on_resize(self) -> None:
        """Have it drawn for the new size."""
        self._lines = ()
        self.refresh()
        self.post_message(self.Resized())

    def render_line(self, y: int) -> Strip:
        """One of the lines."""
        runs = self._lines[y] if y < len(self._lines) else ()
        return strip_of(runs, self.content_size.width, palette_of(self.app))
