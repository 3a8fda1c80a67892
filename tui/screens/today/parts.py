"""The panes of Today: one for each service, and enter goes from it to the service's screen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message
from textual.widget import Widget

from tui.commands import COMMANDS, keys_of, shown_key
from tui.screens.pane import Pane
from tui.screens.today.rows import TodayClock, nodes_of, note_of
from tui.widgets.outline import Outline
from tui.workspace.problems import SERVICE_TITLES
from tui.workspace.timers.running import Running
from tui.workspace.times import running_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.today import Items, Part

TITLES: dict[Part, str] = {
    "timer": "Running",
    "tocks": "Next",
    "books": "Unread",
    "sessions": "On the water",
    "invoices": "Unpaid",
}
SCREENS_OF: dict[Part, str] = {
    "timer": "timers",
    "tocks": "tocks",
    "books": "books",
    "sessions": "sessions",
    "invoices": "invoices",
}
EMPTY: dict[Part, str] = {
    "timer": "",
    "tocks": "No tock in the next two weeks.",
    "books": "No unread message.",
    "sessions": "No session now or ahead.",
    "invoices": "Every invoice is paid.",
}
OFTEN, SELDOM = timedelta(seconds=30), timedelta(minutes=5)
FRESH: dict[Part, timedelta] = {
    "timer": timedelta(seconds=5),
    "tocks": SELDOM,  # each question is one of the 120 calls an hour that TickTocker allows
    "books": OFTEN,
    "sessions": OFTEN,
    "invoices": OFTEN,
}
"""What is younger is not asked for again when the person comes back."""
CLOCK = 3
"""Lines of the running clock with its title."""
STATE_LINES = 5
"""Lines that a pane wants for an error, its title included."""
EMPTY_LINES = 2
"""Lines of a service that is not connected: title and one line."""
STALE_LINES = 2
"""Lines that say how old something is, and why it is not newer."""


class PartPane(Pane):
    """What one service has to say to today."""

    SCOPE = "today"

    class LinesWanted(Message):
        """It wants more lines or fewer."""

    def __init__(self, workspace: Workspace, part: Part, content: Widget) -> None:
        super().__init__(workspace, content, TITLES[part], id=part)
        self.part: Part = part
        self.found: Items | None = None
        self._told: datetime | None = None

    def begin(self) -> None:
        """What was kept before what the service says now."""
        self.load("Loading", self._read, has_content=lambda: self.as_of(self._told))
        self.post_message(self.LinesWanted())

    def resume(self) -> None:
        """Another screen, pane or person may have changed something meanwhile."""
        changed, told = self.take_changes(), self._told
        if told is None or self.found is None:
            return
        if changed or datetime.now(UTC) - told > FRESH[self.part]:
            self.begin()
        else:
            self.show(self.found, told)

    async def _read(self) -> None:
        from tui.workspace.today import SERVICES

        connections, service = self.workspace.connections, SERVICES[self.part]
        if not connections.connected(service):
            self._show_not_connected(SERVICE_TITLES[service])
            return
        today = self.workspace.today
        self.watch_changes(service)
        if self.found is None:
            kept = await today.kept(self.part)
            if kept is not None:
                self.show(kept.value, kept.as_of)
                if self.part == "tocks" and datetime.now(UTC) - kept.as_of < SELDOM:
                    return
        answer = await today.part(self.part)
        self.show(answer.value, answer.as_of)

    def _show_not_connected(self, title: str) -> None:
        """That is no failure: one muted line."""
        keys = keys_of(COMMANDS["deck.connect"], self.workspace.settings.keys)
        how = f"{shown_key(keys[0])} connects it." if keys else "The palette connects it."
        self.show_empty(f"{title} is not connected. {how}")
        self.post_message(self.LinesWanted())

    def load_failed(self, error: BaseException, stands: str) -> None:
        """Say it in place, which takes more lines."""
        super().load_failed(error, stands)
        self.post_message(self.LinesWanted())

    def show(self, found: Items, as_of: datetime) -> None:
        """What there is, as it was told at that moment."""
        self.found, self._told = found, as_of
        self.show_found(found, as_of)
        self.show_content()
        self.post_message(self.LinesWanted())

    def show_found(self, found: Items, as_of: datetime) -> None:
        """Fill the content."""
        raise NotImplementedError

    @property
    def lines(self) -> int:
        """How many lines it would fill, its title included."""
        raise NotImplementedError


class RunningPane(PartPane):
    """The clock of what runs."""

    ANYWHERE = frozenset({"toggle_timer"})

    def __init__(self, workspace: Workspace) -> None:
        long = timedelta(hours=workspace.settings.deck.long_hours)
        self.clock = TodayClock(lambda: workspace.zone, long=long, id="clock")
        super().__init__(workspace, "timer", self.clock)

    def show_found(self, found: Items, as_of: datetime) -> None:
        """Let the clock run."""
        path = found.items[0].detail if found.items else ""
        self.clock.show(found.running or Running(as_of=as_of.timestamp()), path)

    @property
    def lines(self) -> int:
        """The clock is as high as it is."""
        if self.state == "empty":
            return EMPTY_LINES
        return CLOCK + (STALE_LINES if self.is_stale else self.state != "content")

    def resume(self) -> None:
        """Somebody sees the clock again."""
        self.clock.wake()
        super().resume()

    def suspend(self) -> None:
        """Nobody sees the clock: it stands still."""
        self.clock.wake()

    @on(TodayClock.Chosen)
    async def command_open(self) -> None:
        """Go to the tracker that runs, or to where one is started."""
        running = self.found.items[0].key if self.found is not None and self.found.items else ""
        await self.go(SCREENS_OF[self.part], running)

    async def command_toggle_timer(self) -> None:
        """Stop the timer at once, or go on with what ran last."""
        try:
            done = await self.workspace.today.toggle_timer()
        finally:
            # Refused or not: what runs may be something else than what is shown.
            self.begin()
        keys = keys_of(COMMANDS["today.toggle_timer"], self.workspace.settings.keys)
        key = shown_key(keys[0]) if keys else "The palette"
        if done is None:
            self.flash("Nothing ran yet and there is no default tracker: 5 chooses one.", "warn")
        elif done.started:
            self.flash(f"{done.tracker} runs. {key} stops it. {done.news}".rstrip(), "good")
        else:
            passed = running_text(done.seconds)
            news = done.news or f"{key} goes on with it."
            self.flash(f"Stopped {done.tracker} after {passed}. {news}", "good")


class ListPane(PartPane):
    """What is next or waits, a line each."""

    def __init__(self, workspace: Workspace, part: Part) -> None:
        self.list = Outline(id=f"{part}-list", empty="")
        super().__init__(workspace, part, self.list)

    def show_found(self, found: Items, as_of: datetime) -> None:
        """A line each."""
        del as_of
        zone, sign = self.workspace.zone, self.workspace.settings.deck.currency
        self.list.empty_text = EMPTY[self.part]
        self.list.set_nodes(nodes_of(self.part, found, zone, sign))
        self.show_note(note_of(found, sign))

    @property
    def lines(self) -> int:
        """A line each, and what is said of its age."""
        if self.state == "empty":
            return EMPTY_LINES
        if self.state != "content":
            return STATE_LINES
        return 1 + max(1, self.list.row_count) + (STALE_LINES if self.is_stale else 0)

    @on(Outline.Selected)
    async def _chosen(self, message: Outline.Selected) -> None:
        message.stop()
        await self.go(SCREENS_OF[self.part], message.key)

    async def command_open(self) -> None:
        """Go to what the cursor is on; from an empty pane to its screen."""
        node = self.list.node if self.state == "content" else None
        await self.go(SCREENS_OF[self.part], node.key if node is not None else "")
