"""Timers: the tree of trackers, what runs, time added by hand, a report by period."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui.screens.absent import why_absent
from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.timers.day_pane import DayPane
from tui.screens.timers.report_pane import ReportPane
from tui.screens.timers.trackers import NowPane, TrackersPane
from tui.screens.timing.describing import UNREAD
from tui.screens.timing.writes import TimerPane
from tui.workspace.workspace import Workspace


class TimersScreen(DeckScreen):
    """What runs at the top; below it the trackers at the left and the report at the right."""

    SCOPE = "timers"
    ROOM = ((50, 10),)
    AUTO_FOCUS = "#tree"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("timers")

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.now = NowPane(workspace)
        self.trackers = TrackersPane(workspace)
        self.report = ReportPane(workspace)
        self.day = DayPane(workspace)
        self._lent = False
        """Whether the trackers had the focus when the report took their room."""

    def compose_body(self) -> Iterable[Widget]:
        """The clock over two panes side by side."""
        with Vertical(classes="body"):
            yield self.now
            with Horizontal():
                yield self.trackers
                yield self.report
            yield self.day

    def on_mount(self) -> None:
        """Look again when the person comes back from another window, and when a day begins."""
        for pane in (self.trackers, self.report, self.day):
            pane.shown_span = lambda: self.report.span
        self.resume_with_focus()
        self.resume_with_day()

    @on(TrackersPane.Read)
    def _trackers_read(self, message: TrackersPane.Read) -> None:
        self.now.show(message.overview, message.as_of)
        self.report.show_names(message.overview)
        self.day.show_names(message.overview)
        odd = bool(self.workspace.timers.mending.odd(message.overview))
        self.trackers.odd = self.report.odd = odd
        self.refresh_hints()
        if message.reached and self.report.is_stale:
            # Its own retry would have to be asked for beside.
            self.report.begin()

    @on(ReportPane.Widened)
    def _widened(self, message: ReportPane.Widened) -> None:
        """A table of the week has the trackers' room where the screen is narrow."""
        moved = message.wide and self.trackers.has_focus_within
        if moved:
            self.report.content.focus()
        self.trackers.display = not message.wide
        if not message.wide and self._lent and self.report.has_focus_within:
            self.trackers.content.focus()
        self._lent = moved

    @on(ReportPane.Turned)
    def _turned(self) -> None:
        self.refresh_hints()

    def command_day(self) -> None:
        """The day that the report's cursor is on as a bar; again, without it."""
        if self.day.display:
            self.day.command_back()
        else:
            self.day.open(self.report.chosen_day())

    @on(DayPane.Closed)
    def _day_closed(self) -> None:
        (self.trackers if self.trackers.display else self.report).content.focus()

    async def command_goals(self) -> None:
        """Hours that are wanted a day, week or month."""
        from tui.screens.timers.reckoned import ask_goals

        overview = self.trackers.overview
        if overview is None:
            self.flash(why_absent(self.workspace, "trackmypeople", UNREAD), "warn")
        elif await ask_goals(self, overview):
            self.trackers.begin()

    async def command_import_hours(self) -> None:
        """Look at a log of another program."""
        from tui.screens.opening import ask_file

        file = await ask_file(self, "Import hours", "A log of hours, of any program")
        if file is not None:
            await self.go("hours", str(file))

    @on(TimerPane.PageOpened)
    def _page_opened(self, message: TimerPane.PageOpened) -> None:
        self.report.watch_block(message.block)

    def command_refresh(self) -> None:
        """Ask the service again."""
        self.begin()

    @on(TimerPane.Written)
    def _written(self) -> None:
        self.begin()
        # The next key may stop what runs: that is what was just started.
        self.trackers.hold_keys()

    def reveal(self, key: str, kind: str = "") -> None:
        """Put the cursor on a tracker by its id, or on a block of the report, now or once loaded.

        A block's key has its day and whose it is in it, `id#day#own`: what a report is read by.
        """
        if kind == "block":
            self.report.reveal(*key.split("#"))
        else:
            self.trackers.reveal(key)
