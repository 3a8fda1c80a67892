"""NMEA 0183: bytes that come torn anywhere in, typed readings out.

Which sentence means what is in sections 1 to 5 of reference/instruments.md. AIS (`!`) takes a
reader of its own (ais.py); without one it is counted and left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tui.embedded.instruments.ais import AisReader
from tui.embedded.instruments.days import day_of, in_this_age, nearest, short_day, time_of_day
from tui.embedded.instruments.lines import Lines, text_of
from tui.embedded.instruments.nmea_fields import (
    degrees,
    east_positive,
    labelled,
    labelled_speed,
    position,
    speed,
)
from tui.embedded.instruments.readings import CLOCK, Loss, Reading, Tally, angle, number, quaternion
from tui.embedded.instruments.sentences import Checksum, Sentence, read_sentence

LINE_BYTES = 1024
"""A sentence has 82 characters; TAG blocks and a logger's own text come before it."""

HEADING_MILLISECONDS = 2000
"""How old a heading may be that a wind's angle from the bow is turned by."""

NO_FIX = frozenset({"0", "6", "7", "8"})
"""Qualities of GGA that measure no position: none, estimated, manual, simulated."""

ESTIMATED = frozenset("EMSN")
"""Modes of a receiver that measures nothing."""

_MEASURED = frozenset("ADFRP")

Values = list[tuple[int, tuple[float, ...]]]


@dataclass(frozen=True)
class Lenient:
    """Which lines without a good checksum a person wants to be read nevertheless."""

    bare: bool = False
    of_address: bool = False


class NmeaReader:
    """Reads one connection or one file.

    `near` is a moment (UTC milliseconds) from which times without a date take theirs until one
    with a date comes. Where `feed` is told the arrival, that serves for it, and dates that a
    receiver lost 1024 weeks ago are brought back; in a file they stand as they are.
    """

    def __init__(
        self,
        *,
        near: int | None = None,
        lenient: Lenient = Lenient(),
        boat: str = "",
        ais: AisReader | None = None,
        tally: Tally | None = None,
    ) -> None:
        """`boat`: whose it all is; `tally`: where it is counted, if with others together."""
        self.tally = Tally() if tally is None else tally
        self.ais = ais
        self._boat = boat
        self.dated: int | None = None
        """The newest moment that came with a date."""
        self.first_dated: int | None = None
        self._lines = Lines(LINE_BYTES, self.tally)
        self._near = near
        self._arrival: int | None = None
        self._accepted = {Checksum.GOOD}
        self._accepted |= {Checksum.MISSING} if lenient.bare else set()
        self._accepted |= {Checksum.OF_ADDRESS} if lenient.of_address else set()
        self.declination: float | None = None
        self.heading: tuple[float, int | None] | None = None
        """The newest true heading, and when it was."""
        self.moment: int | None = None
        """The newest moment at all."""

    def feed(self, chunk: bytes, arrival: int | None = None) -> list[Reading]:
        """The readings of the lines that this chunk ends."""
        self._arrival = arrival
        return self._read(self._lines.feed(chunk))

    def end(self) -> list[Reading]:
        """The reading of a last line that nothing ended, as in each datagram."""
        return self._read(self._lines.end())

    def line(self, line: str, arrival: int) -> list[Reading]:
        """The readings of one line that somebody else has parted from others."""
        self._arrival = arrival
        return self._line(line)

    def _read(self, lines: list[bytes]) -> list[Reading]:
        return [reading for line in lines for reading in self._line(text_of(line))]

    def _line(self, line: str) -> list[Reading]:
        sentence = read_sentence(line, self.tally)
        if sentence is None:
            return []
        if sentence.checksum not in self._accepted:
            self.tally.lose(_OF_CHECKSUM[sentence.checksum])
            return []
        if sentence.start == "!":
            return self._heard(line, sentence)
        reader = _READERS.get(sentence.name)
        if reader is None:
            self.tally.pass_over(sentence.name)
            return []
        if sentence.before is not None:
            self.moment = sentence.before
        stamp, values = reader(self, sentence)
        origin = origin_of(sentence.source, sentence.talker, sentence.name)
        stamp = sentence.before if stamp is None else stamp
        return [Reading(kind, value, stamp, origin, self._boat) for kind, value in values]

    def _heard(self, line: str, sentence: Sentence) -> list[Reading]:
        """Other vessels, each a boat by its MMSI."""
        if sentence.name != "VDM":
            # Of one's own transponder: the instruments say it as well, and better.
            self.tally.pass_over(sentence.name)
            return []
        if self.ais is None:
            self.tally.lose(Loss.AIS)
            return []
        text = line[line.rfind("!") :]
        origin = f"{sentence.talker}.VDM"
        return [
            Reading(kind, values, sentence.before, origin, boat)
            for boat, kind, values in self.ais.read(text, sentence.fields)
        ]

    # -- Time

    def _timed(self, text: str) -> int | None:
        """The moment of a time of day without a date; None, and counted, where none is known."""
        since_midnight = time_of_day(text)
        if since_midnight is None:
            return None
        every = (self.dated, self.moment, self._arrival, self._near)
        near = next((known for known in every if known is not None), None)
        if near is None:
            self.tally.lose(Loss.NO_DATE)
            return None
        self.moment = nearest(since_midnight, near)
        return self.moment

    def _on_day(self, day: int | None, text: str) -> int | None:
        since_midnight = time_of_day(text)
        if day is None or since_midnight is None:
            return None
        stamp = day + since_midnight
        if self._arrival is not None:
            stamp = in_this_age(stamp, self._arrival)
        self.dated = self.moment = stamp
        if self.first_dated is None:
            self.first_dated = stamp
        return stamp

    # -- Sentences

    def _rmc(self, sentence: Sentence) -> tuple[int | None, Values]:
        if sentence.at(1) != "A" or sentence.at(11) in ESTIMATED:
            self.tally.lose(Loss.VOID)
            return None, []
        stamp = self._on_day(short_day(sentence.at(8)), sentence.at(0))
        if stamp is None:
            stamp = self._timed(sentence.at(0))
        if stamp is None:
            return None, []
        self.declination = _known(east_positive(sentence.at(9), sentence.at(10)), self.declination)
        return stamp, [
            *_place(sentence, 2, self.tally),
            *_one(9, speed(sentence, 6, "N", self.tally)),
            *_one(6, _turned(degrees(sentence, 7, self.tally))),
        ]

    def _gga(self, sentence: Sentence) -> tuple[int | None, Values]:
        stamp = self._timed(sentence.at(0))
        quality = number(sentence.at(5))
        if stamp is None or quality is None:
            return None, []
        values = _one(2, quality)
        if sentence.at(5) in NO_FIX:
            self.tally.lose(Loss.VOID)
            return stamp, values
        values += _place(sentence, 1, self.tally)
        values += _one(3, number(sentence.at(6))) + _one(4, number(sentence.at(7)))
        if sentence.at(9) == "M":
            values += _one(5, number(sentence.at(8)))
        return stamp, values

    def _gll(self, sentence: Sentence) -> tuple[int | None, Values]:
        if sentence.at(5) != "A" or sentence.at(6) in ESTIMATED:
            self.tally.lose(Loss.VOID)
            return None, []
        stamp = self._timed(sentence.at(4))
        return stamp, [] if stamp is None else _place(sentence, 0, self.tally)

    def _gns(self, sentence: Sentence) -> tuple[int | None, Values]:
        if not _MEASURED & set(sentence.at(5)):
            self.tally.lose(Loss.VOID)
            return None, []
        stamp = self._timed(sentence.at(0))
        return stamp, [] if stamp is None else _place(sentence, 1, self.tally)

    def _zda(self, sentence: Sentence) -> tuple[int | None, Values]:
        stamp, parts = None, [sentence.at(place) for place in (3, 2, 1)]
        if all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
            year, month, day = (int(part) for part in parts)
            stamp = self._on_day(day_of(year, month, day), sentence.at(0))
        return stamp, [] if stamp is None else [(CLOCK, ())]

    def _vtg(self, sentence: Sentence) -> tuple[int | None, Values]:
        if sentence.at(8) == "N":
            self.tally.lose(Loss.VOID)
            return None, []
        course = labelled(sentence, 0, "T", self.tally)
        if course is None:
            course = self._as_true(labelled(sentence, 2, "M", self.tally))
        return None, _one(9, labelled_speed(sentence, (6, 4), self.tally)) + _one(
            6, _turned(course)
        )

    def _hdg(self, sentence: Sentence) -> tuple[int | None, Values]:
        sensor = degrees(sentence, 0, self.tally)
        if sensor is None:
            return None, []
        magnetic = sensor + (east_positive(sentence.at(1), sentence.at(2)) or 0.0)
        variation = east_positive(sentence.at(3), sentence.at(4))
        values = _one(7, angle(magnetic))
        if variation is not None:
            self.declination = variation
            values += self._headed(angle(magnetic + variation))
        return None, values

    def _hdm(self, sentence: Sentence) -> tuple[int | None, Values]:
        return None, _one(7, _turned(labelled(sentence, 0, "M", self.tally)))

    def _hdt(self, sentence: Sentence) -> tuple[int | None, Values]:
        return None, self._headed(_turned(labelled(sentence, 0, "T", self.tally)))

    def _ths(self, sentence: Sentence) -> tuple[int | None, Values]:
        if sentence.at(1) != "A":
            self.tally.lose(Loss.VOID)
            return None, []
        return None, self._headed(_turned(degrees(sentence, 0, self.tally)))

    def _vhw(self, sentence: Sentence) -> tuple[int | None, Values]:
        return None, [
            *self._headed(_turned(labelled(sentence, 0, "T", self.tally))),
            *_one(7, _turned(labelled(sentence, 2, "M", self.tally))),
            *_one(10, labelled_speed(sentence, (4, 6), self.tally)),
        ]

    def _mwv(self, sentence: Sentence) -> tuple[int | None, Values]:
        if sentence.at(4) != "A":
            self.tally.lose(Loss.VOID)
            return None, []
        side = degrees(sentence, 0, self.tally)
        strength = speed(sentence, 2, sentence.at(3), self.tally)
        if sentence.at(1) == "R":
            return None, _one(11, _turned(side)) + _one(12, strength)
        return None, self._true_wind(side, strength) if sentence.at(1) == "T" else []

    def _vwr(self, sentence: Sentence) -> tuple[int | None, Values]:
        strength = labelled_speed(sentence, (2, 4, 6), self.tally)
        return None, _one(11, _of_side(sentence, self.tally)) + _one(12, strength)

    def _vwt(self, sentence: Sentence) -> tuple[int | None, Values]:
        strength = labelled_speed(sentence, (2, 4, 6), self.tally)
        return None, self._true_wind(_of_side(sentence, self.tally), strength)

    def _mwd(self, sentence: Sentence) -> tuple[int | None, Values]:
        direction = labelled(sentence, 0, "T", self.tally)
        if direction is None:
            direction = self._as_true(labelled(sentence, 2, "M", self.tally))
        strength = labelled_speed(sentence, (4, 6), self.tally)
        return None, _one(23, strength) + _one(22, _turned(direction))

    def _xdr(self, sentence: Sentence) -> tuple[int | None, Values]:
        found: dict[str, float] = {}
        for place in range(0, len(sentence.fields) - 3, 4):
            kind, value, unit, name = sentence.fields[place : place + 4]
            measured = number(value)
            meant = _ATTITUDE.get(name.lower())
            if kind == "A" and unit == "D" and meant and measured is not None:
                if abs(measured) > 180:
                    self.tally.lose(Loss.BEYOND)
                else:
                    found[meant] = measured
        if "roll" not in found:
            self.tally.pass_over("XDR")
            return None, []
        # An unknown pitch is 0, the yaw a true heading or 0: our choice.
        yaw = self._true_heading() or 0.0
        return None, [(17, quaternion(found["roll"], found.get("pitch", 0.0), yaw))]

    # -- What one sentence needs of another

    def _as_true(self, magnetic: float | None) -> float | None:
        known = magnetic is not None and self.declination is not None
        return angle(magnetic + self.declination) if known else None  # type: ignore[operator]

    def _headed(self, heading: float | None) -> Values:
        if heading is not None:
            self.heading = (heading, self._now())
        return _one(8, heading)

    def _now(self) -> int | None:
        return self._arrival if self._arrival is not None else self.moment

    def _true_heading(self) -> float | None:
        if self.heading is None:
            return None
        heading, when = self.heading
        now = self._now()
        if when is not None and now is not None and abs(now - when) > HEADING_MILLISECONDS:
            return None
        return heading

    def _true_wind(self, side: float | None, strength: float | None) -> Values:
        """Wind over water whose angle is from the bow: a direction only with a true heading."""
        heading = self._true_heading()
        values = _one(23, strength)
        if side is not None and heading is not None:
            values += _one(22, angle(heading + side))
        return values


def _one(kind: int, value: float | None) -> Values:
    return [] if value is None else [(kind, (value,))]


def _place(sentence: Sentence, place: int, tally: Tally) -> Values:
    found = position(sentence, place, tally)
    return [] if found is None else [(1, found)]


def _turned(degree: float | None) -> float | None:
    return None if degree is None else angle(degree)


def _known(new: float | None, old: float | None) -> float | None:
    return old if new is None else new


def _of_side(sentence: Sentence, tally: Tally) -> float | None:
    """0 to 180 to the left or right of the bow, as 0 to 360 clockwise."""
    found, side = degrees(sentence, 0, tally), sentence.at(1)
    if found is None or side not in ("L", "R"):
        return None
    return angle(found if side == "R" else -found)


def origin_of(source: str, talker: str, name: str) -> str:
    """Who said it. The satellite systems of one connection are one receiver."""
    receiver = "GN" if talker in ("GP", "GL", "GA", "GB", "GN") else talker
    return f"{source}.{receiver}.{name}" if source else f"{receiver}.{name}"


_ATTITUDE = {"heel": "roll", "roll": "roll", "ptch": "pitch", "pitch": "pitch"}

_OF_CHECKSUM = {
    Checksum.MISSING: Loss.BARE,
    Checksum.OF_ADDRESS: Loss.STUCK,
    Checksum.WRONG: Loss.WRONG,
}

_READERS: dict[str, Callable[[NmeaReader, Sentence], tuple[int | None, Values]]] = {
    "RMC": NmeaReader._rmc,
    "GGA": NmeaReader._gga,
    "GLL": NmeaReader._gll,
    "GNS": NmeaReader._gns,
    "ZDA": NmeaReader._zda,
    "VTG": NmeaReader._vtg,
    "HDG": NmeaReader._hdg,
    "HDM": NmeaReader._hdm,
    "HDT": NmeaReader._hdt,
    "THS": NmeaReader._ths,
    "VHW": NmeaReader._vhw,
    "MWV": NmeaReader._mwv,
    "VWR": NmeaReader._vwr,
    "VWT": NmeaReader._vwt,
    "MWD": NmeaReader._mwd,
    "XDR": NmeaReader._xdr,
}
