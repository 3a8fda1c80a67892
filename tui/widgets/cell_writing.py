"""Cells on their way to the terminal, in the order and the form that takes the fewest bytes.

A change of colours costs 15 to 40 bytes, a move 5 to 8: what has the same colours is written
together where that is shorter. Blanks in a row are erased instead of written where the terminal
erases with the present ground ("bce" of terminfo). Source: ECMA-48: CHA, CUP, ECH, EL.
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
        self._pieces: list[_Piece] = []

    def before(self, sequence: str) -> None:
        """Something that moves cells, before any is written."""
        self._before.append(sequence)

    def add(self, row: int, column: int, cells: Cells) -> None:
        """Write these cells."""
        for pen, characters in self._parts(cells):
            blank = characters[0] == " " and not "".join(characters).strip(" ")
            erased = self._erases and blank and len(characters) >= LEAST_ERASED and unseen(pen)
            text = "".join(characters).replace(REST, "")
            self._pieces.append(_Piece(row, column, pen, text, len(characters), erased))
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

    def text(self) -> str:
        """All of it, with the terminal's own pen at both ends."""
        pieces = self._pieces
        order = {pen: place for place, pen in enumerate(dict.fromkeys(one.pen for one in pieces))}
        shortest = self._encoded(pieces)
        if 1 < len(order) < len(pieces):
            by_pen = sorted(pieces, key=lambda one: order[one.pen])
            shortest = min(shortest, self._encoded(by_pen), key=len)
        return "".join(self._before) + shortest

    def _encoded(self, pieces: list[_Piece]) -> str:
        written: list[str] = []
        pen = PLAIN
        row = column = 0
        for piece in pieces:
            if (piece.row, piece.column) != (row, column):
                written.append(self._move(piece, row))
            pen = draw(written, pen, piece.pen, " " if piece.erased else piece.text)
            row, column = piece.row, piece.column
            if piece.erased:
                ends = column + piece.cells > self._width
                written[-1] = "\x1b[K" if ends else f"\x1b[{piece.cells}X"
            else:
                column += piece.cells
            if column > self._width:
                # Where the cursor is after the last column is every terminal's own affair.
                column = 0
                row = row if self._width else 0
        written.append(change(pen, PLAIN))
        return "".join(written)

    def _move(self, piece: _Piece, row: int) -> str:
        if piece.row == row:
            return f"\x1b[{piece.column}G"
        if piece.column == 1 and piece.row == row + 1 and row:
            return "\r\n"
        return f"\x1b[{piece.row};{piece.column}H"


def _is_blank(characters: list[str]) -> bool:
    return characters[0] == " " and not "".join(characters).strip(" ")
