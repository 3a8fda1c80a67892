"""Today: what runs, what is next, what waits; enter goes there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widget import Widget

from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.palette import Role
from tui.widgets.panel import Panel
from tui.workspace.times import age_text, clock, day_text, moment_text, running_text, span_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.today import Item, Items, Part

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
    "timer": "Nothing is running. s starts your default tracker.",
    "tocks": "No tock in the next two weeks.",
    "books": "No unread message.",
    "sessions": "No session now or ahead.",
    "invoices": "Every invoice is paid.",
}


ROLES: dict[str, Role] = {
    "running": "good", "overdue": "bad", "": "text", "due": "text", "unread": "text",
}  # fmt: skip
MARKS = {"running": "●", "overdue": "!", "unread": "✉", "": "", "due": ""}


class TodayScreen(DeckScreen):
    """Five panes, each from its own service; one that fails hides no other."""

    SCOPE = "today"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("today")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    DEFAULT_CSS = """
    TodayScreen .column { width: 1fr; }
    TodayScreen.-narrow .body { layout: vertical; }
    TodayScreen.-narrow .column { height: auto; }
    TodayScreen.-wide #right { margin-left: 1; }
    TodayScreen #timer { height: 5; }
    TodayScreen.-narrow #timer { height: 3; }
    TodayScreen.-narrow .column { height: 1fr; }
    TodayScreen.-narrow #right { height: 3fr; }
    TodayScreen.-narrow #left { height: 2fr; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._found: dict[Part, Items] = {}
        self._ages: dict[Part, str] = {}
        self._clock: Timer | None = None

    def compose_body(self) -> Iterable[Widget]:
        """The timer and what is next at the left, what waits at the right."""
        with Horizontal(classes="body"):
            with Vertical(id="left", classes="column"):
                yield self._pane("timer")
                yield self._pane("tocks")
            with Vertical(id="right", classes="column"):
                yield self._pane("books")
                yield self._pane("sessions")
                yield self._pane("invoices")

    def _pane(self, part: Part) -> Panel:
        return Panel(Outline(id=f"{part}-list", empty=EMPTY[part]), TITLES[part], id=part)

    def _panel(self, part: Part) -> Panel:
        return self.query_one(f"#{part}", Panel)

    def _list(self, part: Part) -> Outline:
        return self.query_one(f"#{part}-list", Outline)

    # -- loading ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Every part at once, each kept answer before the fresh one."""
        self._list("timer").focus()
        self.command_refresh()

    def resume(self) -> None:
        """What runs may have changed on another screen."""
        if self._found:
            self._load("timer")
            self._show_clock()

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
            answer = await today.part(part)
            self._show(part, answer.value, answer.as_of)

        self.load(self._panel(part), "Loading", work, has_content=lambda: self._ages.get(part, ""))

    # -- showing ------------------------------------------------------------------------------

    def _show(self, part: Part, found: Items, as_of: datetime) -> None:
        zone = self.workspace.zone
        self._found[part] = found
        self._ages[part] = f"as of {moment_text(as_of, zone)}"
        self._list(part).set_nodes([_node(part, item, zone) for item in found.items])
        panel = self._panel(part)
        panel.show_content()
        panel.show_note(_note(part, found))
        if part == "timer":
            self._show_clock()

    def _show_clock(self) -> None:
        """The running clock: a timer only while something runs and this screen is seen."""
        found = self._found.get("timer")
        running = bool(found and found.items) and self.is_current and self.app.app_focus
        if running and self._clock is None:
            self._clock = self.set_interval(1.0, self._tick)
        elif not running and self._clock is not None:
            self._clock.stop()
            self._clock = None

    def _tick(self) -> None:
        if not self.is_current or not self.app.app_focus:
            self._show_clock()
            return
        found = self._found["timer"]
        zone = self.workspace.zone
        self._list("timer").set_nodes([_node("timer", item, zone) for item in found.items])

    def on_app_focus(self, _event: events.AppFocus) -> None:
        """The terminal is looked at again."""
        self._show_clock()

    # -- commands -----------------------------------------------------------------------------

    @on(Outline.Selected)
    async def _chosen(self, message: Outline.Selected) -> None:
        message.stop()
        await self._go_to(message.outline, message.key)

    async def command_open(self) -> None:
        """Go to what the cursor is on."""
        outline = self.focused
        if isinstance(outline, Outline) and outline.node is not None:
            await self._go_to(outline, outline.node.key)

    async def _go_to(self, outline: Outline, key: str) -> None:
        for part, scope in SCREENS_OF.items():
            if outline.id == f"{part}-list":
                await self.go(scope, key)

    async def command_toggle_timer(self) -> None:
        """Start or stop the timer."""
        self.flash(await self.workspace.today.toggle_timer(), "good")
        self._load("timer")


def _node(part: Part, item: Item, zone: tzinfo) -> Node:
    """A line with its mark, badge and detail."""
    now = datetime.now(UTC)
    key, title, role = item.key, item.title, ROLES[item.state]
    mark = MARKS[item.state]
    if part == "timer":
        passed = (now - item.when).total_seconds() if item.when else 0
        detail = f"since {clock(item.when, zone)}" if item.when else ""
        return Node(key, title, running_text(passed), detail, role, role, mark)
    if part == "books":
        return Node(key, title, item.amount, item.detail, role, "accent", mark)
    if part == "invoices":
        return Node(key, title, item.amount, _due(item, zone, now), role, "number", mark)
    if item.state == "running":
        badge = f"until {clock(item.until, zone)}" if item.until else "live"
    else:
        badge = _when(item, zone, now)
    return Node(key, title, badge, item.detail, role, "muted", mark)


def _due(item: Item, zone: tzinfo, now: datetime) -> str:
    if item.when is None:
        return ""
    if item.state == "overdue":
        return f"{age_text((now - item.when).total_seconds())} overdue"
    return f"due {day_text(_day(item.when, zone), _day(now, zone))}"


def _day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()


def _when(item: Item, zone: tzinfo, now: datetime) -> str:
    """When something begins, or that it goes on now."""
    if item.when is None:
        return ""
    if item.when <= now and item.until is not None and now < item.until:
        return f"now, until {clock(item.until, zone)}"
    if now < item.when and (item.when - now).total_seconds() < 3 * 3600:
        return f"in {age_text((item.when - now).total_seconds())}"
    return moment_text(item.when, zone, now)


def _note(part: Part, found: Items) -> str:
    if part == "timer":
        return f"today {span_text(found.seconds)}" if found.seconds is not None else ""
    shown = len(found.items)
    return f"{shown} of {found.total:,}" if shown < found.total else f"{shown}"
