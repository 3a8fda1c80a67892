"""GPX, read without entities and external references: tracks with times, speed and course.

Speed and course are read wherever a program may have put them: as children (GPX 1.0, and wrongly
in 1.1), in `<extensions>`, in Garmin's TrackPointExtension (reference/instruments.md, section 7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from tui.embedded.instruments.places import Boats, Values, angle_of, place_of, speed_of
from tui.embedded.instruments.readings import (
    KMH_PER_METRE_A_SECOND,
    Loss,
    Reading,
    Tally,
    number,
)
from tui.embedded.instruments.sentences import moment

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_READ = frozenset({"time", "ele", "speed", "course", "fix", "extensions", "TrackPointExtension"})
"""Of a point what is read, and what holds it."""

_ELSEWHERE = frozenset({"wpt", "rtept"})
"""Points that nobody sailed through at a time."""

_DECLARED = re.compile(
    rb"""\s*<\?xml[^>]{0,64}?\sencoding\s*=\s*["']([\w.-]{1,32})["'][^>]{0,64}\?>"""
)
_SEVERAL_BYTES = frozenset({"gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"})
"""Encodings of units and programs from where these are usual."""

ORIGIN = "GPX"


def read_gpx(content: bytes) -> tuple[list[Reading], Tally]:
    """The points of all tracks; a boat is a track's name, and its `<src>` where two have one.

    Of a file that is cut off or damaged what stands before it is read, and the rest is said.
    """
    tally = Tally(unit="point")
    readings: list[Reading] = []
    try:
        readings.extend(_points(content, tally))
    except ParseError as error:
        tally.lose(Loss.UNREADABLE)
        tally.remarks.append(f"from line {error.position[0]:,} on it is no XML, and was not read")
    except DefusedXmlException:
        tally.lose(Loss.UNREADABLE)
        tally.remarks.append("it declares entities, which nobody follows here: it was not read")
    except (ValueError, LookupError):
        tally.lose(Loss.UNREADABLE)
        tally.remarks.append("it is no text of the encoding that it names, and was not read")
    return readings, tally


def _points(content: bytes, tally: Tally) -> Iterator[Reading]:
    boats = Boats()
    track: Element | None = None
    boat: str | None = None
    for event, element in iterparse(BytesIO(_in_utf8(content)), ("start", "end"), forbid_dtd=True):
        name = _local(element)
        if event == "start":
            if name == "trk":
                track, boat = element, None
            continue
        if name == "trkpt":
            tally.lines += 1
            if boat is None:
                boat = boats.called(*_of_track(track))
            yield from _point(element, boat, tally)
            element.clear()
        elif name in _ELSEWHERE:
            tally.lines += 1
            tally.pass_over(name)
            element.clear()
        elif name in ("trkseg", "trk"):
            element.clear()


def _in_utf8(content: bytes) -> bytes:
    """A file in an encoding of several bytes a character, which the parser has none of, anew."""
    declared = _DECLARED.match(content)
    encoding = "" if declared is None else declared[1].decode("ascii").lower()
    if declared is None or encoding not in _SEVERAL_BYTES:
        return content
    return content[declared.end() :].decode(encoding).encode()


def _of_track(track: Element | None) -> tuple[str, str]:
    """Name and source, which stand before a track's points."""
    said = {_local(one): (one.text or "").strip() for one in (() if track is None else track)}
    return said.get("name", ""), said.get("src", "")


def _point(point: Element, boat: str, tally: Tally) -> Iterator[Reading]:
    said: dict[str, str] = {}
    for one in point.iter():
        name = _local(one)
        if name in _READ:
            said.setdefault(name, (one.text or "").strip())
        elif one is not point:
            tally.pass_over(name[:64])
    if "time" not in said:
        tally.lose(Loss.NO_DATE)
        return
    stamp = moment(said["time"])
    if stamp is None:
        tally.lose(Loss.UNREADABLE)
    elif said.get("fix") == "none":
        tally.lose(Loss.VOID)
    else:
        for kind, values in _values(point, said, tally):
            yield Reading(kind, values, stamp, ORIGIN, boat)


def _values(point: Element, said: dict[str, str], tally: Tally) -> Values:
    yield from place_of(number(point.get("lat", "")), number(point.get("lon", "")), tally)
    height = number(said.get("ele", ""))
    if height is not None:
        yield 5, (height,)
    speed = number(said.get("speed", ""))
    yield from speed_of(9, None if speed is None else speed * KMH_PER_METRE_A_SECOND, tally)
    yield from angle_of(6, number(said.get("course", "")), tally)


def _local(element: Element) -> str:
    """An element's name without its space."""
    return element.tag.rpartition("}")[2]
