"""Reading the fields of a call; whoever wrote them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from tui.embedded.zones import WallTimeError, moment_of, next_midnight, zone

_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)
_UNIX = re.compile(r"[0-9]{9,11}", re.ASCII)
_MOMENTS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M%z",
)  # fmt: skip
_DAY = "%Y-%m-%d"
_YEARS = range(1990, 2100)
_LONGEST_DESCRIPTION = 2000
_YES = ("1", "true")
_NO = ("0", "false")


class Refusal(Exception):
    """The service says no: `result` 0, the text as `error`, sometimes a `url`."""

    def __init__(self, error: str, url: str | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.url = url


Fields = Mapping[str, str]


def wall(seconds: int, zone: ZoneInfo) -> str:
    """Unix seconds as the service writes a time: wall time of a zone, to the second."""
    return datetime.fromtimestamp(seconds, zone).strftime("%Y-%m-%d %H:%M:%S")


def number(given: Mapping[str, str], name: str) -> int | None:
    """An id, or None when it is left out."""
    text = given.get(name, "").strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise Refusal(f"{name} must be a number, and {text[:40]} is none.")
    return int(text)


def flag(given: Mapping[str, str], name: str) -> bool | None:
    """Yes or no, or None when it is left out."""
    text = given.get(name, "").strip().lower()
    if not text:
        return None
    if text not in _YES + _NO:
        raise Refusal(f"{name} must be 1 or 0.")
    return text in _YES


def moment(
    given: Mapping[str, str], name: str, where: ZoneInfo, *, end_of_day: bool = False
) -> int | None:
    """A time as unix seconds, or None when it is left out.

    `YYYY-MM-DD HH:MM[:SS]` and `YYYY-MM-DD` are wall time of the zone, unless an offset such as
    `+02:00` stands behind; unix seconds are taken too. With `end_of_day` a bare date means the
    end of that day. An hour that does not exist, or exists twice, is refused.
    """
    text = given.get(name, "").strip()
    if not text:
        return None
    if _UNIX.fullmatch(text):
        return int(text)
    for pattern in _MOMENTS:
        wall = _parse(text, pattern)
        if wall is None:
            continue
        try:
            return int((wall if wall.tzinfo else moment_of(wall, where)).timestamp())
        except WallTimeError as error:
            raise Refusal(f"{name}: {error}") from error
    bare = day(given, name, where)
    assert bare is not None
    return int((next_midnight(bare) if end_of_day else bare).timestamp())


def day(given: Mapping[str, str], name: str, where: ZoneInfo) -> datetime | None:
    """The beginning of a day in the zone, or None when it is left out."""
    text = given.get(name, "").strip()
    if not text:
        return None
    found = _parse(text, _DAY)
    if found is None:
        raise Refusal(f"{name} is no valid date or time: {text[:40]}")
    return found.replace(tzinfo=where)


def _parse(text: str, pattern: str) -> datetime | None:
    """A time as it is written, with a zone only where the pattern has one."""
    try:
        found = datetime.strptime(text, pattern)  # noqa: DTZ007 - the caller knows the zone
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def zone_field(given: Mapping[str, str], name: str) -> ZoneInfo | None:
    """A timezone by its IANA name, or None when it is left out."""
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        return zone(text)
    except ValueError as error:
        raise Refusal(f"{name} is no known timezone: {text[:40]}") from error


def description(given: Mapping[str, str]) -> str | None:
    """Text for a block, or None when it is left out."""
    text = given.get("description")
    if text is not None and len(text) > _LONGEST_DESCRIPTION:
        raise Refusal(f"A description has at most {_LONGEST_DESCRIPTION} characters.")
    return text


def client_version(given: Mapping[str, str]) -> str:
    """Platform and version of the client, which are kept for statistics only."""
    return given.get("version", "")[:80]
