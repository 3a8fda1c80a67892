"""A line of values as cells of dots, columns of time from left to right. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, isfinite

from tui.widgets.sparkline_cells import GlyphSet, dot_bit, dots_character, dots_per_cell

Band = tuple[float, float] | None
"""The lowest and the highest value of a column; None for a gap."""


def spread(
    samples: Sequence[tuple[float, float]], start: float, end: float, columns: int
) -> list[Band]:
    """For each of `columns` columns the lowest and the highest value within; None for a gap."""
    found: list[Band] = [None] * columns
    for moment, value in samples:
        if not isfinite(value) or not start <= moment <= end:
            continue
        index = _column(moment, start, end, columns)
        here = found[index]
        found[index] = (
            (value, value) if here is None else (min(here[0], value), max(here[1], value))
        )
    return found


def spread_around(
    samples: Sequence[tuple[float, float]], start: float, end: float, columns: int, centre: float
) -> list[Band]:
    """The same of angles in degrees, each column as the arc over which they went, shifted by whole
    turns so that its middle lies within half a turn of `centre`.
    """
    arcs: list[Band] = [None] * columns
    before: list[float] = [centre] * columns
    for moment, angle in samples:
        if not isfinite(angle) or not start <= moment <= end:
            continue
        index = _column(moment, start, end, columns)
        arc = arcs[index]
        angle = _near(angle, before[index])
        before[index] = angle
        arcs[index] = (angle, angle) if arc is None else (min(arc[0], angle), max(arc[1], angle))
    return [None if arc is None else _shifted(arc, centre) for arc in arcs]


def _near(angle: float, to: float) -> float:
    return to + (angle - to + 180) % 360 - 180


def _shifted(arc: tuple[float, float], centre: float) -> tuple[float, float]:
    middle = (arc[0] + arc[1]) / 2
    by = _near(middle, centre) - middle
    return arc[0] + by, arc[1] + by


def _column(moment: float, start: float, end: float, columns: int) -> int:
    span = end - start
    return min(columns - 1, int((moment - start) / span * columns)) if span > 0 else 0


def plot_lines(
    columns: Sequence[Band],
    *,
    height: int,
    glyphs: GlyphSet,
    low: float,
    high: float,
    joined: float = inf,
) -> list[str]:
    """The plot from the top line down; in braille a cell takes two columns and four rows.

    Neighbouring columns are joined by a line; over a gap they are not, nor where their values lie
    further than `joined` from each other.
    """
    across, down = dots_per_cell(glyphs)
    rows = height * down
    width = -(-len(columns) // across)
    dots = [[0] * width for _ in range(height)]

    def row_of(value: float) -> int:
        share = (value - low) / (high - low) if high > low else 0.5
        return round((1 - max(0.0, min(1.0, share))) * (rows - 1))

    before: tuple[int, int] | None = None
    last: Band = None
    for x, column in enumerate(columns):
        if column is None or (last is not None and _apart(last, column) > joined):
            before = None
        last = column
        if column is None:
            continue
        top, bottom = row_of(column[1]), row_of(column[0])
        here = (top, bottom)
        if before is not None:
            # Join to the column before, half of the way each would double the work for no gain.
            if top > before[1] + 1:
                top = before[1] + 1
            elif bottom < before[0] - 1:
                bottom = before[0] - 1
        for row in range(top, bottom + 1):
            dots[row // down][x // across] |= dot_bit(x % across, row % down, glyphs)
        before = here
    return ["".join(dots_character(cell, glyphs) for cell in line) for line in dots]


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return max(one[0] - other[1], other[0] - one[1])
