"""The hours of the day and the week, as bars, and by tracker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import on
from textual.message import Message

from tui.screens.pane import Pane
from tui.spoken_keys import with_keys
from tui.widgets.cells import cell_text, clip, clip_figures, fit
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.palette import Palette
from tui.workspace.times import length_text, span_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.timers.goals import Progress
    from tui.workspace.timers.overview import Overview, Report
    from tui.workspace.timers.running import Running
    from tui.workspace.today.hours import Hours

NAME = 18
"""Cells of what a bar is of."""
TOP, OTHERS = 5, 10
"""Trackers that are shown at least, of more the last line says how many; and lines beside them."""
NO_HOURS = "No hours this week."
HINT = "<today.start> starts a timer, <deck.timers> goes to Timers."


class Line(NamedTuple):
    """A bar: what it is of, its length of 1, what it comes to, and where enter goes."""

    key: str
    name: str
    share: float
    text: str
    strong: bool = False
    tracker: str = ""


def bar(share: float, width: int) -> str:
    """A share of a width in halves of a cell; what is not nothing is seen."""
    halves = round(min(1.0, max(0.0, share)) * width * 2)
    if share > 0:
        halves = max(1, halves)
    return "━" * (halves // 2) + "╸" * (halves % 2)


class HoursList(Outline):
    """Lines with bars."""

    def __init__(self) -> None:
        super().__init__(id="hours-list", empty="")
        self._bars: dict[str, Line] = {}

    def show(self, lines: list[Line]) -> None:
        """Show these bars."""
        self._bars = {one.key: one for one in lines}
        self.set_nodes(Node(one.key, one.name) for one in lines)

    @property
    def line(self) -> Line | None:
        """The bar that the cursor is on."""
        return self._bars.get(self.node.key) if self.node is not None else None

    def render_row(
        self, index: int, width: int, ground: Mapping[str, Style], palette: Palette
    ) -> list[Segment]:
        """Name, bar, and what it comes to."""
        del palette
        line = self._bars[self._model.lines[index].node.key]
        room = min(NAME, width // 3)
        text = clip_figures(line.text, max(0, width - room - 1))
        left = max(0, width - room - cell_len(text) - 1)
        name = fit(clip(cell_text(line.name, room), room - 1), room)
        role = "strong" if line.strong else "text"
        return [
            Segment(name, ground[role]),
            Segment(fit(bar(line.share, left), left), ground["accent"]),
            Segment(f" {text}", ground[role]),
        ]


class HoursPane(Pane):
    """What was worked; enter goes to Timers."""

    SCOPE = "today"
    KEYS = {"open": "", "start": "", "stop": "", "resume": "", "remind": ""}

    class LinesWanted(Message):
        """It wants more lines or fewer."""

    def __init__(self, workspace: Workspace) -> None:
        self.list = HoursList()
        super().__init__(workspace, self.list, "Hours", id="hours")
        self._report: Report | None = None
        self._overview: Overview | None = None
        self._told: Running | None = None
        self._goals: list[Progress] = []
        self._is_short = False

    def resume(self) -> None:
        """The day may be another one than when the hours were counted."""
        self.count()

    def be_short(self, *, short: bool) -> None:
        """Whether there is only room for the sums of the day and of the week."""
        if short != self._is_short:
            self._is_short = short
            self.count()

    def show_report(self, report: Report) -> None:
        """The week's blocks."""
        self._report = report
        self.count()

    def show_overview(self, overview: Overview, as_of: datetime) -> None:
        """The trackers' names, and what runs."""
        self._overview, self._told = overview, overview.told(as_of)
        self.count()

    def show_goals(self, goals: list[Progress]) -> None:
        """How the goals stand."""
        self._goals = goals
        self.count()

    def show_missing(self, why: str) -> None:
        """Nothing is known of the hours."""
        if self._report is None:
            self.show_empty(why)

    def count(self) -> None:
        """Show the hours as they are now."""
        overview, report = self._overview, self._report
        if report is None:
            return
        # Not before the first frame, which would wait for it.
        from tui.workspace.today.hours import hours_of

        since, running = (overview.since, overview.now) if overview is not None else (None, None)
        hours = hours_of(report, self.workspace.zone, datetime.now(UTC), since, running)
        before = self.list.row_count
        shown = bool(hours.week or self._goals)
        self.list.show(self._lines(hours) if shown else [])
        if shown:
            self.show_content()
        else:
            self.show_empty(NO_HOURS, with_keys(HINT))
        if before != self.list.row_count:
            self.post_message(self.LinesWanted())

    def _lines(self, hours: Hours) -> list[Line]:
        of_all = {one.period: one for one in reversed(self._goals) if not one.of}
        lines = [
            _sum("today", "Today", hours.today, of_all.get("day")),
            _sum("week", "This week", hours.week, of_all.get("week")),
        ]
        if self._is_short:
            return lines
        now = datetime.now(UTC)
        lines += [
            _sum(f"goal {place}", one.name.capitalize(), one.done_at(now, self._told), one)
            for place, one in enumerate(self._goals)
            if one not in of_all.values() or one.period == "month"
        ]
        most = max(seconds for _, seconds in hours.days) or 1
        lines += [
            Line(day.isoformat(), f"  {day:%a} {day.day}", seconds / most,
                 length_text(seconds) if seconds else "–")
            for day, seconds in hours.days
        ]  # fmt: skip
        first = (hours.trackers[0][1] if hours.trackers else 0) or 1
        top = max(TOP, self.list.size.height - OTHERS)
        lines += [
            Line(f"tracker {number}", self._tracker(number), seconds / first, length_text(seconds),
                 tracker="" if number is None else str(number))
            for number, seconds in hours.trackers[:top]
        ]  # fmt: skip
        more = hours.trackers[top:]
        if more:
            seconds = sum(one for _, one in more)
            lines.append(Line("more", f"{len(more)} more", seconds / first, length_text(seconds)))
        return lines

    def _tracker(self, tracker: int | None) -> str:
        if self._overview is None:
            return "" if tracker is None else f"tracker {tracker}"
        return self._overview.name(tracker)

    @property
    def lines(self) -> int:
        """How many lines it would fill, its title included."""
        return 1 + max(2, self.list.row_count)

    @on(Outline.Highlighted)
    def _highlighted(self, message: Outline.Highlighted) -> None:
        message.stop()

    @on(Outline.Selected)
    async def _chosen_line(self, message: Outline.Selected) -> None:
        message.stop()
        await self.perform("open")

    async def command_open(self) -> None:
        """Go to Timers, and to the tracker that the cursor is on."""
        line = self.list.line
        await self.go("timers", line.tracker if line is not None else "")


def _sum(key: str, name: str, seconds: int, goal: Progress | None) -> Line:
    """A sum, with a bar where there is a goal that it is a part of."""
    text = length_text(seconds)
    if goal is None:
        return Line(key, name, 0.0, text, strong=True)
    of = f"{span_text(seconds)} of {length_text(goal.wanted)}"
    return Line(key, name, seconds / goal.wanted, of, strong=True)
