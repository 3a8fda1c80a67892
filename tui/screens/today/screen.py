"""Today: what runs, what is next, what waits; enter goes there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.widget import Widget

from tui.commands import COMMANDS, keys_of, shown_key
from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.today.rows import TodayClock, nodes_of, note_of, share_out
from tui.widgets.boxes import Box, Row
from tui.widgets.outline import Outline
from tui.widgets.panel import Panel
from tui.workspace.timers.running import Running
from tui.workspace.times import moment_text, running_text
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
LISTS: tuple[Part, ...] = ("tocks", "books", "sessions", "invoices")
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
NARROW, HUGE = 100, 180
STATE_LINES = 5
"""Lines that a pane wants for an error, its title included."""
STALE_LINES = 2
"""Lines that say how old something is, and why it is not newer."""


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
        self._found: dict[Part, Items] = {}
        self._told: dict[Part, datetime] = {}
        self._changed: set[str] = set()
        self._forget: Callable[[], None] | None = None

    def compose_body(self) -> Iterable[Widget]:
        """The timer and what is next at the left, what waits at the right."""
        clock = TodayClock(lambda: self.workspace.zone, id="clock")
        with Row(classes="body"):
            with Box(id="left", classes="column"):
                yield Panel(clock, TITLES["timer"], id="timer")
                yield self._pane("tocks")
            with Box(id="right", classes="column"):
                with Box(id="waiting"):
                    yield self._pane("books")
                    yield self._pane("sessions")
                with Box(id="money"):
                    yield self._pane("invoices")

    def _pane(self, part: Part) -> Panel:
        return Panel(Outline(id=f"{part}-list", empty=""), TITLES[part], id=part)

    def _panel(self, part: Part) -> Panel:
        return self.query_one(f"#{part}", Panel)

    def _list(self, part: Part) -> Outline:
        return self.query_one(f"#{part}-list", Outline)

    # -- loading ------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Look again when the person comes back from another window."""
        self.watch(self.app, "app_focus", self._focus_changed, init=False)
        self._arrange()

    def begin(self) -> None:
        """Every part at once, each kept answer before the fresh one."""
        self._forget = self.workspace.history.on_change(self._changed.add)
        for part in TITLES:
            self._load(part)

    def on_unmount(self) -> None:
        """Nobody is to be told of changes any more."""
        if self._forget is not None:
            self._forget()

    def _focus_changed(self, focused: bool) -> None:
        if focused and self.is_current:
            self.resume()

    def resume(self) -> None:
        """Another screen, pane or person may have changed something meanwhile."""
        self.query_one("#clock", TodayClock).wake()
        changed, now = set(self._changed), datetime.now(UTC)
        self._changed.clear()
        for part, told in list(self._told.items()):
            if now - told > FRESH[part] or self._concerns(part, changed):
                self._load(part)
            else:
                self._show(part, self._found[part], told)

    def _concerns(self, part: Part, changed: set[str]) -> bool:
        from tui.workspace.today import SERVICES

        return any(name.partition(".")[0] in (SERVICES[part], "undo") for name in changed)

    def on_screen_suspend(self, _event: events.ScreenSuspend) -> None:
        """Nobody sees the clock: it stands still."""
        self.query_one("#clock", TodayClock).wake()

    def command_refresh(self) -> None:
        """Ask all services again."""
        for part in TITLES:
            self._load(part)

    def _load(self, part: Part) -> None:
        async def work() -> None:
            today = self.workspace.today
            if part not in self._found:
                kept = await today.kept(part)
                if kept is not None:
                    self._show(part, kept.value, kept.as_of)
                    if part == "tocks" and datetime.now(UTC) - kept.as_of < FRESH[part]:
                        return
            answer = await today.part(part)
            self._show(part, answer.value, answer.as_of)

        self.load(self._panel(part), "Loading", work, has_content=lambda: self._age(part))
        self._arrange()

    def _age(self, part: Part) -> str:
        told = self._told.get(part)
        return f"as of {moment_text(told, self.workspace.zone)}" if told is not None else ""

    def _failed(self, panel: Panel, error: BaseException, stands: str) -> None:
        super()._failed(panel, error, stands)
        self._arrange()

    # -- showing ------------------------------------------------------------------------------

    def _show(self, part: Part, found: Items, as_of: datetime) -> None:
        zone, sign = self.workspace.zone, self.workspace.settings.deck.currency
        self._found[part] = found
        self._told[part] = as_of
        if part == "timer":
            path = found.items[0].detail if found.items else ""
            told = found.running or Running(as_of=as_of.timestamp())
            self.query_one("#clock", TodayClock).show(told, path)
        else:
            self._list(part).empty_text = EMPTY[part]
            self._list(part).set_nodes(nodes_of(part, found, zone, sign))
            self._panel(part).show_note(note_of(found, sign))
        self._panel(part).show_content()
        self._arrange()

    def on_resize(self) -> None:
        """Share out the new height."""
        self._arrange()

    def _arrange(self) -> None:
        """Give each pane as many lines as it wants, or a fair share of what there is."""
        width, height = self.size.width, self.size.height - 3
        if height < 1:
            return
        timer = self._panel("timer")
        clock = CLOCK + (STALE_LINES if timer.is_stale else timer.state != "content")
        self._set_height("timer", clock)
        columns: list[tuple[tuple[Part, ...], int]]
        if width >= HUGE:
            columns = [(("tocks",), clock), (("books", "sessions"), 0), (("invoices",), 0)]
        elif width >= NARROW:
            columns = [(("tocks",), clock), (("books", "sessions", "invoices"), 0)]
        else:
            columns = [(LISTS, clock)]
        for parts, above in columns:
            heights = share_out([self._wanted(part) for part in parts], height - above)
            for part, lines in zip(parts, heights, strict=True):
                self._set_height(part, lines)

    def _set_height(self, part: Part, lines: int) -> None:
        styles = self._panel(part).styles
        if styles.height is None or styles.height.cells != lines:
            styles.height = lines

    def _wanted(self, part: Part) -> int:
        """How many lines a pane would fill, its title included."""
        panel = self._panel(part)
        if panel.state != "content":
            return STATE_LINES
        stale = STALE_LINES if panel.is_stale else 0
        return 1 + max(1, self._list(part).row_count) + stale

    # -- commands -----------------------------------------------------------------------------

    @on(Outline.Selected)
    async def _chosen(self, message: Outline.Selected) -> None:
        message.stop()
        await self._go_to(message.outline.id, message.key)

    @on(TodayClock.Chosen)
    async def command_open(self) -> None:
        """Go to what the cursor is on; from an empty pane to its screen."""
        focused = self.focused
        panel = (
            next((p for p in focused.ancestors if isinstance(p, Panel)), None) if focused else None
        )
        part = next((part for part in TITLES if panel is not None and part == panel.id), None)
        if part is None:
            return
        found = self._found.get(part)
        running = found.items[0].key if part == "timer" and found and found.items else ""
        await self.go(SCREENS_OF[part], running)

    async def _go_to(self, name: str | None, key: str) -> None:
        for part, scope in SCREENS_OF.items():
            if name == f"{part}-list":
                await self.go(scope, key)

    async def command_toggle_timer(self) -> None:
        """Stop the timer at once, or go on with what ran last."""
        try:
            done = await self.workspace.today.toggle_timer()
        finally:
            # Refused or not: what runs may be something else than what is shown.
            self._load("timer")
        keys = keys_of(COMMANDS["today.toggle_timer"], self.workspace.settings.keys)
        key = shown_key(keys[0]) if keys else "The palette"
        if done is None:
            self.flash("Nothing ran yet and there is no default tracker: 5 chooses one.", "warn")
        elif done.started:
            self.flash(f"{done.tracker} runs. {key} stops it.", "good")
        else:
            passed = running_text(done.seconds)
            self.flash(f"Stopped {done.tracker} after {passed}. {key} goes on with it.", "good")
