"""Writing of a line what differs from what is known to be there, in few bytes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import compress

from tui.widgets.cell_writing import Writing
from tui.widgets.scrolling import REST, UNKNOWN, Cells, differing
from tui.widgets.sgr import PLAIN, Pen, unseen

GAP = 4
"""Cells that are the same, yet cheaper written than stepped over."""
WORTH_SHIFTING = 16
"""Cells that differ before it is asked whether they were but shifted."""
PROBE = 12
"""Cells at the start that say so."""
MOVE = 5
"""About how many bytes it costs to go somewhere, or to erase."""
LEAST_GROUND = 16
"""Bytes that it costs to write or erase blanks one by one, before they are erased together."""
_STRETCH = re.compile("b(?:[bws]*b)?s*")
_BLANKS = re.compile("b+")


def put_differences(
    writing: Writing, row: int, start: int, end: int, known: Cells, wanted: Cells
) -> None:
    """Write of a stretch of a line what differs from what is there."""
    old = Cells(known.characters[start:end], known.pens[start:end])
    new = Cells(wanted.characters[start:end], wanted.pens[start:end])
    if old == new:
        return
    if len(old.characters) < len(new.characters):
        old.put(len(old.characters), unknown(len(new.characters) - len(old.characters)))
    differs = differing(old, new)
    by, shifted = 0, differs
    if (cells := sum(differs)) > WORTH_SHIFTING and not {REST, UNKNOWN} & set(old.characters):
        by, shifted = _shift(old, new)
    if by and 2 * sum(shifted) < cells:
        # What is behind these cells moves away and back again.
        there, back = f"\x1b[{row};{start + 1}H", f"\x1b[{row};{end - by + 1}H"
        writing.before(f"{there}\x1b[{by}P{back}\x1b[{by}@")
        differs = shifted
    elif writing.erases:
        for begin, last, pen in _grounds(new, differs):
            writing.erase(row, start + begin + 1, pen, last - begin)
            for place in range(begin, last):
                differs[place] = new.characters[place] != " " or new.pens[place] is not pen
    for begin, last in _runs(differs):
        first = begin - (new.characters[begin] == REST)
        run = Cells(new.characters[first:last], new.pens[first:last])
        writing.add(row, start + first + 1, run, differs[first:last])


def _grounds(new: Cells, differs: list[bool]) -> list[tuple[int, int, Pen]]:
    """The stretches (first, end, pen) that are shorter erased as a whole, and then written over:
    none of their cells is to stay as it is but for blanks of that very ground.
    """
    if list(compress(new.characters, differs)).count(" ") * (MOVE + 1) <= LEAST_GROUND:
        return []  # however they lie: most frames change few cells
    blanks = Counter(
        pen
        for character, pen, other in zip(new.characters, new.pens, differs, strict=True)
        if other and character == " " and unseen(pen)
    )
    if not blanks:
        return []
    pen = blanks.most_common(1)[0][0]
    # What each cell is: to be made blank, to be written, blank already, or to be kept.
    kinds = "".join(
        ("b" if character == " " and its is pen else "w")
        if other
        else ("s" if character == " " and its is pen else "k")
        for character, its, other in zip(new.characters, new.pens, differs, strict=True)
    )
    found = []
    for stretch in _STRETCH.finditer(kinds):
        first, end = stretch.span()
        if sum(map(_cost, _BLANKS.finditer(kinds, first, end))) > LEAST_GROUND:
            found.append((first, end, pen))
    return found


def _cost(blanks: re.Match[str]) -> int:
    """About how many bytes it takes to write or to erase a run of blanks by itself."""
    first, end = blanks.span()
    beside = "w" in blanks.string[max(0, first - 1) : first] + blanks.string[end : end + 1]
    there = 0 if beside and end - first <= GAP else MOVE
    return there + min(end - first, MOVE)


def unknown(count: int) -> Cells:
    """So many cells of which nothing is known."""
    return Cells([UNKNOWN] * count, [PLAIN] * count)


def _shift(old: Cells, new: Cells) -> tuple[int, list[bool]]:
    """Find by how many cells to the left these were shifted, as a window of time is that goes on.

    Returns also what differs once they are: the cells at the end, and what has changed since.
    0 if they were not shifted.
    """
    probe = new.characters[:PROBE]
    for by in range(1, len(new.characters) // 2):
        if old.characters[by : by + PROBE] == probe:
            characters = old.characters[by:] + [UNKNOWN] * by
            shifted = Cells(characters, old.pens[by:] + [PLAIN] * by)
            return by, differing(shifted, new)
    return 0, []


def _runs(differs: list[bool]) -> Iterator[tuple[int, int]]:
    """Yield (first, end) of the stretches that differ, joined where little lies between them."""
    first = end = -1
    index = _next(differs, 0)
    while index >= 0:
        if first < 0:
            first = index
        elif index - end > GAP:
            yield first, end
            first = index
        end = index + 1
        index = _next(differs, end)
    if first >= 0:
        yield first, end


def _next(differs: list[bool], start: int) -> int:
    try:
        return differs.index(True, start)
    except ValueError:
        return -1
