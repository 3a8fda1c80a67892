"""Sessions: list them, look into one, annotate it, plot what its devices measured."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.sessions_rows import COLUMNS, opened_nodes, session_rows
from tui.widgets.filterline import FilterLine
from tui.widgets.grid import Grid
from tui.widgets.grid_model import ListSource
from tui.widgets.outline import Outline
from tui.widgets.panel import Panel
from tui.widgets.plot import Plot, Series
from tui.workspace.times import moment_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.sessions import Opened, Session, SessionRoom

SPEED_OVER_GROUND = 9


class SessionsScreen(DeckScreen):
    """The list at the left; what is in the session and a plot at the right."""

    SCOPE = "sessions"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("sessions")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]

    DEFAULT_CSS = """
    SessionsScreen.-narrow .body { layout: vertical; }
    SessionsScreen.-wide #left { width: 5fr; }
    SessionsScreen.-wide #right { width: 4fr; }
    SessionsScreen.-narrow #left { height: 2fr; }
    SessionsScreen.-narrow #right { height: 3fr; layout: horizontal; }
    SessionsScreen #plot { height: 1fr; min-height: 8; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._sessions: list[Session] = []
        self._shown: list[Session] = []
        self._opened: Opened | None = None
        self._curve = ("", SPEED_OVER_GROUND, 1)
        self._age = ""
        self._wanted = ""

    @property
    def _room(self) -> SessionRoom:
        return self.workspace.sessions

    def compose_body(self) -> Iterable[Widget]:
        """Three panes."""
        with Horizontal(classes="body"):
            with Vertical(id="left"):
                yield Panel(
                    Grid(COLUMNS, id="grid", empty="No session. a makes one."),
                    "Sessions",
                    id="all",
                )
                yield FilterLine(id="filter")
            with Vertical(id="right"):
                yield Panel(Outline(id="tree", empty="Nothing in its log."), "Session", id="one")
                yield Panel(
                    Plot(glyphs=self.workspace.settings.deck.graphs, id="curve"), "Plot", id="plot"
                )

    # -- loading ------------------------------------------------------------------------------

    def begin(self) -> None:
        """The kept list at once, then the service's."""
        self.query_one("#grid", Grid).focus()
        self.command_refresh()

    def reveal(self, key: str) -> None:
        """Put the cursor on a session."""
        self._wanted = key
        self._go_to_wanted()

    def _go_to_wanted(self) -> None:
        if self._wanted and self.query_one("#grid", Grid).move_to_key(self._wanted):
            self._wanted = ""
            self.query_one("#grid", Grid).focus()

    def command_refresh(self) -> None:
        """Ask the service again."""
        self.load(
            self.query_one("#all", Panel),
            "Loading sessions",
            self._load,
            has_content=lambda: self._age,
        )

    async def _load(self) -> None:
        if not self._sessions:
            kept = await self._room.kept()
            if kept is not None:
                self._show(kept.value.sessions, kept.as_of)
        answer = await self._room.sessions()
        self._show(answer.value.sessions, answer.as_of)

    def _show(self, sessions: list[Session], as_of: datetime) -> None:
        self._sessions = sessions
        self._age = f"as of {moment_text(as_of, self.workspace.zone)}"
        self._narrow(self.query_one("#filter", FilterLine).value)
        self.query_one("#all", Panel).show_content()
        self._go_to_wanted()
        if self._opened is None:
            self._open_chosen()

    def _narrow(self, text: str) -> None:
        word = text.casefold()
        self._shown = [one for one in self._sessions if word in (one.name or "").casefold()]
        self.query_one("#grid", Grid).set_source(
            ListSource(
                session_rows(self._shown, self.workspace.zone), [str(one.id) for one in self._shown]
            )
        )
        shown, total = len(self._shown), len(self._sessions)
        note = f"{shown:,} of {total:,}" if shown < total else f"{total:,}"
        self.query_one("#all", Panel).show_note(note)

    # -- one session --------------------------------------------------------------------------

    def _chosen(self) -> Session | None:
        key = self.query_one("#grid", Grid).cursor_key
        return next((one for one in self._shown if str(one.id) == key), None)

    @on(Grid.Highlighted, "#grid")
    def _highlighted(self) -> None:
        self._open_chosen()

    @on(Grid.Selected, "#grid")
    def _selected(self) -> None:
        self.query_one("#tree", Outline).focus()

    def command_open(self) -> None:
        """Look into the session."""
        self.query_one("#tree", Outline).focus()

    def _open_chosen(self, *, again: bool = False) -> None:
        session = self._chosen()
        if session is None:
            return
        if self._opened is not None and self._opened.session.id == session.id and not again:
            return
        panel = self.query_one("#one", Panel)
        panel.show_title(session.name or f"Session {session.id}")

        async def work() -> None:
            opened = await self._room.open(session)
            self._opened = opened
            outline = self.query_one("#tree", Outline)
            outline.set_nodes(opened_nodes(opened, self.workspace.zone))
            name = opened.state.name or session.name or f"Session {session.id}"
            panel.show_title(name, f"{len(opened.state.serial_numbers)} devices")
            serials = opened.state.serial_numbers
            if self._curve[0] not in serials:
                self._curve = (serials[0] if serials else "", SPEED_OVER_GROUND, 1)
            self._load_curve()

        self.load(panel, "Loading the session", work)

    def _load_curve(self) -> None:
        opened, (serial, type_id, axis) = self._opened, self._curve
        panel = self.query_one("#plot", Panel)
        if opened is None or not serial:
            panel.show_title("Plot")
            panel.show_empty("The session has no device yet.", "n adds one.")
            return
        name = opened.device_name(serial)

        async def work() -> None:
            curve = await self._room.curve(opened, serial, type_id, axis)
            if curve is None:
                panel.show_title("Plot")
                panel.show_empty("The session has no start yet.", "n sets its times.")
                return
            archived = " · still in the archive, r asks again" if curve.archived else ""
            panel.show_title(
                f"{name} · {curve.type.name}", f"{len(curve.samples):,} values{archived}"
            )
            self.query_one("#curve", Plot).show(Series(curve.type.short, curve.unit, curve.samples))

        self.load(panel, f"Loading data of {name}", work)

    @on(Outline.Selected, "#tree")
    async def _thing_selected(self, message: Outline.Selected) -> None:
        kind, _, value = message.key.partition(":")
        if kind == "device":
            self._curve = (value, self._curve[1], self._curve[2])
            self._load_curve()
        elif message.node.can_open:
            self.query_one("#tree", Outline).action_toggle_fold()

    # -- commands -----------------------------------------------------------------------------

    async def command_plot(self) -> None:
        """Choose the device and type that is plotted."""
        from tui.screens.sessions_dialogs import choose_curve

        if self._opened is not None:
            chosen = await choose_curve(self, self._room, self._opened, self._curve)
            if chosen is not None:
                self._curve = chosen
                self._load_curve()

    async def command_create(self) -> None:
        """Create a session."""
        from tui.screens.sessions_dialogs import create_session

        made = await create_session(self, self._room)
        if made is not None:
            self._wanted = str(made)
            self.command_refresh()

    async def command_annotate(self) -> None:
        """Add an entry to the session's log."""
        from tui.screens.sessions_dialogs import annotate

        session = self._chosen()
        if session is not None and await annotate(self, self._room, session):
            self._open_chosen(again=True)
            self.command_refresh()

    async def command_delete(self) -> None:
        """Delete the session."""
        from tui.widgets.dialogs import Confirm

        session = self._chosen()
        if session is None:
            return
        name = session.name or f"session {session.id}"
        sure = await self.ask(
            Confirm(
                "Delete session",
                f"Delete {name}?",
                loses="Its log goes for good. What devices measured stays.",
                yes="Delete",
            )
        )
        if sure:
            await self._room.delete(session)
            self._opened = None
            self.flash(f"Deleted {name}.", "good")
            self.command_refresh()

    async def command_live(self) -> None:
        """Watch this session's devices live, or play it when it is over."""
        session = self._chosen()
        if session is not None:
            await self.go("live", f"session:{session.id}")

    def resume(self) -> None:
        """A log may have grown meanwhile."""
        if self._sessions:
            self.command_refresh()

    # -- filter -------------------------------------------------------------------------------

    def command_filter(self) -> None:
        """Narrow the sessions by typing."""
        self.query_one("#filter", FilterLine).open()

    @on(FilterLine.Edited, "#filter")
    def _filter_edited(self, message: FilterLine.Edited) -> None:
        self._narrow(message.text)

    @on(FilterLine.Left, "#filter")
    def _filter_left(self) -> None:
        self.query_one("#grid", Grid).focus()
