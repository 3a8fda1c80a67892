"""Whether the lower part of the screen is shorter cleared and written than changed cell by cell.

Another screen leaves little of what was there: to take each word of it away costs more than to
clear all of it at once, and then to write what is to stand there. Source: ECMA-48, ED.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from tui.widgets.scrolling import LEAST_GAIN, Cells, cost_of, is_whole
from tui.widgets.sgr import PLAIN, Pen, change, unseen

LEAST_OTHERS = 400
"""Cells that are others before it is asked."""


def best_clear(
    old: Mapping[int, Cells], new: Mapping[int, Cells], width: int, height: int
) -> tuple[int, Pen] | None:
    """The first line to be cleared, and the pen whose ground all from there on gets; None where
    that saves little.

    `old` is what is known of the terminal; `new` are the lines that a frame changes.
    """
    target = {row: new.get(row) or old.get(row) for row in range(1, height + 1)}
    pen = _ground(cells for cells in target.values() if cells is not None)
    if pen is None:
        return None
    blank = Cells([" "] * width, [pen] * width)
    most, first, gain = LEAST_GAIN, 0, 0
    for row in range(height, 0, -1):
        there, wanted = old.get(row), target[row]
        if there is None or wanted is None:
            break
        if not (is_whole(there, width) and is_whole(wanted, width)):
            break
        gain += cost_of(there, wanted) - cost_of(blank, wanted)
        if gain > most:
            most, first = gain, row
    return (first, pen) if first else None


def sequence_of(row: int, pen: Pen) -> str:
    """What makes the terminal do it, with its own pen at both ends."""
    return f"\x1b[{row};1H{change(PLAIN, pen)}\x1b[J{change(pen, PLAIN)}"


def _ground(lines: Iterable[Cells]) -> Pen | None:
    """What most blanks are drawn with."""
    blanks: Counter[Pen] = Counter()
    for cells in lines:
        blanks.update(
            pen
            for character, pen in zip(cells.characters, cells.pens, strict=True)
            if character == " "
        )
    pen = blanks.most_common(1)[0][0] if blanks else None
    return pen if pen is not None and unseen(pen) else None
