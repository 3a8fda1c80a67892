"""One row of the wall large: a line over its extremes, axes, and statistics."""

from __future__ import annotations

from datetime import tzinfo
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.strip import Strip
from textual.widget import Widget

from tui.screens.live.chart import unwrapped
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
from tui.screens.live.row import NO_LIMITS, Row
from tui.screens.live.rows import RowSpec
from tui.screens.live.runs import changed_regions, strip_of
from tui.screens.live.window import frame_of, window_text
from tui.widgets.cells import fit
from tui.widgets.palette import Role, palette_of
from tui.widgets.plot import plot_lines
from tui.widgets.sparkline_cells import GlyphSet, buckets_per_cell, scale_of
from tui.workspace.live.presets import Arrangement

if TYPE_CHECKING:
    from tui.live.store import FeedStore

AXIS = 9
EVERY = 0.5
"""Seconds between two pictures: a large one is worth more cells than a row."""


class Large(Widget):
    """The row under the wall's cursor; drawn by `tick`, and only the cells that changed."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    Large { height: 1fr; width: 1fr; background: $background; }
    """

    def __init__(self, glyphs: GlyphSet, where: tzinfo, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._glyphs = glyphs
        self._where = where
        self._row: Row | None = None
        self._lines: list[list[tuple[str, Role]]] = []
        self._next = 0.0
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
    ) -> int:
        """Draw what is new, at most twice a second; how many cells."""
        if self._row is None or clock < self._next or not self.content_size.width:
            return 0
        self._next = clock + EVERY
        before, self._lines = self._lines, self._draw(store, arrangement, now, held, cursor)
        regions = changed_regions(before, self._lines, self.content_size.width)
        if regions:
            self.refresh(*regions)
        return sum(region.width for region in regions)

    def _draw(
        self,
        store: FeedStore,
        arrangement: Arrangement,
        now: int,
        held: int | None,
        cursor: int | None,
    ) -> list[list[tuple[str, Role]]]:
        row = self._row
        width, height = self.content_size
        if row is None or row.spec.kind is None or row.spec.key is None:
            name = "" if row is None else row.spec.device
            return [[(fit(f"  {name} has sent nothing yet.", width), "muted")]]
        kind, unit = row.spec.kind, arrangement.unit
        chart = max(4, width - AXIS - 1)
        per_cell = buckets_per_cell(self._glyphs)
        frame = frame_of(arrangement.window, chart * per_cell, per_cell, now, held)
        row.take(store, frame, arrangement)
        view = row.view(store, frame)
        columns = [] if view is None else view.columns
        centre = row.values.centre
        bands: list[tuple[float, float] | None] = []
        shown = [*row.values.shown, *[None] * (len(columns) - len(row.values.shown))]
        for value, column in zip(shown, columns, strict=False):
            if column is None or arrangement.smooth:
                bands.append(None if value is None else (value, value))
            else:
                turn = 0.0 if centre is None else unwrapped(column.mean, centre) - column.mean
                bands.append((column.low + turn, column.high + turn))
        limits = arrangement.limits.get(kind.id, NO_LIMITS)
        fixed = row.fixed_scale(limits) if arrangement.scale == "fixed" else None
        edges = [edge for band in bands if band is not None for edge in band]
        low, high = fixed or scale_of(edges)
        room = max(2, height - 5)
        picture = plot_lines(bands, height=room, glyphs=self._glyphs, low=low, high=high)
        if cursor is not None and (place := frame.column_of(cursor)) is not None:
            cell = place // per_cell
            mark = "|" if self._glyphs == "ascii" else "│"
            picture = [
                line[:cell] + mark + line[cell + 1 :]
                if line[cell : cell + 1] in (" ", "")
                else line
                for line in (one.ljust(chart) for one in picture)
            ]
        lines: list[list[tuple[str, Role]]] = [
            [
                (f"  {row.spec.device}  ", "strong"),
                (fit(f"{kind.name} · {window_text(arrangement.window)}", width), "muted"),
            ]
        ]
        marked = {0: high, room // 2: high - (high - low) * (room // 2) / (room - 1), room - 1: low}
        labels = dict(zip(marked, distinct_texts(kind, tuple(marked.values()), unit), strict=True))
        bar = "|" if self._glyphs == "ascii" else "│"
        for y, line in enumerate(picture):
            lines.append(
                [(f"{labels.get(y, ''):>{AXIS - 1}}{bar}", "muted"), (line.ljust(chart), "primary")]
            )
        start, end = (
            axis_text(time, arrangement.window, self._where) for time in (frame.start, frame.end)
        )
        gap = max(1, chart - len(start) - len(end))
        lines.append([(" " * AXIS + start + " " * gap + end, "muted")])
        lines.append([("", "text")])
        lines += self._statistics(store, row, unit, frame.start, frame.end, now, cursor)
        return lines

    def _statistics(
        self,
        store: FeedStore,
        row: Row,
        unit: str,
        start: int,
        end: int,
        now: int,
        cursor: int | None,
    ) -> list[list[tuple[str, Role]]]:
        spec = row.spec
        if spec.kind is None or spec.key is None:
            return []
        kind, shown = spec.kind, unit_text(spec.kind, unit)
        found = store.statistics(spec.key, start, end, spec.axis)
        if found is None:
            self.alive = False
            last = store.last(spec.key)
            when = (
                "" if last is None else f" The last was at {since_text(last[0], now, self._where)}."
            )
            return [[(f"  No samples in this window.{when}", "warn")]]
        # A spread is a length, not a place on the circle.
        deviation = (
            value_text(kind, found.deviation, unit)
            if not kind.angular
            else f"{found.deviation:.1f}"
        )
        texts: list[tuple[str, str]] = [
            ("last", f"{value_text(kind, found.last, unit)} {shown}"),
            ("age", self._age(row, found.last_time, now)),
            ("min", value_text(kind, found.low, unit)),
            ("mean", value_text(kind, found.mean, unit)),
            ("max", value_text(kind, found.high, unit)),
            ("deviation", deviation),
            ("samples", f"{found.count:,}"),
        ]
        if cursor is not None:
            there = store.value_at(spec.key, cursor)
            value = NOTHING if there is None else value_text(kind, there[1][spec.axis], unit)
            texts.insert(0, (f"at {clock_text(cursor, self._where)}", f"{value} {shown}"))
        lines: list[list[tuple[str, Role]]] = []
        left = 0
        for name, text in texts:
            size = cell_len(name) + 1 + cell_len(text)
            if size > left:
                lines.append([("  ", "text")])
                left = self.content_size.width - 2
            lines[-1] += [(f"{name} ", "muted"), (f"{text}   ", "strong")]
            left -= size + 3
        return lines

    def _age(self, row: Row, time: int, now: int) -> str:
        """How old the newest sample is; the time of day once it is late."""
        age = max(0, now - time)
        self.alive = age <= row.late_after
        return age_text(age) if self.alive else since_text(time, now, self._where)

    def on_resize(self) -> None:
        """Other columns."""
        if self._row is not None:
            self._row.forget()
        self._next = 0.0
        self._lines = []
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the picture."""
        width = self.content_size.width
        runs = self._lines[y] if y < len(self._lines) else ()
        return strip_of(runs, width, palette_of(self.app))
