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
from tui.widgets.sgr import PLAIN, Pen, change, draw, unseen

LEAST_ERASED = 8
"""Blanks in a row that are erased instead of written."""


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

    def text(self) -> str:
        """All of it, with the terminal's own pen at both ends."""
        pieces = self._pieces
        grounds = _by_pen(self._grounds, PLAIN)
        pen = grounds[-1].pen if grounds else PLAIN
        by_pen = _by_pen(self._alone, pen)
        ways = [pieces] if by_pen == pieces else [pieces, by_pen]
        return "".join(self._before) + min((self._encoded(grounds + one) for one in ways), key=len)

    def _encoded(self, pieces: list[_Piece]) -> str:
        written: list[str] = []
        pen = PLAIN
        row = column = 0
        for piece in pieces:
            if (piece.row, piece.column) != (row, column):
                written.append(self._move(piece, row, column))
            pen = draw(written, pen, piece.pen, " " if piece.erased else piece.text)
            row, column = piece.row, piece.column
            if piece.erased:
                ends = column + piece.cells > self._width
                written[-1] = "\x1b[K" if ends else f"\x1b[{piece.cells}X"
            else:
                column += piece.cells
            if column > self._width and not self._width:
                row = 0  # who knows where a line ends
        written.append(change(pen, PLAIN))
        return "".join(written)

    def _move(self, piece: _Piece, row: int, column: int) -> str:
        """The shortest way there from where the cursor is known to be; row 0 is nowhere."""
        away = f"\x1b[{piece.row};{piece.column}H"
        if not row:
            return away
        if column > self._width and piece.column == self._width:
            # Nothing wraps: after the last column the next sign goes there again, wherever a
            # terminal says that its cursor is.
            across = ""
        else:
            across = _across(piece.column, column if column <= self._width else 0)
        return min(away, _down(piece.row - row) + across, key=len)


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


def _by_pen(pieces: list[_Piece], pen: Pen) -> list[_Piece]:
    """The same, those of one pen together, and each pen after the one that it is nearest to."""
    left: dict[Pen, list[_Piece]] = {}
    for piece in pieces:
        left.setdefault(piece.pen, []).append(piece)
    found: list[_Piece] = []
    while left:
        here = pen
        pen = min(left, key=lambda one: len(change(here, one)))
        found += left.pop(pen)
    return found


def _is_blank(characters: list[str]) -> bool:
    return characters[0] == " " and not "".join(characters).strip(" ")
