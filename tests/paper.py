"""Whether what a program painted had to be painted, however busy the machine was meanwhile.

Bytes and frames of a whole journey depend on what came when. That no cell is written with what it
has already depends on the program alone.
"""

from __future__ import annotations

import pyte

from tests.terminal import Glass, for_pyte

NEEDLESS = 1.5
"""How many cells are written for one that becomes another: those that lie between two of them
cost less than a move over them."""


class Paper(Glass):
    """A screen that counts the cells that are written, and those that are others then."""

    written = changed = 0

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self._stream = pyte.ByteStream(self)
        self._stream.feed(b"?" * columns * lines + b"\x1b[H")  # nobody knows what was there
        self.count_anew()

    def count_anew(self) -> None:
        """Count what is written from now on."""
        self.written = self.changed = 0

    def take(self, output: bytes) -> None:
        """Paint what a program wrote."""
        self._stream.feed(for_pyte(output))

    def draw(self, data: str) -> None:
        """Count what is written over what."""
        for character in data:
            line, column = self.buffer[self.cursor.y], self.cursor.x
            before = line[column]
            super().draw(character)
            self.written += 1
            # The colour of ink is nothing to a blank.
            after = line[column]
            same = before == after or (
                before.data == after.data == " " and before.bg == after.bg and not after.reverse
            )
            self.changed += not same

    def check(self) -> None:
        """Fail if much was written that was there."""
        assert self.written <= NEEDLESS * self.changed, (self.written, self.changed)
