"""Lines as runs of text and role: what differs between two of them, and their strips."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from tui.widgets.palette import Palette, Role

Runs = Sequence[tuple[str, Role]]


def difference(old: Runs, new: Runs, width: int) -> tuple[int, int]:
    """The cells, from first to before last, in which two lines differ; first == last for none."""
    before = [(character, role) for text, role in old for character in text]
    after = [(character, role) for text, role in new for character in text]
    if before == after:
        return 0, 0
    same = sum(1 for _ in takewhile(_equal, zip(before, after, strict=False)))
    first = cell_len("".join(character for character, _ in after[:same]))
    if len(before) != len(after):
        return first, width
    tail = sum(1 for _ in takewhile(_equal, zip(reversed(before), reversed(after), strict=True)))
    text = "".join(character for character, _ in after)
    if cell_len("".join(character for character, _ in before)) != cell_len(text):
        return first, width
    return first, min(width, cell_len(text[: len(text) - tail]))


def _equal(pair: tuple[tuple[str, Role], tuple[str, Role]]) -> bool:
    return pair[0] == pair[1]


def changed_regions(before: Sequence[Runs], after: Sequence[Runs], width: int) -> list[Region]:
    """The parts of lines that differ."""
    regions = []
    for y in range(max(len(before), len(after))):
        old = before[y] if y < len(before) else ()
        new = after[y] if y < len(after) else ()
        first, last = difference(old, new, width)
        if last > first:
            regions.append(Region(first, y, last - first, 1))
    return regions


def strip_of(runs: Runs, width: int, palette: Palette) -> Strip:
    """A line as it is drawn."""
    segments = [Segment(text, palette.plain[role]) for text, role in runs if text]
    return Strip(segments).adjust_cell_length(width, palette.plain["text"])
