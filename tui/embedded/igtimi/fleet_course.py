"""Where the simulated fleet sails: a place, a windward-leeward course, and its wind.

Metres are east (x) and north (y) of the middle of the starting line; angles are degrees true.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

METRES_A_DEGREE = 111_320.0
KNOT = 0.514444
"""Metres a second."""
KILOMETRES_AN_HOUR = 3.6
"""Metres a second in Igtimi's unit of speed (reference/igtimi.md section 2)."""


def wrapped(angle: float) -> float:
    """An angle or difference of angles as -180..180."""
    return (angle + 180.0) % 360.0 - 180.0


@dataclass(frozen=True)
class Venue:
    """A stretch of water with its usual wind and tide."""

    name: str
    latitude: float
    longitude: float
    wind_from: float
    wind_knots: float
    current_to: float
    current_knots: float
    declination: float
    """Degrees that the compass points east of true north."""

    def position(self, x: float, y: float) -> tuple[float, float]:
        """Longitude and latitude of a point, in the order of the wire."""
        latitude = self.latitude + y / METRES_A_DEGREE
        scale = METRES_A_DEGREE * math.cos(math.radians(self.latitude))
        return self.longitude + x / scale, latitude

    def current(self) -> tuple[float, float]:
        """The tide in metres a second, east and north."""
        speed = self.current_knots * KNOT
        angle = math.radians(self.current_to)
        return speed * math.sin(angle), speed * math.cos(angle)


WAITEMATA = Venue("Auckland", -36.8245, 174.8600, 42.0, 12.0, 118.0, 0.5, 19.6)
KIEL = Venue("Kiel", 54.4180, 10.2080, 268.0, 14.0, 10.0, 0.1, 4.2)
GARDA = Venue("Torbole", 45.8560, 10.8640, 192.0, 16.0, 0.0, 0.0, 4.0)
PORTO = Venue("Porto Montenegro", 42.4330, 18.6800, 250.0, 11.0, 60.0, 0.1, 4.9)

VENUES = {venue.name: venue for venue in (WAITEMATA, KIEL, GARDA, PORTO)}


class Wind:
    """Wind over the water: slow swings, shifts of minutes, and gusts that travel with it.

    A function of place and absolute time alone, so that any moment can be computed without
    the moments before it.
    """

    def __init__(self, venue: Venue, seed: int) -> None:
        random = Random(f"wind:{seed}:{venue.name}")
        self._venue = venue
        self._shifts = [
            (amplitude, math.tau / period, random.uniform(0.0, math.tau))
            for amplitude, period in ((9.0, 11_300.0), (5.0, 1_580.0), (5.0, 410.0), (2.0, 97.0))
        ]
        self._lulls = [
            (amplitude, math.tau / period, random.uniform(0.0, math.tau))
            for amplitude, period in ((0.16, 7_900.0), (0.09, 1_130.0))
        ]
        self._gusts = [
            (
                amplitude,
                math.tau / length,
                random.uniform(-0.6, 0.6) * math.tau / length,
                random.uniform(0.0, math.tau),
            )
            for amplitude, length in ((0.13, 520.0), (0.09, 230.0), (0.06, 130.0))
        ]
        toward = math.radians(venue.wind_from)
        self._upwind = (math.sin(toward), math.cos(toward))
        self._speed = venue.wind_knots * KNOT

    def at(self, x: float, y: float, seconds: float) -> tuple[float, float]:
        """Direction the wind comes from (degrees) and its speed (m/s) at a place and time."""
        sin = math.sin
        direction = self._venue.wind_from
        for amplitude, frequency, phase in self._shifts:
            direction += amplitude * sin(frequency * seconds + phase)
        strength = 1.0
        for amplitude, frequency, phase in self._lulls:
            strength += amplitude * sin(frequency * seconds + phase)
        east, north = self._upwind
        along = x * east + y * north + self._speed * seconds
        across = x * north - y * east
        gust = 0.0
        for amplitude, lengthwise, sideways, phase in self._gusts:
            gust += amplitude * sin(lengthwise * along + sideways * across + phase)
        # In a gust the wind veers a little, as it does on the water.
        return (direction + 14.0 * gust) % 360.0, self._speed * strength * (1.0 + gust)


@dataclass(frozen=True)
class Course:
    """A windward-leeward course: starting line, windward mark, leeward mark."""

    axis: float
    """Direction to the windward mark, degrees true."""
    leg: float
    """Metres from the starting line to the windward mark."""
    line: float
    """Length of the starting line in metres."""

    def place(self, upwind: float, right: float) -> tuple[float, float]:
        """A point given along the course and to the right of it, as east and north."""
        angle = math.radians(self.axis)
        sin, cos = math.sin(angle), math.cos(angle)
        return upwind * sin + right * cos, upwind * cos - right * sin

    @property
    def windward(self) -> tuple[float, float]:
        """The mark to beat to."""
        return self.place(self.leg, 0.0)

    @property
    def leeward(self) -> tuple[float, float]:
        """The mark to run to; the finish is there too."""
        return self.place(90.0, 0.0)

    def marks(self) -> list[tuple[str, str, float, float]]:
        """Name, kind of buoy, east and north of every mark."""
        return [
            ("Windward mark", "windward", *self.windward),
            ("Leeward mark", "leeward", *self.leeward),
            ("Pin end", "pin", *self.place(0.0, -self.line / 2)),
            ("Committee boat", "committee", *self.place(0.0, self.line / 2)),
        ]
