"""Submitting a tock: every limit of the page's table is checked.

Source: "[ep]/submit" of the API page. Its Requires line spells `evenstart`, its table
`eventstart`; both are read. `YYYY-MM-DD 24:MM:SS` is read as the 24-hour clock.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from tui.embedded.context import Context
from tui.embedded.ticktocker import tocks
from tui.embedded.ticktocker.codes import invalid, missing
from tui.embedded.ticktocker.occurrences import FREQUENCIES
from tui.embedded.zones import zone

_TITLE = range(4, 256)
_DESCRIPTION = 2000
_LINE = 255
_YEARS = range(1970, 2100)
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}", re.ASCII)


def submit(context: Context, user: sqlite3.Row, given: Mapping[str, str]) -> str:
    """Check and write; answers the short_url. Raises Refusal."""
    title = given.get("title", "").strip()
    if not title:
        raise missing("title")
    if len(title) not in _TITLE:
        raise invalid("A title has 4 to 255 characters.")
    begin = _moment(given.get("eventstart") or given.get("evenstart", ""), "eventstart")
    if begin is None:
        raise missing("eventstart")
    end = _moment(given.get("eventend", ""), "eventend") or begin + timedelta(hours=1)
    if end < begin:
        raise invalid("The event ends before it starts.")
    fields: dict[str, object] = {
        "author_id": user["id"],
        "title": title,
        "description": _text(given, "description", _DESCRIPTION),
        "event_start": int(begin.timestamp()),
        "event_end": int(end.timestamp()),
        "timezone": _timezone(given, user["timezone"]),
        "created": int(context.now().timestamp()),
        "tags": _tags(given),
        "repeat_frequency": _choice(given, "repeat", FREQUENCIES, "no"),
        "private": int(_choice(given, "private", ("0", "1"), "1")),
        "link": _text(given, "link", _LINE),
        "location": _text(given, "location", _LINE),
    }
    with context.database.write() as connection:
        return tocks.insert(connection, fields)


def _moment(text: str, name: str) -> datetime | None:
    text = text.strip()
    if not text:
        return None
    try:
        if not _MOMENT.fullmatch(text):
            raise ValueError(text)
        found = datetime.strptime(text, tocks.MOMENT).replace(tzinfo=UTC)
        if found.year not in _YEARS:
            raise ValueError(text)
    except ValueError as error:
        raise invalid(f"{name} must be a time such as 2010-10-31 18:00:00, in UTC.") from error
    return found


def _text(given: Mapping[str, str], name: str, longest: int) -> str:
    text = given.get(name, "")
    if len(text) > longest:
        raise invalid(f"The {name} has at most {longest} characters.")
    return text


def _tags(given: Mapping[str, str]) -> str:
    text = _text(given, "tags", _LINE)
    if not all(letter.isalnum() or letter in " -_," for letter in text):
        raise invalid("Tags hold letters, numbers, spaces, hyphens and underscores.")
    tags = [tag.strip() for tag in text.split(",")]
    return ", ".join(tag for tag in tags if tag)


def _choice(given: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    text = given.get(name, "").strip() or default
    if text not in allowed:
        raise invalid(f"{name} is one of {', '.join(allowed)}.")
    return text


def _timezone(given: Mapping[str, str], default: str) -> str:
    text = given.get("timezone", "").strip()
    if not text:
        return default
    try:
        return zone(text).key
    except ValueError as error:
        raise invalid(f"{text[:40]} is no known timezone.") from error
