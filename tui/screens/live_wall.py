"""The wall: one line a series, drawn by cells, of which only those that changed are written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.screens.live_layout import Layout, layout_of
from tui.screens.live_lines import header_segments, name_segments, number_pieces
from tui.screens.live_row import NO_LIMITS, Row
from tui.screens.live_rows import RowSpec
from tui.screens.live_window import Frame, frame_of
from tui.widgets.cells import fit
from tui.widgets.palette import palette_of
from tui.widgets.sparkline import level_segments
from tui.widgets.sparkline_cells import GlyphSet, buckets_per_cell
from tui.workspace.live_presets import Arrangement

if TYPE_CHECKING:
    from tui.live.store import FeedStore

NUMBERS_EVERY = 0.5
"""Seconds between two looks at a row's numbers: nobody reads faster, and the link is thin."""
SUMMARY_EVERY = 1.0
UNLIMITED = 1 << 30


class Tick(NamedTuple):
    """What a tick did: cells written, whether rows are left over, whether any row is alive."""

    cells: int
    left_over: bool
    alive: bool


class Wall(Widget, can_focus=True):
    """Rows of a store. `tick` draws what is new; nothing is drawn by itself."""

    ALLOW_SELECT = False

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", show=False),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", show=False),
        Binding("home,g", "edge(0)", "First", show=False),
        Binding("end,G", "edge(1)", "Last", show=False),
    ]

    DEFAULT_CSS = """
    Wall { height: 1fr; width: 1fr; background: $background; }
    """

    class Opened(Message):
        """A row was clicked twice."""

    class Moved(Message):
        """The cursor is on another row."""

    class Alarm(Message):
        """A value has gone beyond its limits."""

        def __init__(self, spec: RowSpec) -> None:
            super().__init__()
            self.spec = spec

    def __init__(self, glyphs: GlyphSet, where: tzinfo, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.glyphs = glyphs
        self.arrangement = Arrangement()
        self.store: FeedStore | None = None
        self.specs: list[RowSpec] = []
        self.index = 0
        self.top = 0
        self.held: int | None = None
        """The end of the window where it stands still; None follows the present."""
        self.cursor: int | None = None
        """The time that all rows are read at; None reads the newest values."""
        self._where = where
        self._rows: dict[tuple[str, int, int, int], Row] = {}
        self._scales: dict[object, tuple[float, float]] = {}
        self._frame: Frame | None = None
        self._header = ""
        self._next = 0
        self._now = 0

    # -- what is shown ----------------------------------------------------------------------------

    @property
    def ascii_only(self) -> bool:
        """Whether only ASCII may be drawn."""
        return self.glyphs == "ascii"

    @property
    def layout_now(self) -> Layout:
        """Where things stand at the present width."""
        return layout_of(self.content_size.width, by_type=self.arrangement.group == "type")

    @property
    def on_screen(self) -> Sequence[RowSpec]:
        """The rows that are on the screen."""
        return self.specs[self.top : self.top + self.room]

    @property
    def room(self) -> int:
        """How many rows fit below the header."""
        return max(0, self.content_size.height - 1)

    @property
    def chosen(self) -> RowSpec | None:
        """The row under the cursor."""
        return self.specs[self.index] if 0 <= self.index < len(self.specs) else None

    def frame(self, now: int) -> Frame:
        """The columns that are shown at a time."""
        per_cell = buckets_per_cell(self.glyphs)
        size = self.layout_now.chart * per_cell
        return frame_of(self.arrangement.window, size, per_cell, now, self.held)

    def show(self, specs: list[RowSpec], store: FeedStore | None, arrangement: Arrangement) -> None:
        """Show other rows; the cursor stays on its series where that is still there."""
        chosen = self.chosen
        moved = store is not self.store or len(specs) != len(self.specs)
        self.specs, self.store, self.arrangement = specs, store, arrangement
        if chosen is not None:
            same = (place for place, spec in enumerate(specs) if spec.id == chosen.id)
            self.index = next(same, min(self.index, max(0, len(specs) - 1)))
        self._keep_in_view()
        self.redraw(everything=moved)

    def redraw(self, *, everything: bool = False) -> None:
        """Draw everything anew at the next tick; `everything` also forgets the rows' state."""
        if everything:
            self._rows.clear()
        for row in self._rows.values():
            row.forget()
        self._scales.clear()
        self._frame = None
        self._next = 0
        self.refresh()

    def action_move(self, by: int) -> None:
        """Move the cursor by some rows."""
        self.go_to(self.index + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by half of what is seen."""
        self.go_to(self.index + by * max(1, self.room // 2))

    def action_edge(self, last: int) -> None:
        """Move the cursor to the first or the last row."""
        self.go_to(len(self.specs) - 1 if last else 0)

    def go_to(self, index: int) -> None:
        """Put the cursor on a row."""
        index = max(0, min(len(self.specs) - 1, index))
        if index == self.index:
            return
        before, top = self.index, self.top
        self.index = index
        self._keep_in_view()
        self.post_message(self.Moved())
        if top != self.top:
            self.refresh()
            self.tick(self._now, 0.0)
        else:
            width = self.layout_now.name
            lines = (1 + place - self.top for place in (before, index))
            self.refresh(*(Region(0, line, width, 1) for line in lines))

    def _keep_in_view(self) -> None:
        room = max(1, self.room)
        self.index = max(0, min(self.index, len(self.specs) - 1))
        top = min(max(self.top, self.index - room + 1), self.index)
        self.top = max(0, min(top, len(self.specs) - room))
        keep = {spec.id for spec in self.on_screen}
        self._rows = {name: row for name, row in self._rows.items() if name in keep}

    def on_resize(self) -> None:
        """Other widths, other columns."""
        self._keep_in_view()
        self.redraw(everything=True)
        self.tick(self._now, 0.0)

    # -- drawing ----------------------------------------------------------------------------------

    def tick(self, now: int, clock: float, limit: int = UNLIMITED) -> Tick:
        """Draw what is new at `now`; rows beyond `limit` cells are left for the next tick.

        `clock` is in seconds on any steady clock: it paces the numbers.
        """
        store, specs = self.store, self.on_screen
        self._now = now
        if store is None or not self.content_size.width or not specs:
            return Tick(0, False, False)
        frame = self.frame(now)
        if self._frame is None or frame[:3] != self._frame[:3]:
            # A new stretch of time: scales may shrink again.
            self._scales.clear()
            self._draw_header(frame)
        self._frame = frame
        cells, alive, count = 0, False, len(specs)
        for step in range(count):
            if cells >= limit:
                self._next = (self._next + step) % count
                return Tick(cells, True, True)
            place = (self._next + step) % count
            row = self.row(specs[place])
            cells += self._draw_row(row, place, frame, store)
            cells += self._read_row(row, place, now, clock, store)
            alive = alive or not row.stale
        self._next = 0
        return Tick(cells, False, alive)

    def row(self, spec: RowSpec) -> Row:
        """The state of a visible row."""
        row = self._rows.get(spec.id)
        if row is None:
            row = self._rows[spec.id] = Row(spec, self.glyphs)
            row.values.smooth = self.arrangement.smooth
        return row

    def _draw_row(self, row: Row, place: int, frame: Frame, store: FeedStore) -> int:
        since = row.take(store, frame)
        scale, moved = self._scale_of(row, since)
        if scale != row.scale or row.values.smooth != self.arrangement.smooth:
            row.scale, since = scale, 0
        if since is None:
            return 0
        changed = row.draw(since)
        if moved:
            self._rescale(row)
        if not changed:
            return 0
        self.refresh(Region(self.layout_now.name + changed.start, place + 1, len(changed), 1))
        return len(changed)

    def _scale_of(self, row: Row, since: int | None) -> tuple[tuple[float, float], bool]:
        """The scale that a row is drawn to, and whether others share its change."""
        kind = row.spec.kind
        if kind is None:
            return row.scale, False
        if self.arrangement.scale == "fixed":
            fixed = row.fixed_scale(self.arrangement.limits.get(kind.id, NO_LIMITS))
            if fixed is not None:
                return fixed, False
        shared = self.arrangement.scale == "shared"
        if row.circular and shared:
            # Directions of several boats have no common middle: the whole circle is shown.
            middle = 0.0 if kind.kind == "relative" else 180.0
            row.values.centre = middle
            return (middle - 180, middle + 180), False
        name: object = kind.id if shared else row.spec.id
        known = self._scales.get(name)
        if known is None:
            known = row.own_scale()
        elif since is not None and (seen := row.bounds(since)) is not None:
            if seen[0] >= known[0] and seen[1] <= known[1]:
                return known, False
            own = row.own_scale()
            known = (min(known[0], own[0]), max(known[1], own[1]))
        else:
            return known, False
        moved = self._scales.get(name) != known
        self._scales[name] = known
        return known, moved and shared

    def _rescale(self, changed: Row) -> None:
        """Draw the rows above again that share the scale; those below come after."""
        for place, spec in enumerate(self.on_screen):
            row = self._rows.get(spec.id)
            if row is None or row is changed or spec.kind is not changed.spec.kind:
                continue
            if row.chart.text and row.scale != changed.scale:
                row.scale = changed.scale
                cells = row.draw(0)
                if cells:
                    left = self.layout_now.name + cells.start
                    self.refresh(Region(left, place + 1, len(cells), 1))

    def _read_row(self, row: Row, place: int, now: int, clock: float, store: FeedStore) -> int:
        if clock < row.numbers_at:
            return 0
        summed = clock >= row.summary_at and self.layout_now.stat > 0
        row.numbers_at = clock + NUMBERS_EVERY
        if summed:
            row.summary_at = clock + SUMMARY_EVERY
        before, alarm = row.numbers, row.alarm
        changed = row.read(
            store, self.arrangement, now, self._read_at, self._where,
            ascii_only=self.ascii_only, summed=summed,
        )  # fmt: skip
        if row.alarm and row.alarm != alarm and self.cursor is None:
            self.post_message(self.Alarm(row.spec))
        if not changed:
            return 0
        if row.numbers.mark != before.mark:
            width = self.content_size.width
            self.refresh(Region(0, place + 1, width, 1))
            return width
        layout = self.layout_now
        cells, left = 0, layout.numbers
        regions = []
        for old, new in zip(
            number_pieces(before, layout), number_pieces(row.numbers, layout), strict=True
        ):
            if old != new:
                regions.append(Region(left, place + 1, len(new.text), 1))
                cells += len(new.text)
            left += len(new.text)
        self.refresh(*regions)
        return cells

    @property
    def _read_at(self) -> int | None:
        return self.held if self.cursor is None else self.cursor

    def _draw_header(self, frame: Frame) -> None:
        self._frame = frame
        self.refresh(Region(0, 0, self.content_size.width, 1))

    def render_line(self, y: int) -> Strip:
        """The header, or a row."""
        width = self.content_size.width
        palette = palette_of(self.app)
        layout = self.layout_now
        if y == 0:
            if self._frame is None:
                return Strip.blank(width, palette.plain["text"])
            segments = header_segments(
                layout, self._frame, self.cursor, self.arrangement, palette, self._where
            )
            return Strip(segments).adjust_cell_length(width, palette.plain["text"])
        place = y - 1
        specs = self.on_screen
        if place == 1 and not specs and self.store is not None:
            text = fit("  Nothing of the chosen types yet. t chooses types, d devices.", width)
            return Strip([Segment(text, palette.plain["muted"])], width)
        if place >= len(specs):
            return Strip.blank(width, palette.plain["text"])
        row = self.row(specs[place])
        first = place == 0 or not self._same_group(specs[place - 1], row.spec)
        segments = name_segments(
            row,
            layout,
            palette,
            by_type=self.arrangement.group == "type",
            first=first,
            chosen=self.top + place == self.index,
            focused=self.has_focus,
            ascii_only=self.ascii_only,
        )
        segments += self._chart_segments(row, layout)
        segments.append(Segment(" ", palette.plain["text"]))
        segments += [
            Segment(piece.text, palette.plain[piece.role])
            for piece in number_pieces(row.numbers, layout)
        ]
        return Strip(segments).adjust_cell_length(width, palette.plain["text"])

    def _same_group(self, one: RowSpec, other: RowSpec) -> bool:
        if self.arrangement.group == "device":
            return one.serial == other.serial
        return (one.kind and one.kind.id) == (other.kind and other.kind.id)

    def _chart_segments(self, row: Row, layout: Layout) -> list[Segment]:
        palette = palette_of(self.app)
        text = row.chart.text[: layout.chart].ljust(layout.chart)
        levels = row.chart.levels[: layout.chart].ljust(layout.chart, b"\0")
        cell = self._cursor_cell()
        if row.stale:
            segments = [Segment(text, palette.plain["muted"])]
            styles = (palette.plain["muted"],) * len(palette.levels)
        else:
            styles = palette.levels
            segments = level_segments(text, levels, styles)
        if cell is None or cell >= layout.chart:
            return segments
        return [
            *level_segments(text[:cell], levels[:cell], styles),
            Segment(text[cell], palette.cell),
            *level_segments(text[cell + 1 :], levels[cell + 1 :], styles),
        ]

    # -- the cursor in time -----------------------------------------------------------------------

    def _cursor_cell(self) -> int | None:
        if self.cursor is None or self._frame is None:
            return None
        place = self._frame.column_of(self.cursor)
        return None if place is None else place // buckets_per_cell(self.glyphs)

    def show_cursor(self, time: int | None) -> None:
        """Read all rows at a time, or the newest values again."""
        before = self._cursor_cell()
        self.cursor = time
        for row in self._rows.values():
            row.numbers_at = 0.0
        left, height = self.layout_now.name, len(self.on_screen) + 1
        cells = {cell for cell in (before, self._cursor_cell()) if cell is not None}
        self.refresh(
            Region(0, 0, self.content_size.width, 1),
            *(Region(left + cell, 1, 1, height - 1) for cell in cells),
        )

    def move_cursor(self, cells: int, now: int) -> int | None:
        """The time that many cells beside the cursor; from the newest column where it is off."""
        frame = self.frame(now)
        per_cell = buckets_per_cell(self.glyphs)
        if self.cursor is None:
            place = min(frame.newest - frame.first, frame.size - 1)
        else:
            place = self.cursor // frame.width - frame.first
        place = max(0, min(place + cells * per_cell, frame.newest - frame.first, frame.size - 1))
        column = frame.first + place
        return (column + 1) * frame.width - 1

    def on_focus(self) -> None:
        """Show where the cursor is."""
        self.refresh(Region(0, 1, self.layout_now.name, self.room))

    def on_blur(self) -> None:
        """Show that keys go elsewhere."""
        self.refresh(Region(0, 1, self.layout_now.name, self.room))

    def on_click(self, event: events.Click) -> None:
        """Choose the row; twice opens it."""
        self.go_to(self.top + event.y - 1)
        if event.chain > 1:
            self.post_message(self.Opened())
