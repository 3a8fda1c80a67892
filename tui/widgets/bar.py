"""One line across the screen made of pieces, some of which can be clicked."""

from __future__ import annotations

from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui.widgets.cells import cell_text, clip
from tui.widgets.palette import Palette, palette_of


class Piece(NamedTuple):
    """Clean text in a bar; a piece with an `action` can be clicked."""

    text: str
    style: Style
    action: str = ""


def one_line(text: object, width: int) -> str:
    """Any text cleaned and cut to `width` cells."""
    return clip(cell_text(text, width), width)


def strip_of(
    left: list[Piece], right: list[Piece], width: int, ground: Style
) -> tuple[Strip, list[tuple[int, int, str]]]:
    """The line with `right` at its right end, and which cells belong to which action.

    Where both do not fit, the pieces of `left` are cut: what is at the right changes more often.
    """
    right_width = min(width, sum(cell_len(piece.text) for piece in right))
    room = width - right_width
    segments: list[Segment] = []
    places: list[tuple[int, int, str]] = []
    x = 0

    def put(piece: Piece, limit: int) -> None:
        nonlocal x
        text = clip(piece.text, limit - x)
        if not text:
            return
        segments.append(Segment(text, piece.style))
        end = x + cell_len(text)
        if piece.action:
            places.append((x, end, piece.action))
        x = end

    for piece in left:
        put(piece, room)
    if x < room:
        segments.append(Segment(" " * (room - x), ground))
        x = room
    for piece in right:
        put(piece, width)
    return Strip(segments).adjust_cell_length(width, ground), places


class Bar(Widget):
    """One line that is drawn whole whenever something in it changes."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    Bar { height: 1; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._places: list[tuple[int, int, str]] = []

    @property
    def palette(self) -> Palette:
        """The styles of the present theme."""
        return palette_of(self.app)

    def ground(self, palette: Palette) -> Style:
        """What the line is filled with."""
        return palette.bar

    def pieces(self, width: int, palette: Palette) -> tuple[list[Piece], list[Piece]]:
        """What stands at the left and at the right in `width` cells."""
        del width, palette
        return [], []

    def render_line(self, y: int) -> Strip:
        """The line."""
        width = self.content_size.width
        palette = self.palette
        if y:
            return Strip.blank(width, self.ground(palette))
        left, right = self.pieces(width, palette)
        strip, self._places = strip_of(left, right, width, self.ground(palette))
        return strip

    def action_at(self, x: int) -> str:
        """The action of the piece at a cell; empty where there is none."""
        return next((name for start, end, name in self._places if start <= x < end), "")
