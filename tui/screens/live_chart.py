"""Columns of a series to the cells of its row, only from where something changed. No Textual."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, degrees, radians, sin
from typing import Protocol

from tui.screens.live_window import Frame
from tui.widgets.sparkline_cells import (
    Bucket,
    GlyphSet,
    buckets_per_cell,
    sparkline_cells,
)

SMOOTHED = 5
"""Columns that a smoothed one is the mean of: itself and those before, so the past stays."""


class Folded(Protocol):
    """One time bucket as the store has it."""

    @property
    def size(self) -> int:
        """How many samples."""

    @property
    def low(self) -> float:
        """The lowest."""

    @property
    def high(self) -> float:
        """The highest."""

    @property
    def mean(self) -> float:
        """Their mean; of angles within 0..360."""

    @property
    def last(self) -> float:
        """The newest."""

    @property
    def last_time(self) -> int:
        """When that was, in ms since the epoch."""


def unwrapped(angle: float, centre: float) -> float:
    """An angle as the one that lies within half a turn of `centre`."""
    return centre + (angle - centre + 180) % 360 - 180


def centre_of(columns: Sequence[Folded | None]) -> float:
    """The mean direction of angles in 0..360; 180 where there are none."""
    east = north = 0.0
    for column in columns:
        if column is not None:
            east += sin(radians(column.mean))
            north += cos(radians(column.mean))
    if abs(east) + abs(north) < 1e-9:
        return 180.0
    # Whole tens: a centre that moves with every sample would move the whole row.
    return round(degrees(atan2(east, north)) / 10) * 10 % 360


class Values:
    """The number to draw for each column: held between samples, a gap where they fail to come.

    A unit that sends every 40 s is not silent in between: its value is held for `hold` ms. What
    a column shows depends on earlier ones alone, so the past never changes.
    """

    __slots__ = ("_raw", "centre", "hold", "shown", "smooth")

    def __init__(self) -> None:
        self.shown: list[Bucket] = []
        self.hold = 0
        self.centre: float | None = None
        self.smooth = False
        self._raw: list[Bucket] = []

    def fill(self, columns: Sequence[Folded | None], frame: Frame, since: int) -> None:
        """Work out the values from the column at place `since` up to the present one."""
        raw, centre, width = self._raw, self.centre, frame.width
        del raw[since:]
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
            if centre is not None and value is not None:
                value = unwrapped(value, centre)
            raw.append(value)
            starts += width
        self._smooth(since)

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
        if not self.smooth:
            shown[since:] = raw[since:]
            return
        del shown[since:]
        for place in range(since, len(raw)):
            near = [one for one in raw[max(0, place - SMOOTHED + 1) : place + 1] if one is not None]
            shown.append(sum(near) / len(near) if raw[place] is not None else None)


class Chart:
    """The cells of one row's graph: text and levels, kept so that changes can be told."""

    __slots__ = ("glyphs", "levels", "text")

    def __init__(self, glyphs: GlyphSet) -> None:
        self.glyphs = glyphs
        self.text = ""
        self.levels = b""

    def draw(
        self, values: Sequence[Bucket], since: int, cells: int, low: float, high: float
    ) -> range:
        """Draw the values from place `since` on, in so many cells; the cells that differ."""
        per_cell = buckets_per_cell(self.glyphs)
        cell = since // per_cell
        before, colours = self.text, self.levels
        (line,) = sparkline_cells(values[cell * per_cell :], glyphs=self.glyphs, low=low, high=high)
        end = cell + len(line.text)
        self.text = (before[:cell] + line.text).ljust(cells)
        self.levels = (colours[:cell] + line.levels).ljust(cells, b"\0")
        if len(before) != len(self.text):
            return range(cells)
        first, last = cells, -1
        text, levels = self.text, self.levels
        for index in range(cell, cells if since == 0 else min(end, cells)):
            if text[index] != before[index] or (
                levels[index] != colours[index] and text[index] != " "
            ):
                first, last = min(first, index), index
        return range(first, last + 1)

    def runs(self, cells: range) -> list[tuple[str, int]]:
        """Some of the cells as runs of one level; blanks take any."""
        text, levels = self.text, self.levels
        runs: list[tuple[str, int]] = []
        start, level = cells.start, levels[cells.start]
        for index in cells:
            if text[index] != " " and levels[index] != level:
                if index > start:
                    runs.append((text[start:index], level))
                start, level = index, levels[index]
        runs.append((text[start : cells.stop], level))
        return runs


def summary(
    columns: Sequence[Folded | None], centre: float | None
) -> tuple[float, float, float] | None:
    """Lowest, mean and highest of all samples in the columns; None where there are none."""
    low = high = None
    total = 0.0
    size = 0
    for column in columns:
        if column is None:
            continue
        turn = 0.0 if centre is None else unwrapped(column.mean, centre) - column.mean
        here, there = column.low + turn, column.high + turn
        low = here if low is None or here < low else low
        high = there if high is None or there > high else high
        total += (column.mean + turn) * column.size
        size += column.size
    return None if low is None or high is None else (low, total / size, high)
