"""The line of keys at the bottom: the most important ones of what has the focus, never more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.message import Message

from tui.widgets.bar import Bar, Piece, one_line
from tui.widgets.palette import Palette


class KeyHint(NamedTuple):
    """A key as it is written, what it does in a word or two, and the command's id.

    `object` is what it does that to now: a person is to read it before the key is pressed, so
    that it has its room before hints of more importance.
    """

    key: str
    title: str
    id: str = ""
    object: str = ""


LEAST_OBJECT, KEPT_OBJECT, LONGEST_OBJECT = 8, 24, 40
"""Cells that a hint's object needs at least, that are kept for it, and that it has at most,
where no other key needs them."""
WIDE, NARROW_OBJECT = 100, 17
"""Cells of the bar below which no more than those are kept: other keys need the room."""
MORE = KeyHint("?", "more", "help")


class KeyBar(Bar):
    """Shows as many hints, most important first, as fit, and always the one for more."""

    class Pressed(Message):
        """A hint was clicked."""

        def __init__(self, id: str) -> None:
            super().__init__()
            self.id = id

    def __init__(
        self,
        hints: Iterable[KeyHint] = (),
        *,
        more: KeyHint = MORE,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._hints = tuple(hints)
        self._more = more

    @property
    def hints(self) -> tuple[KeyHint, ...]:
        """All hints, those that do not fit too."""
        return self._hints

    def show_hints(self, hints: Iterable[KeyHint]) -> None:
        """Show other hints, most important first."""
        new = tuple(hints)
        if new != self._hints:
            self._hints = new
            self.refresh()

    def pieces(self, width: int, palette: Palette) -> tuple[list[Piece], list[Piece]]:
        """Whole hints only; behind a hint that does not fit only those with an object stand."""

        most = KEPT_OBJECT if width >= WIDE else NARROW_OBJECT

        def of(hint: KeyHint, room: int = 0) -> list[Piece]:
            title = one_line(hint.title, 24)
            if hint.object and room >= LEAST_OBJECT:
                title += f": {one_line(hint.object, min(room, LONGEST_OBJECT) - 2)}"
            return [
                Piece(f" {one_line(hint.key, 12)}", palette.bar_key, hint.id),
                Piece(f" {title} ", palette.bar_muted, hint.id),
            ]

        right = of(self._more)
        room = width - sum(cell_len(piece.text) for piece in right)

        def length(pieces: list[Piece]) -> int:
            return sum(cell_len(piece.text) for piece in pieces)

        kept = sum(length(of(hint, most)) for hint in self._hints if hint.object)
        if kept * 3 > room * 2:
            kept = 0
        shown: list[tuple[KeyHint, int]] = []
        full = False
        for hint in self._hints:
            if hint.object:
                kept = 0
            elif full:
                continue
            spare = room - kept - length(of(hint))
            if spare < 0:
                full = True
                continue
            object_room = min(spare, most)
            room -= length(of(hint, object_room))
            shown.append((hint, object_room))
        # What is left over is for the objects.
        left: list[Piece] = []
        for hint, object_room in shown:
            pieces = of(hint, object_room + room if hint.object and object_room else 0)
            room -= length(pieces) - length(of(hint, object_room))
            left += pieces
        return left, right

    def on_click(self, event: events.Click) -> None:
        """Say which hint was clicked."""
        if action := self.action_at(event.x):
            event.stop()
            self.post_message(self.Pressed(action))
