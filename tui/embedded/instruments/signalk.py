"""Signal K deltas, one JSON document a line or a message: radians and metres a second in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from tui.embedded.instruments.json_lines import JsonReader, Object, objects, text_at
from tui.embedded.instruments.places import place_of
from tui.embedded.instruments.readings import (
    FASTEST,
    KMH_PER_METRE_A_SECOND,
    Loss,
    Reading,
    angle,
    finite,
    quaternion,
)
from tui.embedded.instruments.sentences import moment

HEADING_MILLISECONDS = 2000
"""How old a heading may be that a wind's angle from the bow is turned by."""

_SPEEDS = {
    "navigation.speedOverGround": 9,
    "navigation.speedThroughWater": 10,
    "environment.wind.speedApparent": 12,
    "environment.wind.speedTrue": 23,
}
_ANGLES = {
    "navigation.courseOverGroundTrue": 6,
    "navigation.headingMagnetic": 7,
    "navigation.headingTrue": 8,
    "environment.wind.angleApparent": 11,
    "environment.wind.directionTrue": 22,
}
_ATTITUDE = "navigation.attitude"
_POSITION = "navigation.position"
_QUALITY = "navigation.gnss.methodQuality"
_FROM_BOW = "environment.wind.angleTrueWater"

NAMES = 1000
"""Names that wait for somebody to look."""

VESSELS = 4096
"""Vessels of which something is remembered; AIS of a harbour has a few hundred."""


@dataclass
class _Vessel:
    heading: tuple[float, int | None] | None = None
    pitch: float = 0.0
    without_fix: set[str] = field(default_factory=set)


class SignalKReader(JsonReader):
    """Reads one connection or one file. One's own vessel is the boat ""."""

    def __init__(self) -> None:
        super().__init__()
        self._self = ""
        self._vessels: dict[str, _Vessel] = {}

    def _document(self, document: Object) -> Iterator[Reading]:
        own = text_at(document, "self")
        if own:
            self._self = own
        boat = self._boat(text_at(document, "context"))
        for update in objects(document.get("updates")):
            origin = text_at(update, "$source") or _named(update.get("source"))
            stamp = moment(text_at(update, "timestamp"))
            values = list(objects(update.get("values")))
            vessel = self._vessel(boat)
            for value in values:
                if value.get("path") == _QUALITY:
                    _note_fix(vessel, origin, value.get("value"))
            self._note_name(boat, values)
            for value in values:
                for kind, numbers in self._values(vessel, origin, stamp, value):
                    yield Reading(kind, numbers, stamp, origin, boat)

    def _note_name(self, boat: str, values: list[Object]) -> None:
        for value in values:
            path, said = text_at(value, "path"), value.get("value")
            name = text_at(value, "value") if path == "name" else ""
            if path == "" and isinstance(said, dict):
                name = text_at(said, "name")
            name = name.strip()
            if name and (boat in self.names or len(self.names) < NAMES):
                self.names[boat] = name

    def _vessel(self, boat: str) -> _Vessel:
        if boat not in self._vessels and len(self._vessels) >= VESSELS:
            self._vessels.clear()
        return self._vessels.setdefault(boat, _Vessel())

    def _boat(self, context: str) -> str:
        if context in ("", "vessels.self", self._self, f"vessels.{self._self}"):
            return ""
        return context.rpartition(":")[2][:64] if ":" in context else context[:64]

    def _values(
        self, vessel: _Vessel, origin: str, stamp: int | None, said: Object
    ) -> Iterator[tuple[int, tuple[float, ...]]]:
        path, value = text_at(said, "path"), said.get("value")
        if value is None or path in ("", "name", _QUALITY):
            # null ends a value: nothing is known from here on, which is not zero.
            return
        if path == _POSITION:
            yield from self._position(vessel, origin, value)
        elif path == _ATTITUDE or path.startswith(f"{_ATTITUDE}."):
            yield from _attitude(vessel, path, value)
        elif path in _SPEEDS:
            speed = finite(value)
            if speed is None or not 0 <= speed * KMH_PER_METRE_A_SECOND <= FASTEST:
                self.tally.lose(Loss.BEYOND)
            else:
                yield _SPEEDS[path], (round(speed * KMH_PER_METRE_A_SECOND, 6),)
        elif path in _ANGLES or path == _FROM_BOW:
            yield from self._angle(vessel, stamp, path, value)
        else:
            self.tally.pass_over(path[:64])

    def _angle(
        self, vessel: _Vessel, stamp: int | None, path: str, value: object
    ) -> Iterator[tuple[int, tuple[float, ...]]]:
        radians = finite(value)
        if radians is None or abs(radians) > 2 * math.pi + 1e-6:
            self.tally.lose(Loss.BEYOND)
            return
        turned = angle(math.degrees(radians))
        if path == "navigation.headingTrue":
            vessel.heading = (turned, stamp)
        if path != _FROM_BOW:
            yield _ANGLES[path], (turned,)
        elif vessel.heading is not None and _together(vessel.heading[1], stamp):
            yield 22, (angle(vessel.heading[0] + turned),)

    def _position(
        self, vessel: _Vessel, origin: str, value: object
    ) -> Iterator[tuple[int, tuple[float, ...]]]:
        if origin in vessel.without_fix:
            self.tally.lose(Loss.VOID)
            return
        place = value if isinstance(value, dict) else {}
        latitude, longitude = finite(place.get("latitude")), finite(place.get("longitude"))
        for found in place_of(latitude, longitude, self.tally):
            yield found
            altitude = finite(place.get("altitude"))
            if altitude is not None:
                yield 5, (altitude,)


def _together(earlier: int | None, later: int | None) -> bool:
    return earlier is None or later is None or abs(later - earlier) <= HEADING_MILLISECONDS


def _note_fix(vessel: _Vessel, origin: str, quality: object) -> None:
    if isinstance(quality, str) and quality.lower() == "no gps":
        vessel.without_fix.add(origin)
    else:
        vessel.without_fix.discard(origin)


def _attitude(vessel: _Vessel, path: str, value: object) -> Iterator[tuple[int, tuple[float, ...]]]:
    said = value if isinstance(value, dict) else {path.rpartition(".")[2]: value}
    roll, pitch = finite(said.get("roll")), finite(said.get("pitch"))
    if pitch is not None:
        vessel.pitch = math.degrees(pitch)
    if roll is not None:
        heading = vessel.heading[0] if vessel.heading is not None else 0.0
        yield 17, quaternion(math.degrees(roll), vessel.pitch, heading)


def _named(source: object) -> str:
    """label.talker, as the server writes `$source`."""
    if not isinstance(source, dict):
        return ""
    return ".".join(filter(None, (text_at(source, "label"), text_at(source, "talker"))))
