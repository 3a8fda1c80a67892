"""Repaints that draw and write what changed, and nothing beside it.

For one cell that changed Textual draws every line of every widget of the screen, the covered ones
too, and writes from each widget's left edge on. Its version is pinned exactly, and tests hold what
is used of it here and that the same cells come out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import cast

from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from rich.segment import Segment
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate
from textual.geometry import Region
from textual.strip import Strip


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


class FrugalCompositor(Compositor):
    """Textual's compositor, but only those lines are drawn of which something is seen."""

    def _render_chops(
        self, crop: Region, is_rendered_line: Callable[[int], bool]
    ) -> Sequence[Mapping[int, Strip]]:
        """The pieces of each line by their left edge; what nobody draws is None, as in Textual."""
        cuts = self.cuts
        chops: list[dict[int, Strip | None]] = [dict.fromkeys(line[:-1]) for line in cuts]
        wanted = {y for y in crop.line_range if 0 <= y < len(cuts) and is_rendered_line(y)}
        spelt = None if self.root is None else getattr(self.root.app, "spelt", None)
        # What comes first lies above.
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            left, right = seen.column_span
            for lines in _runs(
                y for y in seen.line_range if y in wanted and _lacks(chops[y], left, right)
            ):
                part = Region(seen.x - region.x, lines[0] - region.y, seen.width, len(lines))
                drawn = widget.render_lines(part)
                # A cursor stands in what is typed: no letter of it may move.
                if spelt is not None and not hasattr(type(widget), "cursor_screen_offset"):
                    drawn = [*map(spelt, drawn)]
                for y, strip in zip(lines, drawn, strict=False):
                    if not _fill(chops[y], cuts[y], strip, left, right):
                        wanted.discard(y)
        return cast("Sequence[Mapping[int, Strip]]", chops)


def _lacks(pieces: Mapping[int, Strip | None], left: int, right: int) -> bool:
    """Whether nothing is yet in one of a line's pieces from `left` on and before `right`."""
    return any(piece is None and left <= x < right for x, piece in pieces.items())


def _runs(lines: Iterable[int]) -> list[range]:
    """Lines one below the other, together."""
    runs: list[range] = []
    for y in lines:
        if runs and runs[-1].stop == y:
            runs[-1] = range(runs[-1].start, y + 1)
        else:
            runs.append(range(y, y + 1))
    return runs


def _fill(
    pieces: dict[int, Strip | None], cuts: list[int], strip: Strip, left: int, right: int
) -> bool:
    """Put a widget's line where nothing is yet; whether anything is missing still."""
    own = [cut for cut in cuts if left <= cut <= right]
    if len(own) == 2 and strip.cell_length == right - left:
        parts: Sequence[Strip] = [strip]  # what `divide` would give, and remember
    else:
        parts = strip.divide([cut - left for cut in own[1:]])
    for x, piece in zip(own, parts, strict=False):
        if pieces.get(x) is None:
            pieces[x] = piece
    return None in pieces.values()


class TightCompositor(FrugalCompositor):
    """The same with tighter partial updates."""

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
