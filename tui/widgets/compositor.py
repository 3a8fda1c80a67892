"""Partial repaints that write the cells that changed, and nothing at the left of them.

Textual cuts what it writes from each widget's left edge: one cell at the right end of a row costs
the whole row. Textual's version is pinned exactly, and a test holds what is used of it here.
"""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from rich.segment import Segment
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate
from textual.geometry import Region


class TightUpdate(ChopsUpdate):
    """Spans of lines, each written from its first to its last cell."""

    def render_segments(self, console: Console) -> str:
        """The text that is written to the terminal."""
        move_to = Control.move_to
        parts: list[str] = []
        for y, first, last in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                if strip is None or x >= last or end <= first:
                    continue
                left, right = max(x, first), min(end, last)
                shown = strip if (left, right) == (x, end) else strip.crop(left - x, right - x)
                parts.append(move_to(left, y).segment.text)
                parts.append(shown.render(console))
        return "".join(parts)


class CellsUpdate(CompositorUpdate):
    """Cells whose text is ready to be written."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The same by way of Rich, for the unlikely case that it is asked for."""
        del console, options
        yield Segment(self._text)

    def render_segments(self, console: Console) -> str:
        """The text that is written to the terminal."""
        del console
        return self._text


class TightCompositor(Compositor):
    """Textual's compositor with tighter partial updates."""

    def is_bare(self, region: Region) -> bool:
        """Whether nothing lies over a widget's region, such as a notice in a corner of it."""
        left, right = region.x, region.right
        return not any(
            left < cut < right for line in self.cuts[region.y : region.bottom] for cut in line
        )

    def render_partial_update(self) -> TightUpdate | None:
        """What changed since the last time, or None."""
        update = super().render_partial_update()
        if update is None:
            return None
        return TightUpdate(update.chops, update.spans, update.chop_ends)
