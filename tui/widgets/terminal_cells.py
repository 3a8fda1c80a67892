"""What the terminal shows, so that only cells that differ are written to it.

Textual paints a screen anew whenever its layout is another, mostly with what is there already:
opening the wall of sparklines cost seven frames of blanks. What is known here is only what was
written here; whoever changes the terminal in another way has to say `forget`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from rich.cells import get_character_cell_size

from tui.widgets.cell_differences import put_differences, unknown
from tui.widgets.cell_writing import Writing
from tui.widgets.clearing import LEAST_OTHERS, best_clear, sequence_of
from tui.widgets.scrolling import REST, Cells, best_scroll, differing
from tui.widgets.sgr import PLAIN, Pen, inkless, shortened, taken

_MOVE = re.compile(r"\x1b\[([0-9]+);([0-9]+)H")
_PEN = re.compile(r"\x1b\[([0-9;]*)m")
PARTS = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
"""Colours of skin, which some terminals put on the character before them."""
NOTHING = Cells([], [])
"""What is known of a line of which nothing is."""
BRIEF = 96
"""Characters of what is likely to come again, such as one cell of a chart in its colour."""


class _Place(NamedTuple):
    """What a frame says of a place, counted from 1; its cells, where they are known for sure."""

    row: int
    column: int
    content: str
    read: Cells | None

    def whole(self) -> str:
        """All of it, as it is."""
        return f"\x1b[{self.row};{self.column}H{shortened(self.content)}"


class _Line:
    """The cells of one line from its first column on."""

    __slots__ = ("cells", "latest")

    def __init__(self) -> None:
        self.latest = (0, "")
        """The column and the text of what was written here last."""
        self.cells = Cells([], [])


class TerminalCells:
    """The cells that were written and not forgotten."""

    def __init__(self) -> None:
        self._lines: dict[int, _Line] = {}
        self.width = 0
        """The columns of the terminal; 0 where it is not known."""
        self.height = 0
        """Its lines; 0 where they are not known."""
        self.scrolls = False
        """Whether the terminal moves lines by itself where that is shorter."""
        self.look: Callable[[], None] | None = None
        """Finds that out, once there is something to move; None where it is known."""
        self.erases = False
        """Whether what the terminal erases gets the present ground."""
        self._single: set[str] = set()
        self._read_again = lru_cache(4096)(self._read)

    def forget(self) -> None:
        """Nothing is known of the terminal any more: all that comes is written."""
        self._lines.clear()

    def forget_lines(self, first: int, count: int) -> None:
        """The same of lines from one on, counted from 0."""
        for row in range(first + 1, first + count + 1):
            self._lines.pop(row, None)

    def know(self, frame: str) -> None:
        """Take the places of a frame, in its order, for shown: somebody else wrote them."""
        for place in self._others(_MOVE.split(frame)):
            cells = self._line(place.row).cells
            if place.read is None or not cells.put(place.column - 1, place.read):
                self._unsure(place)

    def pen_of(self, row: int) -> Pen:
        """What the first cell of a line, counted from 1, is known to be drawn with."""
        return self._line(row).cells.pens[0]

    def is_blank(self, column: int, line: int, width: int, height: int) -> bool:
        """Whether a rectangle, counted from 0, is known to be blanks of one ground."""
        grounds = set()
        for row in range(line + 1, line + height + 1):
            known = self._lines.get(row)
            if known is None or len(known.cells.characters) < column + width:
                return False
            if set(known.cells.characters[column : column + width]) != {" "}:
                return False
            grounds.update(known.cells.pens[column : column + width])
        return len(grounds) == 1

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
        batch: list[_Place] = []
        for place in list(self._others(parts)):
            if place.read is None:
                # Links, characters that are made of several: who knows what is where after these.
                written.append(self._batch(batch))
                batch = []
                self._unsure(place)
                if place.column == 1 and _joins_what_is_before(place.content):
                    self._lines.pop(place.row - 1, None)
                written.append(place.whole())
            else:
                batch.append(place)
        # Where the cursor is left, if it is said.
        leave = None if parts[-1] else (int(parts[-3]), int(parts[-2]))
        written.append(self._batch(batch, leave))
        return "".join(written)

    def _batch(self, places: list[_Place], leave: tuple[int, int] | None = None) -> str:
        """What has to be written of places whose cells are known, in any order; the cursor is
        left in that row and column."""
        new: dict[int, Cells] = {}
        spans: dict[int, list[tuple[int, int]]] = {}
        for place in places:
            assert place.read is not None
            row, start, cells = place.row, place.column - 1, place.read
            if row not in new:
                new[row] = self._line(row).cells.copy()
            if not new[row].put(start, cells):
                for one in places:
                    self._unsure(one)
                there = "" if leave is None else f"\x1b[{leave[0]};{leave[1]}H"
                return "".join(one.whole() for one in places) + there
            spans.setdefault(row, []).append((start, start + len(cells.characters)))
        writing = Writing(self.width, erases=self.erases)
        moved = (self.scrolls or self.look is not None) and self._scroll(writing, new, spans)
        cleared = None
        if not moved and self.erases and _cells_of(spans) >= LEAST_OTHERS:
            cleared = self._cleared(new, leave)
        for row, cells in new.items():
            line = self._line(row)
            for start, end in _joined(spans[row]):
                put_differences(writing, row, start, end, line.cells, cells)
            line.cells = cells
        text = writing.text(leave)
        return text if cleared is None else min(text, cleared, key=len)

    def _cleared(self, new: dict[int, Cells], leave: tuple[int, int] | None) -> str | None:
        """The same with the lower part of the screen cleared before; None where that is no less."""
        old = {row: line.cells for row, line in self._lines.items()}
        others = (sum(differing(old.get(row, cells), cells)) for row, cells in new.items())
        if not self.height or sum(others) < LEAST_OTHERS:
            return None
        found = best_clear(old, new, self.width, self.height)
        if found is None:
            return None
        first, pen = found
        writing = Writing(self.width, erases=True)
        writing.before(sequence_of(first, pen))
        blank = Cells([" "] * self.width, [pen] * self.width)
        for row in sorted({*new, *range(first, self.height + 1)}):
            known, cells = old.get(row, NOTHING), new.get(row)
            wanted = old[row] if cells is None else cells
            put_differences(writing, row, 0, self.width, blank if row >= first else known, wanted)
        return writing.text(leave)

    def _unsure(self, place: _Place) -> None:
        self._lines.pop(place.row, None)

    def _others(self, parts: list[str]) -> Iterator[_Place]:
        """The places of a frame at which it says something else than the last time."""
        for index in range(1, len(parts), 3):
            content = parts[index + 2].rstrip("\n")
            if not content:
                continue
            row, column = int(parts[index]), int(parts[index + 1])
            line = self._line(row)
            if line.latest != (column, content):
                line.latest = (column, content)
                read = self._read_again if len(content) <= BRIEF else self._read
                yield _Place(row, column, content, read(content))

    def _line(self, row: int) -> _Line:
        line = self._lines.get(row)
        if line is None:
            line = self._lines[row] = _Line()
        return line

    def _scroll(
        self, writing: Writing, new: dict[int, Cells], spans: dict[int, list[tuple[int, int]]]
    ) -> bool:
        """Have the terminal move lines where that saves much: all of these are looked at then.
        Whether it does.
        """
        old = {row: line.cells for row, line in self._lines.items()}
        scroll = best_scroll(old, new, self.width)
        if scroll is None:
            return False
        look, self.look = self.look, None
        if look is not None:
            look()
        if not self.scrolls:
            return False
        writing.before(scroll.sequence())
        rows = range(scroll.first, scroll.last + 1)
        lines = {row: self._lines[row] for row in rows}
        for row in rows:
            new.setdefault(row, old[row])
            spans[row] = [(0, self.width)]
            self._lines[row] = moved = _Line()
            if row + scroll.by in lines:
                moved.cells = lines[row + scroll.by].cells
            else:
                # Some terminals colour what comes in, some do not.
                moved.cells = unknown(self.width)
        return True

    def _read(self, content: str) -> Cells | None:
        """See what a text draws; None where it is not sure which cells its characters take."""
        parts = _PEN.split(content)
        read = Cells([], [])
        pen = PLAIN
        for index, part in enumerate(parts):
            if index % 2:
                pen = taken(pen, part)
            elif part:
                if not part.isprintable():
                    return None
                one_each = part.isascii() or self._all_single(part)
                characters = part if one_each else _with_rests(part)
                if characters is None:
                    return None
                # The colour of ink is nothing to a blank: it must not make one differ.
                blank = inkless(pen)
                read.characters.extend(characters)
                read.pens.extend(blank if one == " " else pen for one in characters)
        return read

    def _all_single(self, text: str) -> bool:
        if self._single.issuperset(text):
            return True
        if any(get_character_cell_size(character) != 1 for character in text):
            return False
        self._single.update(text)
        return True


def _with_rests(text: str) -> list[str] | None:
    """The characters of a text, each wide one with what stands for its second cell; None where
    terminals do not agree on how wide they are, as on flags, and where a character joins another.
    """
    characters: list[str] = []
    for character in text:
        size = get_character_cell_size(character)
        if size not in (1, 2) or character in PARTS:
            return None
        characters.append(character)
        if size == 2:
            characters.append(REST)
    return characters


def _joins_what_is_before(content: str) -> bool:
    """Whether a text begins with a mark, which terminals put on the character before it: at the
    start of a line that is the last one of the line above."""
    text = _PEN.sub("", content)
    return bool(text) and get_character_cell_size(text[0]) == 0


def _cells_of(spans: dict[int, list[tuple[int, int]]]) -> int:
    """How many cells stretches have, which is the most that can differ: that is counted at once."""
    return sum(end - first for line in spans.values() for first, end in line)


def _joined(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The same without overlaps, in order."""
    begin, end = -1, -1
    for first, last in sorted(spans):
        if first >= end:
            if end > begin:
                yield begin, end
            begin, end = first, last
        else:
            end = max(end, last)
    yield begin, end
