"""Today: what runs, what is next, what waits; enter goes there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget

from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.today.parts import ListPane, PartPane, RunningPane
from tui.screens.today.rows import share_out
from tui.widgets.boxes import Box, Row
from tui.workspace.workspace import Workspace

NARROW, HUGE = 100, 180


class TodayScreen(DeckScreen):
    """Five panes, each from its own service; one that fails hides no other."""

    SCOPE = "today"
    AUTO_FOCUS = "#tocks-list"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("today")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (NARROW, "-wide"), (HUGE, "-huge")]

    DEFAULT_CSS = """
    TodayScreen #timer { height: 3; }
    TodayScreen StateView { padding: 0 2; }
    TodayScreen.-narrow .body { layout: vertical; }
    TodayScreen.-narrow .column { height: auto; }
    TodayScreen.-wide .column { width: 1fr; }
    TodayScreen.-wide #right { margin-left: 1; }
    TodayScreen #waiting { height: auto; }
    TodayScreen #money { height: auto; }
    TodayScreen.-huge #left { width: 1fr; }
    TodayScreen.-huge #right { width: 2fr; layout: horizontal; margin-left: 1; }
    TodayScreen.-huge #waiting { width: 1fr; height: 1fr; }
    TodayScreen.-huge #money { width: 1fr; height: 1fr; margin-left: 1; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.timer = RunningPane(workspace)
        self.tocks = ListPane(workspace, "tocks")
        self.books = ListPane(workspace, "books")
        self.sessions = ListPane(workspace, "sessions")
        self.invoices = ListPane(workspace, "invoices")

    def compose_body(self) -> Iterable[Widget]:
        """The timer and what is next at the left, what waits at the right."""
        with Row(classes="body"):
            with Box(id="left", classes="column"):
                yield self.timer
                yield self.tocks
            with Box(id="right", classes="column"):
                with Box(id="waiting"):
                    yield self.books
                    yield self.sessions
                with Box(id="money"):
                    yield self.invoices

    def on_mount(self) -> None:
        """Look again when the person comes back from another window."""
        self.resume_with_focus()
        self._arrange()

    def command_refresh(self) -> None:
        """Ask all services again."""
        self.begin()

    # -- heights --------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Share out the new height."""
        self._arrange()

    @on(PartPane.LinesWanted)
    def _arrange(self) -> None:
        """Give each pane as many lines as it wants, or a fair share of what there is."""
        width, height = self.size.width, self.size.height - 3
        if height < 1:
            return
        waiting = [self.books, self.sessions]
        clock = self.timer.lines
        _set_height(self.timer, clock)
        columns: list[tuple[list[ListPane], int]]
        if width >= HUGE:
            columns = [([self.tocks], clock), (waiting, 0), ([self.invoices], 0)]
        elif width >= NARROW:
            columns = [([self.tocks], clock), ([*waiting, self.invoices], 0)]
        else:
            columns = [([self.tocks, *waiting, self.invoices], clock)]
        for panes, above in columns:
            heights = share_out([pane.lines for pane in panes], height - above)
            for pane, lines in zip(panes, heights, strict=True):
                _set_height(pane, lines)


def _set_height(pane: PartPane, lines: int) -> None:
    if pane.styles.height is None or pane.styles.height.cells != lines:
        pane.styles.height = lines
