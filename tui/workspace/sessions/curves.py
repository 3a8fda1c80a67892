"""What a session's devices measured, as curves to plot (Igtimi)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from math import atan2, cos, degrees, fsum, hypot, isfinite, nan, radians, sin

import msgspec

from tui.live.units import bearing, relative, turn
from tui.services.igtimi import Igtimi
from tui.services.igtimi.columns import Series
from tui.services.igtimi.live_types import DataType, type_of

__all__ = [
    "Curve",
    "DataType",
    "Measured",
    "around",
    "centre_of",
    "curve_of",
    "measured_types",
    "read_measured",
    "stretches",
]

PLOTTED_TYPES = (9, 6, 8, 7, 12, 11, 10, 23, 22, 13, 14, 50, 5, 1, 2, 3, 4, 15, 17, 18, 19, 20, 21)
"""Types offered for plots, the most wanted first (reference page, section 2)."""
Window = tuple[datetime, datetime]


@dataclass(frozen=True)
class Curve:
    """One series of measured values, in the unit that speeds are shown in."""

    serial: str
    type: DataType
    axis: int
    """From 1, as on the wire: axis 1 of a position is its longitude."""
    unit: str
    samples: list[tuple[float, float]]
    """(seconds since 1970, value), ascending."""
    archived: bool = False
    """True when some of it is still being taken out of the archive."""

    @property
    def title(self) -> str:
        """What is measured, and for types with several axes which of them."""
        axes = self.type.axes
        if len(axes) < 2 or not 0 < self.axis <= len(axes):
            return self.type.name
        return f"{self.type.name}, {axes[self.axis - 1]}"

    def within(self, start: float, end: float) -> list[tuple[float, float]]:
        """The samples from `start` to `end`, both included, in seconds since 1970."""
        return [sample for sample in self.samples if start <= sample[0] <= end]

    def summary(self, samples: list[tuple[float, float]]) -> str:
        """Least, greatest and mean of some samples; of angles those that lie furthest to both
        sides of the direction in which they point together.
        """
        values = [value for _, value in samples if isfinite(value)]
        if not values:
            return ""
        unit = f" {self.unit}" if self.unit not in ("", "°") else self.unit
        if self.type.kind == "position":
            return f"{min(values):.5f} to {max(values):.5f}{unit}"
        if self.type.angular:
            values = [value for _, value in around(samples, centre_of([samples]))]
        ends = f"{self.text(min(values))} to {self.text(max(values))}{unit}"
        return f"{ends}, mean {self.mean(samples)}"

    def mean(self, samples: list[tuple[float, float]]) -> str:
        """The mean of some samples; `-` where there are none, or angles that point nowhere."""
        values = [value for _, value in samples if isfinite(value)]
        if self.type.angular:
            middle = _middle(values)
            return "-" if middle is None else self.text(middle)
        return self.text(sum(values) / len(values)) if values else "-"

    def text(self, value: float) -> str:
        """A value as it is read: a direction within 0 to 359, an angle to the bow within ±180."""
        if self.type.kind == "bearing":
            return f"{round(bearing(value)) % 360:03d}"
        if self.type.kind == "relative":
            return str(round(relative(value)))
        return _number(value)


def centre_of(lines: Iterable[list[tuple[float, float]]]) -> float:
    """The direction in which the angles of some series point together; 180 where that is none."""
    middle = _middle([value for samples in lines for _, value in samples if isfinite(value)])
    return 180.0 if middle is None else middle


def around(samples: list[tuple[float, float]], centre: float) -> list[tuple[float, float]]:
    """Angles as the one of their turns that lies within half a turn of `centre`: a course near
    north is one line, and no square wave.
    """
    return [(moment, centre + turn(centre, value)) for moment, value in samples if isfinite(value)]


def _middle(angles: list[float]) -> float | None:
    east = fsum(sin(radians(angle)) for angle in angles)
    north = fsum(cos(radians(angle)) for angle in angles)
    if hypot(east, north) <= 1e-9 * len(angles):
        return None
    return bearing(degrees(atan2(east, north)))


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One axis of what a device measured, in the wire's units, as it is kept for later."""

    times: list[float]
    """Seconds since 1970, ascending."""
    values: list[float | None]
    """None for what is no number."""
    archived: bool = False


async def read_measured(
    service: Igtimi, window: Window, serial: str, type_id: int, axis: int
) -> Measured:
    """One axis of what a device measured; what lies in the archive is asked for as well."""
    answer = await service.data.list(
        start_time=window[0],
        end_time=window[1],
        serial_numbers=[serial],
        types={type_id: 0.0},
        restore_archives=True,
    )
    pairs = _samples(answer.find(serial, type_id), axis)
    return Measured(
        times=[moment for moment, _ in pairs],
        values=[value if isfinite(value) else None for _, value in pairs],
        archived=bool(answer.archived_resources),
    )


def curve_of(
    found: Measured,
    serial: str,
    type_id: int,
    axis: int,
    speed: Callable[[float], float],
    speed_unit: str,
) -> Curve:
    """What was measured as a curve; speeds, which are km/h on the wire, by `speed`."""
    kind = type_of(type_id)
    values = [nan if value is None else value for value in found.values]
    unit = kind.unit
    if unit == "km/h":
        values = [speed(value) for value in values]
        unit = speed_unit
    samples = list(zip(found.times, values, strict=True))
    return Curve(serial, kind, axis, unit, samples, archived=found.archived)


def _samples(series: Series | None, axis: int) -> list[tuple[float, float]]:
    if series is None:
        return []
    values = series.axes.get(axis, [])
    pairs = [
        (moment / 1000, float(value))
        for moment, value in zip(series.times, values, strict=False)
        if isinstance(value, (int, float))
    ]
    pairs.sort()
    return pairs


async def measured_types(service: Igtimi, window: Window, serial: str) -> list[DataType]:
    """The types that a device has data of in a period, as its resources say.

    Where they say nothing, every type that can be plotted.
    """
    resources = await service.resources.list(
        permission="read", start_time=window[0], end_time=window[1], serial_numbers=[serial]
    )
    there = {number for one in resources for number in one.data_types}
    return [type_of(number) for number in PLOTTED_TYPES if number in there or not there]


@dataclass(frozen=True)
class Stretch:
    """A stretch of a device's data: from when to when, and the short names of what is in it."""

    id: int
    start: datetime | None
    end: datetime | None
    types: list[str]


async def stretches(service: Igtimi, serial: str, since: datetime) -> list[Stretch]:
    """The stretches of data that a device sent since then, the newest first."""
    found = await service.resources.list(
        permission="read", start_time=since, serial_numbers=[serial]
    )
    made = [
        Stretch(
            one.id, one.start_time, one.end_time, [type_of(kind).short for kind in one.data_types]
        )
        for one in found
    ]
    made.sort(key=lambda one: one.start.timestamp() if one.start else 0.0, reverse=True)
    return made
