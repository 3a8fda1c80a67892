"""What runs: the clock, and its stop, switch and resume, as on Timers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual import events, on
from textual.message import Message

from tui.screens.absent import why_absent
from tui.screens.timing.day_zone import note_days
from tui.screens.timing.describing import UNREAD
from tui.screens.timing.writes import TimerPane
from tui.widgets.running_clock import RunningClock
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.timers.overview import Overview


class TodayClock(RunningClock, can_focus=True):
    """The running clock as a pane of its own: it takes the focus so that enter goes there."""

    IDLE = "Nothing is running: <today.resume> resumes, <today.start> starts."

    class Chosen(Message):
        """A person clicked twice."""

    class Minute(Message):
        """Another minute has passed on the clock."""

    def on_click(self, event: events.Click) -> None:
        """A second click chooses, as in a list."""
        if event.chain == 2:
            self.post_message(self.Chosen())

    def minute_passed(self) -> None:
        """What counts with the clock is counted anew; no timer but the clock's own does that."""
        self.post_message(self.Minute())


class RunningPane(TimerPane):
    """The clock of what runs; it is stopped, switched and gone on with from every pane."""

    SCOPE = "today"
    KEYS = {"open": "", "start": "", "stop": "", "resume": "", "remind": ""}
    ANYWHERE = frozenset({"start", "stop", "resume", "put_right"})

    DEFAULT_CSS = """
    RunningPane { height: 3; }
    """

    def __init__(self, workspace: Workspace) -> None:
        long = timedelta(hours=workspace.settings.deck.long_hours)
        self.clock = TodayClock(lambda: workspace.zone, long=long, id="clock")
        super().__init__(workspace, self.clock, "Running", id="timer")
        self._chosen: int | None = None

    def show(self, overview: Overview, as_of: datetime) -> None:
        """What runs, as it was told at that moment."""
        self.overview = overview
        self.odd = bool(self.workspace.timers.mending.odd(overview))
        above = overview.above(overview.now) if overview.now is not None else []
        self.clock.show(overview.told(as_of), " › ".join(above))
        note_days(self)
        self.show_content()

    def show_missing(self, why: str) -> None:
        """Nothing is known of what runs."""
        if self.overview is None:
            self.show_empty(why)

    def resume(self) -> None:
        """Somebody sees the clock again."""
        self.clock.wake()

    def suspend(self) -> None:
        """Nobody sees the clock: it stands still."""
        self.clock.wake()

    def chosen_tracker(self) -> int | None:
        """The tracker that was chosen of the list."""
        return self._chosen

    @on(TodayClock.Chosen)
    async def _clock_chosen(self) -> None:
        await self.perform("open")

    async def command_open(self) -> None:
        """Go to the tracker that runs, or to where one is started."""
        now = self.overview.now if self.overview is not None else None
        await self.go("timers", "" if now is None else str(now))

    async def command_start(self) -> None:
        """Choose a tracker, and start it or switch to it."""
        from tui.widgets.dialogs import Choice
        from tui.widgets.outline_model import Node

        overview = self.overview
        if overview is None:
            self.flash(why_absent(self.workspace, "trackmypeople", UNREAD), "warn")
            return
        nodes = [
            Node(str(one.id), one.name, detail=" › ".join(overview.above(one.id)),
                 mark="●" if one.id == overview.now else " ", badge_role="good")
            for one in overview.trackers
        ]  # fmt: skip
        title = "Start" if overview.now is None else f"Switch from {overview.name(overview.now)} to"
        chosen = await self.ask(Choice(title, nodes, empty="There are no trackers."))
        if chosen is not None:
            self._chosen = int(chosen)
            await super().command_start()
