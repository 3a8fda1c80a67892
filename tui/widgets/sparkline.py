"""A line of a small graph as what is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style


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
