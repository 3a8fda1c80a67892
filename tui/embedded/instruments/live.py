"""One connection that says things now: bytes and their arrival in, columns of samples out."""

from __future__ import annotations

import re
from typing import Protocol

from tui.embedded.instruments.ais import AisReader
from tui.embedded.instruments.json_lines import JsonReader
from tui.embedded.instruments.lines import Lines, text_of
from tui.embedded.instruments.nmea import LINE_BYTES, Lenient, NmeaReader
from tui.embedded.instruments.nmea_flat import Front, NmeaBoat
from tui.embedded.instruments.readings import Loss, Said, Tally
from tui.embedded.instruments.timing import Timing

BOATS = 500
"""Boats of one connection; a harbour's AIS has a few hundred."""

FRONTS = 1024
"""Different texts before sentences that are remembered; where TAG blocks have times they pass."""

_TAGGED = re.compile(r"\\(?:[^\\]*,)?s:([^,*\\]{1,32})[^\\]*\\")


class Heard(Protocol):
    """One connection, whatever it speaks and however many boats are on it."""

    tally: Tally

    def take_names(self) -> dict[str, str]:
        """What vessels on it said they are called since the last look; "" is its own."""

    @property
    def clock_offset(self) -> int | None:
        """Milliseconds that its instruments' clock is ahead of ours; None while they have none."""

    def feed(self, chunk: bytes, arrival: int, *, whole: bool = False) -> None:
        """Hear what this chunk says; `whole` for a datagram or a message."""

    def take(self) -> dict[str, Said]:
        """What was heard since the last time, by boat; "" is the connection's own."""


class OneBoat:
    """A connection to the instruments of one boat; other vessels that these name are on it."""

    def __init__(self, reader: JsonReader) -> None:
        self._reader = reader
        self.tally = reader.tally
        self._timing = Timing(reader.tally)

    def take_names(self) -> dict[str, str]:
        """What vessels on it said they are called since the last look."""
        if not self._reader.names:
            return {}
        names, self._reader.names = self._reader.names, {}
        return names

    @property
    def clock_offset(self) -> int | None:
        """Milliseconds that the boat's clock is ahead of ours; None while it has none."""
        return self._timing.offset if self._timing.has_clock else None

    def feed(self, chunk: bytes, arrival: int, *, whole: bool = False) -> None:
        """Hear what this chunk says; `whole` for a datagram or a message."""
        readings = self._reader.feed(chunk, arrival)
        if whole:
            readings += self._reader.end()
        self._timing.take_in(readings, arrival)

    def take(self) -> dict[str, Said]:
        """What was heard since the last time, by boat; "" is the connection's own."""
        found: dict[str, Said] = {}
        self._timing.take(found)
        return found


class NmeaBoats:
    """A connection of NMEA 0183, with the vessels that its AIS hears.

    All of it is of one boat, or where it is `tagged` of those that each line's TAG block names
    (`\\s:NAME*hh\\`).
    """

    def __init__(self, lenient: Lenient, *, tagged: bool = False) -> None:
        self.tally = Tally()
        self._lenient = lenient
        self._tagged = tagged
        self._ais = AisReader(self.tally)
        self._lines = Lines(LINE_BYTES, self.tally)
        self._boats: dict[str, NmeaBoat] = {}
        self._fronts: dict[bytes, Front] = {}

    def take_names(self) -> dict[str, str]:
        """What other vessels on it said they are called since the last look."""
        if not self._ais.names:
            return {}
        names, self._ais.names = self._ais.names, {}
        return names

    @property
    def clock_offset(self) -> int | None:
        """That of the boat whose clock is the farthest from ours."""
        offsets = [one.timing.offset for one in self._boats.values() if one.timing.has_clock]
        return max(offsets, key=abs, default=None)

    def feed(self, chunk: bytes, arrival: int, *, whole: bool = False) -> None:
        """Hear what this chunk says; `whole` for a datagram or a message."""
        lines = self._lines.feed(chunk)
        if whole:
            lines += self._lines.end()
        for line in lines:
            place = line.rfind(b"$")
            front = self._fronts.get(line[:place]) if place >= 0 else None
            if front is not None:
                if not front.boat.read(line, place, front, arrival):
                    front.boat.read_any(line, arrival)
                continue
            boat = self._boat(line)
            if boat is not None:
                boat.read_any(line, arrival)
                if place >= 0:
                    self._remember(line[:place], boat)

    def take(self) -> dict[str, Said]:
        """What was heard since the last time, by boat; "" is the connection's own."""
        found: dict[str, Said] = {}
        for boat in self._boats.values():
            boat.timing.take(found)
        return found

    def _boat(self, line: bytes) -> NmeaBoat | None:
        name = ""
        if self._tagged:
            tagged = _TAGGED.match(text_of(line))
            name = tagged[1].strip() if tagged is not None else ""
        found = self._boats.get(name)
        if found is None:
            if len(self._boats) >= BOATS:
                self.tally.lose(Loss.TOO_MANY)
                return None
            reader = NmeaReader(lenient=self._lenient, boat=name, ais=self._ais, tally=self.tally)
            found = self._boats[name] = NmeaBoat(reader, Timing(self.tally, name))
        return found

    def _remember(self, text: bytes, boat: NmeaBoat) -> None:
        front = boat.front(text)
        if front is not None:
            if len(self._fronts) >= FRONTS:
                self._fronts.clear()
            self._fronts[text] = front
