"""Where things stand in a row of the wall, by its width. Pure."""

from __future__ import annotations

from typing import NamedTuple

MARK = 3
VALUE, UNIT, ARROW, AGE = 7, 5, 3, 9
NARROW, WIDE = 112, 180


class Layout(NamedTuple):
    """Widths in cells, from left to right; `stat` is that of each of minimum, mean and maximum."""

    mark: int
    group: int
    item: int
    chart: int
    stat: int

    @property
    def name(self) -> int:
        """Mark, group and item together: where the graph begins."""
        return self.mark + self.group + self.item

    @property
    def numbers(self) -> int:
        """Where the numbers begin."""
        return self.name + self.chart + 1

    @property
    def width(self) -> int:
        """All of it."""
        return self.numbers + VALUE + UNIT + ARROW + AGE + 3 * self.stat


def layout_of(width: int, *, by_type: bool) -> Layout:
    """The layout for a width; what is left over is the graph's.

    Grouped by type the short name comes first, and the item needs room for the device.
    """
    if width < NARROW:
        device, kind, stat = 12, 7, 0
    elif width < WIDE:
        device, kind, stat = 17, 8, 7
    else:
        device, kind, stat = 22, 22, 8
    group, item = (kind, device + 1) if by_type else (device, kind)
    fixed = MARK + group + item + 1 + VALUE + UNIT + ARROW + AGE + 3 * stat
    return Layout(MARK, group, item, max(4, width - fixed), stat)
