"""Which stretch of time the wall shows, as columns that lie on a grid since the epoch.

Old columns never move between two jumps: the wall fills from left to right, and when it is full
it shifts by a part of its width at once. Sliding by a column would change every cell each time.
"""

from __future__ import annotations

from typing import NamedTuple

from tui.workspace.live.presets import WINDOWS

SHORT = 60
"""Seconds below which the wall shifts by a larger part, so that it does not do so all the time."""


class Frame(NamedTuple):
    """Columns `first` to before `first + size` of `width` ms each; `newest` is the present one."""

    first: int
    size: int
    width: int
    newest: int

    @property
    def start(self) -> int:
        """When the first column begins, in ms since the epoch."""
        return self.first * self.width

    @property
    def end(self) -> int:
        """When the last column ends."""
        return (self.first + self.size) * self.width

    def column_of(self, time: int) -> int | None:
        """The place of the column that holds a time, or None outside of the window."""
        place = time // self.width - self.first
        return place if 0 <= place < self.size else None


def frame_of(seconds: int, count: int, per_cell: int, now: int, held: int | None = None) -> Frame:
    """The frame of `count` columns that shows the last `seconds` before `now`.

    `held` is the end of a window that stands still. `count` is a multiple of `per_cell`.
    """
    width = max(1, -(-seconds * 1000 // count))
    if held is not None:
        right = -(-held // (width * per_cell)) * per_cell
        newest = (min(held, now) - 1) // width
    else:
        newest = (now - 1) // width
        jump = jump_of(seconds, count, per_cell)
        right = (newest // jump + 1) * jump
    return Frame(right - count, count, width, newest)


def jump_of(seconds: int, count: int, per_cell: int) -> int:
    """By how many columns the wall shifts at once."""
    part = count // (8 if seconds >= SHORT else 4)
    return max(per_cell, part - part % per_cell)


def longer(seconds: int, by: int) -> int:
    """The next window on the list: longer by `by` steps, or shorter for negative ones."""
    place = min(range(len(WINDOWS)), key=lambda index: abs(WINDOWS[index] - seconds))
    return WINDOWS[max(0, min(len(WINDOWS) - 1, place + by))]


def window_text(seconds: int) -> str:
    """`10 s`, `5 min`, `3 h`, `1 d`."""
    for unit, name in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= unit:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"
