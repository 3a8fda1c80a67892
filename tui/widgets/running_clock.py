"""The line that says what runs: a clock that costs a few cells a second, and only when seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from tui.spoken_keys import with_keys
from tui.widgets.cells import cell_text, clip, fit
from tui.widgets.palette import palette_of
from tui.workspace.timers.running import LONG, Running
from tui.workspace.times import clock, length_text, running_text

LEFT = 4
"""Cells before the clock: as much as before a row below, then its mark and a space."""

LEAST_SAID = 6
"""Cells below which nothing of what was said of a block is shown."""


UNTOLD = "What runs is not known yet."
"""What is said until it was told once: nothing runs is another thing."""


class RunningClock(Widget):
    """Two lines: the clock with its tracker, and since when, today's total, and what is odd.

    A timer of this widget runs only while a block runs, the screen is shown and the terminal
    has the focus.
    """

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    RunningClock { height: 2; width: 1fr; background: $background; }
    """

    IDLE: ClassVar[str] = "Nothing is running. <timers.start> starts the tracker under the cursor."
    """What is said while nothing runs: how to go on from here."""

    def __init__(
        self, where: Callable[[], tzinfo], *, long: timedelta = LONG, id: str | None = None
    ) -> None:
        """`long` is how long it may run until that is pointed out."""
        super().__init__(id=id)
        self._long = long
        self._zone = where
        self._told: Running | None = None
        self._untold = UNTOLD
        self._path = ""
        self._ticker: Timer | None = None
        self._shown: tuple[str, str, str] = ("", "", "")

    def on_mount(self) -> None:
        """Stand still while the person looks at another window."""
        self.watch(self.app, "app_focus", self.wake, init=False)

    def show_untold(self, why: str) -> None:
        """Why it is not known what runs: said until it was told once."""
        self._untold = why
        if self._told is None:
            self.refresh()

    def show(self, running: Running, path: str = "") -> None:
        """What runs; `path` is where its tracker stands."""
        self._told = running
        self._path = path
        self.refresh()
        self.wake()

    @property
    def ticks(self) -> bool:
        """Whether the clock is moving."""
        return self._ticker is not None

    def wake(self) -> None:
        """Move where there is something to show to somebody, else stand still."""
        wanted = (
            self._told is not None
            and self._told.runs
            and self.app.app_focus
            and self.screen in self.app.screen_stack
        )
        if wanted and self._ticker is None:
            self.refresh()
            self._ticker = self.set_interval(1.0, self._tick)
        elif not wanted and self._ticker is not None:
            self._ticker.stop()
            self._ticker = None

    def _tick(self) -> None:
        self.wake()
        if self._ticker is None:
            return
        before = self._shown
        self._shown = self._texts()
        time = self._shown[0]
        if len(time) != len(before[0]):
            self.refresh()
            return
        self.refresh(Region(LEFT, 0, len(time), 1))
        if self._shown[1:] != before[1:]:
            self.refresh(Region(0, 1, self.size.width, 1))
            self.minute_passed()

    def minute_passed(self) -> None:
        """Called when the line below the clock says something else, once a minute."""

    def _texts(self) -> tuple[str, str, str]:
        """The clock, what stands below it, and what is odd."""
        running, now = self._told, datetime.now(UTC)
        if running is None:
            return "", "", ""
        total = running.today(now, self._zone())
        today = "" if total is None else f"today {length_text(total)}"
        if running.started_at is None:
            return "", today, ""
        since = clock(datetime.fromtimestamp(running.started_at, UTC), self._zone())
        below = f"since {since}" + (f" · {today}" if today else "")
        return (
            running_text(running.elapsed(now)),
            below,
            running.warning(now, self._zone(), self._long),
        )

    def render_line(self, y: int) -> Strip:
        """One of the two lines."""
        width = self.content_size.width
        plain = palette_of(self.app).plain
        if self._told is None:
            said = f"  … {self._untold}" if y == 0 else ""
            return Strip([Segment(fit(said, width), plain["muted"])], width)
        self._shown = self._texts()
        time, below, odd = self._shown
        if y == 0 and not time:
            return Strip(
                [Segment(fit(f"  ○ {with_keys(self.IDLE)}", width), plain["muted"])], width
            )
        if y == 0:
            name = clip(cell_text(self._told.tracker, width), width - len(time) - LEFT - 4)
            room = max(0, width - LEFT - len(time) - 2 - cell_len(name))
            said = ""
            if self._told.description and room > LEAST_SAID:
                said = clip(f": {cell_text(self._told.description, room)}", room)
                room -= cell_len(said)
            path = cell_text(self._path, room)
            return Strip(
                [
                    Segment("  ● ", plain["good"]),
                    Segment(time, plain["good"]),
                    Segment(f"  {name}", plain["strong"]),
                    Segment(said, plain["text"]),
                    Segment(fit(f"   {path}" if path else "", room), plain["muted"]),
                ]
            ).adjust_cell_length(width, plain["text"])
        segments = [Segment(" " * LEFT + below, plain["muted"])]
        if odd:
            segments.append(Segment(f"   ! {odd}", plain["warn"]))
        return Strip(segments).adjust_cell_length(width, plain["text"])
