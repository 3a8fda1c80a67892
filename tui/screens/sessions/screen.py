"""Sessions: list them, look into one, annotate it, plot what its devices measured.

The same list shows devices, groups and access windows in its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from tui.screens.absent import why_absent
from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.messages import UnitsChanged
from tui.screens.sessions.detail_pane import DetailPane
from tui.screens.sessions.list_pane import ListPane
from tui.screens.sessions.looks import Looks, SessionsPane
from tui.screens.sessions.plot_pane import PlotPane
from tui.workspace.workspace import Workspace


class SessionsScreen(DeckScreen):
    """The list at the left; what the cursor is on, and for a session a plot, at the right."""

    SCOPE = "sessions"
    ROOM = ((40, 12),)
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
        looks = Looks()
        self.list = ListPane(workspace, looks)
        self.detail = DetailPane(workspace, looks)
        self.plot = PlotPane(workspace, looks)

    def compose_body(self) -> Iterable[Widget]:
        """Three panes."""
        with Horizontal(classes="body"):
            with Vertical(id="left"):
                yield self.list
            with Vertical(id="right"):
                yield self.detail
                yield self.plot

    def reveal(self, key: str, kind: str = "") -> None:
        """Put the cursor on a session, on a device, or in a session's log on an entry."""
        if kind == "log":
            session, _, entry = key.partition("#")
            self.list.reveal("sessions", session)
            self.detail.reveal(("sessions", session), f"entry:{entry}")
        else:
            self.list.reveal("devices" if kind == "device" else "sessions", key)

    def command_refresh(self) -> None:
        """Ask the service again, for what is looked into too."""
        self.list.ask_again()

    @on(SessionsPane.Stale)
    def _stale(self, message: SessionsPane.Stale) -> None:
        self.list.ask_again(message.key)

    @on(UnitsChanged)
    def _units_changed(self) -> None:
        self.list.ask_again()

    @on(ListPane.Turned)
    def _turned(self) -> None:
        self.detail.turn(self.list.view)
        self.plot.display = self.list.view == "sessions"
        self.refresh_hints()

    @on(ListPane.Narrowed)
    def _narrowed(self) -> None:
        self.refresh_hints()

    @on(ListPane.Rested)
    def _rested(self, message: ListPane.Rested) -> None:
        if message.view == self.detail.view:
            self.detail.look(message.place, message.one, again=message.again)

    @on(ListPane.Unread)
    def _unread(self, message: ListPane.Unread) -> None:
        if message.view == self.detail.view:
            unread = f"The {message.title.lower()} could not be read."
            said = why_absent(self.workspace, "igtimi", unread)
            later = "What is in one stands here once they are." if said == unread else ""
            self.detail.show_empty(said, later)
            self.plot.show_empty("There is nothing to plot yet.")

    @on(ListPane.OpenWanted)
    def _open_wanted(self) -> None:
        self.detail.outline.focus()

    @on(DetailPane.Shown)
    def _shown(self, message: DetailPane.Shown) -> None:
        self.plot.show_session(message.session)

    @on(DetailPane.PlotWanted)
    def _plot_wanted(self, message: DetailPane.PlotWanted) -> None:
        self.plot.plot_device(message.serial)
