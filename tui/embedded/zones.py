"""Timezones by their IANA names, which come from outside."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_NAME = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,3}")
_LONGEST = 64


def zone(name: str) -> ZoneInfo:
    """The zone of that name. Raises ValueError for a name that no zone has."""
    if len(name) <= _LONGEST and _NAME.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"unknown timezone: {name}") from error
    raise ValueError(f"unknown timezone: {name[:_LONGEST]}")


def local_name() -> str:
    """The zone of this machine, or UTC where it does not say."""
    # A name, or a file that may be a link to the one of a name.
    for place in (os.environ.get("TZ", "").removeprefix(":"), "/etc/localtime"):
        candidate = place
        if place.startswith("/"):
            candidate = str(Path(place).resolve()).partition("/zoneinfo/")[2]
        try:
            return zone(candidate).key
        except ValueError:
            continue
    return "UTC"


class WallTimeError(ValueError):
    """A wall time that clocks never show, or show twice; the message says what to send instead."""


def moment_of(wall: datetime, where: ZoneInfo) -> datetime:
    """The moment at which clocks in the zone show a time without one. Raises WallTimeError."""
    first, second = (wall.replace(tzinfo=where, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(where).replace(tzinfo=None) != wall:
        raise WallTimeError(
            f"{wall} does not exist in {where.key}: clocks are put forward over it."
        )
    ways = " or ".join(one.isoformat(" ") for one in (first, second))
    raise WallTimeError(f"{wall} exists twice in {where.key}: send {ways}.")


def midnight(moment: datetime) -> datetime:
    """The beginning of the moment's day, in the moment's own zone."""
    return moment.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def next_midnight(moment: datetime) -> datetime:
    """The end of the moment's day; wall time counts, so a day may have 23 or 25 hours."""
    return midnight(moment) + timedelta(days=1)
