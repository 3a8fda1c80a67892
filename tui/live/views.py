"""Time buckets for drawing: one column per bucket, aligned to the epoch, kept up to date.

A bucket's place depends on its time and width only, so a column that lies in the past never
changes, and a new sample costs one column. Where history has become coarse, its buckets count
for the column in which they begin.
"""

from __future__ import annotations

from collections.abc import Collection

from tui.live.folds import Column, Fold, column, merge
from tui.live.series import NEVER, Series, Watch


def merge_folds(series: Series, axis: int, start: int, end: int, width: int) -> dict[int, Fold]:
    """Return the fold of each column of `width` ms in [start, end) that is not empty."""
    newest = series.newest(axis, start, end, width)
    if newest is not None:
        return dict((newest,))
    circular = series.circular and axis == 0
    folds: dict[int, Fold] = {}
    for number, folded in series.folds(axis, start, end, width):
        known = folds.get(number)
        folds[number] = folded if known is None else merge(known, folded, circular)
    return folds


class View(Watch):
    """A window of `count` columns of `width` milliseconds over one axis of a series.

    `columns[i]` is the column with the number `first + i`, which covers the milliseconds from
    number * width on; None where nothing was measured.
    """

    __slots__ = ("_folds", "_version", "axis", "columns", "count", "first", "series", "width")

    def __init__(self, series: Series, axis: int, width: int, count: int) -> None:
        super().__init__()
        self.series = series
        self.axis = axis
        self.width = max(width, 1)
        self.count = max(count, 1)
        self.first = 0
        self.columns: list[Column | None] = []
        self._folds: dict[int, Fold] = {}
        self._version = -1

    @property
    def start(self) -> int:
        """The time at which the first column begins."""
        return self.first * self.width

    @property
    def end(self) -> int:
        """The time at which the last column ends."""
        return (self.first + self.count) * self.width

    def samples(self, place: int) -> list[float]:
        """The samples of the column at a place; fewer than it has where history is coarse."""
        start = (self.first + place) * self.width
        _, axes = self.series.ring.samples(start, start + self.width)
        return axes[self.axis]

    def update(self, end: int) -> int | None:
        """Bring the window up to date, its last column holding the millisecond before `end`.

        Returns the number of the first column that is not as it was, which may be one that has
        just come into the window, or None if nothing changed.
        """
        first = (end - 1) // self.width - self.count + 1
        changed = NEVER
        if self.columns and self.series.version != self._version:
            changed = self._refresh()
        if not self.columns or first != self.first:
            changed = min(changed, self._move(first))
        self._version = self.series.version
        self.tail = self.series.last_time or 0
        self.dirty = NEVER
        return max(changed, first) if changed < NEVER else None

    def _refresh(self) -> int:
        """Bring in what has arrived since the last update, into the columns that are here."""
        start = self.start
        late = self.dirty <= self.tail or self.tail < self.series.ring.floor
        if late:
            # From a late sample on, or from where history has become coarse since the last
            # look, the columns are computed anew.
            since = min(self.dirty, self.tail)
            start = max(start, since - since % self.width)
            for number in range(start // self.width, self.first + self.count):
                self._folds.pop(number, None)
        else:
            start = max(start, self.tail + 1)
        if start >= self.end:
            return NEVER
        news = merge_folds(self.series, self.axis, start, self.end, self.width)
        circular = self.series.circular and self.axis == 0
        for number, folded in news.items():
            known = self._folds.get(number)
            self._folds[number] = folded if known is None else merge(known, folded, circular)
        if late:
            numbers: Collection[int] = range(start // self.width, self.first + self.count)
        else:
            numbers = news
        for number in numbers:
            self._show(number)
        return min(numbers, default=NEVER)

    def _show(self, number: int) -> None:
        folded = self._folds.get(number)
        circular = self.series.circular and self.axis == 0
        shown = None if folded is None else column(folded, circular)
        self.columns[number - self.first] = shown

    def _move(self, first: int) -> int:
        """Shift the window, computing only the columns that come into it."""
        old, count = self.first, self.count
        shift = first - old
        self.first = first
        empty: list[Column | None] = [None] * min(abs(shift), count)
        if not self.columns or abs(shift) >= count:
            self._folds = {}
            self.columns = [None for _ in range(count)]
            fresh = range(first, first + count)
        elif shift > 0:
            for number in range(old, first):
                self._folds.pop(number, None)
            self.columns = self.columns[shift:] + empty
            fresh = range(old + count, first + count)
        else:
            for number in range(first + count, old + count):
                self._folds.pop(number, None)
            self.columns = empty + self.columns[:shift]
            fresh = range(first, old)
        start, end = fresh.start * self.width, fresh.stop * self.width
        self._folds.update(merge_folds(self.series, self.axis, start, end, self.width))
        for number in fresh:
            self._show(number)
        return fresh.start
