"""What the formulas need to know of the water: who measures the wind, line, mark, declination."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tui.live.course import Point
from tui.live.derived import APPARENT_TWD, APPARENT_TWS, FLEET, LEADER, MEAN_TWD, MEAN_TWS
from tui.live.derived.winds import (
    BEHIND,
    COG,
    FRESH,
    HEADING,
    LASTING,
    MAGNETIC,
    SOG,
    STW,
    ApparentWinds,
)
from tui.live.polars import Polar
from tui.live.series import NEVER, SeriesKey
from tui.live.store import FeedStore

POSITION, ORIENTATION, ACCELERATION, TWD, TWS = 1, 17, 18, 22, 23
"""Igtimi's data types (reference, Igtimi, section 2)."""


@dataclass(frozen=True, slots=True)
class Anchorage:
    """Where something is: tracked by devices, else laid at a place. `before` is where it lay before
    that, each place with the time up to which it did, in ms; what devices say counts from `since`
    up to `until`.
    """

    serials: tuple[str, ...] = ()
    laid: Point | None = None
    before: tuple[tuple[int, Point], ...] = ()
    since: int = 0
    until: int = NEVER


NOT_THERE = Anchorage()


@dataclass(frozen=True, slots=True)
class Water:
    """What is known beside the boats. `declination` in degrees, east positive; what the units of
    `magnetic_winds` measure is from magnetic north. `wind` was entered by hand: degrees, km/h.
    """

    winds: tuple[str, ...] = ()
    wind: tuple[float, float] | None = None
    not_boats: frozenset[str] = frozenset()
    pin: Anchorage = NOT_THERE
    boat: Anchorage = NOT_THERE
    mark: Anchorage = NOT_THERE
    declination: float = 0.0
    magnetic_winds: frozenset[str] = frozenset()
    polar: Polar | None = None


class Input(NamedTuple):
    """One thing that goes into a formula: a series, or what stands fast where it has none.

    `turn` is added to an angle; samples may be `age` ms old. Where one that is `needed` is older
    there is no value; others are left out. What stands fast was otherwise up to the times of
    `before`, and the series counts from `since` up to `until`, in ms. Of a higher `rank` is what
    stands in for those before it: it counts where there is none of these.
    """

    key: SeriesKey | None
    fixed: tuple[float, ...] = ()
    turn: float = 0.0
    age: int = FRESH
    needed: bool = True
    rank: int = 0
    before: tuple[tuple[int, tuple[float, ...]], ...] = ()
    since: int = 0
    until: int = NEVER

    def fixed_at(self, time: int) -> tuple[float, ...]:
        """What stands fast at a time, in ms."""
        return next((values for until, values in self.before if time < until), self.fixed)


class Inputs:
    """Finds what there is of each input in a store."""

    def __init__(self, store: FeedStore, water: Water) -> None:
        self.store = store
        self.water = water
        self._keys: dict[tuple[str, int], SeriesKey] = {}
        for key in store.sorted_keys():
            # In order of sources: the first is source 0 where there is one.
            self._keys.setdefault((key.serial, key.type), key)
        boat_types: dict[str, tuple[tuple[int, float], ...]] = {
            "place": ((POSITION, 0.0),),
            "course": ((COG, 0.0),),
            "speed": ((SOG, 0.0),),
            "water": ((STW, 0.0),),
            "bow": ((HEADING, 0.0), (MAGNETIC, water.declination)),
            "heading": ((HEADING, 0.0), (MAGNETIC, water.declination), (COG, 0.0)),
            "leaning": ((ORIENTATION, 0.0), (ACCELERATION, 0.0)),
        }
        self._boat_types = boat_types
        measured = [key for _, key in self._units(TWD)]
        self.apparent = ApparentWinds(store, self._keys, measured, water.declination)
        self._of_all: dict[str, Callable[[], Iterator[Input]]] = {
            "apparent": lambda: (Input(key) for key in self.apparent.keys),
            "winds": lambda: self._winds(APPARENT_TWD, self._measured()),
            "strengths": lambda: self._winds(APPARENT_TWS, self._strengths()),
            "speeds": lambda: self._of_boats(SOG),
            "places": lambda: self._of_boats(POSITION),
            "leader": self._leader,
            "wind": self._wind,
            "strength": self._strength,
            "mark": lambda: self._anchored(water.mark),
            "pin": lambda: self._anchored(water.pin),
            "boat": lambda: self._anchored(water.boat),
        }

    def find(self, serial: str, names: tuple[str, ...]) -> tuple[Input, ...] | None:
        """What there is of these for a boat, or the fleet; None where one of them is missing."""
        found: list[Input] = []
        for name in names:
            if name in self._of_all:
                there = list(self._of_all[name]())
            else:
                known = (
                    (self._keys.get((serial, type_)), turn)
                    for type_, turn in self._boat_types[name]
                )
                there = [Input(key, turn=turn) for key, turn in known if key is not None][:1]
            if not there:
                return None
            found += there
        return tuple(found)

    def _wind_serials(self) -> tuple[str, ...]:
        return self.water.winds or tuple(serial for serial, type_ in self._keys if type_ == TWD)

    def _units(self, type_: int) -> Iterator[tuple[str, SeriesKey]]:
        for serial in self._wind_serials():
            key = self._keys.get((serial, type_))
            if key is not None:
                yield serial, key

    def _winds(self, apparent: int, measured: Iterator[Input]) -> Iterator[Input]:
        """The units that measure it, and what stands in for them where no wind was entered."""
        yield from measured
        if self.water.wind is None and self.apparent.keys:
            yield Input(SeriesKey(FLEET, apparent), age=BEHIND, needed=False, rank=1)

    def _measured(self) -> Iterator[Input]:
        for serial, key in self._units(TWD):
            magnetic = serial in self.water.magnetic_winds
            turn = self.water.declination if magnetic else 0.0
            yield Input(key, turn=turn, age=BEHIND, needed=False)

    def _strengths(self) -> Iterator[Input]:
        for _, key in self._units(TWS):
            yield Input(key, age=BEHIND, needed=False)

    def _of_boats(self, wanted: int) -> Iterator[Input]:
        for (serial, type_), key in self._keys.items():
            if type_ == wanted and serial not in self.water.not_boats:
                yield Input(key, needed=False)

    def _leader(self) -> Iterator[Input]:
        if next(self._of_boats(POSITION), None) is not None:
            yield Input(SeriesKey(FLEET, LEADER))

    def _wind(self) -> Iterator[Input]:
        entered = self.water.wind
        if next(self._of_all["winds"](), None) is not None:
            yield Input(SeriesKey(FLEET, MEAN_TWD), entered or (), age=LASTING)
        elif entered is not None:
            yield Input(None, entered)

    def _strength(self) -> Iterator[Input]:
        """The wind's speed, for what hangs on a polar: nothing without one."""
        if self.water.polar is None:
            return
        entered = self.water.wind
        if next(self._of_all["strengths"](), None) is not None:
            yield Input(SeriesKey(FLEET, MEAN_TWS), entered[1:] if entered else (), age=LASTING)
        elif entered is not None:
            yield Input(None, entered[1:])

    def _anchored(self, anchorage: Anchorage) -> Iterator[Input]:
        keys = (self._keys.get((serial, POSITION)) for serial in anchorage.serials)
        tracked = next((key for key in keys if key is not None), None)
        laid = anchorage.laid
        place = () if laid is None else (laid.longitude, laid.latitude)
        before = tuple((until, (lay.longitude, lay.latitude)) for until, lay in anchorage.before)
        if tracked is not None or place:
            since, until = anchorage.since, anchorage.until
            yield Input(tracked, place, age=LASTING, before=before, since=since, until=until)
