"""Values, ages and units in words: what stands beside the graphs. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from math import isfinite
from typing import TYPE_CHECKING

from tui.live.derived import MEAN_TWD, SET, TWA
from tui.live.units import SpeedUnit, arrow, bearing, from_kmh, point, relative, wind_arrow

if TYPE_CHECKING:
    from tui.workspace.live.live import DataType

NOTHING = "–"
LATE = 5_000
"""Milliseconds after which a series that sends often is late: it is said when the last came."""
WHOLE = frozenset({"bpm", "rpm", "%"})
"""Units of which nobody wants decimals."""
WIND = frozenset({11, 22, TWA, MEAN_TWD})
"""Types whose angle is where a wind comes from: relative to the bow, and true."""
COURSE = frozenset({6, 7, 8, SET})
"""Types whose angle is where something goes or points."""

WITH_DAY = 43_200
"""Seconds from which on an axis says the day too: its two ends may have one time of day."""


def value_text(kind: DataType, value: float, unit: str) -> str:
    """A value in at most seven cells; speeds in the person's unit, angles as sailors say them."""
    if not isfinite(value):
        return NOTHING
    if kind.kind == "speed":
        return plain(from_kmh(value, SpeedUnit(unit)), 1)
    if kind.kind == "bearing":
        return f"{bearing(round(value)):03.0f}"
    if kind.kind == "relative":
        return f"{relative(round(value)):+.0f}"
    if kind.kind == "quantity" and kind.unit == "°":
        # How far to one side: the sign says which.
        return f"{value:+.1f}" if abs(value) >= 0.05 else "0.0"
    return plain(value, 0 if kind.kind == "count" or kind.unit in WHOLE else 2)


def distinct_texts(kind: DataType, values: Sequence[float], unit: str) -> list[str]:
    """Values beside each other: with more digits where different ones would look the same."""
    texts = [value_text(kind, value, unit) for value in values]
    for digits in range(1, 5):
        # The two ends of a whole circle are one place.
        places = {value % 360 for value in values} if kind.angular else set(values)
        if len(set(texts)) >= len(places):
            break
        texts = [f"{_shown(kind, value, unit):.{digits}f}" for value in values]
    return texts


def _shown(kind: DataType, value: float, unit: str) -> float:
    if kind.kind == "speed":
        return from_kmh(value, SpeedUnit(unit))
    if kind.kind == "bearing":
        return value % 360
    return relative(value) if kind.kind == "relative" else value


def plain(value: float, digits: int) -> str:
    """A number with at most `digits` decimals, fewer for large ones, never longer than 7."""
    if abs(value) >= 1e6:
        return f"{value:.0e}".replace("e+0", "e").replace("e+", "e")
    if abs(value) >= 100:
        return f"{value:.0f}"
    if abs(value) >= 10:
        digits = min(digits, 1)
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def unit_text(kind: DataType, unit: str) -> str:
    """The unit that a type's values are shown in, in at most five cells."""
    return unit if kind.kind == "speed" else kind.unit


def arrow_text(kind: DataType, value: float, *, ascii_only: bool) -> str:
    """Where a wind blows or a course points; empty for all else. North or the bow is up."""
    if not isfinite(value):
        return ""
    if kind.id in WIND:
        return point(value) if ascii_only else wind_arrow(value)
    if kind.id in COURSE:
        return point(value) if ascii_only else arrow(value)
    return ""


def age_text(age: int) -> str:
    """An age in milliseconds, short: `now`, `4s`, `2m`, `3h`, `5d`."""
    seconds = age // 1000
    if seconds < 1:
        return "now"
    for size, name in ((86_400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{name}"
    return f"{seconds}s"


def clock_text(time: int, where: tzinfo) -> str:
    """`14:02:11`."""
    return datetime.fromtimestamp(time / 1000, where).strftime("%H:%M:%S")


def axis_text(time: int, window: int, where: tzinfo) -> str:
    """A time on an axis of `window` seconds: `14:02:11`, and `09 Oct 14:02` on half a day."""
    if window < WITH_DAY:
        return clock_text(time, where)
    return datetime.fromtimestamp(time / 1000, where).strftime("%d %b %H:%M")


def since_text(time: int, now: int, where: tzinfo) -> str:
    """When something was: the time of day, or the day where it is more than a day ago."""
    if abs(now - time) < 86_400_000:
        return clock_text(time, where)
    return datetime.fromtimestamp(time / 1000, where).strftime("%d %b")
