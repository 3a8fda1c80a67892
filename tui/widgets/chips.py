"""What is on, each part by itself: a click takes one off."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from textual import events
from textual.message import Message

from tui.widgets.bar import Bar, Piece, one_line
from tui.widgets.palette import Palette

LONGEST = 40
"""Cells of one chip."""
OFF = "✕"


class Chips(Bar):
    """A line of parts; without any it takes no room."""

    class TakenOff(Message):
        """A part was clicked, by its place among all of them."""

        def __init__(self, place: int) -> None:
            super().__init__()
            self.place = place

    def __init__(self, title: str, hint: str = "") -> None:
        """`hint` stands at the right where there is room."""
        super().__init__()
        self._title = title
        self._hint = hint
        self._chips: tuple[str, ...] = ()
        self.display = False

    def show(self, chips: Sequence[str]) -> None:
        """Show these parts."""
        if tuple(chips) != self._chips:
            self._chips = tuple(chips)
            self.display = bool(chips)
            self.refresh()

    def ground(self, palette: Palette) -> Style:
        """As the table above it."""
        return palette.plain["text"]

    def pieces(self, width: int, palette: Palette) -> tuple[list[Piece], list[Piece]]:
        """The title, the parts, and the hint where it fits."""
        plain = palette.plain
        left = [Piece(f"  {self._title} ", plain["muted"])]
        for place, chip in enumerate(self._chips):
            text = f" {one_line(chip, LONGEST)} {OFF} "
            left += [Piece(text, palette.button, str(place)), Piece(" ", plain["text"])]
        used = sum(len(piece.text) for piece in left)
        hint = [Piece(f"{self._hint} ", plain["muted"])] if used + len(self._hint) < width else []
        return left, hint

    def on_click(self, event: events.Click) -> None:
        """Take off what was clicked."""
        place = self.action_at(event.x)
        if place:
            event.stop()
            self.post_message(self.TakenOff(int(place)))
