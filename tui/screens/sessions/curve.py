"""What is plotted of the session that is looked into, and the commands that change that."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

from tui.screens.panes import PaneScreen
from tui.screens.sessions.plot import SessionPlot
from tui.workspace.times import moment_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.sessions.sessions import Opened, SessionRoom

SPEED_OVER_GROUND = 9


class PlottingScreen(PaneScreen):
    """A screen with a `SessionPlot` of the session that `opened` gives."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._zone: tzinfo = workspace.zone
        self._curve = ("", SPEED_OVER_GROUND, 1)

    @property
    def _room(self) -> SessionRoom:
        return self.workspace.sessions

    @property
    def _opened(self) -> Opened | None:
        """The session that is looked into."""
        return None

    def plot_device(self, serial: str) -> None:
        """The same of another device."""
        self._curve = (serial, *self._curve[1:])
        self._load_curve()

    def _load_curve(self) -> None:
        opened, plot = self._opened, self.query_one("#plot", SessionPlot)
        if opened is None:
            return
        serials = opened.state.serial_numbers
        if self._curve[0] not in serials:
            self._curve = (serials[0] if serials else "", *self._curve[1:])
        serial, type_id, axis = self._curve
        if not serial:
            plot.show_nothing("The session has no device yet.", "n puts one into it.")
        elif opened.window is None:
            plot.show_nothing("The session has no times yet.", "n sets them.")
        elif opened.is_ahead:
            begins = moment_text(opened.window[0], self._zone)
            plot.show_nothing(f"It begins {begins}.", "L watches its devices live.")
        else:
            name = opened.device_name(serial)

            async def work() -> None:
                curve = await self._room.curve(opened, serial, type_id, axis)
                if curve is not None and self._opened is opened:
                    plot.show_curve(curve, name)

            self.load_beside(plot, f"Loading data of {name}", work)

    async def command_plot(self) -> None:
        """Choose the device and type that is plotted."""
        from tui.screens.sessions.dialogs import choose_curve

        opened = self._opened
        if opened is None or not opened.state.serial_numbers:
            self.flash("There is no device to plot the data of.", "warn")
            return
        chosen = await choose_curve(self, self._room, opened, self._curve)
        if chosen is not None:
            self._curve = chosen
            self._load_curve()

    def command_axis(self) -> None:
        """The next axis of what is plotted, such as latitude after longitude."""
        count = self.query_one("#plot", SessionPlot).axes
        if count < 2:
            self.flash("This has one axis only. p chooses something else.")
            return
        self._curve = (*self._curve[:2], self._curve[2] % count + 1)
        self._load_curve()

    def command_zoom_in(self) -> None:
        """Half of the time that is shown."""
        self.query_one("#plot", SessionPlot).zoom(0.5)

    def command_zoom_out(self) -> None:
        """Twice the time that is shown."""
        self.query_one("#plot", SessionPlot).zoom(2.0)

    def command_earlier(self) -> None:
        """Back by half of what is shown."""
        self.query_one("#plot", SessionPlot).move_by(-0.5)

    def command_later(self) -> None:
        """On by half of what is shown."""
        self.query_one("#plot", SessionPlot).move_by(0.5)

    def command_whole(self) -> None:
        """The whole session."""
        self.query_one("#plot", SessionPlot).zoom(float("inf"))
