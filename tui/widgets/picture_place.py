"""The one picture on the terminal that is not made of cells, kept true to the screen in front.

A screen that shows one says so (`pictured`), frame after frame; nobody has to think of taking it
away. It is drawn behind the frame in which its place is blank, and taken away before the first
frame in which it is not, so that nothing of it is left over: a kitty picture by its number, sixels
by writing all cells of their lines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from textual.geometry import Offset, Size

from tui.widgets.terminal_cells import TerminalCells


class Pictured(NamedTuple):
    """A picture, and where on the screen it belongs."""

    place: Offset
    size: Size
    draw: str
    """Draws it from the cursor on."""
    erase: str
    """Takes it away; empty where writing over its cells does."""


class PicturePlace:
    """What picture stands on the terminal."""

    def __init__(self, cells: TerminalCells, wanted: Callable[[], Pictured | None]) -> None:
        self._cells = cells
        self._wanted = wanted
        self._covered = False
        self.stands: Pictured | None = None
        """The one that was drawn and not taken away; something may lie over it."""

    @property
    def is_left(self) -> bool:
        """Whether it does not belong on the screen in front: it goes before the next frame."""
        return self.stands is not None and self.stands != self._wanted()

    def behind(self, *, anew: bool) -> str:
        """What has to be written behind a frame; `anew` where that wrote over all cells."""
        wanted = self._wanted()
        if wanted is None:
            return self.taken()
        (column, line), (width, height) = wanted.place, wanted.size
        if not self._cells.is_blank(column, line, width, height):
            # What lies over it, such as a notice, is to be read; it comes back once that is gone.
            covered, self._covered = self._covered, self.stands is not None
            return "" if self.stands is None or covered else self.stands.erase
        if self.stands is not None and not (anew or self._covered):
            return ""
        self.stands, self._covered = wanted, False
        return f"{wanted.erase}\x1b7\x1b[{line + 1};{column + 1}H{wanted.draw}\x1b8"

    def taken(self) -> str:
        """Takes it away, whatever is wanted: its lines have to be painted after that."""
        stands, self.stands, self._covered = self.stands, None, False
        if stands is None:
            return ""
        if not stands.erase:
            self._cells.forget_lines(stands.place.y, stands.size.height)
        return stands.erase
