"""Boats beside each other in one chart, with the difference to the first below. Pure drawing.

Which line is whose can be read without colour: each ends with its letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len

from tui.live.derived.formulas import mean_direction
from tui.live.units import SpeedUnit, from_kmh, relative, turn
from tui.screens.live.angles import nearest_turn
from tui.screens.live.numbers import NOTHING, distinct_texts, plain, unit_text, value_text
from tui.screens.live.runs import Runs
from tui.widgets.cells import clip_name, fit
from tui.widgets.palette import Role
from tui.widgets.plot_lines import Band
from tui.widgets.plot_overlaid import LETTERS, ROLES, overlaid
from tui.widgets.sparkline_cells import Bucket, GlyphSet, scale_of, span_of

if TYPE_CHECKING:
    from tui.workspace.live.live import DataType

AXIS = 9


class Line(NamedTuple):
    """A boat's values, column by column, and its newest."""

    name: str
    values: Sequence[Bucket]
    late: str = ""
    """How old its newest is, where a newer one should have come."""


def side_by_side(lines: Sequence[Line], *, circular: bool) -> list[list[Bucket]]:
    """The values as they are drawn: of directions, the turns that lie nearest to the first's."""
    drawn = [list(line.values) for line in lines]
    if not circular:
        return drawn
    first = next((value for value in drawn[0] if value is not None), None) if drawn else None
    for values in drawn:
        there = [value for value in values if value is not None]
        if first is not None and there:
            by = nearest_turn(fmean(there), first)
            values[:] = [None if value is None else value + by for value in values]
    return drawn


def differences(
    first: Sequence[Bucket], other: Sequence[Bucket], *, circular: bool
) -> list[Bucket]:
    """Other minus first, column by column, where both are known; of directions the shorter way."""
    found: list[Bucket] = []
    for one, two in zip(first, other, strict=False):
        if one is None or two is None:
            found.append(None)
        else:
            found.append(turn(one, two) if circular else two - one)
    return found


def mean_difference(known: Sequence[float], *, circular: bool) -> float | None:
    """The mean of some differences; of directions around the circle, None where they cancel out."""
    if not circular:
        return fmean(known)
    towards = mean_direction(known)
    return None if towards is None else relative(towards)


def side_by_side_apart(apart: Sequence[Sequence[Bucket]], *, circular: bool) -> list[list[Bucket]]:
    """Differences as they are drawn: of directions, the turns that lie nearest to their mean, so
    that courses that are opposite make no square wave.
    """
    drawn = [list(line) for line in apart]
    if not circular:
        return drawn
    for values in drawn:
        known = [one for one in values if one is not None]
        middle = (mean_difference(known, circular=True) if known else None) or 0.0
        values[:] = [None if one is None else middle + turn(middle, one) for one in values]
    return drawn


def difference_text(kind: DataType, value: float, unit: str) -> str:
    """A difference in the person's unit, with its sign unless nothing is left of it."""
    if kind.kind == "speed":
        value = from_kmh(value, SpeedUnit(unit))
    text = plain(abs(value), 0 if kind.angular else 2 if abs(value) < 10 else 1)
    return text if float(text) == 0 else f"{'-' if value < 0 else '+'}{text}"


def scale_around(values: Sequence[Sequence[Bucket]], *, circular: bool) -> tuple[float, float]:
    """One scale for all: round numbers, of directions around their middle."""
    there = [one for line in values for one in line if one is not None]
    if not circular or not there:
        return scale_of(there)
    middle = round((min(there) + max(there)) / 20) * 10
    span = span_of(max(max(there) - middle, middle - min(there)))
    return middle - span, middle + span


def scale_apart(
    apart: Sequence[Sequence[Bucket]], kind: DataType, unit: str, *, circular: bool
) -> tuple[float, float]:
    """One scale for all differences, round in the unit that they are said in: to both sides of
    none, or of directions that go on beyond 180° around their middle.
    """
    most = max([abs(one) for line in apart for one in line if one is not None], default=0.0)
    if circular and most > 180:
        return scale_around(apart, circular=True)
    shown_as = from_kmh(1.0, SpeedUnit(unit)) if kind.kind == "speed" else 1.0
    reach = (most or 1.0 / shown_as) * shown_as
    reach = max(abs(edge) for edge in scale_of([-reach, reach])) / shown_as
    if circular:
        reach = min(reach, 180.0)
    return -reach, reach


def _bands(lines: Sequence[Sequence[Bucket]]) -> list[list[Band]]:
    return [[None if one is None else (one, one) for one in line] for line in lines]


def compared_lines(
    lines: Sequence[Line],
    kind: DataType,
    unit: str,
    size: tuple[int, int],
    glyphs: GlyphSet,
    times: tuple[str, str],
    heading: str,
    *,
    sided: bool = False,
) -> list[Runs]:
    """The whole picture: legend, chart, differences, times. `sided` values are off the bow."""
    width, height = size
    circular = kind.angular and not sided
    room = max(4, width - AXIS - 1)
    below = max(3, (height - 6) // 3)
    above = max(3, height - 5 - below)
    drawn = side_by_side(lines, circular=circular)
    scale = scale_around(drawn, circular=circular)
    apart = [differences(drawn[0], other, circular=circular) for other in drawn[1:]]
    drawn_apart = side_by_side_apart(apart, circular=circular)
    lowest, highest = scale_apart(drawn_apart, kind, unit, circular=circular)
    bar = "|" if glyphs == "ascii" else "│"

    def axis(graph: Sequence[Runs], texts: dict[int, str]) -> list[Runs]:
        return [
            [(f"{texts.get(y, ''):>{AXIS - 1}}{bar}", "muted"), *line]
            for y, line in enumerate(graph)
        ]

    chart = overlaid(_bands(drawn), ROLES, LETTERS, (room, above), glyphs, scale)
    low, high = scale
    if sided:
        ends = [f"{one:.0f}" for one in (high, low)]
    else:
        ends = distinct_texts(kind, (high, low), unit)
    picture = axis(chart, {0: ends[0], above - 1: ends[1]})
    across = (lowest, highest)
    parts = overlaid(_bands(drawn_apart), ROLES[1:], LETTERS[1:], (room, below), glyphs, across)
    levels = {0: highest, below // 2: (lowest + highest) / 2, below - 1: lowest}
    # The two ends of a whole circle keep their signs.
    zero = {
        y: difference_text(kind, relative(one) if circular and abs(one) > 180 else one, unit)
        for y, one in levels.items()
    }
    start, end = times
    gap = max(1, room - len(start) - len(end))
    return [
        [(fit(f"  {heading}", width), "muted")],
        _legend(lines, kind, unit, width, glyphs, sided=sided),
        *picture,
        _gaps(apart, kind, unit, circular=circular),
        *axis(parts, zero),
        [(" " * AXIS + start + " " * gap + end, "muted")],
    ]


def _legend(
    lines: Sequence[Line], kind: DataType, unit: str, width: int, glyphs: GlyphSet, *, sided: bool
) -> Runs:
    """Which letter is whose, with the newest of each."""
    shown = unit_text(kind, unit)
    legend: list[tuple[str, Role]] = [(" ", "text")]
    for place, line in enumerate(lines):
        now = next((one for one in reversed(line.values) if one is not None), None)
        said = NOTHING if now is None else f"{now:.0f}" if sided else value_text(kind, now, unit)
        value = f" {said} {shown} "
        if line.late:
            # What it was is no more what it is.
            value += f"{'?' if glyphs == 'ascii' else '○'} {line.late} "
        # Each has its part of the line: what is the last one's is read as well.
        left = (width - 1) // len(lines) - len(f" {LETTERS[place]} ") - cell_len(value)
        name = clip_name(line.name, max(1, left))
        legend.append((f" {LETTERS[place]} {name}{value}", ROLES[place]))
    return legend


def _gaps(apart: Sequence[Sequence[Bucket]], kind: DataType, unit: str, *, circular: bool) -> Runs:
    """How far each is from the first: now, and in the mean."""
    shown = unit_text(kind, unit)
    gaps: list[tuple[str, Role]] = [(" ", "text")]
    for place, values in enumerate(apart, start=1):
        known = [one for one in values if one is not None]
        name = f" {LETTERS[place]}-A"
        if not known:
            gaps.append((f"{name}: never both known ", "muted"))
            continue
        middle = mean_difference(known, circular=circular)
        mean = NOTHING if middle is None else difference_text(kind, middle, unit)
        now_text = difference_text(kind, known[-1], unit)
        gaps.append((f"{name} {now_text} {shown}, mean {mean} ", ROLES[place]))
    return gaps
