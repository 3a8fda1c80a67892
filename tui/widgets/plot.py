"""A line of values over time on several lines of the screen, with its axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from math import isfinite
from typing import NamedTuple

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.cells import fit
from tui.widgets.palette import palette_of
from tui.widgets.sparkline_cells import (
    Bucket,
    GlyphSet,
    dot_bit,
    dots_character,
    dots_per_cell,
    scale_of,
)
from tui.workspace.text import clean

AXIS_WIDTH = 9


class Series(NamedTuple):
    """Values at moments (seconds since 1970, ascending), what they are and in which unit."""

    title: str
    unit: str
    samples: Sequence[tuple[float, float]]


def _can_be_drawn(sample: tuple[float, float]) -> bool:
    # Clocks at zero are measured too, but no calendar has room for the year 10,000.
    return isfinite(sample[1]) and 0 <= sample[0] < 250_000_000_000


def number_text(value: float) -> str:
    """A number of an axis in at most eight cells."""
    if value == 0:
        return "0"
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return text if len(text) <= 8 else f"{value:.2g}"


def spread(
    samples: Sequence[tuple[float, float]], start: float, end: float, columns: int
) -> list[tuple[float, float] | None]:
    """For each of `columns` columns the lowest and the highest value within; None for a gap."""
    found: list[tuple[float, float] | None] = [None] * columns
    span = end - start
    for moment, value in samples:
        if not isfinite(value) or not start <= moment <= end:
            continue
        index = min(columns - 1, int((moment - start) / span * columns)) if span > 0 else 0
        here = found[index]
        found[index] = (
            (value, value) if here is None else (min(here[0], value), max(here[1], value))
        )
    return found


def plot_lines(
    columns: Sequence[tuple[float, float] | None],
    *,
    height: int,
    glyphs: GlyphSet,
    low: float,
    high: float,
) -> list[str]:
    """The plot from the top line down; in braille a cell takes two columns and four rows.

    Neighbouring columns are joined by a line; over a gap they are not.
    """
    across, down = dots_per_cell(glyphs)
    rows = height * down
    width = -(-len(columns) // across)
    dots = [[0] * width for _ in range(height)]

    def row_of(value: float) -> int:
        share = (value - low) / (high - low) if high > low else 0.5
        return round((1 - max(0.0, min(1.0, share))) * (rows - 1))

    before: tuple[int, int] | None = None
    for x, column in enumerate(columns):
        if column is None:
            before = None
            continue
        top, bottom = row_of(column[1]), row_of(column[0])
        here = (top, bottom)
        if before is not None:
            # Join to the column before, half of the way each would double the work for no gain.
            if top > before[1] + 1:
                top = before[1] + 1
            elif bottom < before[0] - 1:
                bottom = before[0] - 1
        for row in range(top, bottom + 1):
            dots[row // down][x // across] |= dot_bit(x % across, row % down, glyphs)
        before = here
    return ["".join(dots_character(cell, glyphs) for cell in line) for line in dots]


class Plot(Widget):
    """One series with a value axis at the left and a time axis below."""

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
        self._series = series
        self._glyphs: GlyphSet = glyphs
        self._zone = zone
        self._empty = empty
        self._lines: list[list[tuple[str, str]]] = []
        self._drawn_for: tuple[int, int] | None = None

    def show(self, series: Series | None) -> None:
        """Draw another series."""
        self._series = series
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

    def _draw(self, width: int, height: int) -> list[list[tuple[str, str]]]:
        series = self._series
        room, rows = width - AXIS_WIDTH - 1, height - 3
        samples = [] if series is None else list(filter(_can_be_drawn, series.samples))
        if series is None or not samples or room < 8 or rows < 1:
            text = self._empty if series is None or not samples else "The window is too small."
            return [[(fit("  " + text, width), "muted")]]
        start, end = samples[0][0], samples[-1][0]
        per_cell = 2 if self._glyphs == "braille" else 1
        columns = spread(samples, start, end, room * per_cell)
        values: list[Bucket] = [edge for column in columns if column for edge in column]
        low, high = scale_of(values)
        lines = plot_lines(columns, height=rows, glyphs=self._glyphs, low=low, high=high)
        heading = clean(f"{series.title} ({series.unit})" if series.unit else series.title)
        drawn: list[list[tuple[str, str]]] = [[(fit(heading, width), "title")]]
        for row, line in enumerate(lines):
            share = 1 - row / (rows - 1) if rows > 1 else 1.0
            labelled = row in (0, rows - 1) or (rows >= 5 and row == rows // 2)
            label = number_text(low + share * (high - low)) if labelled else ""
            tick = "┤" if labelled else "│"
            axis = (fit(label, AXIS_WIDTH - 1, "right") + " ", "muted")
            drawn.append([axis, (tick, "line"), (line, "primary")])
        drawn.append([(" " * AXIS_WIDTH, "muted"), ("└" + "─" * room, "line")])
        drawn.append([(" " * (AXIS_WIDTH + 1) + self._times(start, end, room), "muted")])
        return drawn

    def _times(self, start: float, end: float, room: int) -> str:
        say = moment_text(end - start)
        first = say(datetime.fromtimestamp(start, self._zone))
        last = say(datetime.fromtimestamp(end, self._zone))
        middle = say(datetime.fromtimestamp((start + end) / 2, self._zone))
        if room < len(first) + len(last) + len(middle) + 4:
            return fit(first, max(0, room - len(last))) + last
        left = room // 2 - len(middle) // 2
        return fit(fit(first, left) + middle, room - len(last)) + last


def moment_text(seconds: float) -> Callable[[datetime], str]:
    """How moments on an axis of this length read: with seconds, without, or with the day."""
    form = "%H:%M:%S" if seconds < 900 else "%H:%M" if seconds < 86_400 else "%m-%d %H:%M"
    return lambda moment: moment.strftime(form)
