"""The plot of a session's data: one curve, zoomed and moved in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on
from textual.message import Message

from tui.commands import Command
from tui.screens.sessions.looks import Looks, SessionsPane
from tui.spoken_keys import key_for
from tui.terminal import graphs_of
from tui.widgets.plot import Plot, Series
from tui.workspace.times import length_text, moment_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.screens.sessions.dialogs import Chosen
    from tui.workspace.sessions.curves import Curve
    from tui.workspace.sessions.sessions import Opened, Session

SPEED_OVER_GROUND = 9
SHORTEST = 10.0
"""Seconds that are shown at least."""


class CurvePlot(Plot, can_focus=True):
    """A plot that takes the focus, so that the footer shows its keys; the wheel zooms."""

    class Zoomed(Message):
        """The wheel was turned: show `factor` of the time that is shown."""

        def __init__(self, factor: float) -> None:
            super().__init__()
            self.factor = factor

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Closer."""
        event.stop()
        self.post_message(self.Zoomed(0.5))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Wider."""
        event.stop()
        self.post_message(self.Zoomed(2.0))


class PlotPane(SessionsPane):
    """One curve of the session that is looked into; its title says what it is, and how much."""

    KEYS = {
        "plot": "", "axis": "", "zoom_in": "", "zoom_out": "", "earlier": "", "later": "",
        "whole": "", "refresh": "",
    }  # fmt: skip
    ANYWHERE = frozenset({"plot", "axis", "zoom_in", "zoom_out", "earlier", "later", "whole"})

    def __init__(self, workspace: Workspace, looks: Looks) -> None:
        self.plot = CurvePlot(
            glyphs=graphs_of(workspace.settings.deck.graphs, workspace.settings.deck.glyphs),
            zone=workspace.zone,
            empty="Nothing was measured in this time.",
            id="curve",
        )
        super().__init__(workspace, looks, self.plot, "Plot", id="plot")
        self._opened: Opened | None = None
        self._what: Chosen = ("", SPEED_OVER_GROUND, 1)
        self._curve: Curve | None = None
        self._device = ""
        self._shown = (0.0, 0.0)

    def offer(self, command: Command) -> Command | None:
        """Beside the list's and the log's keys the footer has room for one of the plot's."""
        offered = super().offer(command) if self.display else None
        if offered is None or command.name == "plot" or self.has_focus_within:
            return offered
        return offered._replace(rank=0)

    def begin(self) -> None:
        """Nothing is looked into yet."""
        self.show_session(None)

    def subject(self) -> Session | None:
        """The session whose data is plotted."""
        return None if self._opened is None else self._opened.session

    def found(self) -> Opened | None:
        """The same, looked into."""
        return self._opened

    # -- whose curve ----------------------------------------------------------------------------

    def show_session(self, opened: Opened | None) -> None:
        """Plot the same of another session; None for nothing."""
        self._opened = opened
        if opened is None:
            self._show_nothing("", "")
        else:
            self._load_curve(opened)

    def plot_device(self, serial: str) -> None:
        """The same of another device."""
        self._plot_what((serial, *self._what[1:]))

    def _plot_what(self, what: Chosen) -> None:
        self._what = what
        if self._opened is not None:
            self._load_curve(self._opened)

    def _load_curve(self, opened: Opened) -> None:
        serials = opened.state.serial_numbers
        if self._what[0] not in serials:
            self._what = (serials[0] if serials else "", *self._what[1:])
        serial, type_id, axis = self._what
        if not serial:
            self._show_nothing(
                "The session has no device yet.",
                f"{key_for('sessions.annotate')} puts one into it.",
            )
        elif opened.window is None:
            self._show_nothing(
                "The session has no times yet.", f"{key_for('sessions.annotate')} sets them."
            )
        elif opened.is_ahead:
            begins = moment_text(opened.window[0], self.workspace.zone)
            self._show_nothing(
                f"It begins {begins}.", f"{key_for('sessions.live')} watches its devices live."
            )
        else:
            name = opened.device_name(serial)

            async def work() -> None:
                curve = await self.room.curve(opened, serial, type_id, axis)
                if curve is not None and self._opened is opened:
                    self._show_curve(curve, name)

            self.load_beside(f"Loading data of {name}", work)

    # -- showing --------------------------------------------------------------------------------

    def _show_curve(self, curve: Curve, name: str) -> None:
        """Plot a curve; the same one that came again keeps what is zoomed into."""
        before = self._curve
        same = before is not None and (before.serial, before.type.id, before.axis) == (
            curve.serial, curve.type.id, curve.axis
        )  # fmt: skip
        self._curve, self._device = curve, name
        low, high = self._whole
        kept = (max(low, self._shown[0]), min(high, self._shown[1]))
        self._draw(kept if same and kept[1] - kept[0] >= SHORTEST else (low, high))

    def _show_nothing(self, text: str, hint: str) -> None:
        """Say why there is no plot."""
        self._curve = None
        self.show_title("Plot")
        self.show_empty(text, hint)

    @property
    def _whole(self) -> tuple[float, float]:
        samples = self._curve.samples if self._curve is not None else []
        return (samples[0][0], samples[-1][0]) if samples else (0.0, 0.0)

    def _zoom(self, factor: float) -> None:
        """Show `factor` of the time that is shown, around its middle."""
        low, high = self._whole
        start, end = self._shown
        span = max(SHORTEST, (end - start) * factor)
        if span >= high - low:
            self._draw((low, high))
            return
        begin = min(max(low, (start + end - span) / 2), high - span)
        self._draw((begin, begin + span))

    def _move_by(self, share: float) -> None:
        """Move by a share of the time that is shown; the ends of the data are the ends."""
        low, high = self._whole
        start, end = self._shown
        span = end - start
        begin = min(max(low, start + share * span), high - span)
        self._draw((begin, begin + span))

    def _draw(self, window: tuple[float, float]) -> None:
        curve = self._curve
        if curve is None:
            return
        self._shown = window
        low, high = self._whole
        samples = curve.samples if window == (low, high) else curve.within(*window)
        title = f"{self._device} · {curve.title}"
        if curve.archived and not curve.samples:
            self.show_title(title)
            self.show_empty(
                "Its data is being taken out of the archive.",
                f"{key_for('sessions.refresh')} asks again.",
            )
            return
        self.show_content()
        self.plot.show(Series(curve.title, curve.unit, samples))
        notes = [curve.summary(samples)]
        if window != (low, high):
            notes.insert(0, f"{_length(window[1] - window[0])} of {_length(high - low)}")
        if curve.archived:
            notes.append(f"more is in the archive, {key_for('sessions.refresh')} asks again")
        self.show_title(self._device, " · ".join(note for note in notes if note))

    # -- commands -------------------------------------------------------------------------------

    @on(CurvePlot.Zoomed)
    def _zoomed(self, message: CurvePlot.Zoomed) -> None:
        message.stop()
        self._zoom(message.factor)

    async def command_plot(self) -> None:
        """Choose the device and type that is plotted."""
        from tui.screens.sessions.dialogs import choose_curve

        opened = self._opened
        if opened is None or not opened.state.serial_numbers:
            self.flash("There is no device to plot the data of.", "warn")
            return
        chosen = await choose_curve(self, self.room, opened, self._what)
        if chosen is not None:
            self._plot_what(chosen)

    def command_axis(self) -> None:
        """The next axis of what is plotted, such as latitude after longitude."""
        count = len(self._curve.type.axes) if self._curve is not None else 0
        if count < 2:
            self.flash(
                f"This has one axis only. {key_for('sessions.plot')} chooses something else."
            )
            return
        self._plot_what((*self._what[:2], self._what[2] % count + 1))

    def command_zoom_in(self) -> None:
        """Half of the time that is shown."""
        self._zoom(0.5)

    def command_zoom_out(self) -> None:
        """Twice the time that is shown."""
        self._zoom(2.0)

    def command_earlier(self) -> None:
        """Back by half of what is shown."""
        self._move_by(-0.5)

    def command_later(self) -> None:
        """On by half of what is shown."""
        self._move_by(0.5)

    def command_whole(self) -> None:
        """The whole session."""
        self._zoom(float("inf"))

    def command_refresh(self) -> None:
        """Ask the service again, and its archive."""
        self.post_message(self.Stale())


def _length(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else length_text(seconds)
