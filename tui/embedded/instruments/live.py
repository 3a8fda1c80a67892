"""One connection that says things now: bytes and their arrival in, readings with a time out.

Section 5 of reference/instruments.md: what carries no time of its own was measured when it
arrived, by the clock of the instruments that do carry one.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from statistics import median
from typing import Protocol

from msgspec import structs

from tui.embedded.instruments.ais import AisReader
from tui.embedded.instruments.choosing import VOICES, Chooser
from tui.embedded.instruments.lines import Lines
from tui.embedded.instruments.nmea import LINE_BYTES, Lenient, NmeaReader
from tui.embedded.instruments.readings import Loss, Reading, Tally

FIXES = 15
"""Times of fixes over which the clock of the instruments is compared with ours. Our choice."""

BOATS = 500
"""Boats of one connection; a harbour's AIS has a few hundred."""

_TAGGED = re.compile(r"\\(?:[^\\]*,)?s:([^,*\\]{1,32})[^\\]*\\")


class Reader(Protocol):
    """One of the readers: of NMEA 0183, Signal K or gpsd."""

    tally: Tally

    def feed(self, chunk: bytes, arrival: int | None = None) -> list[Reading]:
        """The readings of the lines that this chunk ends."""

    def end(self) -> list[Reading]:
        """The readings of what nothing ended."""


class Timing:
    """Gives each reading of one boat's connection its time, and leaves out what was said before."""

    def __init__(self, tally: Tally, boat: str = "") -> None:
        self._tally = tally
        self._boat = boat
        self._chooser = Chooser()
        self._offsets: deque[int] = deque(maxlen=FIXES)
        self._fixed = 0
        self._newest: dict[tuple[str, int], int] = {}
        self.offset = 0
        """Milliseconds that the instruments' clock is ahead of ours."""

    @property
    def has_clock(self) -> bool:
        """Whether the instruments said a time of their own."""
        return bool(self._offsets)

    def timed(self, readings: Iterable[Reading], arrival: int) -> list[Reading]:
        """Those that stand, each with its time."""
        found = []
        for reading in readings:
            stamp = reading.stamp
            if stamp is None:
                stamp = arrival + self.offset
                reading = structs.replace(reading, stamp=stamp)
            elif stamp != self._fixed and reading.boat == self._boat:
                self._fixed = stamp
                self._offsets.append(stamp - arrival)
                self.offset = round(median(self._offsets))
            if self._chooser.takes(reading) and self._is_new(reading, stamp):
                found.append(reading)
            else:
                self._tally.lose(Loss.DOUBLE)
        return found

    def _is_new(self, reading: Reading, stamp: int) -> bool:
        """Whether it is the first of its time; of two values for one time the first stands."""
        key = (reading.boat, reading.kind)
        if self._newest.get(key) == stamp:
            return False
        if len(self._newest) >= VOICES and key not in self._newest:
            self._newest.clear()
        self._newest[key] = stamp
        return True


class Heard(Protocol):
    """One connection, whatever it speaks and however many boats are on it."""

    tally: Tally

    def take_names(self) -> dict[str, str]:
        """What other vessels on it said they are called since the last look."""

    @property
    def clock_offset(self) -> int | None:
        """Milliseconds that its instruments' clock is ahead of ours; None while they have none."""

    def feed(self, chunk: bytes, arrival: int, *, whole: bool = False) -> list[Reading]:
        """What this chunk says, each with its time; `whole` for a datagram or a message."""


class OneBoat:
    """A connection to the instruments of one boat; other vessels that these name are on it."""

    def __init__(self, reader: Reader, ais: AisReader | None = None) -> None:
        self._reader = reader
        self._ais = ais
        self.tally = reader.tally
        self._timing = Timing(reader.tally)

    def take_names(self) -> dict[str, str]:
        """What other vessels on it said they are called since the last look."""
        return _names_of(self._ais)

    @property
    def clock_offset(self) -> int | None:
        """Milliseconds that the boat's clock is ahead of ours; None while it has none."""
        return self._timing.offset if self._timing.has_clock else None

    def feed(self, chunk: bytes, arrival: int, *, whole: bool = False) -> list[Reading]:
        """What this chunk says, each with its time; `whole` for a datagram or a message."""
        readings = self._reader.feed(chunk, arrival)
        if whole:
            readings += self._reader.end()
        return self._timing.timed(readings, arrival)


class TaggedBoats:
    """A connection on which each line's TAG block names its boat (`\\s:NAME*hh\\`)."""

    def __init__(self, lenient: Lenient) -> None:
        self.tally = Tally()
        self._lenient = lenient
        self._ais = AisReader(self.tally)
        self._lines = Lines(LINE_BYTES, self.tally)
        self._boats: dict[str, tuple[NmeaReader, Timing]] = {}

    def take_names(self) -> dict[str, str]:
        """What other vessels on it said they are called since the last look."""
        return _names_of(self._ais)

    @property
    def clock_offset(self) -> int | None:
        """That of the boat whose clock is the farthest from ours."""
        offsets = [timing.offset for _, timing in self._boats.values() if timing.has_clock]
        return max(offsets, key=abs, default=None)

    def feed(self, chunk: bytes, arrival: int, *, whole: bool = False) -> list[Reading]:
        """What this chunk says, each with its time; `whole` for a datagram or a message."""
        lines = self._lines.feed(chunk)
        if whole:
            lines += self._lines.end()
        found: list[Reading] = []
        for line in lines:
            boat = self._boat(line)
            if boat is not None:
                reader, timing = boat
                found += timing.timed(reader.line(line, arrival), arrival)
        return found

    def _boat(self, line: str) -> tuple[NmeaReader, Timing] | None:
        tagged = _TAGGED.match(line)
        name = tagged[1].strip() if tagged is not None else ""
        found = self._boats.get(name)
        if found is None:
            if len(self._boats) >= BOATS:
                self.tally.lose(Loss.TOO_MANY)
                return None
            reader = NmeaReader(lenient=self._lenient, boat=name, ais=self._ais, tally=self.tally)
            found = self._boats[name] = (reader, Timing(self.tally, name))
        return found


def boat_of_nmea(lenient: Lenient) -> OneBoat:
    """A connection of NMEA 0183 to one boat, with the vessels that its AIS hears."""
    tally = Tally()
    ais = AisReader(tally)
    return OneBoat(NmeaReader(lenient=lenient, ais=ais, tally=tally), ais)


def _names_of(ais: AisReader | None) -> dict[str, str]:
    if ais is None or not ais.names:
        return {}
    names, ais.names = ais.names, {}
    return names
