"""Marks of a course and the ends of its line, as a session's log has them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from tui.live.day import ENDS
from tui.services.errors import NotFound
from tui.services.igtimi.records import LatestDatum
from tui.services.igtimi.session_log import (
    DeviceAttachment,
    LogData,
    LogEntry,
    ObjectData,
    TrackedObject,
)
from tui.services.igtimi.session_state import SessionObject, fold
from tui.services.igtimi.xml_tree import Element
from tui.workspace.times import age_text

KINDS = {
    "pin": "Pin end",
    "committee": "Committee boat",
    "windward": "Windward mark",
    "leeward": "Leeward mark",
    "gate": "Gate",
    "other": "Another mark",
}
"""What a mark is, as logs have it (reference, Igtimi), with its words."""
AHEAD = 2.0
"""Seconds by which clocks may differ."""
NO_FIX = "Type where the mark lies, or wait for a fix."

_NUMBER = r"(\d{1,3}(?:\.\d+)?)"
_ANGLE = re.compile(
    rf"\s*([NSEW])?\s*(-)?{_NUMBER}\s*°?\s*(?:(\d{{1,2}}(?:\.\d+)?)\s*['′]?\s*)?([NSEW])?\s*",
    re.IGNORECASE,
)


class PlaceError(ValueError):
    """A place that cannot be understood; its text says how one is written."""


class Spot(NamedTuple):
    """A place in degrees, north and east positive."""

    latitude: float
    longitude: float


class Fix(NamedTuple):
    """Where a device was, and when."""

    spot: Spot
    time: datetime

    def age(self, now: datetime) -> str:
        """How long ago that was, in words; of a clock that is ahead that it is."""
        seconds = (now - self.time).total_seconds()
        if seconds < -AHEAD:
            return f"by its clock, which is {age_text(-seconds)} ahead"
        return f"{age_text(seconds)} ago"


def fix_of(newest: Iterable[LatestDatum], quality: Iterable[LatestDatum]) -> Fix:
    """The newest position of a device, by the answers for its position and its quality. Raises
    NotFound where there is none, and where it is no fix: 0/0, off the globe, or said to be none.
    """
    for one in newest:
        if not (isinstance(one.c1, float | int) and isinstance(one.c2, float | int)):
            continue
        spot, why = Spot(float(one.c2), float(one.c1)), ""
        if not any(spot):
            why = "it is 0/0"
        elif not (abs(spot.latitude) <= 90 and abs(spot.longitude) <= 180):
            why = "there is no such place"
        # Quality is sent when it changes: one of after the position says nothing of it.
        elif any(
            isinstance(said.c1, float | int) and said.c1 < 1 and said.timestamp <= one.timestamp
            for said in quality
        ):
            why = "the device says that it has none"
        if why:
            raise NotFound(f"its newest position is no fix: {why}", service="igtimi", advice=NO_FIX)
        return Fix(spot, one.timestamp)
    raise NotFound("it has sent no position yet", service="igtimi", advice=NO_FIX)


def read_spot(text: str) -> Spot:
    """A place as it is typed: `54.4016 10.2051`, `54 24.1 N, 10 12.3 E`. Raises PlaceError."""
    halves = re.split(r"[,;]", text)
    if len(halves) == 1:
        # A letter of the latitude ends it, else there is as much of one as of the other.
        words = text.split()
        end = next((n for n, word in enumerate(words, 1) if word[-1:] in "NSns"), len(words) // 2)
        halves = [" ".join(words[:end]), " ".join(words[end:])]
    if len(halves) == 2:
        latitude, longitude = _angle(halves[0], "NS", 90), _angle(halves[1], "EW", 180)
        if latitude is not None and longitude is not None:
            return Spot(latitude, longitude)
    raise PlaceError("Latitude and longitude: 54.4016, 10.2051 or 54 24.1 N, 10 12.3 E.")


def _angle(text: str, letters: str, most: float) -> float | None:
    found = _ANGLE.fullmatch(text)
    if found is None:
        return None
    before, minus, degrees, minutes, after = found.groups()
    letter = (before or after or letters[0]).upper()
    if letter not in letters or (before and after) or (minus and (before or after)):
        return None
    if minutes and (float(minutes) >= 60 or "." in degrees):
        return None
    value = float(degrees) + float(minutes or 0) / 60
    if value > most:
        return None
    return -value if minus or letter in "SW" else value


def mark_entries(
    entries: Iterable[LogEntry], kind: str, name: str, serial: str = "", spot: Spot | None = None
) -> list[LogData]:
    """The entries of a log that lay a mark: at a spot, or where a device is.

    A mark of that kind and name, and an end of the line in any case, is laid anew where it lay.
    """
    log = list(entries)
    called = name or KINDS[kind]
    alike = [one for one in fold(log).marks if _is(one, kind, called)]
    taken = [one.data.id for one in log if isinstance(one.data, TrackedObject)]
    found: list[LogData] = []
    # One that a device had stays known by it: a log takes no device away.
    again = [one for one in alike if not one.devices or serial]
    number = again[-1].id if again else max(taken, default=0) + 1
    if not again or again[-1].name != called:
        found.append(TrackedObject(id=number, name=called))
    content = [Element(name=what, text=text) for what, text in _told(kind, called)]
    if spot is not None:
        place = Element(
            name="position",
            children=[
                Element(name="latitude", text=f"{spot.latitude:.7f}"),
                Element(name="longitude", text=f"{spot.longitude:.7f}"),
            ],
        )
        content.append(Element(name="positions", children=[place]))
    found.append(ObjectData(object_id=number, content=content))
    if serial:
        found.append(DeviceAttachment(object_id=number, serial_number=serial, entry_type="replace"))
    return found


def _told(kind: str, called: str) -> list[tuple[str, str]]:
    return [("type", "buoy"), ("name", called), ("buoy_type", kind)]


def _is(one: SessionObject, kind: str, called: str) -> bool:
    same = one.buoy_type.lower() == kind
    return same and (kind in ENDS or one.name.casefold() == called.casefold())
