"""The plot of a session's data: one curve, zoomed and moved in time."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

from textual import events

from tui.widgets.panel import Panel
from tui.widgets.plot import Plot, Series
from tui.widgets.sparkline_cells import GlyphSet
from tui.workspace.times import span_text

if TYPE_CHECKING:
    from tui.workspace.sessions.curves import Curve

SHORTEST = 10.0
"""Seconds that are shown at least."""


class CurvePlot(Plot, can_focus=True):
    """A plot that takes the focus, so that the footer shows its keys; the wheel zooms."""

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Closer."""
        event.stop()
        self._panel.zoom(0.5)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Wider."""
        event.stop()
        self._panel.zoom(2.0)

    @property
    def _panel(self) -> SessionPlot:
        return next(one for one in self.ancestors if isinstance(one, SessionPlot))


class SessionPlot(Panel):
    """The plot under its title, which says what is plotted, and how much of it is shown."""

    def __init__(self, glyphs: GlyphSet, zone: tzinfo) -> None:
        self._plot = CurvePlot(
            glyphs=glyphs, zone=zone, empty="Nothing was measured in this time.", id="curve"
        )
        super().__init__(self._plot, "Plot", id="plot")
        self._curve: Curve | None = None
        self._device = ""
        self._shown = (0.0, 0.0)

    def show_curve(self, curve: Curve, name: str) -> None:
        """Plot a curve; the same one that came again keeps what is zoomed into."""
        before = self._curve
        same = before is not None and (before.serial, before.type.id, before.axis) == (
            curve.serial, curve.type.id, curve.axis
        )  # fmt: skip
        self._curve, self._device = curve, name
        low, high = self._whole
        kept = (max(low, self._shown[0]), min(high, self._shown[1]))
        self._draw(kept if same and kept[1] - kept[0] >= SHORTEST else (low, high))

    def show_nothing(self, text: str, hint: str) -> None:
        """Say why there is no plot."""
        self._curve = None
        self.show_title("Plot")
        self.show_empty(text, hint)

    @property
    def axes(self) -> int:
        """How many axes what is plotted has."""
        return len(self._curve.type.axes) if self._curve is not None else 0

    @property
    def _whole(self) -> tuple[float, float]:
        samples = self._curve.samples if self._curve is not None else []
        return (samples[0][0], samples[-1][0]) if samples else (0.0, 0.0)

    def zoom(self, factor: float) -> None:
        """Show `factor` of the time that is shown, around its middle."""
        low, high = self._whole
        start, end = self._shown
        span = max(SHORTEST, (end - start) * factor)
        if span >= high - low:
            self._draw((low, high))
            return
        begin = min(max(low, (start + end - span) / 2), high - span)
        self._draw((begin, begin + span))

    def move_by(self, share: float) -> None:
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
            self.show_empty("Its data is being taken out of the archive.", "r asks again.")
            return
        self.show_content()
        self._plot.show(Series(curve.title, curve.unit, samples))
        notes = [curve.summary(samples)]
        if window != (low, high):
            notes.insert(0, f"{_length(window[1] - window[0])} of {_length(high - low)}")
        if curve.archived:
            notes.append("more is in the archive, r asks again")
        self.show_title(self._device, " · ".join(note for note in notes if note))


def _length(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{span_text(seconds)} h"
