"""The plot of a session's data: one curve, zoomed and moved in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events, on
from textual.message import Message

from tui.commands import Command
from tui.screens.sessions.looks import Looks, SessionsPane
from tui.spoken_keys import key_for
from tui.terminal import graphs_of
from tui.widgets.plot import NUMBERS, Axis, Plot, Series
from tui.widgets.plot_overlaid import LETTERS
from tui.words import counted
from tui.workspace.problems import EXPECTED
from tui.workspace.sessions.curves import centre_of
from tui.workspace.times import length_text, moment_text
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.screens.sessions.dialogs import Chosen
    from tui.workspace.sessions.curves import Curve
    from tui.workspace.sessions.sessions import Opened, Session

SPEED_OVER_GROUND = 9
NOT_READ = "No session has been read yet: what is plotted is chosen once it stands here."
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
        "plot": "", "compare": "", "axis": "", "zoom_in": "", "zoom_out": "", "earlier": "",
        "later": "", "whole": "", "refresh": "",
    }  # fmt: skip
    ANYWHERE = frozenset(
        {"plot", "compare", "axis", "zoom_in", "zoom_out", "earlier", "later", "whole"}
    )

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
        self._beside: list[str] = []
        """Serial numbers of the devices that are plotted beside the first."""
        self._curves: list[Curve] = []
        """What is plotted: of the first device, then of those beside it."""
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
            plotted = self._plotted(opened)
            count = len(plotted)
            name = opened.device_name(serial) if count < 2 else counted(count, "device")

            stands = ""

            def show(curves: list[Curve]) -> bool:
                if not curves or self._opened is not opened or self._plotted(opened) != plotted:
                    return False
                self._show_curves(curves)
                return True

            async def work() -> None:
                nonlocal stands
                try:
                    show(await self.room.curves(opened, plotted, type_id, axis))
                except EXPECTED:
                    kept = await self.room.kept_curves(opened, plotted, type_id, axis)
                    if kept is not None and show(kept[0]):
                        there = len(kept[0])
                        part = "" if there == count else f"{there} of {counted(count, 'device')}, "
                        stands = f"{part}{self.as_of(kept[1])}"
                    raise

            self.load_beside(f"Loading data of {name}", work, has_content=lambda: stands)

    def _plotted(self, opened: Opened) -> tuple[str, ...]:
        """The serial numbers of what is to be plotted of a session."""
        first, there = self._what[0], opened.state.serial_numbers
        return (first, *(one for one in self._beside if one in there and one != first))

    # -- showing --------------------------------------------------------------------------------

    def _show_curves(self, curves: list[Curve]) -> None:
        """Plot curves; the same ones that came again keep what is zoomed into."""

        def what(plotted: list[Curve]) -> list[tuple[str, int, int]]:
            return [(one.serial, one.type.id, one.axis) for one in plotted]

        same = what(curves) == what(self._curves)
        self._curves = curves
        low, high = self._whole
        kept = (max(low, self._shown[0]), min(high, self._shown[1]))
        self._draw(kept if same and kept[1] - kept[0] >= SHORTEST else (low, high))

    def _show_nothing(self, text: str, hint: str) -> None:
        """Say why there is no plot."""
        self._curves = []
        self.show_title("Plot")
        self.show_empty(text, hint)

    @property
    def _whole(self) -> tuple[float, float]:
        there = [one.samples for one in self._curves if one.samples]
        if not there:
            return 0.0, 0.0
        return min(one[0][0] for one in there), max(one[-1][0] for one in there)

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
        if not self._curves or self._opened is None:
            return
        self._shown = window
        low, high = self._whole
        whole = window == (low, high)
        first = self._curves[0]
        names = [self._opened.device_name(one.serial) for one in self._curves]
        archived = any(one.archived for one in self._curves)
        if archived and not any(one.samples for one in self._curves):
            self.show_title(f"{names[0]} · {first.title}")
            self.show_empty(
                "Its data is being taken out of the archive.",
                f"{key_for('sessions.refresh')} asks again.",
            )
            return
        lines = [one.samples if whole else one.within(*window) for one in self._curves]
        self.show_content()
        axis = NUMBERS
        if first.type.angular:
            axis = Axis(first.text, around=centre_of(lines))
        self.plot.show(
            *(
                Series(first.title, first.unit, samples, name)
                for samples, name in zip(lines, names, strict=True)
            ),
            axis=axis,
        )
        notes = [first.summary(lines[0]) if len(lines) == 1 else self._means(lines)]
        if not whole:
            notes.insert(0, f"{_length(window[1] - window[0])} of {_length(high - low)}")
        if archived:
            notes.append(f"more is in the archive, {key_for('sessions.refresh')} asks again")
        title = names[0] if len(names) == 1 else f"{names[0]} +{len(names) - 1}"
        self.show_title(title, " · ".join(note for note in notes if note))

    def _means(self, lines: list[list[tuple[float, float]]]) -> str:
        means = [
            f"{letter} {curve.mean(samples)}"
            for letter, curve, samples in zip(LETTERS, self._curves, lines, strict=False)
        ]
        return f"mean {', '.join(means)} {self._curves[0].unit}".rstrip()

    # -- commands -------------------------------------------------------------------------------

    @on(CurvePlot.Zoomed)
    def _zoomed(self, message: CurvePlot.Zoomed) -> None:
        message.stop()
        self._zoom(message.factor)

    async def command_plot(self) -> None:
        """Choose the device and type that is plotted."""
        from tui.screens.sessions.dialogs import choose_curve

        opened = self._opened
        if opened is None:
            self.flash(NOT_READ, "warn")
            return
        if not opened.state.serial_numbers:
            self.flash("There is no device to plot the data of.", "warn")
            return
        chosen = await choose_curve(self, self.room, opened, self._what)
        if chosen is not None:
            self._plot_what(chosen)

    async def command_compare(self) -> None:
        """Two to four devices in one plot, or one again."""
        from tui.screens.sessions.dialogs import choose_beside

        opened = self._opened
        if opened is None:
            self.flash(NOT_READ, "warn")
            return
        if len(opened.state.serial_numbers) < 2:
            self.flash("The session has no two devices: there is nothing to compare.", "warn")
            return
        chosen = await choose_beside(self, opened, self._plotted(opened))
        if chosen is not None:
            # The one that was plotted stays the first where it is among them.
            first = self._what[0] if self._what[0] in chosen else chosen[0]
            self._beside = [one for one in chosen if one != first]
            self._plot_what((first, *self._what[1:]))

    def command_axis(self) -> None:
        """The next axis of what is plotted, such as latitude after longitude."""
        count = len(self._curves[0].type.axes) if self._curves else 0
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
