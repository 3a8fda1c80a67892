"""A day as a bar, to see what of it was not tracked or tracked twice, and to fill it from there."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from tui.screens.timing.writes import TimerPane
from tui.widgets.day_bar import LINES, DayBarView
from tui.workspace.problems import ServiceError
from tui.workspace.timers.gaps import typed_gap
from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.day_bar import day_bar
from tui.workspace.times import day_text, today_in
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.reads import Answer
    from tui.workspace.timers.overview import Overview, Report


class DayPane(TimerPane):
    """One day of the person's own; hidden until it is asked for."""

    KEYS = {"add": "Fill", "previous": "", "next": "", "today": "", "back": "", "copy": ""}

    DEFAULT_CSS = f"""
    DayPane {{ height: {LINES + 1}; display: none; }}
    """

    class Closed(Message):
        """A person has seen enough of it."""

    def __init__(self, workspace: Workspace) -> None:
        self.bar = DayBarView(self._called, workspace.zone, id="day-bar")
        super().__init__(workspace, self.bar, "Day")
        self._day = today_in(workspace.zone)
        self._report: Report | None = None

    def _called(self, tracker: int | None) -> str:
        return self.overview.name(tracker) if self.overview is not None else "…"

    def open(self, day: date) -> None:
        """Show a day, and take the keys."""
        self.display = True
        self.content.focus()
        self._go_to(day)

    def begin(self) -> None:
        """Read the day anew, where it is shown."""
        self.watch_changes("trackmypeople")
        if self.display:
            self.take_changes()
            self.load("Loading the day", self._load, has_content=lambda: self._stands)

    def resume(self) -> None:
        """Something was written meanwhile, or undone."""
        if self.take_changes():
            self.begin()

    @property
    def _stands(self) -> str:
        return "" if self._report is None else "as it was kept"

    async def _load(self) -> None:
        cases, span = self.workspace.timers, Span(self._day, self._day)
        kept = await cases.kept_report(span) if self._report is None else None
        if kept is not None:
            self._show_day(kept)
        try:
            self._show_day(await cases.report(span))
        except ServiceError:
            again = await cases.kept_report(span)
            if again is not None:
                self._show_day(again)
            raise

    def _show_day(self, answer: Answer[Report]) -> None:
        self._report = answer.value
        self.show_content()
        self._show_bar()

    def show_names(self, overview: Overview) -> None:
        """The trackers are known now, or what runs is another."""
        self.overview = overview
        self._show_bar()

    def _show_bar(self) -> None:
        now, where = datetime.now(UTC), self.workspace.zone
        if self._report is None:
            return
        since = self.overview.since if self.overview is not None else None
        self.bar.show(day_bar(self._report.blocks, since, self._day, now, where))
        self.show_title(f"Day {day_text(self._day, today_in(where, now))}")

    # -- what the cursor is on ------------------------------------------------------------------

    def chosen_tracker(self) -> int | None:
        """The tracker of the block under the cursor."""
        segment = self.bar.segment
        return segment.blocks[0].tracker_id if segment is not None and segment.blocks else None

    def proposed_time(self) -> str:
        """The gap under the cursor, as it would be typed."""
        segment, where = self.bar.segment, self.workspace.zone
        if segment is None or segment.kind != "gap":
            return ""
        return typed_gap(segment.stretch, where, today_in(where))

    @on(DayBarView.Chosen)
    async def _part_chosen(self, message: DayBarView.Chosen) -> None:
        """Enter fills a gap, and reads what stands anywhere else."""
        message.stop()
        segment = self.bar.segment
        if segment is not None and segment.kind == "gap":
            await self.perform("add")
        elif segment is not None:
            words = [self.bar.words(segment)]
            words += [
                f"{self._called(one.tracker_id)}: {one.description}" for one in segment.blocks
            ]
            self.carry_out(partial(self.read, "Part of the day", "\n\n".join(words)), "timers.day")

    async def command_copy(self) -> None:
        """Copy what the cursor is on, in words."""
        await self.copy(self.bar.words(self.bar.segment))

    def command_previous(self) -> None:
        """The day before."""
        self._go_to(self._day - timedelta(days=1))

    def command_next(self) -> None:
        """The day after."""
        self._go_to(self._day + timedelta(days=1))

    def command_today(self) -> None:
        """Back to today."""
        self._go_to(today_in(self.workspace.zone))

    def command_back(self) -> None:
        """Close it."""
        self.display = False
        self.post_message(self.Closed())

    def _go_to(self, day: date) -> None:
        if day != self._day:
            self._day, self._report = day, None
        self.begin()
