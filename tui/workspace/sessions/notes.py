"""Notes of a session's log that are about a moment: it stands before the words, in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from tui.workspace.times import day_text

_STAMP = r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z)"
_BEFORE = re.compile(rf"{_STAMP} (.*)", re.DOTALL)
_AFTER = re.compile(rf"(.*): {_STAMP}", re.DOTALL)
"""How marks were noted formerly."""


def stamped(text: str, moment: datetime | None) -> str:
    """A note as it is written: `2026-03-12T14:05:10.000Z Gust`. The log has no field for a time,
    so this form is ours; the embedded service notes so what a unit's own file says.
    """
    if moment is None:
        return text
    whole = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return f"{whole.replace('+00:00', 'Z')} {text}"


def read_note(note: str) -> tuple[datetime | None, str]:
    """The moment that a note is about, None where it names none, and its words."""
    before, after = _BEFORE.fullmatch(note), _AFTER.fullmatch(note)
    if before:
        stamp, text = before.groups()
    elif after:
        text, stamp = after.groups()
    else:
        return None, note
    try:
        return datetime.fromisoformat(stamp), text
    except ValueError:
        # Such as a 31st of February: it is no moment, and stays what it is.
        return None, note


def note_text(note: str, zone: tzinfo) -> str:
    """A note in words, with its day and its second where it is about a moment."""
    moment, text = read_note(note)
    if moment is None:
        return f"Note: {text}"
    there = moment.astimezone(zone)
    day = day_text(there.date(), datetime.now(zone).date())
    return f"Note, {day} {there:%H:%M:%S}: {text}"
