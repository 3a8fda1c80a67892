"""By which clock the moments of a sheet stand: a sheet's cells cannot tell it, so that another one
beside them does, for people and for who brings the file in again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from tui.workspace.books.out.columns import Column

SHEET = "Time zone"
"""What the sheet is called."""
TITLE = "time zone"
"""What stands in its first cell, before the zone."""
_MEANS = "Days with a time stand in the first sheet as clocks show them there."
_AHEAD = re.compile(r"UTC(?:([+-])(\d\d):(\d\d))?")


def told_zone(columns: Sequence[Column], zone: tzinfo) -> list[tuple[str, ...]]:
    """The lines of the sheet; none where no column has moments."""
    if all(column.kind != "moment" for column in columns):
        return []
    return [(TITLE, getattr(zone, "key", None) or str(zone)), (_MEANS,)]


def other_than(name: str) -> str:
    """What the sheet is called beside one of that name: no two may be alike."""
    return SHEET if name.casefold() != SHEET.casefold() else f"{SHEET} 2"


def zone_of(first_lines: Iterable[Sequence[Any]]) -> tzinfo | None:
    """The zone that one of some sheets tells, of which each gives its first line; None where none
    does. Raises ValueError, with its name, for one that is not known here.
    """
    for line in first_lines:
        if len(line) > 1 and line[0] == TITLE:
            return _zone(str(line[1]))
    return None


def _zone(name: str) -> tzinfo:
    ahead = _AHEAD.fullmatch(name)
    if ahead is not None:
        minutes = int(ahead[2] or 0) * 60 + int(ahead[3] or 0)
        return timezone(timedelta(minutes=-minutes if ahead[1] == "-" else minutes))
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise ValueError(name) from None
