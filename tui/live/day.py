"""What a recording tells of its day beside samples: whose they are, the course, the session."""

from __future__ import annotations

import re

import msgspec

ENDS = ("pin", "committee")
"""The kinds of marks that are a line's ends: there is one of each."""
_MARK = re.compile(r"Mark ([1-9]\d{0,5})", re.ASCII)


class DayMark(msgspec.Struct, frozen=True):
    """A mark of the course, or an end of its line; `laid` is longitude and latitude. `before` is
    where it lay before that, in order: up to when, in ms, longitude and latitude. `since` is when
    the session's log first named it, in ms.
    """

    name: str
    kind: str = ""
    serials: tuple[str, ...] = ()
    laid: tuple[float, float] | None = None
    before: tuple[tuple[int, float, float], ...] = ()
    since: int | None = None


class DayEvent(msgspec.Struct, frozen=True):
    """A moment that somebody marked, in ms since the epoch, and what it is called."""

    time: int
    text: str


def mark_text(number: int) -> str:
    """What a moment is called that one key marks."""
    return f"Mark {number}"


def mark_number(text: str) -> int:
    """Which mark a moment is; 0 for one that is called otherwise."""
    found = _MARK.fullmatch(text)
    return int(found[1]) if found else 0


class Day(msgspec.Struct, frozen=True):
    """Names as people knew them, and the session that was sailed; all of it may be missing.

    `names` are those of the units, `boats` what was tracked with which of them. `wind` is the
    direction in degrees and the speed in km/h that somebody entered; `ashore` are devices on land.
    """

    names: dict[str, str] = {}
    boats: dict[str, str] = {}
    session: int | None = None
    title: str = ""
    marks: tuple[DayMark, ...] = ()
    wind_serials: tuple[str, ...] = ()
    wind: tuple[float, float] | None = None
    events: tuple[DayEvent, ...] = ()
    ashore: tuple[str, ...] = ()


def read_day(content: bytes) -> Day | None:
    """Return what a record says of the day, or None where it does not tell it."""
    try:
        return msgspec.json.decode(content, type=Day)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
