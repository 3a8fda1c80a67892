"""The wind that boats' apparent winds tell, where no unit measures it on the water."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tui.live.course import STILL
from tui.live.derived.formulas import mean_direction, true_heading, wind_of
from tui.live.series import SeriesKey
from tui.live.store import FeedStore

COG, MAGNETIC, HEADING, SOG, STW, AWA, AWS = range(6, 13)
"""Igtimi's data types (reference, Igtimi, section 2)."""
FRESH = 10_000
"""Milliseconds that what a boat says may be older than what it is put together with."""
BEHIND = 60_000
"""The same for those who tell a mean wind: none is so far behind the newest of them."""
LASTING = 600_000
"""The same for a wind, a mark or the line."""


class Told(NamedTuple):
    """A wind over ground: degrees true that it comes from, km/h, and of how many boats it is.

    `since` is when the oldest of what it is made of was known, `newest` the newest stamp of it.
    """

    comes_from: float
    speed: float
    boats: int
    since: int
    newest: int


class _Value(NamedTuple):
    value: float
    time: int
    known: int


_Stretch = tuple[list[int], list[float]]
"""Times and values of a part of a series."""


@dataclass(frozen=True, slots=True)
class _Boat:
    """The series of one boat; None for what it does not send."""

    angle: SeriesKey
    strength: SeriesKey
    heading: SeriesKey
    turn: float
    course: SeriesKey | None
    speed: SeriesKey | None
    water: SeriesKey | None

    @property
    def keys(self) -> Iterator[SeriesKey]:
        for one in (
            self.angle, self.strength, self.heading, self.course, self.speed, self.water,
        ):  # fmt: skip
            if one is not None:
                yield one


class ApparentWinds:
    """What is told at any time by those boats that have all for it."""

    def __init__(
        self,
        store: FeedStore,
        keys: Mapping[tuple[str, int], SeriesKey],
        measured: Sequence[SeriesKey],
        declination: float,
    ) -> None:
        """`keys` by serial number and type; `measured` are directions that go before these."""
        self._store = store
        self._measured = measured
        self._boats: list[_Boat] = []
        self._read: dict[SeriesKey, _Stretch] = {}
        self._over: tuple[int, int] | None = None
        """The first and the last of several times that are looked up one after the other."""
        self.keys: Sequence[SeriesKey] = ()
        """All series that it hangs on; none where no boat has all for it."""
        for (serial, type_), angle in keys.items():
            if type_ != AWA:
                continue
            strength, true = keys.get((serial, AWS)), keys.get((serial, HEADING))
            heading = true or keys.get((serial, MAGNETIC))
            course, speed, water = (keys.get((serial, one)) for one in (COG, SOG, STW))
            if strength and heading and (speed or water):
                turn = 0.0 if true else declination
                self._boats.append(_Boat(angle, strength, heading, turn, course, speed, water))
        if self._boats:
            self.keys = [*measured, *(key for boat in self._boats for key in boat.keys)]

    def over(self, times: Sequence[int]) -> Iterator[Told | None]:
        """As `at` for each of these times, which ascend; what that takes is read once, and nothing
        of the boats while a unit that measures the wind lasts.
        """
        self._read, self._over = {}, (times[0], times[-1])
        try:
            yield from map(self.at, times)
        finally:
            self._read, self._over = {}, None

    def _stretch(self, key: SeriesKey, start: int, end: int) -> _Stretch:
        """What a series says from the last before `start` on, up to `end`."""
        series = self._store.series(key)
        if series is None:
            return [], []
        stamps, axes = series.ring.samples(start, end + 1)
        times, values = [*stamps], [*axes[0]] if stamps else []
        before = series.before(start - 1)
        if before is not None:
            times.insert(0, before[0])
            values.insert(0, before[1][0])
        return times, values

    def at(self, time: int) -> Told | None:
        """The mean of what the boats tell at a time in ms; None without any, and while a unit that
        measures the wind lasts.
        """
        if any(self._value(one, time, LASTING) is not None for one in self._measured):
            return None
        told = [one for boat in self._boats if (one := self._of(boat, time)) is not None]
        newest = max((one.newest for one in told), default=0)
        told = [one for one in told if newest - one.newest <= BEHIND]
        mean = mean_direction(one.comes_from for one in told)
        if mean is None:
            return None
        speed = sum(one.speed for one in told) / len(told)
        return Told(mean, speed, len(told), min(one.since for one in told), newest)

    def _value(self, key: SeriesKey | None, time: int, age: int) -> _Value | None:
        series = None if key is None else self._store.series(key)
        if key is None or series is None:
            return None
        over = self._over
        if over is not None and over[0] <= time <= over[1]:
            read = self._read.get(key)
            if read is None:
                read = self._read[key] = self._stretch(key, *over)
            times, values = read
            place = bisect_right(times, time) - 1
            if place < 0:
                return None
            stamp, value = times[place], values[place]
        else:
            found = series.before(time)
            if found is None:
                return None
            stamp, (value, *_) = found
        if time - stamp > age:
            return None
        return _Value(value, stamp, series.known_at(stamp))

    def _of(self, boat: _Boat, time: int) -> Told | None:
        angle = self._value(boat.angle, time, LASTING)
        if angle is None:
            return None
        about = min(time, angle.time + FRESH)

        def beside(key: SeriesKey | None) -> _Value | None:
            return self._value(key, about, 2 * FRESH)

        strength, heading = beside(boat.strength), beside(boat.heading)
        if strength is None or heading is None:
            return None
        bow = heading._replace(value=true_heading(heading.value, boat.turn))
        course, speed = beside(boat.course), beside(boat.speed)
        if course is None and speed is not None and speed.value <= STILL:
            # At rest it goes nowhere, and units say no course then.
            course = bow
        if course is None or speed is None:
            # The wind over the water is next to it: the current alone is missing.
            course, speed = bow, beside(boat.water)
        if speed is None:
            return None
        parts = (angle, strength, bow, course, speed)
        comes_from, blows = wind_of(
            angle.value, strength.value, bow.value, course.value, speed.value
        )
        if comes_from is None:
            return None
        since, newest = min(one.known for one in parts), max(one.time for one in parts)
        return Told(comes_from, blows, 1, since, newest)
