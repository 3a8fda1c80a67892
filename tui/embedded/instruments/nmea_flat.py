"""The sentences of which nearly all lines are, read in one go: from bytes to gathered samples.

What is the least unusual about a line (no checksum, an empty position, a value that cannot be)
is read and counted by nmea.py, which reads everything; so each function here says False before
it has changed anything. The tests hold both against each other on the same lines.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import msgspec

from tui.embedded.instruments.days import (
    ROLLOVER,
    in_this_age,
    nearest,
    short_day,
    time_of_day,
)
from tui.embedded.instruments.lines import text_of
from tui.embedded.instruments.nmea import (
    ESTIMATED,
    HEADING_MILLISECONDS,
    NO_FIX,
    NmeaReader,
    origin_of,
)
from tui.embedded.instruments.nmea_fields import coordinate, east_positive, kmh
from tui.embedded.instruments.readings import FASTEST, Tally, angle, number
from tui.embedded.instruments.sentences import FOLDED, folded, in_front, is_address
from tui.embedded.instruments.timing import Timing, can_be

CACHED = 4096
"""Texts whose numbers are remembered: instruments say tenths of a few hundred units."""

TALKERS = 64
"""Addresses (`GPRMC`) of one boat that are remembered."""

NOTHING = -1.0
"""What an empty field gives, where all that can be measured is 0 or above."""

_SUMS = {f"*{number:02{form}}".encode(): number for number in range(256) for form in ("X", "x")}
"""Of a line's last three characters what its other characters have to come to."""

_PLAIN = bytes(range(ord(" ") + 1, 127)).translate(None, b"!*$\\")
"""What the sentences that are read here are made of."""

_FIXES = frozenset("123459") - NO_FIX

Plan = tuple[Callable[["NmeaBoat", list[str], str, int | None, int], bool], str]
"""How a sentence is read, and who said it."""


class Front(msgspec.Struct, frozen=True):
    """What stands before a sentence: whose it is, when, and how what follows is read."""

    boat: NmeaBoat
    before: int | None
    source: str
    plans: dict[str, Plan]


class NmeaBoat:
    """One boat of a connection: its reader, and what was gathered of it."""

    def __init__(self, reader: NmeaReader, timing: Timing) -> None:
        self.reader = reader
        self.timing = timing
        self._plans: dict[str, dict[str, Plan]] = {}
        """By source and address."""

    def front(self, text: bytes) -> Front | None:
        """What stands before a sentence, if it is nothing or a good TAG block."""
        if len(text) > FOLDED or (text and text.count(b"\\") < 2):
            return None
        tally = Tally()
        source, before = in_front(text_of(text), tally)
        if tally.lost:
            return None
        if len(self._plans) >= TALKERS:
            self._plans.clear()
        return Front(self, before, source, self._plans.setdefault(source, {}))

    def read_any(self, line: bytes, arrival: int) -> None:
        """Read a line, whatever it is."""
        self.timing.take_in(self.reader.line(text_of(line), arrival), arrival)

    def read(self, line: bytes, place: int, front: Front, arrival: int) -> bool:
        """Read a line whose `$` is at a place; False, and nothing done, where it is unusual."""
        # A sum stands at the end, so that a star before it is looked at by another.
        raw = line[place + 1 : -3]
        if len(raw) > FOLDED or _SUMS.get(line[-3:]) != folded(raw) or raw.translate(None, _PLAIN):
            return False
        fields = raw.decode("ascii").split(",")
        plan = front.plans.get(fields[0]) or _plan(fields[0], front)
        if front.before is not None and not can_be(front.before, arrival):
            return False
        return plan is not None and plan[0](self, fields, plan[1], front.before, arrival)

    def stamp(self, before: int | None, arrival: int) -> int:
        """The time of a sentence without one."""
        if before is None:
            return arrival + self.timing.offset
        self.reader.moment = before
        self.timing.fix(before, arrival)
        return before


def _plan(address: str, front: Front) -> Plan | None:
    reader = _READERS.get(address[-3:])
    if reader is None or address.startswith("P") or not is_address(address):
        return None
    if len(front.plans) >= TALKERS:
        front.plans.clear()
    made = (reader, origin_of(front.source, address[:-3], address[-3:]))
    front.plans[address] = made
    return made


# -- Fields: None for what another has to look at


@lru_cache(maxsize=CACHED)
def _degrees(text: str) -> float | None:
    if not text:
        return NOTHING
    found = number(text)
    return found if found is not None and 0 <= found <= 360 else None


@lru_cache(maxsize=CACHED)
def _turned(text: str) -> float | None:
    found = _degrees(text)
    return found if found is None or found == NOTHING else angle(found)


@lru_cache(maxsize=CACHED)
def _speed(text: str, unit: str) -> float | None:
    if not text:
        return NOTHING
    found = kmh(text, unit)
    return round(found, 6) if found is not None and 0 <= found <= FASTEST else None


@lru_cache(maxsize=CACHED)
def _heading(
    sensor: str, deviation: str, side: str, variation: str, side_of_variation: str
) -> tuple[float, float | None, float] | None:
    """Magnetic, true, and the variation between them."""
    found = _degrees(sensor)
    if found is None or found == NOTHING:
        return None
    magnetic = found + (east_positive(deviation, side) or 0.0)
    between = east_positive(variation, side_of_variation)
    if between is None:
        return angle(magnetic), None, 0.0
    return angle(magnetic), angle(magnetic + between), between


_time_of_day = lru_cache(maxsize=CACHED)(time_of_day)
_short_day = lru_cache(maxsize=16)(short_day)
_number = lru_cache(maxsize=CACHED)(number)
_east = lru_cache(maxsize=CACHED)(east_positive)


def _place(fields: list[str], at: int) -> tuple[float, float] | None:
    north, east = fields[at + 1], fields[at + 3]
    latitude, longitude = coordinate(fields[at]), coordinate(fields[at + 2])
    if latitude is None or longitude is None or latitude > 90 or longitude > 180:
        return None
    if north not in ("N", "S") or east not in ("E", "W") or latitude == longitude == 0:
        return None
    return -longitude if east == "W" else longitude, -latitude if north == "S" else latitude


# -- Sentences


def _rmc(boat: NmeaBoat, fields: list[str], origin: str, _before: int | None, arrival: int) -> bool:
    if len(fields) < 12 or fields[2] != "A" or (len(fields) > 12 and fields[12] in ESTIMATED):
        return False
    since, day, place = _time_of_day(fields[1]), _short_day(fields[9]), _place(fields, 3)
    speed, course = _speed(fields[7], "N"), _turned(fields[8])
    if since is None or day is None or place is None or speed is None or course is None:
        return False
    stamp = day + since
    if abs(stamp - arrival) >= ROLLOVER // 2:
        stamp = in_this_age(stamp, arrival)
    if not can_be(stamp, arrival):
        return False
    reader, timing = boat.reader, boat.timing
    reader.dated = reader.moment = stamp
    if reader.first_dated is None:
        reader.first_dated = stamp
    if fields[10]:
        declination = _east(fields[10], fields[11])
        if declination is not None:
            reader.declination = declination
    timing.fix(stamp, arrival)
    timing.tell_place(origin, stamp, place)
    if speed != NOTHING:
        timing.tell(9, origin, stamp, speed)
    if course != NOTHING:
        timing.tell(6, origin, stamp, course)
    return True


def _gga(boat: NmeaBoat, fields: list[str], origin: str, before: int | None, arrival: int) -> bool:
    if len(fields) < 11 or fields[6] not in _FIXES:
        return False
    since, place = _time_of_day(fields[1]), _place(fields, 2)
    if since is None or place is None:
        return False
    reader, timing = boat.reader, boat.timing
    near = reader.dated
    if near is None:
        near = reader.moment if before is None else before
    stamp = nearest(since, arrival if near is None else near)
    if not can_be(stamp, arrival):
        return False
    reader.moment = stamp
    timing.fix(stamp, arrival)
    timing.tell(2, origin, stamp, float(fields[6]))
    timing.tell_place(origin, stamp, place)
    for kind, text in ((3, fields[7]), (4, fields[8]), (5, fields[9])):
        value = _number(text)
        if value is not None and (kind != 5 or fields[10] == "M"):
            timing.tell(kind, origin, stamp, value)
    return True


def _vtg(boat: NmeaBoat, fields: list[str], origin: str, before: int | None, arrival: int) -> bool:
    if len(fields) not in (9, 10) or fields[2::2][:4] != ["T", "M", "N", "K"]:
        return False
    if (len(fields) > 9 and fields[9] == "N") or (fields[3] and not fields[1]):
        return False
    speed = _speed(fields[7], "K")
    if speed == NOTHING:
        speed = _speed(fields[5], "N")
    course = _turned(fields[1])
    if speed is None or course is None or speed == course == NOTHING:
        return False
    stamp = boat.stamp(before, arrival)
    if speed != NOTHING:
        boat.timing.tell(9, origin, stamp, speed)
    if course != NOTHING:
        boat.timing.tell(6, origin, stamp, course)
    return True


def _hdg(boat: NmeaBoat, fields: list[str], origin: str, before: int | None, arrival: int) -> bool:
    if len(fields) != 6:
        return False
    found = _heading(*fields[1:])
    if found is None:
        return False
    magnetic, true, variation = found
    stamp = boat.stamp(before, arrival)
    boat.timing.tell(7, origin, stamp, magnetic)
    if true is not None:
        boat.reader.declination = variation
        boat.reader.heading = (true, arrival)
        boat.timing.tell(8, origin, stamp, true)
    return True


def _hdm(boat: NmeaBoat, fields: list[str], origin: str, before: int | None, arrival: int) -> bool:
    found = _turned(fields[1]) if len(fields) == 3 and fields[2] == "M" else None
    if found is None or found == NOTHING:
        return False
    boat.timing.tell(7, origin, boat.stamp(before, arrival), found)
    return True


def _hdt(boat: NmeaBoat, fields: list[str], origin: str, before: int | None, arrival: int) -> bool:
    found = _turned(fields[1]) if len(fields) == 3 and fields[2] == "T" else None
    if found is None or found == NOTHING:
        return False
    boat.reader.heading = (found, arrival)
    boat.timing.tell(8, origin, boat.stamp(before, arrival), found)
    return True


def _vhw(boat: NmeaBoat, fields: list[str], origin: str, before: int | None, arrival: int) -> bool:
    if len(fields) != 9 or fields[2::2] != ["T", "M", "N", "K"]:
        return False
    true, magnetic = _turned(fields[1]), _turned(fields[3])
    speed = _speed(fields[5], "N")
    if speed == NOTHING:
        speed = _speed(fields[7], "K")
    if true is None or magnetic is None or speed is None:
        return False
    if true == magnetic == speed == NOTHING:
        return False
    stamp = boat.stamp(before, arrival)
    if true != NOTHING:
        boat.reader.heading = (true, arrival)
        boat.timing.tell(8, origin, stamp, true)
    if magnetic != NOTHING:
        boat.timing.tell(7, origin, stamp, magnetic)
    if speed != NOTHING:
        boat.timing.tell(10, origin, stamp, speed)
    return True


def _mwv(boat: NmeaBoat, fields: list[str], origin: str, before: int | None, arrival: int) -> bool:
    if len(fields) != 6 or fields[5] != "A" or fields[2] not in ("R", "T"):
        return False
    side, speed = _degrees(fields[1]), _speed(fields[3], fields[4])
    # What neither is there leaves is what another has to look at.
    if side is None or speed is None or NOTHING in (side, speed):
        return False
    stamp = boat.stamp(before, arrival)
    if fields[2] == "R":
        boat.timing.tell(11, origin, stamp, angle(side))
        boat.timing.tell(12, origin, stamp, speed)
        return True
    boat.timing.tell(23, origin, stamp, speed)
    heading = boat.reader.heading
    if heading is not None:
        bow, when = heading
        if when is None or abs(arrival - when) <= HEADING_MILLISECONDS:
            boat.timing.tell(22, origin, stamp, angle(bow + side))
    return True


_READERS: dict[str, Callable[[NmeaBoat, list[str], str, int | None, int], bool]] = {
    "RMC": _rmc,
    "GGA": _gga,
    "VTG": _vtg,
    "HDG": _hdg,
    "HDM": _hdm,
    "HDT": _hdt,
    "VHW": _vhw,
    "MWV": _mwv,
}
