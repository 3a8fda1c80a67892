"""One reading of an instrument, and the count of what could not become one."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

import msgspec

KMH_PER_KNOT = 1.852
KMH_PER_METRE_A_SECOND = 3.6

FASTEST = 370.4
"""km/h (200 knots): no boat and no wind that one sails in is faster. Our choice."""

CLOCK = 0
"""What is no type of Igtimi's: a reading of it says its time and nothing else."""

KINDS_OF_LOSS = 64
"""How many different sentences or paths are counted by name; what comes beyond is `other`."""

_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})", re.ASCII)


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One value of one of Igtimi's types, in the unit that the type has there.

    `stamp` is in UTC milliseconds; None where the sentence carries no time. `origin` names who
    said it on this connection (talker and sentence), `boat` another vessel than one's own.
    """

    kind: int
    values: tuple[float, ...]
    stamp: int | None
    origin: str
    boat: str = ""


class Samples(msgspec.Struct, gc=False):
    """What was said of one quantity since somebody last took it: a stamp and a value an axis."""

    stamps: list[int]
    axes: list[list[float]]

    def add(self, stamp: int, values: tuple[float, ...]) -> None:
        """One more."""
        self.stamps.append(stamp)
        for axis, value in zip(self.axes, values, strict=True):
            axis.append(value)


Said = dict[int, Samples]
"""Of one boat, by type."""


def said_by(readings: Iterable[Reading]) -> Said:
    """Readings with their times as columns."""
    found: Said = {}
    for reading in readings:
        assert reading.stamp is not None
        samples = found.get(reading.kind)
        if samples is None:
            samples = found[reading.kind] = Samples([], [[] for _ in reading.values])
        samples.add(reading.stamp, reading.values)
    return found


class Loss(Enum):
    """Why something that was read gave no reading, in a person's words."""

    TOO_LONG = "line too long"
    NO_SENTENCE = "no sentence"
    RUN_TOGETHER = "two sentences run together: the first is lost"
    BARE = "no checksum"
    WRONG = "wrong checksum"
    STUCK = "checksum of the address only"
    TAG = "TAG block with a wrong checksum"
    VOID = "marked as not valid"
    NOWHERE = "position 0, 0"
    UNREADABLE = "cannot be read"
    BEYOND = "beyond what can be"
    NO_DATE = "time without a date"
    NO_TIME = "time that cannot be: before 1980, or years ahead"
    NO_TYPE = "not among Igtimi's types"
    HEADING = "heading that the writer's setting made true or magnetic: say which"
    HEEL = "heel whose sign the writer's setting chose: say which side is plus"
    AIS = "AIS, which pip install 'tockdeck[ais]' reads"
    AIS_OF_GPSD = "AIS, which is read as sentences alone, over udp:// or tcp://"
    DOUBLE = "said by another sentence as well"
    UNLIKE = "another value for a time that has one: the first stands"
    TOO_MANY = "more boats than one connection may have"


@dataclass
class Tally:
    """How many lines there were and what was lost of them, and of which sentences."""

    lines: int = 0
    lost: Counter[Loss] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)
    """By sentence or path: what there is no type for."""
    unit: str = "line"
    """What `lines` counts in a file of another form."""
    remarks: list[str] = field(default_factory=list)
    """What else is to be said of it, in sentences without a stop."""
    events: list[tuple[int, str]] = field(default_factory=list)
    """What somebody did at a time (UTC milliseconds), in words: a timer, a ping of the line."""

    def lose(self, why: Loss) -> None:
        """Count one loss."""
        self.lost[why] += 1

    def pass_over(self, name: str) -> None:
        """Count a sentence or path that has no type; the number of names is bounded."""
        self.lost[Loss.NO_TYPE] += 1
        known = name in self.passed_over or len(self.passed_over) < KINDS_OF_LOSS
        self.passed_over[name if known else "other"] += 1


def number(text: str) -> float | None:
    """A plain decimal number; None for everything else, "nan" and exponents included."""
    return float(text) if _NUMBER.fullmatch(text) else None


def finite(value: object) -> float | None:
    """A number of a JSON document; None for everything else, truth values included."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def angle(degrees: float) -> float:
    """An angle as 0 to 360, without 360 itself."""
    turned = round(degrees, 9) % 360.0
    return 0.0 if turned == 360.0 else turned


def quaternion(roll: float, pitch: float, yaw: float) -> tuple[float, float, float, float]:
    """x, y, z, w of an attitude in degrees: roll to starboard, bow up, heading true.

    The inverse of what reference/instruments.md has of Vakaros' quaternions (north, east, down).
    """
    half = [math.radians(value) / 2 for value in (roll, pitch, yaw)]
    (cr, cp, cy), (sr, sp, sy) = map(math.cos, half), map(math.sin, half)
    return (
        sr * cp * cy - cr * sp * sy,
        cr * sp * cy + sr * cp * sy,
        cr * cp * sy - sr * sp * cy,
        cr * cp * cy + sr * sp * sy,
    )
