"""A line of a small graph as what is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style


def level_segments(
    text: str, levels: bytes, styles: Sequence[Style], blank: Style
) -> list[Segment]:
    """A line as segments, one for each run of cells of one level, and of blanks: those have their
    own look, since in 16 colours a level may be a ground that would run on over them.
    """
    segments: list[Segment] = []
    start = 0
    run = blank
    for index, character in enumerate(text):
        style = blank if character == " " else styles[levels[index]]
        if style is not run:
            if index > start:
                segments.append(Segment(text[start:index], run))
            run, start = style, index
    segments.append(Segment(text[start:], run))
    return segments
