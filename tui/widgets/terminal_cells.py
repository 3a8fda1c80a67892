"""What the terminal shows, so that only cells that differ are written to it.

Textual paints a screen anew whenever its layout is another, mostly with what is there already:
opening the wall of sparklines cost seven frames of blanks. What is known here is only what was
written here; whoever changes the terminal in another way has to say `forget`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from operator import is_not, ne, or_
from typing import NamedTuple

from rich.cells import get_character_cell_size

from tui.widgets.sgr import PLAIN, Pen, change, draw, inkless, shortened, taken

_MOVE = re.compile(r"\x1b\[([0-9]+);([0-9]+)H")
_PEN = re.compile(r"\x1b\[([0-9;]*)m")
GAP = 4
"""Cells that are the same, yet cheaper written than stepped over."""
WORTH_SHIFTING = 16
"""Cells that differ before it is asked whether they were but shifted."""
PROBE = 12
"""Cells at the start that say so."""
SHORT = 8
"""Cells that are written whole if any of them differs: to look closer costs more than it saves."""
BRIEF = 96
"""Characters of what is likely to come again, such as one cell of a chart in its colour."""
UNKNOWN = ""
"""Stands for the character of a cell that is not known: unlike all that may be written."""


class _Cells(NamedTuple):
    """Cells side by side: their characters, and the pen of each."""

    characters: list[str]
    pens: list[Pen]


class _Content(NamedTuple):
    """What is to be written: texts of one pen each, and the same as cells."""

    pieces: list[tuple[str, Pen]]
    cells: _Cells


class _Line:
    """The cells of one line from its first column on."""

    __slots__ = ("cells", "latest")

    def __init__(self) -> None:
        self.latest = (0, "")
        """The column and the text of what was written here last."""
        self.cells = _Cells([], [])


class TerminalCells:
    """The cells that were written and not forgotten."""

    def __init__(self) -> None:
        self._lines: dict[int, _Line] = {}
        self._single: set[str] = set()
        self._read_again = lru_cache(4096)(self._read)

    def forget(self) -> None:
        """Nothing is known of the terminal any more: all that comes is written."""
        self._lines.clear()

    def needed(self, frame: str) -> str:
        """Return what has to be written of a frame, which must leave the terminal's own pen.

        A frame is made of moves to a place (CUP), each with text and SGR sequences after it, as
        Textual's are. What is made otherwise is written whole, and everything is forgotten.
        """
        parts = _MOVE.split(frame)
        if parts[0]:
            self.forget()
            return shortened(frame)
        written: list[str] = []
        pen = PLAIN
        for index in range(1, len(parts), 3):
            content = parts[index + 2].rstrip("\n")
            if not content:
                continue
            row, column = int(parts[index]), int(parts[index + 1])
            line = self._lines.get(row)
            if line is None:
                line = self._lines[row] = _Line()
            elif line.latest == (column, content):
                continue
            line.latest = (column, content)
            read = (self._read_again if len(content) <= BRIEF else self._read)(content)
            if read is None:
                # Links, characters of two cells or none: who knows what is where after these.
                self._lines.pop(row, None)
                if column == 1 and _joins_what_is_before(content):
                    self._lines.pop(row - 1, None)
                written += (change(pen, PLAIN), f"\x1b[{row};{column}H", shortened(content))
                pen = PLAIN
            else:
                pen = _put(written, pen, row, column, line.cells, read)
        if not parts[-1]:  # where the cursor is left
            written.append(f"\x1b[{parts[-3]};{parts[-2]}H")
        written.append(change(pen, PLAIN))
        return "".join(written)

    def _read(self, content: str) -> _Content | None:
        """See what a text draws; None if not every character takes one cell."""
        parts = _PEN.split(content)
        read = _Content([], _Cells([], []))
        pen = PLAIN
        for index, part in enumerate(parts):
            if index % 2:
                pen = taken(pen, part)
            elif part:
                if not part.isprintable() or not (part.isascii() or self._all_single(part)):
                    return None
                # The colour of ink is nothing to a blank: it must not make one differ.
                its = pen if part.strip(" ") else inkless(pen)
                read.pieces.append((part, its))
                read.cells.characters.extend(part)
                read.cells.pens.extend([its] * len(part))
        return read

    def _all_single(self, text: str) -> bool:
        if self._single.issuperset(text):
            return True
        if any(get_character_cell_size(character) != 1 for character in text):
            return False
        self._single.update(text)
        return True


def _joins_what_is_before(content: str) -> bool:
    """Whether a text begins with a mark, which terminals put on the character before it: at the
    start of a line that is the last one of the line above."""
    text = _PEN.sub("", content)
    return bool(text) and get_character_cell_size(text[0]) == 0


def _put(written: list[str], pen: Pen, row: int, column: int, known: _Cells, read: _Content) -> Pen:
    """Write of a text what differs from what is there; return the pen at the end."""
    pieces, new = read
    start, end = column - 1, column - 1 + len(new.characters)
    missing = end - len(known.characters)
    if missing > 0:
        known.characters.extend([UNKNOWN] * missing)
        known.pens.extend([PLAIN] * missing)
    old = _Cells(known.characters[start:end], known.pens[start:end])
    if old == new:
        return pen
    known.characters[start:end], known.pens[start:end] = new
    if len(new.characters) <= SHORT or UNKNOWN in old.characters:
        written.append(f"\x1b[{row};{column}H")
        for text, its in pieces:
            pen = draw(written, pen, its, text)
        return pen
    differs = _differing(old, new)
    if (cells := sum(differs)) > WORTH_SHIFTING:
        by, shifted = _shift(old, new)
        if by and 2 * sum(shifted) < cells:
            # What is behind these cells moves away and back again.
            written.append(f"\x1b[{row};{column}H\x1b[{by}P\x1b[{row};{end - by + 1}H\x1b[{by}@")
            differs = shifted
    for first, last in _runs(differs):
        written.append(f"\x1b[{row};{column + first}H")
        place = first
        for its, same in groupby(new.pens[first:last]):
            size = len(list(same))
            pen = draw(written, pen, its, "".join(new.characters[place : place + size]))
            place += size
    return pen


def _differing(old: _Cells, new: _Cells) -> list[bool]:
    # Equal pens are the same object but for rare cases, which cost bytes and nothing else.
    other_pens = map(is_not, old.pens, new.pens)
    return list(map(or_, map(ne, old.characters, new.characters), other_pens))


def _shift(old: _Cells, new: _Cells) -> tuple[int, list[bool]]:
    """Find by how many cells to the left these were shifted, as a window of time is that goes on.

    Returns also what differs once they are: the cells at the end, and what has changed since.
    0 if they were not shifted.
    """
    probe = new.characters[:PROBE]
    for by in range(1, len(new.characters) // 2):
        if old.characters[by : by + PROBE] == probe:
            characters = old.characters[by:] + [UNKNOWN] * by
            shifted = _Cells(characters, old.pens[by:] + [PLAIN] * by)
            return by, _differing(shifted, new)
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
