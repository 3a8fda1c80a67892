"""Vakaros' logs: rows of a key and a payload of known length, little endian, without a magic.

Layout and units: reference/instruments.md, section 1. A key that is not known ends what can be
read, as nobody knows how long its row is.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

from tui.embedded.instruments.days import LATEST
from tui.embedded.instruments.places import Values, angle_of, place_of, speed_of
from tui.embedded.instruments.readings import KMH_PER_METRE_A_SECOND, Loss, Reading, Tally

PAYLOADS = {
    0xFF: 7, 0xFE: 2, 0x01: 32, 0x02: 44, 0x03: 20, 0x04: 13, 0x05: 17, 0x06: 18, 0x07: 12,
    0x08: 13, 0x0A: 16, 0x0B: 16, 0x0C: 12, 0x0E: 16, 0x0F: 16, 0x10: 12, 0x20: 13, 0x21: 52,
}  # fmt: skip
"""Of each key the bytes of its payload."""

PAGE = 0xFF
POSITION, ORIENTATION, WIND, WATER = 0x02, 0x08, 0x0A, 0x0B
TIMER, LINE = 0x04, 0x05
EVENTS = 1000
"""Timers and pings of one file; a long day of starts has some fifty."""

_SILENT = frozenset({0xFF, 0xFE, 0x01, 0x07, 0x08, 0x0E, 0x20, 0x21})
"""Pages and what the unit keeps for itself: nothing that anybody would miss."""

_NAMES = {
    0x03: "declination",
    0x06: "tack angle",
    0x0C: "depth",
    0x0F: "load",
    0x10: "temperature",
}

_POSITION = struct.Struct("<Qii7f")
_ROW = struct.Struct("<Qff")
_TIMER = struct.Struct("<QBi")
_LINE = struct.Struct("<QBff")
_TIMES = ("Timer reset", "Timer started", "Timer synchronised", "Race started", "Race ended")
_ENDS = ("Pin end", "Boat end")
ORIGIN = "VKX"


def is_vkx(content: bytes) -> bool:
    """Whether it begins with a page that a known row follows."""
    return len(content) > 9 and content[0] == PAGE and content[8] in PAYLOADS


def read_vkx(content: bytes) -> tuple[list[Reading], Tally]:
    """All rows that have a type; of others how many there are, and what cannot be read."""
    tally = Tally(unit="row")
    return list(_rows(content, tally)), tally


def _rows(content: bytes, tally: Tally) -> Iterator[Reading]:
    place, fixed = 0, False
    while place < len(content):
        key = content[place]
        length = PAYLOADS.get(key)
        payload = content[place + 1 : place + 1 + (length or 0)]
        if length is None or len(payload) < length:
            why = "the last row is cut off" if length else f"rows of key {key:#04x} are not known"
            rest = len(content) - place
            tally.remarks.append(f"{rest:,} of {len(content):,} bytes were not read: {why}")
            return
        place += 1 + length
        if key not in _SILENT:
            tally.lines += 1
        if key == ORIENTATION:
            fixed = bool(payload[8] & 1)
        elif key in _NAMES:
            tally.pass_over(_NAMES[key])
        elif key in (TIMER, LINE):
            _happened(key, payload, tally)
        elif key in (POSITION, WIND, WATER):
            (stamp,) = struct.unpack_from("<Q", payload)
            for kind, values in _values(key, payload, fixed, tally):
                if all(map(math.isfinite, values)):
                    yield Reading(kind, values, stamp, ORIGIN)


def _happened(key: int, payload: bytes, tally: Tally) -> None:
    """What the sailor did, as an event; a code or a place that nobody knows is counted."""
    if key == TIMER:
        stamp, code, seconds = _TIMER.unpack(payload)
        words = _TIMES[code] if code < len(_TIMES) else ""
        left = f" at {abs(seconds) // 60}:{abs(seconds) % 60:02}" if seconds and words else ""
        words += left
    else:
        stamp, code, latitude, longitude = _LINE.unpack(payload)
        finite = math.isfinite(latitude) and math.isfinite(longitude)
        if finite and not list(place_of(latitude, longitude, tally)):
            return
        known = finite and code < len(_ENDS)
        words = f"{_ENDS[code]} of the line at {latitude:.6f}, {longitude:.6f}" if known else ""
    if not words or len(tally.events) >= EVENTS or not 0 <= stamp < LATEST:
        tally.lose(Loss.UNREADABLE)
    else:
        tally.events.append((stamp, words))


def _values(key: int, payload: bytes, fixed: bool, tally: Tally) -> Values:
    if key == WIND:
        _, direction, speed = _ROW.unpack(payload)
        yield from angle_of(11, direction, tally)
        yield from speed_of(12, speed * KMH_PER_METRE_A_SECOND, tally)
        return
    if key == WATER:
        _, forward, _ = _ROW.unpack(payload)
        yield from speed_of(10, forward * KMH_PER_METRE_A_SECOND, tally)
        return
    _, latitude, longitude, speed, course, height, w, x, y, z = _POSITION.unpack(payload)
    yield from place_of(latitude / 1e7, longitude / 1e7, tally)
    yield from speed_of(9, speed * KMH_PER_METRE_A_SECOND, tally)
    yield from angle_of(6, math.degrees(course), tally)
    yield 5, (height,)
    if fixed:
        # Of a unit that is not fixed to the boat it is where the unit was held.
        yield 17, (x, y, z, w)
        yaw = math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
        yield from angle_of(8, math.degrees(yaw), tally)
