"""What of the wall has changed since it was last drawn. No Textual: changes of cells come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from tui.screens.live.fixed import fleet_range
from tui.screens.live.layout import Layout
from tui.screens.live.lines import number_pieces
from tui.screens.live.row import WHOLE_CIRCLE, Row
from tui.screens.live.rows import BOATS, RowSpec
from tui.screens.live.window import Frame, frame_of
from tui.widgets.palette import Role
from tui.widgets.sparkline_cells import GlyphSet, buckets_per_cell
from tui.workspace.live.presets import Arrangement

if TYPE_CHECKING:
    from tui.live.store import FeedStore

NUMBERS_EVERY = 0.5
"""Seconds between two looks at a row's numbers: nobody reads faster, and the link is thin."""
SUMMARY_EVERY = 1.0
UNLIMITED = 1 << 30

Paint = Role | int
"""What a text is drawn as: a role, or one of the eight levels of a graph."""


class Change(NamedTuple):
    """Cells that differ: `line` counts the lines below the header from 0, `left` its cells."""

    line: int
    left: int
    runs: Sequence[tuple[str, Paint]]
    width: int


class Drawn(NamedTuple):
    """What a tick found: changed cells, rows that changed as a whole, and what is left over.

    `rest` is for how many seconds all stays as it is without any news.
    """

    changes: list[Change]
    rows: list[int]
    header: bool
    left_over: bool
    rest: float
    bars: tuple[int, ...] = ()
    """Cells of the graphs in which the cursor in time stood or stands, where it has moved."""

    @property
    def cells(self) -> int:
        """How many cells that are, the whole rows not counted."""
        return sum(change.width for change in self.changes)


class Drawing:
    """The visible rows' state."""

    def __init__(self, glyphs: GlyphSet, where: tzinfo) -> None:
        self.glyphs = glyphs
        self.arrangement = Arrangement()
        self.store: FeedStore | None = None
        self.layout = Layout(0, 0, 0, 0, 0)
        self.tall = 1
        """Lines of the terminal a row: two where there is room for that; name and numbers stand on
        the last, which a graph stands on."""
        self.held: int | None = None
        self.cursor: int | None = None
        self.frame: Frame | None = None
        self._where = where
        self._rows: dict[tuple[str, int, int, int], Row] = {}
        self._scales: dict[object, tuple[float, float]] = {}
        self._spans: dict[object, float] = {}
        self._fixed: dict[object, tuple[float, float]] = {}
        self.parts: Mapping[str, int] = {}
        """Which devices are no boats, and what they are."""
        self.filling: frozenset[str] = frozenset()
        """Devices whose time is being filled from the archive."""
        self.reckoning = False
        """Whether derived rows that are new are not reckoned up to now yet."""
        self._next = 0

    @property
    def ascii_only(self) -> bool:
        """Whether only ASCII may be drawn."""
        return self.glyphs == "ascii"

    @property
    def per_cell(self) -> int:
        """Columns in a cell."""
        return buckets_per_cell(self.glyphs)

    def frame_at(self, now: int) -> Frame:
        """The columns that are shown at a time."""
        size = self.layout.chart * self.per_cell
        return frame_of(self.arrangement.window, size, self.per_cell, now, self.held)

    def forget(self, *, everything: bool = False) -> None:
        """Draw everything anew at the next tick; `everything` forgets the rows' state too."""
        if everything:
            self._rows.clear()
        for row in self._rows.values():
            row.forget()
        self._scales.clear()
        self._spans.clear()
        self.frame = None
        self._next = 0

    def keep(self, specs: Sequence[RowSpec]) -> None:
        """Forget the rows that are not among these."""
        wanted = {spec.id for spec in specs}
        self._rows = {name: row for name, row in self._rows.items() if name in wanted}
        self._next = 0

    def row(self, spec: RowSpec) -> Row:
        """The state of a visible row."""
        row = self._rows.get(spec.id)
        if row is None:
            row = self._rows[spec.id] = Row(spec, self.glyphs, self.tall)
        row.spec = spec  # a device may have got another name
        return row

    def read_anew(self, *, summed: bool = False) -> None:
        """Read all numbers at the next tick; `summed` those of the window too."""
        for row in self._rows.values():
            row.numbers_at = 0.0
            if summed:
                row.summary_at = 0.0

    def read_derived(self) -> None:
        """Read the numbers of derived rows at the next tick: they are reckoned up to now."""
        for row in self._rows.values():
            if row.spec.derived:
                row.numbers_at = 0.0

    @property
    def cursor_cell(self) -> int | None:
        """The cell of the graphs that the cursor in time stands on, where it is in the window."""
        if self.cursor is None or self.frame is None:
            return None
        place = self.frame.column_of(self.cursor)
        return None if place is None else place // self.per_cell

    def tick(
        self, specs: Sequence[RowSpec], now: int, clock: float, limit: int = UNLIMITED
    ) -> Drawn:
        """Find what is new at `now`; rows beyond `limit` cells are left for the next tick.

        `clock` is in seconds on any steady clock: it paces the numbers.
        """
        drawn = Drawn([], [], False, False, inf)
        store, count = self.store, len(specs)
        if store is None or not count:
            return drawn
        frame = self.frame_at(now)
        moved = self.frame is None or frame[:3] != self.frame[:3]
        bars: tuple[int, ...] = ()
        if moved:
            # A new stretch of time: scales may shrink again.
            self._scales.clear()
            self._spans.clear()
            before, self.frame = self.cursor_cell, frame
            bars = tuple({one for one in (before, self.cursor_cell) if one is not None})
        self.frame = frame
        changes, whole = drawn.changes, drawn.rows
        cells, rest = 0, inf
        for step in range(count):
            place = (self._next + step) % count
            if cells >= limit:
                self._next = place
                return Drawn(changes, whole, moved, True, 0.0, bars)
            row = self.row(specs[place])
            cells += self._draw(row, place, frame, store, specs, changes)
            cells += self._read(row, place, now, clock, store, drawn)
            rest = min(rest, row.rest)
        self._next = 0
        return Drawn(changes, whole, moved, False, rest, bars)

    # -- graphs -----------------------------------------------------------------------------------

    def _draw(
        self,
        row: Row,
        place: int,
        frame: Frame,
        store: FeedStore,
        specs: Sequence[RowSpec],
        changes: list[Change],
    ) -> int:
        since = row.take(store, frame, self.arrangement)
        if since is None and row.key_of_scale is not None:
            known = self._scales.get(row.key_of_scale)
            if known is None or known == row.scale:
                return 0
        scale, moved = self._scale_of(row, since)
        if scale != row.scale:
            row.scale, since = scale, 0
        if since is None:
            return 0
        cells = self._change(row, place, since, changes)
        if moved:
            for other_place, spec in enumerate(specs):
                other = self._rows.get(spec.id)
                if other is None or other is row or not other.chart.text:
                    continue
                if other.key_of_scale == row.key_of_scale and other.scale != scale:
                    other.scale = scale
                    cells += self._change(other, other_place, 0, changes)
        return cells

    def _change(self, row: Row, place: int, since: int, changes: list[Change]) -> int:
        changed = row.draw(since, self.layout.chart)
        if not changed:
            return 0
        left, chart = self.layout.name + changed.start, row.chart
        for number in range(self.tall):
            runs: Sequence[tuple[str, Paint]]
            if row.stale:
                runs = [(chart.line(number)[changed.start : changed.stop], "muted")]
            else:
                runs = chart.runs(changed, number)
            changes.append(Change(place * self.tall + number, left, runs, len(changed)))
        return len(changed) * self.tall

    def _scale_of(self, row: Row, since: int | None) -> tuple[tuple[float, float], bool]:
        """The scale that a row is drawn to, and whether others share its change."""
        kind, wanted = row.spec.kind, self.arrangement.scale
        row.key_of_scale = None
        if kind is None:
            return row.scale, False
        fixed = row.fixed_scale(self.arrangement, self._fleet_scale(row))
        if fixed is not None:
            return fixed, False
        # What is no boat would press the boats into a line.
        name: object = row.spec.id if wanted == "auto" else (kind.id, row.spec.part)
        if row.circular and not row.sided:
            return self._around(row, name, since), False
        row.key_of_scale = name
        known = self._scales.get(name)
        if known is None:
            known = row.own_scale()
        elif since is not None:
            seen = row.bounds(since)
            if seen is None or (seen[0] >= known[0] and seen[1] <= known[1]):
                return known, False
            own = row.own_scale()
            known = (min(known[0], own[0]), max(known[1], own[1]))
        moved = self._scales.get(name) != known
        self._scales[name] = known
        return known, moved and wanted != "auto"

    def _fleet_scale(self, row: Row) -> tuple[float, float] | None:
        """Where fixed scales are wanted, what most of the fleet had when it was first drawn."""
        if self.arrangement.scale != "fixed":
            self._fixed.clear()
            return None
        store, frame, spec = self.store, self.frame, row.spec
        if store is None or frame is None or spec.key is None:
            return None
        name = (id(store), spec.key.type, spec.axis, spec.part)
        known = self._fixed.get(name)
        if known is None:
            parts, type_ = self.parts, spec.key.type
            alike = [
                key
                for key in store
                if key.type == type_ and parts.get(key.serial, BOATS) == spec.part
            ]
            known = fleet_range(store, alike, spec.axis, frame.start, frame.end)
            if known is not None:
                self._fixed[name] = known
        return known

    def _around(self, row: Row, name: object, since: int | None) -> tuple[float, float]:
        """The scale of a row of directions. Boats sail in different ones, so each row has a middle
        of its own; rows that share a scale reach equally far to both sides.
        """
        least = self._spans.get(name, 0.0)
        if since is None and (row.scale[1] - row.scale[0]) / 2 >= least:
            return row.scale
        if self.arrangement.scale == "fixed":
            least = WHOLE_CIRCLE
        low, high = row.directions(least)
        self._spans[name] = (high - low) / 2
        return low, high

    # -- numbers ----------------------------------------------------------------------------------

    def _read(
        self, row: Row, place: int, now: int, clock: float, store: FeedStore, drawn: Drawn
    ) -> int:
        if clock < row.numbers_at:
            return 0
        layout = self.layout
        summed = layout.stat > 0 and clock >= row.summary_at
        row.numbers_at = clock + NUMBERS_EVERY
        if summed:
            row.summary_at = clock + SUMMARY_EVERY
        before = row.numbers
        at = self.held if self.cursor is None else self.cursor
        if not row.read(
            store,
            self.arrangement,
            now,
            at,
            self._where,
            ascii_only=self.ascii_only,
            summed=summed,
            reckoning=self.reckoning,
            filling=self.filling,
        ):
            return 0
        if row.numbers.mark != before.mark:
            drawn.rows.append(place)
            return layout.width * self.tall
        cells, left = 0, layout.numbers
        pieces = number_pieces(row.numbers, layout)
        for old, new in zip(number_pieces(before, layout), pieces, strict=True):
            width = len(new.text)
            if old != new:
                drawn.changes.append(Change((place + 1) * self.tall - 1, left, [new], width))
                cells += width
            left += width
        return cells
