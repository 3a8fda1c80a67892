"""The wall: a line a series, or two where all have room, of which only cells that changed are
written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo
from itertools import zip_longest
from math import inf
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.filter import ANSIToTruecolor
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.screens.live.beat import Tick
from tui.screens.live.drawing import UNLIMITED, Change, Drawing
from tui.screens.live.layout import Layout, layout_of
from tui.screens.live.lines import header_segments, name_segments, number_pieces
from tui.screens.live.row import Row
from tui.screens.live.rows import RowSpec, same_row
from tui.spoken_keys import key_for
from tui.widget_keys import WALL
from tui.widgets.bindings import bindings_from
from tui.widgets.cells import fit
from tui.widgets.compositor import CellsUpdate, TightCompositor
from tui.widgets.palette import palette_of
from tui.widgets.sparkline import level_segments
from tui.widgets.sparkline_cells import GlyphSet
from tui.workspace.live.presets import Arrangement

if TYPE_CHECKING:
    from tui.live.store import FeedStore


WHEEL = 3
"""Rows that the cursor moves by when the wheel is turned."""


class Wall(Widget, can_focus=True):
    """Rows of a store. `tick` draws what is new; nothing is drawn by itself."""

    ALLOW_SELECT = False

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(WALL)

    DEFAULT_CSS = """
    Wall { height: 1fr; width: 1fr; background: $background; }
    """

    class Opened(Message):
        """A row was clicked twice."""

    class Moved(Message):
        """The cursor is on another row."""

    def __init__(self, glyphs: GlyphSet, where: tzinfo, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.glyphs = glyphs
        self.drawing = Drawing(glyphs, where)
        self.specs: list[RowSpec] = []
        self.index = 0
        self.top = 0
        self._where = where
        self._steered = False
        self._now = 0

    @property
    def held(self) -> int | None:
        """The end of the window where it stands still; None follows the present."""
        return self.drawing.held

    @held.setter
    def held(self, time: int | None) -> None:
        self.drawing.held = time
        # All of them: of a picture that is held nothing is read later.
        self.drawing.read_anew(summed=True)

    @property
    def cursor(self) -> int | None:
        """The time that all rows are read at; None reads the newest values."""
        return self.drawing.cursor

    @property
    def store(self) -> FeedStore | None:
        """Where the series are."""
        return self.drawing.store

    @property
    def arrangement(self) -> Arrangement:
        """What is shown, and how."""
        return self.drawing.arrangement

    # -- what is shown ----------------------------------------------------------------------------

    @property
    def on_screen(self) -> Sequence[RowSpec]:
        """The rows that are on the screen."""
        return self.specs[self.top : self.top + self.room]

    @property
    def room(self) -> int:
        """How many rows fit below the header."""
        return max(0, self.content_size.height - 1) // self.drawing.tall

    def _lines_of(self, place: int, count: int = 1, left: int = 0, width: int = 0) -> Region:
        """The lines of some rows from the one at a place among those that are seen."""
        tall = self.drawing.tall
        return Region(left, 1 + place * tall, width or self.content_size.width, count * tall)

    def _grow(self) -> bool:
        """Give each row two lines where all have room for that; whether it is otherwise now."""
        wanted = 2 if 0 < 2 * len(self.specs) < self.content_size.height else 1
        before, self.drawing.tall = self.drawing.tall, wanted
        return wanted != before

    @property
    def chosen(self) -> RowSpec | None:
        """The row under the cursor."""
        return self.specs[self.index] if 0 <= self.index < len(self.specs) else None

    def show(self, specs: list[RowSpec], store: FeedStore | None, arrangement: Arrangement) -> None:
        """Show other rows; the cursor stays on its series, or on its device."""
        chosen, drawing = self.chosen, self.drawing
        anew = store is not drawing.store or arrangement != drawing.arrangement
        regrouped = arrangement.group != drawing.arrangement.group
        before = self._names_of_lines()
        self.specs, drawing.store, drawing.arrangement = specs, store, arrangement
        if chosen is not None and self._steered:
            self.index = same_row(chosen, specs, self.index)
        grown = self._grow()
        self._keep_in_view()
        if anew or grown:
            self.redraw(everything=regrouped or grown)
            return
        after = self._names_of_lines()
        width = self.content_size.width
        self.refresh(
            *(
                self._lines_of(place)
                for place, (old, new) in enumerate(zip_longest(before, after))
                if old != new
            ),
            *([] if specs else [Region(0, 1, width, 2)]),
        )

    def _names_of_lines(self) -> list[tuple[object, ...]]:
        """What the names of the visible lines depend on."""
        shown = self.on_screen
        return [
            (
                spec,
                place == 0 or not self._same_group(shown[place - 1], spec),
                self.top + place == self.index,
            )
            for place, spec in enumerate(shown)
        ]

    def redraw(self, *, everything: bool = False) -> None:
        """Draw everything anew at the next tick; `everything` also forgets the rows' state."""
        width = self.content_size.width
        self.drawing.layout = layout_of(width, by_type=self.arrangement.group == "type")
        self.drawing.forget(everything=everything)
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

    def pointed(self) -> Offset:
        """The row that is chosen; while that is shown large in its place, where it begins."""
        if not self.content_size.height:
            return Offset()
        return Offset(0, self._lines_of(self.index - self.top).bottom - 1)

    def stay(self) -> None:
        """From now on the cursor stays on its series, wherever its row goes; until a person has
        chosen one it stays on top, while those of other boats come before it.
        """
        self._steered = True

    def go_to(self, index: int) -> None:
        """Put the cursor on a row."""
        index = max(0, min(len(self.specs) - 1, index))
        self.stay()
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
            width = self.drawing.layout.name
            places = (place - self.top for place in (before, index))
            self.refresh(*(self._lines_of(place, width=width) for place in places))

    def _keep_in_view(self) -> None:
        room = self.room
        self.index = max(0, min(self.index, len(self.specs) - 1))
        if room < 1:
            return  # hidden while a row is large
        top = min(max(self.top, self.index - room + 1), self.index)
        self.top = max(0, min(top, len(self.specs) - room))
        self.drawing.keep(self.on_screen)

    def on_resize(self) -> None:
        """Other widths, other columns."""
        self._grow()
        self._keep_in_view()
        self.redraw(everything=True)
        self.tick(self._now, 0.0)

    # -- drawing ----------------------------------------------------------------------------------

    def tick(self, now: int, clock: float, limit: int = UNLIMITED) -> Tick:
        """Draw what is new at `now`, in ms; `clock` and `limit` as `Drawing.tick` has them."""
        self._now = now
        if not self.content_size.width:
            return Tick(0, False, inf)
        drawn = self.drawing.tick(self.on_screen, now, clock, limit)
        width = self.content_size.width
        regions = [self._lines_of(place) for place in drawn.rows]
        if drawn.header:
            regions.append(Region(0, 0, width, 1))
            regions += self._bars(drawn.bars)
        if not self._write(drawn.changes):
            regions += [Region(one.left, one.line + 1, one.width, 1) for one in drawn.changes]
        if regions:
            self.refresh(*regions)
        painted = sum(region.area for region in regions)
        return Tick(drawn.cells + painted, drawn.left_over, drawn.rest)

    def _write(self, changes: Sequence[Change]) -> bool:
        """Write changed cells straight to the terminal, if they lie bare; whether it was done.

        The way by way of Textual costs some thirty times as much for a cell. Where a notice
        lies over the wall, a cursor within it, or colours are to be converted, that is the way.
        So it is where lines are to be painted anyway: other rows come with their names.
        """
        app, compositor = self.app, self.screen._compositor
        if not changes:
            return True
        if self.cursor is not None or not isinstance(compositor, TightCompositor):
            return False
        if self._repaint_regions:
            return False
        region = self.region
        plain = all(isinstance(one, ANSIToTruecolor) for one in app.get_line_filters())
        if not plain or app._batch_count or not compositor.is_bare(region):
            return False
        palette = palette_of(app)
        system = app.console._color_system
        parts = []
        for change in changes:
            parts.append(f"\x1b[{region.y + change.line + 2};{region.x + change.left + 1}H")
            for text, paint in change.runs:
                style = palette.levels[paint] if isinstance(paint, int) else palette.plain[paint]
                parts.append(style.render(text, color_system=system))
        # What Textual keeps of these lines is old now, for when it next paints all of them.
        self._styles_cache.set_dirty(*{Region(0, change.line + 1, 1, 1) for change in changes})
        app._display(self.screen, CellsUpdate("".join(parts)))
        return True

    def render_line(self, y: int) -> Strip:
        """The header, or a row."""
        width = self.content_size.width
        palette = palette_of(self.app)
        layout, frame = self.drawing.layout, self.drawing.frame
        if y == 0:
            if frame is None:
                return Strip.blank(width, palette.plain["text"])
            segments = header_segments(
                layout, frame, self.cursor, self.arrangement, palette, self._where
            )
            return Strip(segments).adjust_cell_length(width, palette.plain["text"])
        place, number = divmod(y - 1, self.drawing.tall)
        specs = self.on_screen
        if place == 1 and not specs and self.drawing.store is not None:
            text = fit(
                (
                    f"  Nothing of the chosen types yet. {key_for('live.types')} chooses "
                    f"types, {key_for('live.devices')} devices."
                ),
                width,
            )
            return Strip([Segment(text, palette.plain["muted"])], width)
        if place >= len(specs):
            return Strip.blank(width, palette.plain["text"])
        row = self.drawing.row(specs[place])
        if number < self.drawing.tall - 1:
            segments = [Segment(" " * layout.name, palette.plain["text"])]
            segments += self._chart_segments(row, layout, number)
            return Strip(segments).adjust_cell_length(width, palette.plain["text"])
        first = place == 0 or not self._same_group(specs[place - 1], row.spec)
        segments = name_segments(
            row,
            layout,
            palette,
            by_type=self.arrangement.group == "type",
            first=first,
            chosen=self.top + place == self.index,
            focused=self.has_focus,
            ascii_only=self.drawing.ascii_only,
        )
        segments += self._chart_segments(row, layout, number)
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

    def _chart_segments(self, row: Row, layout: Layout, number: int) -> list[Segment]:
        palette = palette_of(self.app)
        text = row.chart.line(number)[: layout.chart].ljust(layout.chart)
        levels = row.chart.levels[: layout.chart].ljust(layout.chart, b"\0")
        cell = self.drawing.cursor_cell
        if row.stale:
            segments = [Segment(text, palette.plain["muted"])]
            styles = (palette.plain["muted"],) * len(palette.levels)
        else:
            styles = palette.levels
            segments = level_segments(text, levels, styles, palette.plain["text"])
        if cell is None or cell >= layout.chart:
            return segments
        return [
            *level_segments(text[:cell], levels[:cell], styles, palette.plain["text"]),
            Segment(text[cell], palette.cell),
            *level_segments(text[cell + 1 :], levels[cell + 1 :], styles, palette.plain["text"]),
        ]

    # -- the cursor in time -----------------------------------------------------------------------

    def show_cursor(self, time: int | None) -> None:
        """Read all rows at a time, or the newest values again."""
        before = self.drawing.cursor_cell
        self.drawing.cursor = time
        self.drawing.read_anew()
        cells = {cell for cell in (before, self.drawing.cursor_cell) if cell is not None}
        self.refresh(Region(0, 0, self.content_size.width, 1), *self._bars(cells))

    def _bars(self, cells: Iterable[int]) -> list[Region]:
        """These cells of the graphs, over all rows."""
        left, count = self.drawing.layout.name, max(1, len(self.on_screen))
        return [self._lines_of(0, count, left + cell, 1) for cell in cells]

    def beside_cursor(self, cells: int, now: int) -> int:
        """The time that many cells beside the cursor; from the newest column where it is off."""
        frame = self.drawing.frame_at(now)
        if self.cursor is None:
            place = frame.newest - frame.first
        else:
            place = self.cursor // frame.width - frame.first + cells * self.drawing.per_cell
        place = max(0, min(place, frame.newest - frame.first, frame.size - 1))
        return (frame.first + place + 1) * frame.width - 1

    def on_focus(self) -> None:
        """Show where the cursor is."""
        self.refresh(self._lines_of(0, self.room, width=self.drawing.layout.name))

    def on_blur(self) -> None:
        """Show that keys go elsewhere."""
        self.refresh(self._lines_of(0, self.room, width=self.drawing.layout.name))

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        """Up."""
        self.action_move(-WHEEL)

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        """Down."""
        self.action_move(WHEEL)

    def on_click(self, event: events.Click) -> None:
        """Choose the row; twice opens it."""
        self.go_to(self.top + (event.y - 1) // self.drawing.tall)
        if event.chain > 1:
            self.post_message(self.Opened())
