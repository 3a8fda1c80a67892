"""Cells on their way to the terminal, in the order and the form that takes the fewest bytes.

A change of colours costs 15 to 40 bytes, a move 1 to 8: what has the same colours is written
together where that is shorter, and a move is relative where that is. Blanks in a row are erased
instead of written where the terminal erases with the present ground ("bce" of terminfo). Source:
ECMA-48: CHA, CUB, CUD, CUF, CUP, CUU, ECH, EL, IND, RI.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from tui.widgets.scrolling import REST, Cells
from tui.widgets.sgr import PLAIN, Pen, change, draw, inkless, unseen

LEAST_ERASED = 8
"""Blanks in a row that are erased instead of written."""
MOST_BEGINNINGS = 9
"""Pens of a frame that are each tried as the first."""


class _Piece(NamedTuple):
    """Cells side by side in one pen, at a row and column counted from 1."""

    row: int
    column: int
    pen: Pen
    text: str
    cells: int
    erased: bool


class Writing:
    """What a frame comes to. No two of its cells are the same: their order is free."""

    def __init__(self, width: int, *, erases: bool) -> None:
        """`width` of the terminal, 0 where it is not known."""
        self._width = width
        self._erases = erases
        self._before: list[str] = []
        self._grounds: list[_Piece] = []
        self._pieces: list[_Piece] = []
        self._alone: list[_Piece] = []
        """The same pieces without what leads from one to the next."""

    def before(self, sequence: str) -> None:
        """Something that moves cells, before any is written."""
        self._before.append(sequence)

    def erase(self, row: int, column: int, pen: Pen, cells: int) -> None:
        """Make these blank, before any is written over them; only where it `erases`."""
        self._grounds.append(_Piece(row, column, pen, "", cells, True))

    def add(self, row: int, column: int, cells: Cells, differs: list[bool]) -> None:
        """Write these cells, those that differ for sure: between them that may be shorter."""
        place = 0
        for pen, characters in self._parts(cells):
            blank = characters[0] == " " and not "".join(characters).strip(" ")
            erased = self._erases and blank and len(characters) >= LEAST_ERASED and unseen(pen)
            text = "".join(characters).replace(REST, "")
            piece = _Piece(row, column, pen, text, len(characters), erased)
            self._pieces.append(piece)
            other = differs[place : place + len(characters)]
            if erased or (other[0] and other[-1]):
                self._alone.append(piece)
            elif True in other:
                first, end = other.index(True), len(other) - other[::-1].index(True)
                # No wide character is cut in two.
                first -= characters[first] == REST
                end += characters[end : end + 1] == [REST]
                text = "".join(characters[first:end]).replace(REST, "")
                self._alone.append(_Piece(row, column + first, pen, text, end - first, False))
            place += len(characters)
            column += len(characters)

    def _parts(self, cells: Cells) -> Iterator[tuple[Pen, list[str]]]:
        """The same in as few pens as show it: what a blank has is its ground."""
        pen: Pen | None = None
        ready: list[str] = []
        place = 0
        for its, same in groupby(cells.pens):
            end = place + len(list(same))
            characters = cells.characters[place:end]
            place = end
            if pen is None:
                pen, ready = its, characters
            elif its is pen and not _is_blank(ready):
                ready = ready + characters
            elif self._joins(pen, ready, its, characters):
                pen = pen if _is_blank(characters) else its
                ready = ready + characters
            else:
                yield pen, ready
                pen, ready = its, characters
        if pen is not None:
            yield pen, ready

    def _joins(self, pen: Pen, ready: list[str], its: Pen, more: list[str]) -> bool:
        """Whether what comes is shown by the same pen, or what is ready by that of what comes."""
        if pen.background != its.background:
            return False
        blank, other = (more, pen) if _is_blank(more) else (ready, its)
        if not _is_blank(blank) or not (unseen(other) and unseen(pen) and unseen(its)):
            return False
        return not self._erases or len(blank) < LEAST_ERASED

    @property
    def erases(self) -> bool:
        """Whether what is erased gets the present ground."""
        return self._erases

    def text(self, leave: tuple[int, int] | None = None) -> str:
        """All of it, with the terminal's own pen at both ends; `leave` is the row and column that
        the cursor goes to then."""
        by_pen = _by_pen(self._alone, {one.pen.background for one in self._grounds})
        ways = [self._encoded(by_pen, [self._grounds], leave)]
        if by_pen != self._pieces:
            rows = groupby(self._grounds, key=lambda one: one.row)
            ways.append(self._encoded(self._pieces, [list(same) for _, same in rows], leave))
        return "".join(self._before) + min(ways, key=len)

    def _encoded(
        self,
        pieces: list[_Piece],
        grounds: list[list[_Piece]],
        leave: tuple[int, int] | None,
    ) -> str:
        """`grounds` are those that are drawn together: those of one pen before the first piece
        that lies on one of them, with its pen where that serves."""
        written: list[str] = []
        pen = PLAIN
        row = column = 0
        for piece in _with_grounds(pieces, grounds):
            if (piece.row, piece.column) != (row, column):
                written.append(self._move(piece.row, piece.column, row, column))
            row, column = piece.row, piece.column
            if piece.erased:
                # Ink that a ground has is that of what is written next.
                pen = draw(written, pen, piece.pen, "." if piece.pen.foreground else " ")
                ends = column + piece.cells > self._width
                written[-1] = "\x1b[K" if ends else f"\x1b[{piece.cells}X"
            else:
                pen = draw(written, pen, piece.pen, piece.text)
                column += piece.cells
            if column > self._width and not self._width:
                row = 0  # who knows where a line ends
        written.append(change(pen, PLAIN))
        if leave is not None and leave != (row, column):
            written.append(self._move(*leave, row, column))
        return "".join(written)

    def _move(self, to_row: int, to: int, row: int, column: int) -> str:
        """The shortest way there from where the cursor is known to be; row 0 is nowhere."""
        away = f"\x1b[{to_row};{to}H"
        if not row:
            return away
        if column > self._width and to == self._width:
            # Nothing wraps: after the last column the next sign goes there again, wherever a
            # terminal says that its cursor is.
            across = ""
        else:
            across = _across(to, column if column <= self._width else 0)
        return min(away, _down(to_row - row) + across, key=len)


def _down(by: int) -> str:
    """How to go so many lines down, or up, in the same column; no margin is set."""
    if abs(by) <= 1:
        return "\x1bD" * by or "\x1bM" * -by
    return f"\x1b[{by}B" if by > 0 else f"\x1b[{-by}A"


def _across(to: int, column: int) -> str:
    """How to go to a column of the same line; 0 is one that is not known."""
    if to == column:
        return ""
    ways = ["\r" if to == 1 else f"\x1b[{to}G"]
    if column and to > column:
        ways.append("\x1b[C" if to == column + 1 else f"\x1b[{to - column}C")
    elif column:
        ways += ["\b" * (column - to), f"\x1b[{column - to}D"]
    return min(ways, key=len)


def _with_grounds(pieces: list[_Piece], grounds: list[list[_Piece]]) -> Iterator[_Piece]:
    """The pieces, and what is erased before any that lies on it; what has none on it last."""
    left: dict[int, list[tuple[_Piece, list[_Piece]]]] = {}
    for together in grounds:
        by_pen: dict[Pen, list[_Piece]] = {}
        for one in together:
            same = by_pen.setdefault(one.pen, [])
            same.append(one)
            left.setdefault(one.row, []).append((one, same))
    for piece in pieces:
        for ground, same in left.get(piece.row, []):
            apart = piece.column >= ground.column + ground.cells
            if not same or apart or ground.column >= piece.column + piece.cells:
                continue
            serves = piece.pen.background == ground.pen.background and unseen(piece.pen)
            for one in same:
                yield one._replace(pen=piece.pen) if serves else one
            same.clear()
        yield piece
    for row in left.values():
        for _, same in row:
            yield from same
            same.clear()


def _by_pen(pieces: list[_Piece], grounds: set[str]) -> list[_Piece]:
    """The same, those of one pen together, in the order of pens that takes the fewest bytes: of
    those that go from each pen to the one that is nearest. `grounds` are backgrounds that are
    erased before anything is written on them."""
    left: dict[Pen, list[_Piece]] = {}
    for piece in pieces:
        left.setdefault(piece.pen, []).append(piece)
    begins = list(left)
    if len(begins) > MOST_BEGINNINGS:
        begins = [min(left, key=lambda one: len(change(PLAIN, one)))]
    ways = (_nearest(first, list(left), grounds) for first in begins)
    _, best = min(ways, key=lambda way: way[0], default=(0, []))
    return [piece for pen in best for piece in left[pen]]


def _nearest(first: Pen, left: list[Pen], grounds: set[str]) -> tuple[int, list[Pen]]:
    """The pens from the first one on, and about how many bytes their changes take."""
    spent, order, here = 0, [first], PLAIN
    erased: set[str] = set()

    def cost(pen: Pen) -> int:
        if pen.background in grounds - erased and not unseen(pen):
            ground = inkless(Pen(background=pen.background))
            return len(change(here, ground)) + len(change(ground, pen))
        return len(change(here, pen))

    while True:
        spent += cost(order[-1])
        here = order[-1]
        erased.add(here.background)
        left.remove(here)
        if not left:
            return spent, order
        order.append(min(left, key=cost))


def _is_blank(characters: list[str]) -> bool:
    return characters[0] == " " and not "".join(characters).strip(" ")
