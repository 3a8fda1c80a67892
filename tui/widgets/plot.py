"""A line of values over time on several lines of the screen, with its axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from math import inf, isfinite
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.cells import clip_name, fit
from tui.widgets.palette import Role, palette_of
from tui.widgets.plot_lines import Band, spread, spread_around
from tui.widgets.plot_overlaid import LETTERS, ROLES, overlaid
from tui.widgets.sparkline_cells import GlyphSet, dots_per_cell, scale_of, span_of
from tui.workspace.text import clean

AXIS_WIDTH = 9


class Series(NamedTuple):
    """Values at moments (seconds since 1970, ascending), what they are and in which unit; `name`
    says whose they are where several lie over each other.
    """

    title: str
    unit: str
    samples: Sequence[tuple[float, float]]
    name: str = ""


def _can_be_drawn(sample: tuple[float, float]) -> bool:
    # Clocks at zero are measured too, but no calendar has room for the year 10,000.
    return isfinite(sample[1]) and 0 <= sample[0] < 250_000_000_000


def number_text(value: float) -> str:
    """A number of an axis in at most eight cells."""
    if value == 0:
        return "0"
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return text if len(text) <= 8 else f"{value:.2g}"


class Axis(NamedTuple):
    """How values are written; angles in degrees are drawn `around` a direction, other values on a
    scale of their own.
    """

    label: Callable[[float], str]
    around: float | None = None


NUMBERS = Axis(number_text)
HALF_TURN = 180.0
TENS = 10
"""Degrees to which the middle of a scale of angles is rounded."""


class Plot(Widget):
    """Up to four series with one value axis at the left and one time axis below."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    Plot { height: 1fr; width: 1fr; }
    """

    def __init__(
        self,
        series: Series | None = None,
        *,
        glyphs: GlyphSet = "braille",
        zone: tzinfo | None = None,
        empty: str = "Nothing was measured.",
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._series: tuple[Series, ...] = () if series is None else (series,)
        self._axis = NUMBERS
        self._glyphs: GlyphSet = glyphs
        self._zone = zone
        self._empty = empty
        self._tells = series is not None
        """Whether it is known what there is: until then nothing is said of it."""
        self._lines: list[list[tuple[str, Role]]] = []
        self._drawn_for: tuple[int, int] | None = None

    def show(self, *series: Series, axis: Axis = NUMBERS) -> None:
        """Draw other series, of the same unit; none for nothing."""
        self._series = series
        self._tells = True
        self._axis = axis
        self._drawn_for = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the plot."""
        width, height = self.content_size
        if self._drawn_for != (width, height):
            self._lines = self._draw(width, height)
            self._drawn_for = (width, height)
        palette = palette_of(self.app)
        pieces = self._lines[y] if y < len(self._lines) else [("", "text")]
        strip = Strip([Segment(text, palette.plain[role]) for text, role in pieces])
        return strip.adjust_cell_length(width, palette.plain["text"])

    def _draw(self, width: int, height: int) -> list[list[tuple[str, Role]]]:
        room, rows = width - AXIS_WIDTH - 1, height - 3
        drawable = [list(filter(_can_be_drawn, one.samples)) for one in self._series]
        ends = [moment for one in drawable if one for moment in (one[0][0], one[-1][0])]
        if not ends or room < 8 or rows < 1:
            text = "The window is too small." if ends else self._empty if self._tells else ""
            return [[(fit("  " + text, width), "muted")]]
        start, end = min(ends), max(ends)
        columns = room * dots_per_cell(self._glyphs)[0]
        centre, joined = self._axis.around, inf
        if centre is None:
            lines = [spread(one, start, end, columns) for one in drawable]
            low, high = scale_of(_edges(lines))
        else:
            centre, joined = round(centre / TENS) * TENS, HALF_TURN
            lines = [spread_around(one, start, end, columns, centre) for one in drawable]
            reach = max((abs(edge - centre) for edge in _edges(lines)), default=0.0)
            span = min(span_of(reach), HALF_TURN)
            low, high = centre - span, centre + span
        letters = LETTERS if len(lines) > 1 else ("",)
        graph = overlaid(
            lines, ROLES, letters, (room, rows), self._glyphs, (low, high), joined=joined
        )
        drawn = [self._heading(width)]
        for row, line in enumerate(graph):
            share = 1 - row / (rows - 1) if rows > 1 else 1.0
            labelled = row in (0, rows - 1) or (rows >= 5 and row == rows // 2)
            label = self._axis.label(low + share * (high - low)) if labelled else ""
            tick = "┤" if labelled else "│"
            axis: Role = "muted"
            drawn.append([(fit(label, AXIS_WIDTH - 1, "right") + " ", axis), (tick, "line"), *line])
        drawn.append([(" " * AXIS_WIDTH, "muted"), ("└" + "─" * room, "line")])
        drawn.append([(" " * (AXIS_WIDTH + 1) + self._times(start, end, room), "muted")])
        return drawn

    def _heading(self, width: int) -> list[tuple[str, Role]]:
        """What is drawn; of several whose line ends with which letter."""
        first = self._series[0]
        text = clean(f"{first.title} ({first.unit})" if first.unit else first.title)
        if len(self._series) < 2:
            return [(fit(text, width), "title")]
        most = width // len(self._series) - 2
        heading: list[tuple[str, Role]] = []
        for letter, role, one in zip(LETTERS, ROLES, self._series, strict=False):
            name = f"{letter} {clean(one.name)}"
            heading.append((clip_name(name, max(1, most)) + "  ", role))
        rest = width - sum(cell_len(name) for name, _ in heading)
        return [*heading, (fit(text, max(0, rest)), "title")]

    def _times(self, start: float, end: float, room: int) -> str:
        say = moment_text(end - start)
        first = say(datetime.fromtimestamp(start, self._zone))
        last = say(datetime.fromtimestamp(end, self._zone))
        middle = say(datetime.fromtimestamp((start + end) / 2, self._zone))
        if room < len(first) + len(last) + len(middle) + 4:
            return fit(first, max(0, room - len(last))) + last
        left = room // 2 - len(middle) // 2
        return fit(fit(first, left) + middle, room - len(last)) + last


def _edges(lines: Sequence[Sequence[Band]]) -> list[float]:
    return [edge for line in lines for band in line if band is not None for edge in band]


def moment_text(seconds: float) -> Callable[[datetime], str]:
    """How moments on an axis of this length read: with seconds, without, or with the day."""
    form = "%H:%M:%S" if seconds < 900 else "%H:%M" if seconds < 86_400 else "%m-%d %H:%M"
    return lambda moment: moment.strftime(form)
