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
Pieces = list[tuple[str, Pen]]


class _Line:
    """The cells of one line from its first column on; None where nothing is known."""

    __slots__ = ("characters", "latest", "pens")

    def __init__(self) -> None:
        self.latest = (0, "")
        """The column and the text of what was written here last."""
        self.characters: list[str | None] = []
        self.pens: list[Pen | None] = []


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
            pieces = (self._read_again if len(content) <= BRIEF else self._read)(content)
            if pieces is None:
                # Links, characters of two cells or none: who knows what is where after these.
                self._lines.pop(row, None)
                written += (change(pen, PLAIN), f"\x1b[{row};{column}H", shortened(content))
                pen = PLAIN
            else:
                pen = _put(written, pen, row, column, line, pieces)
        if not parts[-1]:  # where the cursor is left
            written.append(f"\x1b[{parts[-3]};{parts[-2]}H")
        written.append(change(pen, PLAIN))
        return "".join(written)

    def _read(self, content: str) -> Pieces | None:
        """Cut into texts of one pen each; None if not every character takes one cell."""
        parts = _PEN.split(content)
        pieces: Pieces = []
        pen = PLAIN
        for index, part in enumerate(parts):
            if index % 2:
                pen = taken(pen, part)
            elif part:
                if not part.isprintable() or not (part.isascii() or self._all_single(part)):
                    return None
                # The colour of ink is nothing to a blank: it must not make one differ.
                pieces.append((part, pen if part.strip(" ") else inkless(pen)))
        return pieces

    def _all_single(self, text: str) -> bool:
        if self._single.issuperset(text):
            return True
        if any(get_character_cell_size(character) != 1 for character in text):
            return False
        self._single.update(text)
        return True


def _put(written: list[str], pen: Pen, row: int, column: int, line: _Line, pieces: Pieces) -> Pen:
    """Write of these pieces what differs from what is there; return the pen at the end."""
    characters: list[str] = []
    pens: list[Pen] = []
    for text, new in pieces:
        characters += text
        pens += [new] * len(text)
    start, end = column - 1, column - 1 + len(characters)
    missing = end - len(line.characters)
    if missing > 0:
        line.characters += [None] * missing
        line.pens += [None] * missing
    old_characters, old_pens = line.characters[start:end], line.pens[start:end]
    if old_characters == characters and old_pens == pens:
        return pen
    line.characters[start:end], line.pens[start:end] = characters, pens
    if len(characters) <= SHORT or None in old_characters:
        written.append(f"\x1b[{row};{column}H")
        for text, new in pieces:
            pen = draw(written, pen, new, text)
        return pen
    differs = _differing(old_characters, characters, old_pens, pens)
    if (cells := sum(differs)) > WORTH_SHIFTING:
        by, shifted = _shift(old_characters, characters, old_pens, pens)
        if by and 2 * sum(shifted) < cells:
            # What is behind these cells moves away and back again.
            written.append(f"\x1b[{row};{column}H\x1b[{by}P\x1b[{row};{end - by + 1}H\x1b[{by}@")
            differs = shifted
    for first, last in _runs(differs):
        written.append(f"\x1b[{row};{column + first}H")
        place = first
        for new, same in groupby(pens[first:last]):
            size = len(list(same))
            pen = draw(written, pen, new, "".join(characters[place : place + size]))
            place += size
    return pen


def _differing(
    old_characters: list[str | None],
    characters: list[str],
    old_pens: list[Pen | None],
    pens: list[Pen],
) -> list[bool]:
    # Equal pens are the same object but for rare cases, which cost bytes and nothing else.
    other_pens = map(is_not, old_pens, pens)
    return list(map(or_, map(ne, old_characters, characters), other_pens))


def _shift(
    old_characters: list[str | None],
    characters: list[str],
    old_pens: list[Pen | None],
    pens: list[Pen],
) -> tuple[int, list[bool]]:
    """Find by how many cells to the left these were shifted, as a window of time is that goes on.

    Returns also what differs once they are: the cells at the end, and what has changed since.
    0 if they were not shifted.
    """
    for by in range(1, len(characters) // 2):
        if old_characters[by : by + PROBE] == characters[:PROBE]:
            unknown: list[None] = [None] * by
            shifted = [*old_characters[by:], *unknown]
            return by, _differing(shifted, characters, [*old_pens[by:], *unknown], pens)
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
