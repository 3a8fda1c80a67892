"""Columns of a series to the cells of its row, only from where something changed. No Textual."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from typing import Protocol

from tui.live.units import relative
from tui.screens.live.angles import (
    PORT,
    STARBOARD,
    Samples,
    Turned,
    middle_of,
    pointed,
    sailed_off,
    unwrapped,
)
from tui.screens.live.window import Frame
from tui.widgets.sparkline_cells import (
    Bucket,
    CellLine,
    GlyphSet,
    buckets_per_cell,
    sparkline_cells,
)
from tui.widgets.track_cells import SUSPECT

SMOOTHED = 5
"""Columns that a smoothed one is the mean of: itself and those before, so the past stays."""


class Folded(Turned, Protocol):
    """One time bucket as the store has it."""

    @property
    def last_time(self) -> int:
        """When that was, in ms since the epoch."""


class Values:
    """The number to draw for each column: held between samples, a gap where they fail to come.

    A unit that sends every 40 s is not silent in between: its value is held for `hold` ms. What
    a column shows depends on earlier ones alone, so the past never changes.
    """

    __slots__ = ("_raw", "centre", "hold", "port", "shown", "smooth", "wraps")

    def __init__(self) -> None:
        self.shown: list[Bucket] = []
        self.hold = 0
        self.centre: float | None = None
        """Of angles, around which direction the first is drawn."""
        self.wraps = False
        """Of angles, whether all are drawn around the centre and none beside the one before."""
        self.port: bytearray | None = None
        """Of angles to the wind, whether each is on the port side; they are drawn as how far off
        the bow they are."""
        self.smooth = False
        self._raw: list[Bucket] = []

    def fill(
        self, columns: Sequence[Folded | None], frame: Frame, since: int, samples: Samples
    ) -> None:
        """Work out the values from the column at place `since` up to the present one."""
        raw, centre, width, port = self._raw, self.centre, frame.width, self.port
        del raw[since:]
        near = centre if centre is None or self.wraps else self._last(centre)
        if port is not None:
            del port[since:]
        held, until = self._held(columns, since, since - 2 - self.hold // width), -1
        if held is not None:
            until = held.last_time + self.hold
        starts = (frame.first + since) * width
        for place in range(since, self._end(columns, frame)):
            column = columns[place]
            if column is not None:
                value: Bucket = column.mean
                held, until = column, column.last_time + self.hold
            elif held is not None and starts <= until:
                value = held.last
            else:
                value = None
            if port is not None:
                side = 0.0 if value is None else relative(value)
                if column is not None:
                    _, _, value = sailed_off(column, place, samples)
                    side = side if value == abs(side) else relative(column.last)
                else:
                    value = None if value is None else abs(side)
                port.append(side < 0)
            elif near is not None and value is not None:
                value = unwrapped(value, near)
                if not self.wraps:
                    near = value
            raw.append(value)
            starts += width
        if self.smooth:
            self._smooth(since)
        else:
            self.shown[since:] = raw[since:]

    def _last(self, otherwise: float) -> float:
        """The newest value that is drawn."""
        return next((one for one in reversed(self._raw) if one is not None), otherwise)

    @staticmethod
    def _end(columns: Sequence[Folded | None], frame: Frame) -> int:
        """Where the present ends; a sample whose clock is ahead lies beyond it."""
        end = max(0, min(len(columns), frame.newest - frame.first + 1))
        while end < len(columns) and columns[end] is not None:
            end += 1
        return end

    @staticmethod
    def _held(columns: Sequence[Folded | None], since: int, oldest: int) -> Folded | None:
        for place in range(since - 1, max(-1, oldest), -1):
            column = columns[place]
            if column is not None:
                return column
        return None

    def _smooth(self, since: int) -> None:
        raw, shown = self._raw, self.shown
        del shown[since:]
        for place in range(since, len(raw)):
            near = [one for one in raw[max(0, place - SMOOTHED + 1) : place + 1] if one is not None]
            shown.append(sum(near) / len(near) if raw[place] is not None else None)


class Chart:
    """The cells of one row's graph: text and levels, kept so that changes can be told."""

    __slots__ = ("_per_cell", "glyphs", "height", "levels", "marks", "text", "upper")

    def __init__(self, glyphs: GlyphSet, height: int = 1) -> None:
        self.glyphs = glyphs
        self.height = height
        """Lines of the terminal: one or two."""
        self.marks = frozenset[int]()
        """Cells in which something is left out of the graph."""
        self._per_cell = buckets_per_cell(glyphs)
        self.text = ""
        self.upper = ""
        """Of a graph of two lines the upper one; its colours are those of the lower."""
        self.levels = b""

    def mark(self, places: Iterable[int]) -> int | None:
        """Mark the cells of these columns from the next drawing on, and no others; the first
        column of a cell whose mark is another, None where none is.
        """
        marks = frozenset(place // self._per_cell for place in places)
        changed, self.marks = marks ^ self.marks, marks
        return min(changed) * self._per_cell if changed else None

    def draw(
        self,
        values: Sequence[Bucket],
        since: int,
        cells: int,
        low: float,
        high: float,
        port: bytearray | None = None,
        level: int | None = None,
    ) -> range:
        """Draw the values from place `since` on, in so many cells; the cells that differ.

        `port` says which of them are coloured as of the port side, and the others as of starboard;
        `level` is the one colour of all, where their height is no amount: they are a line then.
        """
        per_cell = self._per_cell
        cell = since // per_cell
        before, above, colours = self.text, self.upper, self.levels
        *upper, line = sparkline_cells(
            values[cell * per_cell :],
            glyphs=self.glyphs,
            height=self.height,
            low=low,
            high=high,
            bare=level is not None and port is None,
        )
        if port is not None:
            newest = range((cell + 1) * per_cell - 1, len(port) + per_cell - 1, per_cell)
            sides = bytes(
                PORT if port[min(place, len(port) - 1)] else STARBOARD for place in newest
            )
            line = line._replace(levels=sides)
        elif level is not None:
            line = line._replace(levels=bytes((level,)) * len(line.levels))
        else:
            line = line._replace(levels=_steadied(line, self._level_before(cell)))
        top = upper[0].text if upper else ""
        if self.marks:
            line = line._replace(text=self._marked(line.text, cell))
        end = cell + len(line.text)
        same = before[cell:end] == line.text and colours[cell:end] == line.levels
        if since and same and above[cell:end] == top and len(before) == cells:
            return range(0)
        self.text = (before[:cell] + line.text).ljust(cells)
        if upper:
            self.upper = (above[:cell] + top).ljust(cells)
        self.levels = (colours[:cell] + line.levels).ljust(cells, b"\0")
        if len(before) != len(self.text):
            return range(cells)
        first, last = cells, -1
        text, levels = self.text, self.levels
        for index in range(cell, cells if since == 0 else min(end, cells)):
            if (
                text[index] != before[index]
                or (upper and self.upper[index] != above[index])
                or (levels[index] != colours[index] and self._inked(index))
            ):
                first, last = min(first, index), index
        return range(first, last + 1)

    def _marked(self, text: str, cell: int) -> str:
        return "".join(
            SUSPECT if place in self.marks else sign for place, sign in enumerate(text, cell)
        )

    def _inked(self, cell: int) -> bool:
        return self.text[cell] != " " or (self.height > 1 and self.upper[cell] != " ")

    def _level_before(self, cell: int) -> int | None:
        """The colour of the last cell before one that is no blank; None where all are."""
        last = len(self.text[:cell].rstrip(" "))
        return self.levels[last - 1] if last else None

    def line(self, number: int) -> str:
        """One of its lines, from the top down."""
        return self.text if number == self.height - 1 else self.upper

    def runs(self, cells: range, number: int = -1) -> list[tuple[str, int]]:
        """Some of the cells of a line as runs of one level; blanks take any."""
        text, levels = self.line(number % self.height), self.levels
        runs: list[tuple[str, int]] = []
        start, level = cells.start, levels[cells.start]
        for index in cells:
            if text[index] != " " and levels[index] != level:
                if index > start:
                    runs.append((text[start:index], level))
                start, level = index, levels[index]
        runs.append((text[start : cells.stop], level))
        return runs


def _steadied(line: CellLine, before: int | None) -> bytes:
    """The levels of cells, where one that is next to the level before it takes that one's colour.

    A value at the edge of two levels would change colour in every second cell, and those changes
    are most of what a picture costs on a thin link. It depends on earlier cells alone.
    """
    steady = bytearray(line.levels)
    for place, level in enumerate(steady):
        if line.text[place] == " ":
            continue
        if before is not None and abs(level - before) == 1:
            steady[place] = before
        else:
            before = level
    return bytes(steady)


Extent = tuple[float, float, float, int]
"""Lowest, highest, sum and number of some samples."""
NO_EXTENT: Extent = (inf, -inf, 0.0, 0)


def _off_bow(
    extent: Extent, columns: Sequence[Folded | None], first: int, samples: Samples
) -> Extent:
    """An extent of how far off the bow angles are, with more columns in it, from place `first`."""
    lowest, highest, total, number = extent
    for place, column in enumerate(columns, first):
        if column is None:
            continue
        low, high, mean = sailed_off(column, place, samples)
        lowest, highest = min(lowest, low), max(highest, high)
        total, number = total + mean * column.size, number + column.size
    return lowest, highest, total, number


def _extended(extent: Extent, columns: Sequence[Folded | None], centre: float | None) -> Extent:
    """An extent with some more columns in it; of angles, as they lie around `centre`."""
    lowest, highest, total, number = extent
    for column in columns:
        if column is None:
            continue
        turn = 0.0 if centre is None else unwrapped(column.mean, centre) - column.mean
        lowest, highest = min(lowest, column.low + turn), max(highest, column.high + turn)
        total += (column.mean + turn) * column.size
        number += column.size
    return lowest, highest, total, number


class Summary:
    """Lowest, mean and highest of all samples in a window.

    What the columns before the newest come to is kept: only new ones are gone through.
    """

    __slots__ = ("_centre", "_direction", "_extent", "_place")

    def __init__(self) -> None:
        self._place = 0
        self._centre: float | None = None
        self._direction = (0.0, 0.0)
        self._extent = NO_EXTENT

    def cut(self, since: int) -> None:
        """The columns from place `since` on are others than they were."""
        if since < self._place:
            self._place = 0
            self._direction, self._extent = (0.0, 0.0), NO_EXTENT

    def of(
        self,
        columns: Sequence[Folded | None],
        end: int,
        *,
        circular: bool,
        sided: Samples | None = None,
    ) -> tuple[float, float, float] | None:
        """What the columns up to `end` come to; None where no sample is in them.

        Of angles, it is as they lie around their mean direction; of those to the bow, whose
        samples `sided` brings, how far off it they are.
        """
        place = self._place
        settled = max(place, end - 1)
        fresh, newest = columns[place:settled], columns[settled:end]
        centre = None
        if circular and sided is None:
            self._direction = pointed(self._direction, fresh)
            centre = middle_of(pointed(self._direction, newest))
            if centre != self._centre:
                self._centre, self._extent, fresh = centre, NO_EXTENT, columns[:settled]
        self._place = settled
        if sided is None:
            self._extent = _extended(self._extent, fresh, centre)
            low, high, total, number = _extended(self._extent, newest, centre)
        else:
            self._extent = _off_bow(self._extent, fresh, place, sided)
            low, high, total, number = _off_bow(self._extent, newest, settled, sided)
        # A sum is rounded: the mean of what is always the same is not beyond it.
        return (low, min(max(low, total / number), high), high) if number else None
