"""Sessions: list them, look into one, annotate it, plot what its devices measured.

The same list shows devices, groups and access windows in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widget import Widget

from tui.screens.bindings import bindings_of
from tui.screens.sessions.curve import PlottingScreen
from tui.screens.sessions.detail import (
    access_nodes,
    device_nodes,
    entry_text,
    group_nodes,
    opened_nodes,
)
from tui.screens.sessions.keys import keys_of_pane
from tui.screens.sessions.plot import SessionPlot
from tui.screens.sessions.rows import VIEWS, Listing, View, listings, name_of
from tui.widgets.grid import Grid
from tui.widgets.grid_model import ListSource
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.panel import Panel
from tui.words import counted
from tui.workspace.problems import EXPECTED
from tui.workspace.times import moment_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.widgets.filterline import FilterLine
    from tui.workspace.sessions.sessions import Opened, Session

FRESH = timedelta(seconds=30)
"""What is younger is not asked for again when the person comes back."""
MOST_LOOKED_AT = 40
SETTLED = 0.12
"""Seconds after which a cursor rests: what it only passes is not asked for."""
NOUNS: Mapping[View, str] = {
    "sessions": "Session", "devices": "Device", "groups": "Group", "access": "Access",
}  # fmt: skip


class SessionsScreen(PlottingScreen):
    """The list at the left; what the cursor is on, and for a session a plot, at the right."""

    SCOPE = "sessions"
    AUTO_FOCUS = "#grid"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("sessions")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]

    DEFAULT_CSS = """
    SessionsScreen.-narrow .body { layout: vertical; }
    SessionsScreen.-wide #left { width: 5fr; }
    SessionsScreen.-wide #right { width: 5fr; margin-left: 1; }
    SessionsScreen.-narrow #left { height: 2fr; }
    SessionsScreen.-narrow #right { height: 3fr; layout: horizontal; }
    SessionsScreen.-narrow #plot { margin-left: 1; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._filter = ""
        self._view: View = "sessions"
        self._lists = listings()
        self._shown: list[Any] = []
        self._cursors: dict[View, str] = {}
        self._looked: dict[tuple[View, str], Any] = {}
        self._looking_at: tuple[View, str] | None = None
        self._wanted: tuple[View, str] | None = None
        self._settling: Timer | None = None

    @property
    def _list(self) -> Listing:
        return self._lists[self._view]

    @property
    def _found(self) -> Any:
        """What is looked into, whatever the list."""
        return None if self._looking_at is None else self._looked.get(self._looking_at)

    @property
    def _opened(self) -> Opened | None:
        found: Opened | None = self._found if self._view == "sessions" else None
        return found

    def compose_body(self) -> Iterable[Widget]:
        """Three panes."""
        first = self._list
        with Horizontal(classes="body"):
            with Vertical(id="left"):
                yield Panel(Grid(first.columns, id="grid", empty=""), first.title, id="all")
            with Vertical(id="right"):
                yield Panel(Outline(id="tree", empty=""), "Session", id="one")
                yield SessionPlot(self.workspace.settings.deck.graphs, self._zone)

    def pane_keys(self) -> Mapping[str, str]:
        """By pane and by list; the key of the lists says which one comes next."""
        following = self._lists[VIEWS[(VIEWS.index(self._view) + 1) % len(VIEWS)]].title
        return keys_of_pane(self._view, self.pane, following)

    # -- the list -----------------------------------------------------------------------------

    def begin(self) -> None:
        """The kept list at once, then the service's."""
        self.watch_changes("igtimi")
        self.query_one("#plot", SessionPlot).show_nothing("", "")
        self._load_list()

    def resume(self) -> None:
        """Another screen, pane or person may have changed something meanwhile."""
        told = self._list.as_of
        if self.take_changes():
            self._looked.clear()
            self._load_list(look_again=True)
        elif told is not None and datetime.now(UTC) - told > FRESH:
            self._load_list()

    def command_refresh(self) -> None:
        """Ask the service again, for what is looked into too."""
        self._looked.clear()
        self._load_list(look_again=True)

    def reveal(self, key: str) -> None:
        """Put the cursor on a session."""
        self._wanted = ("sessions", key)
        if self.is_mounted:
            self._show_view("sessions")
            self._go_to_wanted()

    def _go_to_wanted(self, *, last: bool = False) -> None:
        if self._wanted is None or self._wanted[0] != self._view:
            return
        grid = self.query_one("#grid", Grid)
        if grid.move_to_key(self._wanted[1]):
            self._wanted = None
            grid.focus()
        elif last:
            self._wanted = None
            self.flash("It is not in this list; perhaps the filter hides it.", "warn")

    def command_list(self) -> None:
        """The next of the four lists."""
        self._show_view(VIEWS[(VIEWS.index(self._view) + 1) % len(VIEWS)])

    def _show_view(self, view: View) -> None:
        if view == self._view:
            return
        grid = self.query_one("#grid", Grid)
        self._cursors[self._view] = grid.cursor_key
        self._view, self._looking_at = view, None
        listing = self._list
        self.query_one("#all", Panel).show_title(listing.title)
        self.query_one("#plot", SessionPlot).display = view == "sessions"
        grid.set_columns(listing.columns)
        self._show_rows()
        grid.move_to_key(self._cursors.get(view, ""))
        grid.focus()
        self._load_list()
        self.refresh_hints()

    def _load_list(self, *, look_again: bool = False) -> None:
        view, listing = self._view, self._list

        async def work() -> None:
            if view == "sessions" and listing.items is None:
                kept = await self._room.kept()
                if kept is not None:
                    listing.items, listing.as_of = list(kept.value.sessions), kept.as_of
                    self._show_list(view)
            listing.items, listing.as_of = await listing.fetch(self._room), datetime.now(UTC)
            self._show_list(view)
            if view == self._view:
                self._go_to_wanted(last=True)
                self._look(again=look_again)

        panel = self.query_one("#all", Panel)
        self.load(panel, f"Loading {listing.title.lower()}", work, has_content=self._age)

    def _age(self) -> str:
        told = self._list.as_of
        return f"as of {moment_text(told, self._zone)}" if told is not None else ""

    def _show_list(self, view: View) -> None:
        if view == self._view:
            self._show_rows()
            self.query_one("#all", Panel).show_content()
            self._go_to_wanted()
            if self._looking_at is None:
                self._look()

    def _show_rows(self) -> None:
        listing = self._list
        self._shown = listing.matching(self._filter)
        grid = self.query_one("#grid", Grid)
        grid.empty_text = listing.empty_text(self._filter)
        grid.set_source(
            ListSource(
                [listing.row(one, self._zone) for one in self._shown],
                [listing.key(one) for one in self._shown],
            )
        )
        shown, total = len(self._shown), len(listing.items or [])
        note = f"{shown:,} of {total:,}" if shown < total else f"{total:,}" if total else ""
        self.query_one("#all", Panel).show_note(note)

    # -- what the cursor is on ------------------------------------------------------------------

    def _chosen(self) -> Any:
        key = self.query_one("#grid", Grid).cursor_key
        return next((one for one in self._shown if self._list.key(one) == key), None)

    @on(Grid.Highlighted, "#grid")
    def _highlighted(self) -> None:
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(SETTLED, self._look)

    def _look(self, *, again: bool = False) -> None:
        """Show what the cursor is on."""
        one, panel = self._chosen(), self.query_one("#one", Panel)
        plot = self.query_one("#plot", SessionPlot)
        if one is None:
            self._looking_at = None
            panel.show_title(NOUNS[self._view])
            panel.show_empty("Nothing is chosen.")
            plot.show_nothing("", "")
            return
        view, place = self._view, (self._view, self._list.key(one))
        if place == self._looking_at and not again:
            return
        self._looking_at = place
        if place in self._looked:
            self._show_looked(place)
            return

        async def work() -> None:
            try:
                self._keep(place, await self._look_into(view, one, place))
            except EXPECTED:
                if place == self._looking_at and place not in self._looked:
                    panel.show_title(name_of(view, one))
                    plot.show_nothing("", "")
                raise
            finally:
                if place == self._looking_at:
                    self._load_curve()

        self.load_beside(
            panel, "Loading", work,
            has_content=lambda: "as it was kept" if place in self._looked else "",
        )  # fmt: skip

    async def _look_into(self, view: View, one: Any, place: tuple[View, str]) -> object:
        if view == "devices":
            return await self._room.fleet.look_at_device(one)
        if view == "groups":
            return await self._room.fleet.look_at_group(one)
        if view == "access":
            return one
        kept = await self._room.kept_open(one)
        if kept is not None and place not in self._looked:
            self._keep(place, kept)
        return await self._room.open(one)

    def _keep(self, place: tuple[View, str], found: object) -> None:
        self._looked.pop(place, None)
        self._looked[place] = found
        while len(self._looked) > MOST_LOOKED_AT:
            del self._looked[next(iter(self._looked))]
        if place == self._looking_at:
            self._show_looked(place, curve=False)

    def _show_looked(self, place: tuple[View, str], *, curve: bool = True) -> None:
        view, found = place[0], self._looked[place]
        panel = self.query_one("#one", Panel)
        nodes: list[Node]
        if view == "sessions":
            nodes = opened_nodes(found, self._zone)
            count = len(found.state.serial_numbers)
            name = found.state.name or name_of(view, found.session)
            panel.show_title(name, counted(count, "device") if count else "")
        elif view == "devices":
            nodes = device_nodes(found, self._zone)
            panel.show_title(name_of(view, found.device))
        elif view == "groups":
            nodes = group_nodes(found)
            panel.show_title(name_of(view, found.group), f"{len(nodes)}")
        else:
            nodes = access_nodes(found, self._zone)
            panel.show_title(name_of(view, found))
        tree = self.query_one("#tree", Outline)
        tree.empty_text = "Nobody is in it."
        tree.set_nodes(nodes)
        panel.show_content()
        if curve and view == "sessions":
            self._load_curve()

    # -- commands -------------------------------------------------------------------------------

    async def command_open(self) -> None:
        """From the list into it; there read an entry, plot a device, or open what can be."""
        tree = self.query_one("#tree", Outline)
        node = tree.node
        if not tree.has_focus or node is None:
            tree.focus()
            return
        kind, _, value = node.key.partition(":")
        if kind == "device" and self._view == "sessions":
            self.plot_device(value)
        elif kind == "entry" and self._opened is not None:
            await self.read("Log entry", entry_text(self._opened, node.key, self._zone))
        elif node.can_open:
            tree.action_toggle_fold()

    @on(Grid.Selected, "#grid")
    @on(Outline.Selected, "#tree")
    async def _selected(self) -> None:
        await self.action_command("sessions.open")

    async def command_create(self) -> None:
        """A new one of what the list shows."""
        from tui.screens.sessions.writes import create

        made = await create(self, self._room, self._view, self._chosen())
        if made is not None:
            self._wanted = (self._view, made) if made else None
            self.command_refresh()

    async def command_annotate(self) -> None:
        """Add an entry to the session's log."""
        from tui.screens.sessions.writes import annotate

        session: Session | None = self._chosen() if self._view == "sessions" else None
        if session is None:
            self.flash("Choose a session first: notes stand in its log.", "warn")
        elif await annotate(self, self._room, session):
            self.command_refresh()

    async def command_change(self) -> None:
        """Another name; for a group another member."""
        from tui.screens.sessions.writes import change

        if await change(self, self._room, self._view, self._chosen(), self._found):
            self.command_refresh()

    async def command_delete(self) -> None:
        """Delete what the cursor is on."""
        from tui.screens.sessions.writes import delete

        tree = self.query_one("#tree", Outline)
        line = tree.node.key if tree.has_focus and tree.node is not None else ""
        if await delete(self, self._room, self._view, self._chosen(), self._found, line):
            self.command_refresh()

    async def command_live(self) -> None:
        """Watch this session's devices live, or play it when it is over."""
        session: Session | None = self._chosen() if self._view == "sessions" else None
        if session is None:
            self.flash("Choose a session first.", "warn")
        else:
            await self.go("live", f"session:{session.id}")

    async def command_copy(self) -> None:
        """Copy the line under the cursor."""
        tree, grid = self.query_one("#tree", Outline), self.query_one("#grid", Grid)
        row = grid.source.row(grid.cursor_row)
        if tree.has_focus and tree.node is not None:
            await self.copy(" ".join(part for part in (tree.node.label, tree.node.detail) if part))
        elif row is not None:
            cells = zip(grid.columns, row, strict=True)
            await self.copy("\t".join(column.cell(value).text for column, value in cells))

    async def command_filter(self) -> None:
        """Narrow the list by typing."""
        from tui.widgets.filterline import FilterLine

        if not self.query("#filter"):
            await self.query_one("#left").mount(FilterLine(id="filter"))
        self.query_one("#filter", FilterLine).open()

    def on_filter_line_edited(self, message: FilterLine.Edited) -> None:
        """Show what has the text."""
        self._filter = message.text
        self._show_rows()

    def on_filter_line_left(self, message: FilterLine.Left) -> None:
        """Back to the list."""
        del message
        self.query_one("#grid", Grid).focus()
