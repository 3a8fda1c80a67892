"""A boat's polar: how fast it can be at each angle to each wind. Of Expedition's files. Pure.

A file has comments that begin with `!`, then a line for each wind: its speed, then pairs of angle
and boat speed, in knots and degrees, between blanks or tabs (reference, Instruments, section 5).
Speeds are km/h inside, as on Igtimi's wire. Between winds and angles it goes straight; beyond the
last wind that one holds, below the first it goes to nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, isfinite, radians
from typing import NamedTuple

from tui.live.units import KMH_PER_KNOT

MOST_BYTES = 1 << 20
STEP = 0.5
"""Degrees between angles that are tried for a target."""


class PolarError(ValueError):
    """The text is no polar; what is wrong, in a person's words."""


class Target(NamedTuple):
    """How to sail best along the wind: true wind angle, 0..180 degrees, and speed in km/h."""

    angle: float
    speed: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Speeds by angle in one wind; angles ascend. All speeds km/h."""

    wind: float
    angles: tuple[float, ...]
    speeds: tuple[float, ...]

    def speed(self, angle: float) -> float:
        """Return the speed at an angle of 0..180 degrees."""
        if angle <= self.angles[0]:
            # Straight to the wind there is none.
            return self.speeds[0] * angle / self.angles[0] if self.angles[0] else self.speeds[0]
        return _between(self.angles, self.speeds, angle)


def _between(places: Sequence[float], values: Sequence[float], place: float) -> float:
    """Return a value on straight lines between places that ascend; the ends hold."""
    upper = bisect_right(places, place)
    if upper == 0:
        return values[0]
    if upper == len(places):
        return values[-1]
    low, high = places[upper - 1], places[upper]
    return values[upper - 1] + (values[upper] - values[upper - 1]) * (place - low) / (high - low)


@dataclass(frozen=True, slots=True)
class Polar:
    """Curves by wind, which ascend."""

    curves: tuple[Curve, ...]

    def speed(self, wind: float, angle: float) -> float:
        """Return the speed in a wind of km/h at a true wind angle of either side, in degrees."""
        off = abs((angle + 180) % 360 - 180)
        first = self.curves[0]
        if wind < first.wind:
            return first.speed(off) * max(0.0, wind) / first.wind
        return _between(
            [one.wind for one in self.curves], [one.speed(off) for one in self.curves], wind
        )

    def target(self, wind: float, *, upwind: bool) -> Target | None:
        """Return where most is made good along the wind, of the angles that the polar has; None in
        no wind, or where it has none on that side.
        """
        low = min(one.angles[0] for one in self.curves)
        high = max(one.angles[-1] for one in self.curves)
        best, most = None, 0.0
        for step in range(int(90 / STEP) + 1):
            angle = step * STEP if upwind else 180 - step * STEP
            if not low <= angle <= high:
                continue
            speed = self.speed(wind, angle)
            made = speed * abs(cos(radians(angle)))
            if made > most:
                best, most = Target(angle, speed), made
        return best


def read_polar(text: str) -> Polar:
    """Return the polar of a file's text. Raises PolarError."""
    curves: dict[float, Curve] = {}
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        words = line.split("!", 1)[0].split()
        if words:
            curve = _curve(words, number)
            if curve.wind in curves:
                raise PolarError(f"line {number}: this wind stands there twice")
            curves[curve.wind] = curve
    if not curves:
        raise PolarError("no line has a wind with angles and speeds")
    return Polar(tuple(curves[wind] for wind in sorted(curves)))


def _curve(words: Sequence[str], number: int) -> Curve:
    """One line: a wind, then pairs of angle and speed; a speed of 0 away from 0° says nothing."""
    try:
        wind, *numbers = (float(word) for word in words)
    except ValueError:
        raise PolarError(
            f"line {number}: not all of it is numbers; it takes wind, angle, speed, angle, speed"
        ) from None
    if len(numbers) < 2 or len(numbers) % 2:
        raise PolarError(f"line {number}: after the wind come pairs of angle and speed")
    if not all(isfinite(one) and one >= 0 for one in (wind, *numbers)) or wind == 0:
        raise PolarError(f"line {number}: winds are above 0, angles and speeds not below")
    pairs = sorted(zip(numbers[::2], numbers[1::2], strict=True))
    pairs = [(angle, speed) for angle, speed in pairs if speed or not angle]
    if not pairs:
        raise PolarError(f"line {number}: it has no speed")
    angles = tuple(angle for angle, _ in pairs)
    if angles[-1] > 180 or len(set(angles)) < len(angles):
        raise PolarError(f"line {number}: each angle stands once, from 0 to 180")
    return Curve(wind * KMH_PER_KNOT, angles, tuple(speed * KMH_PER_KNOT for _, speed in pairs))
