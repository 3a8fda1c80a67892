"""The tree of trackers and, above everything, what runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from tui.screens.absent import why_absent
from tui.screens.messages import News
from tui.screens.pane import Pane
from tui.screens.timing.day_zone import note_days
from tui.screens.timing.writes import TimerPane
from tui.spoken_keys import key_for
from tui.widgets.boxes import Box
from tui.widgets.goal_lines import GoalLines
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.running_clock import UNTOLD, RunningClock
from tui.widgets.work import begin_work
from tui.workspace.problems import ServiceError
from tui.workspace.timers.finding import TrackerNameError
from tui.workspace.timers.goals import GoalError
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.timers.timers import Overview

FRESH = timedelta(seconds=5)
"""What is younger is not asked for again when the person comes back."""


class NowPane(Pane):
    """What runs, and how the goals stand; it only shows, and never takes the focus."""

    SCOPE = "timers"

    DEFAULT_CSS = """
    NowPane { height: auto; }
    NowPane Box { height: auto; }
    """

    def __init__(self, workspace: Workspace) -> None:
        long = timedelta(hours=workspace.settings.deck.long_hours)
        self.clock = RunningClock(lambda: workspace.zone, long=long, id="clock")
        self.goals = GoalLines(id="goals")
        super().__init__(workspace, Box(self.clock, self.goals), "Now")

    def begin(self) -> None:
        """Say why nothing is known of what runs, until it is told."""
        self.clock.show_untold(why_absent(self.workspace, "trackmypeople", UNTOLD))

    def show(self, overview: Overview, as_of: datetime) -> None:
        """What runs, as it was told at that moment, and what the goals come to."""
        above = overview.above(overview.now) if overview.now is not None else []
        self.clock.show(overview.told(as_of), " › ".join(above))
        note_days(self)
        self.goals.runs(overview.told(as_of))
        begin_work(self, partial(self._reckon, overview), group="goals", exclusive=True)

    async def _reckon(self, overview: Overview) -> None:
        desk = self.workspace.goals
        self.goals.show(await desk.kept())
        try:
            self.goals.show(await desk.progress(overview))
        except (GoalError, TrackerNameError) as error:
            self.flash(f"A goal is not counted: {error}", "warn")
        except ServiceError:
            # What was kept stands there; the panes beside it say why it is old.
            return

    def resume(self) -> None:
        """Somebody sees the clock again."""
        self.clock.wake()
        self.goals.wake()

    def suspend(self) -> None:
        """Nobody sees it: it stands still."""
        self.clock.wake()
        self.goals.wake()


class TrackersPane(TimerPane):
    """The trackers as a tree; enter starts the one under the cursor."""

    KEYS = {
        "start": "",
        "stop": "",
        "describe": "",
        "add": "",
        "add_free": "",
        "filter": "",
        "copy": "",
    }
    ANYWHERE = frozenset({"stop", "resume", "describe", "put_right"})
    ON_ROW = frozenset({"start", "copy"})

    DEFAULT_CSS = """
    TrackersPane { width: 2fr; min-width: 30; max-width: 56; }
    """

    class Read(Message):
        """The trackers and what runs were read; from the service itself where it was `reached`."""

        def __init__(self, overview: Overview, as_of: datetime, *, reached: bool) -> None:
            super().__init__()
            self.overview = overview
            self.as_of = as_of
            self.reached = reached

    def __init__(self, workspace: Workspace) -> None:
        self.outline = Outline(id="tree", empty="There are no trackers.")
        super().__init__(workspace, self.outline, "Trackers")
        self._told: datetime | None = None
        self._wanted = ""
        self._said: set[str] = set()

    def begin(self) -> None:
        """Show what was kept, then what the service says now."""
        self.watch_changes("trackmypeople")
        self.take_changes()
        self.load(
            "Loading the trackers", self._load_overview, has_content=lambda: self.as_of(self._told)
        )

    def resume(self) -> None:
        """Another screen or pane, or an undo, may have started or stopped a timer."""
        old = self._told is not None and datetime.now(UTC) - self._told > FRESH
        if self.take_changes() or old:
            self.begin()

    async def _load_overview(self) -> None:
        cases = self.workspace.timers
        if self.overview is None:
            kept = await cases.kept()
            if kept is not None:
                self._show_overview(kept.value, kept.as_of)
        try:
            answer = await cases.overview()
        except ServiceError:
            if self.overview is not None and self._told is not None:
                # Something may have begun or ended here since it was told.
                self._show_overview(await cases.as_now(self.overview), self._told)
            raise
        self._show_overview(answer.value, answer.as_of, reached=True)
        self._say_what_is_odd(answer.value)

    def _say_what_is_odd(self, overview: Overview) -> None:
        """Once, what the service says otherwise than what was done here without it."""
        here, there = overview.offline.here, overview.offline.there
        name = overview.name(overview.running)
        if overview.both_run and here is not None:
            self._say_once(
                here.change,
                (
                    f"{here.name} runs here, and {name} at the service: "
                    f"{key_for('timers.stop')} chooses."
                ),
            )
        elif overview.goes_on is not None:
            self._say_once(
                overview.goes_on.change,
                (
                    f"{name} was stopped here and still runs at the service: "
                    f"{key_for('timers.stop')} ends it."
                ),
            )
        elif there is not None:
            self._say_once(
                there.change,
                (
                    "What was stopped here has ended at the service: "
                    f"{key_for('timers.stop')} corrects it."
                ),
            )
        elif overview.left is not None:
            self._say_once(
                overview.left.change,
                f"{overview.left.name} does not run any more, and what you wrote of it was not"
                f" sent: {key_for('timers.describe')} shows what can be done.",
            )
        elif odd := self.workspace.timers.mending.odd(overview):
            self._say_once(
                f"{overview.since} {odd}",
                f"{overview.name(overview.now)} {odd}. w: stop or keep",
            )

    def _say_once(self, change: str, text: str) -> None:
        if change not in self._said:
            self._said.add(change)
            self.post_message(News(text, "warn", unasked=True))

    def _show_overview(self, overview: Overview, as_of: datetime, *, reached: bool = False) -> None:
        self.overview, self._told = overview, as_of
        self.outline.set_nodes(_nodes(overview))
        self._show_wanted()
        self.show_content()
        self.show_note(f"{len(overview.trackers):,}")
        self.post_message(self.Read(overview, as_of, reached=reached))

    def reveal(self, key: str) -> None:
        """Put the cursor on a tracker by its id, now or once the tree is loaded."""
        self._wanted = key
        self.outline.focus()
        if self.overview is not None:
            self._show_wanted()

    def _show_wanted(self) -> None:
        wanted, self._wanted = self._wanted, ""
        if wanted and not self.outline.reveal(wanted):
            self.flash("This tracker is not in the tree that is shown here.", "warn")

    def chosen_tracker(self) -> int | None:
        """The tracker under the cursor."""
        return int(self.outline.node.key) if self.outline.node is not None else None

    @on(Outline.Selected)
    async def _tracker_chosen(self, message: Outline.Selected) -> None:
        message.stop()
        await self.perform("start")

    async def command_copy(self) -> None:
        """Copy the tracker with what it stands under."""
        chosen = self.chosen_tracker()
        if self.overview is None or chosen is None:
            self.flash("There is no tracker to copy.", "warn")
        else:
            await self.copy(self.overview.path(chosen))

    async def command_filter(self) -> None:
        """Narrow the tree by typing."""
        await self.open_filter()

    def show_filtered(self, text: str) -> None:
        """Show the trackers that have the text."""
        self.outline.set_filter(text)


def _nodes(overview: Overview) -> list[Node]:
    """The flat list with depths as a tree, everything open, what runs marked."""
    roots: list[Node] = []
    stack: list[tuple[int, list[Node]]] = [(-1, roots)]
    for tracker in overview.trackers:
        while stack[-1][0] >= tracker.depth:
            stack.pop()
        children: list[Node] = []
        running = tracker.id == overview.now
        stack[-1][1].append(
            Node(
                str(tracker.id),
                tracker.name,
                mark="●" if running else "",
                role="good" if running else "text",
                children=children,
                open=True,
            )
        )
        stack.append((tracker.depth, children))
    return roots
