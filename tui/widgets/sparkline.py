"""A graph of one series on a line or a few, one small widget a graph.

A widget of its own, because Textual cuts a partial repaint from the widget's left edge: in a
wide widget many small changes cost more than one large one.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.palette import palette_of
from tui.widgets.sparkline_cells import (
    Bucket,
    CellLine,
    GlyphSet,
    buckets_per_cell,
    scale_of,
    sparkline_cells,
)


class Sparkline(Widget):
    """Buckets of one series, the newest at the right end; repaints only the cells that changed."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    Sparkline { height: 1; width: 1fr; }
    """

    def __init__(
        self,
        buckets: Sequence[Bucket] = (),
        *,
        glyphs: GlyphSet = "braille",
        low: float | None = None,
        high: float | None = None,
        coloured: bool = True,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """`low` and `high` fix the scale; None takes round numbers around the values."""
        super().__init__(id=id, classes=classes)
        self._buckets: tuple[Bucket, ...] = tuple(buckets)
        self._glyphs: GlyphSet = glyphs
        self._low = low
        self._high = high
        self._coloured = coloured
        self._drawn: list[CellLine] = []

    @property
    def capacity(self) -> int:
        """How many buckets fit into the present width."""
        return self.content_size.width * buckets_per_cell(self._glyphs)

    @property
    def scale(self) -> tuple[float, float]:
        """The scale that is drawn to."""
        low, high = scale_of(self._buckets)
        return (low if self._low is None else self._low, high if self._high is None else self._high)

    def show(
        self, buckets: Sequence[Bucket], low: float | None = None, high: float | None = None
    ) -> None:
        """Draw other buckets; only the cells that differ are written."""
        self._buckets = tuple(buckets)
        self._low, self._high = low, high
        before, after = self._drawn, self._draw()
        self._drawn = after
        if [len(line.text) for line in before] != [len(line.text) for line in after]:
            self.refresh()
            return
        first, last = _changed(before, after, coloured=self._coloured)
        if last >= 0:
            self.refresh(Region(first, 0, last - first + 1, len(after)))

    def show_glyphs(self, glyphs: GlyphSet) -> None:
        """Draw with other characters."""
        if glyphs != self._glyphs:
            self._glyphs = glyphs
            self._drawn = self._draw()
            self.refresh()

    def _draw(self) -> list[CellLine]:
        width, height = self.content_size
        if not width or not height:
            return []
        room = width * buckets_per_cell(self._glyphs)
        shown = self._buckets[-room:]
        padded = (None,) * (room - len(shown)) + shown
        low, high = self.scale
        return sparkline_cells(padded, glyphs=self._glyphs, height=height, low=low, high=high)

    def on_resize(self) -> None:
        """Draw to the new size."""
        self._drawn = self._draw()

    def render_line(self, y: int) -> Strip:
        """One line of the graph, cells of one colour joined."""
        width = self.content_size.width
        palette = palette_of(self.app)
        if not self._drawn:
            self._drawn = self._draw()
        if y >= len(self._drawn):
            return Strip.blank(width, palette.plain["text"])
        text, levels = self._drawn[y]
        if not self._coloured:
            return Strip([Segment(text, palette.plain["primary"])], width)
        return Strip(level_segments(text, levels, palette.levels), width)


def level_segments(text: str, levels: bytes, styles: Sequence[Style]) -> list[Segment]:
    """A line as segments, one for each run of cells of one level; blanks take any level."""
    segments: list[Segment] = []
    start = 0
    level: int | None = None
    for index, character in enumerate(text):
        if character == " " or levels[index] == level:
            continue
        if level is not None:
            segments.append(Segment(text[start:index], styles[level]))
            start = index
        level = levels[index]
    segments.append(Segment(text[start:], styles[level or 0]))
    return segments


def _changed(
    before: Sequence[CellLine], after: Sequence[CellLine], *, coloured: bool
) -> tuple[int, int]:
    """The first and the last cell that differ on any line; the last is -1 where none does."""
    first, last = len(after[0].text) if after else 0, -1
    for old, new in zip(before, after, strict=True):
        if old.text == new.text and (not coloured or old.levels == new.levels):
            continue
        for index, character in enumerate(new.text):
            same = character == old.text[index]
            if not same or (
                coloured and character != " " and new.levels[index] != old.levels[index]
            ):
                first, last = min(first, index), max(last, index)
    return first, last
