"""One row of the wall large: a line over its extremes, axes, and statistics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from itertools import zip_longest
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.live.derived import SIGN
from tui.live.figures import spread
from tui.live.units import relative
from tui.screens.live.angles import nearest_turn, sailed_off, scale_off_bow
from tui.screens.live.numbers import (
    NOTHING,
    age_text,
    axis_text,
    clock_text,
    distinct_texts,
    since_text,
    unit_text,
    value_text,
)
from tui.screens.live.row import WHOLE_CIRCLE, Row
from tui.screens.live.rows import RowSpec
from tui.screens.live.runs import Runs, changed_regions, strip_of
from tui.screens.live.window import Frame, frame_of, window_text
from tui.widgets.cells import fit
from tui.widgets.palette import Role, palette_of
from tui.widgets.plot_lines import plot_lines
from tui.widgets.sparkline_cells import GlyphSet, buckets_per_cell, scale_of
from tui.widgets.track_cells import SUSPECT
from tui.workspace.live.presets import Arrangement

if TYPE_CHECKING:
    from tui.live.figures import Statistics
    from tui.live.store import FeedStore
    from tui.live.views import View
    from tui.workspace.live.live import DataType

AXIS = 9
AROUND = 5
"""Lines that are not of the graph."""
EVERY = 0.5
"""Seconds between two pictures: a large one is worth more cells than a row."""


Band = tuple[float, float] | None
"""Lowest and highest in a column; None where nothing is."""


class Sight(NamedTuple):
    """What is to be drawn: out of which store, arranged how, of which moments in ms."""

    store: FeedStore
    arrangement: Arrangement
    now: int
    held: int | None
    cursor: int | None
    marked: Sequence[int] = ()
    """Moments that somebody marked."""


class Large(Widget):
    """The row under the wall's cursor; drawn by `tick`, and only the cells that changed."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    Large { height: 1fr; width: 1fr; background: $background; }
    """

    class Resized(Message):
        """There is more or less room, or any at all."""

    def __init__(self, glyphs: GlyphSet, where: tzinfo, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._glyphs = glyphs
        self._where = where
        self._row: Row | None = None
        self._lines: Sequence[Runs] = []
        self._next = 0.0
        self._arrangement: Arrangement | None = None
        self._asked: tuple[int | None, int | None, Sequence[int]] | None = None
        self.alive = True
        """Whether its series still comes."""

    def show(self, spec: RowSpec | None) -> None:
        """Show another series."""
        if spec is None or self._row is None or self._row.spec.id != spec.id:
            self._row = None if spec is None else Row(spec, self._glyphs)
        else:
            self._row.spec = spec  # a device may have got another name
        self._next = 0.0
        self.alive = True

    def tick(
        self,
        store: FeedStore,
        arrangement: Arrangement,
        now: int,
        clock: float,
        *,
        held: int | None,
        cursor: int | None,
        marked: Sequence[int] = (),
    ) -> int:
        """Draw what is new, at most twice a second; another arrangement, another stretch of time,
        cursor or mark at once. How many cells.
        """
        if arrangement is not self._arrangement:
            self._arrangement, self._next = arrangement, 0.0
            if self._row is not None:
                self._row.forget()
        # A recording knows its marks from the start: those that are still to come are ahead.
        marked = [time for time in marked if time <= now]
        # Of a picture that is held nothing would draw it later.
        if (asked := (held, cursor, marked)) != self._asked:
            self._asked, self._next = asked, 0.0
        if self._row is None or clock < self._next or not self.content_size.width:
            return 0
        self._next = clock + EVERY
        sight = Sight(store, arrangement, now, held, cursor, marked)
        before, self._lines = self._lines, self._draw(self._row, sight)
        regions = changed_regions(before, self._lines, self.content_size.width)
        if regions:
            self.refresh(*regions)
        return sum(region.width for region in regions)

    def _draw(self, row: Row, sight: Sight) -> Sequence[Runs]:
        """All lines: what it is, the graph beside its scale, the times below it, statistics."""
        (width, height), kind = self.content_size, row.spec.kind
        if kind is None or row.spec.key is None:
            return [[(fit(f"  {row.spec.device} has sent nothing yet.", width), "muted")]]
        window = sight.arrangement.window
        chart, room = max(4, width - AXIS - 1), max(2, height - AROUND)
        per_cell = buckets_per_cell(self._glyphs)
        frame = frame_of(window, chart * per_cell, per_cell, sight.now, sight.held)
        row.take(sight.store, frame, sight.arrangement)
        bands = bands_of(row, row.view(sight.store, frame), smooth=sight.arrangement.smooth)
        scale = scale_in(row, sight.arrangement, bands)
        name = f"{SIGN}{kind.name}" if row.spec.derived else kind.name
        graph = plot_lines(bands, height=room, glyphs=self._glyphs, low=scale[0], high=scale[1])
        graph = self._crossed([line.ljust(chart) for line in graph], frame, sight.cursor)
        for number, time in enumerate(sight.marked, start=1):
            graph = self._marked(graph, frame, time, number)
        graph = self._suspected(graph, frame, suspects_of(row, sight.store, frame), scale)
        return [
            [
                (f"  {row.spec.device}  ", "strong"),
                (
                    fit(f"{name} · {window_text(window)}", width),
                    "muted",
                ),
            ],
            *self._beside_scale(graph, row, scale, sight.arrangement.unit),
            self._times(frame, window, chart),
            [("", "text")],
            *self._statistics(row, kind, frame, sight),
        ]

    @property
    def _bar(self) -> str:
        return "|" if self._glyphs == "ascii" else "│"

    def _crossed(self, graph: list[str], frame: Frame, cursor: int | None) -> list[str]:
        """The graph with the cursor in time, where it lies in the frame, behind what is drawn."""
        place = None if cursor is None else frame.column_of(cursor)
        if place is None:
            return graph
        cell = place // buckets_per_cell(self._glyphs)
        return [
            line[:cell] + self._bar + line[cell + 1 :] if line[cell] == " " else line
            for line in graph
        ]

    def _suspected(
        self,
        graph: list[str],
        frame: Frame,
        suspects: Sequence[tuple[int, float]],
        scale: tuple[float, float],
    ) -> list[str]:
        """The graph with what is left out of it, at the edge where it lies beyond the scale."""
        (low, high), last = scale, len(graph) - 1
        for time, value in suspects:
            place = frame.column_of(time)
            if place is None or high <= low:
                continue
            share = min(1.0, max(0.0, (value - low) / (high - low)))
            cell, y = place // buckets_per_cell(self._glyphs), round((1 - share) * last)
            graph[y] = graph[y][:cell] + SUSPECT + graph[y][cell + 1 :]
        return graph

    def _marked(self, graph: list[str], frame: Frame, time: int, number: int) -> list[str]:
        """The graph with a marked moment, where it lies in the frame: its number above a line."""
        place = frame.column_of(time)
        if place is None:
            return graph
        cell = place // buckets_per_cell(self._glyphs)
        bar = ":" if self._glyphs == "ascii" else "┊"
        first, *rest = graph
        sign = str(number % 10)
        return [
            first[:cell] + sign + first[cell + 1 :],
            *(line[:cell] + bar + line[cell + 1 :] if line[cell] == " " else line for line in rest),
        ]

    def _beside_scale(
        self, graph: list[str], row: Row, scale: tuple[float, float], unit: str
    ) -> Sequence[Runs]:
        """The graph's lines, with the values at its top, in its middle and at its bottom."""
        (low, high), last = scale, len(graph) - 1
        middle, kind = len(graph) // 2, row.spec.kind
        assert kind is not None
        marked = {0: high, middle: high - (high - low) * middle / last, last: low}
        if row.sided:
            texts = [f"{one:.0f}" for one in marked.values()]
        else:
            texts = distinct_texts(kind, tuple(marked.values()), unit)
        labels = dict(zip(marked, texts, strict=True))
        return [
            [(f"{labels.get(y, ''):>{AXIS - 1}}{self._bar}", "muted"), (line, "primary")]
            for y, line in enumerate(graph)
        ]

    def _times(self, frame: Frame, window: int, chart: int) -> Runs:
        """When the graph begins and ends."""
        start, end = (axis_text(time, window, self._where) for time in (frame.start, frame.end))
        gap = max(1, chart - len(start) - len(end))
        return [(" " * AXIS + start + " " * gap + end, "muted")]

    def _statistics(self, row: Row, kind: DataType, frame: Frame, sight: Sight) -> Sequence[Runs]:
        """What the samples of the frame come to, as many to a line as fit."""
        key, axis, unit = row.spec.key, row.spec.axis, sight.arrangement.unit
        if key is None:
            return []
        found = sight.store.statistics(key, frame.start, frame.end, axis)
        if found is None:
            self.alive = False
            last = sight.store.last(key)
            when = "" if last is None else since_text(last[0], sight.now, self._where)
            said = f" The last was at {when}." if when else ""
            return [[(f"  No samples in this window.{said}", "warn")]]
        shown = unit_text(kind, unit)
        texts: list[tuple[str, str]] = [
            ("last", f"{value_text(kind, found.last, unit)} {shown}"),
            ("age", self._age(row, found.last_time, sight.now)),
            *_extent(row, found, sight, frame),
            ("samples", f"{found.count:,}"),
        ]
        if suspects := suspects_of(row, sight.store, frame):
            texts.append(("left out", f"{len(suspects)} ({SUSPECT})"))
        if sight.cursor is not None:
            there = sight.store.value_at(key, sight.cursor)
            value = NOTHING if there is None else value_text(kind, there[1][axis], unit)
            texts.insert(0, (f"at {clock_text(sight.cursor, self._where)}", f"{value} {shown}"))
        return flowed(texts, self.content_size.width)

    def _age(self, row: Row, time: int, now: int) -> str:
        """How old the newest sample is; the time of day once it is late."""
        age = max(0, now - time)
        self.alive = age <= row.late_after
        return age_text(age) if self.alive else since_text(time, now, self._where)

    def on_resize(self) -> None:
        """Other columns; have it drawn now: of a picture that is held nothing would later."""
        if self._row is not None:
            self._row.forget()
        self._next = 0.0
        self._lines = []
        self.refresh()
        self.post_message(self.Resized())

    def render_line(self, y: int) -> Strip:
        """One line of the picture."""
        width = self.content_size.width
        runs = self._lines[y] if y < len(self._lines) else ()
        return strip_of(runs, width, palette_of(self.app))


def suspects_of(row: Row, store: FeedStore, frame: Frame) -> list[tuple[int, float]]:
    """What of a row's series stands apart within a frame: time and value."""
    key = row.spec.key
    series = None if key is None else store.series(key)
    apart = [] if series is None else series.suspects(frame.start, frame.end)
    return [(time, values[row.spec.axis]) for time, values in apart]


def bands_of(row: Row, view: View | None, *, smooth: bool) -> list[Band]:
    """From lowest to highest, column by column; where they are smoothed the value alone."""
    columns = [] if view is None else view.columns
    shown = row.values.shown[: len(columns)]
    bands: list[Band] = []
    for place, (value, column) in enumerate(zip_longest(shown, columns)):
        if view is None or column is None or smooth:
            bands.append(None if value is None else (value, value))
        else:
            low, high = column.low, column.high
            if row.sided:
                low, high, _ = sailed_off(column, place, view.samples)
            elif row.circular and value is not None:
                turn = nearest_turn(column.mean, value)
                low, high = low + turn, high + turn
            bands.append((low, high))
    return bands


def scale_in(row: Row, arrangement: Arrangement, bands: list[Band]) -> tuple[float, float]:
    """The fixed scale where one is wanted and there is one; of directions one around their middle;
    else round numbers around all.
    """
    edges = [edge for band in bands if band is not None for edge in band]
    fixed = row.fixed_scale(arrangement)
    if fixed is not None:
        return fixed
    if row.sided:
        return scale_off_bow(edges)
    if row.circular:
        return row.directions(WHOLE_CIRCLE if arrangement.scale == "fixed" else 0.0, edges)
    return scale_of(edges)


def _extent(row: Row, found: Statistics, sight: Sight, frame: Frame) -> Sequence[tuple[str, str]]:
    """Lowest, mean, highest and spread: of angles to the wind, of how far off the bow they are."""
    kind, key, unit = row.spec.kind, row.spec.key, sight.arrangement.unit
    assert kind is not None
    assert key is not None
    if row.sided:
        _, axes = sight.store.samples(key, frame.start, frame.end)
        values = [abs(relative(one)) for one in axes[row.spec.axis]] if axes else []
        if not values:
            return [("min", NOTHING), ("mean", NOTHING), ("max", NOTHING)]
        numbers = (min(values), fmean(values), max(values))
        texts, deviation = [f"{one:.0f}" for one in numbers], f"{spread(values):.1f}"
    else:
        texts = [value_text(kind, one, unit) for one in (found.low, found.mean, found.high)]
        if kind.angular and found.high - found.low >= 180:
            # Directions that lie all around have no extremes.
            texts[0] = texts[2] = NOTHING
        # A spread is a length, not a place on the circle.
        deviation = (
            f"{found.deviation:.1f}" if kind.angular else value_text(kind, found.deviation, unit)
        )
    return [*zip(("min", "mean", "max"), texts, strict=True), ("deviation", deviation)]


def flowed(texts: Sequence[tuple[str, str]], width: int) -> Sequence[Runs]:
    """Names with their values on as few lines as they need."""
    lines: list[list[tuple[str, Role]]] = []
    left = 0
    for name, text in texts:
        size = cell_len(name) + 1 + cell_len(text)
        if size > left:
            lines.append([("  ", "text")])
            left = width - 2
        lines[-1] += [(f"{name} ", "muted"), (f"{text}   ", "strong")]
        left -= size + 3
    return lines
