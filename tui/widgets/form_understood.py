"""What has been understood of a time, while it is typed into a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal

from tui.widgets.form_filled import read_field
from tui.widgets.form_values import FieldError, FieldKind, FormField
from tui.workspace.times import (
    HourError,
    Stretch,
    length_text,
    start_of_day,
    stretch_text,
    whole_text,
)
from tui.workspace.times import zone as local_zone

_TIMES: tuple[FieldKind, ...] = ("date", "datetime", "duration", "hours")


def understood(
    fields: Sequence[FormField],
    texts: Mapping[str, str],
    field: FormField,
    now: datetime,
    zone: tzinfo | None = None,
) -> str:
    """`Sun 29 Nov 09:00 to 11:15, 2:15 h` of what stands in a field so far.

    Where it is a time that does not exist or exists twice, why, after a `!`; empty where it is
    none, or cannot be read.
    """
    text = texts.get(field.name, "")
    if field.kind not in _TIMES or not text.strip():
        return ""
    where = zone or local_zone("local")
    begins = next((one for one in fields if one.until == field.name), None)
    try:
        found = read_field(field, text, now, where, ends=begins is not None)
    except FieldError as error:
        return f"! {error}" if isinstance(error.__cause__, HourError) else ""
    if isinstance(found, Stretch):
        return stretch_text(found.start, found.end, where, now) if field.until else ""
    if isinstance(found, timedelta):
        return length_text(found.total_seconds())
    if isinstance(found, Decimal):
        return length_text(round(found * 3600))
    if isinstance(found, datetime):
        start = _start(begins, texts, now, where) if begins is not None else None
        return _moment_text(found, where, now, start, ends=begins is not None)
    return _day_text(found, now.astimezone(where).date()) if isinstance(found, date) else ""


def _start(
    field: FormField, texts: Mapping[str, str], now: datetime, where: tzinfo
) -> datetime | None:
    """The start that an end belongs to, where it can be read."""
    try:
        found = read_field(field, texts.get(field.name, ""), now, where, ends=False)
    except FieldError:
        return None
    return found if isinstance(found, datetime) else None


def _day_text(day: date, today: date) -> str:
    return f"{day:%a} {day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")


def _moment_text(
    found: datetime, where: tzinfo, now: datetime, start: datetime | None, *, ends: bool
) -> str:
    """A moment; an end of a day as 24:00, and how long after its start it is."""
    text = whole_text(found, where, now)
    there = found.astimezone(where)
    if ends and there.date() > date.min and found == start_of_day(there.date(), where):
        day = there.date() - timedelta(days=1)
        text = f"{_day_text(day, now.astimezone(where).date())} 24:00"
    if start is None:
        return text
    seconds = (found.astimezone(UTC) - start.astimezone(UTC)).total_seconds()
    return f"{text}, {length_text(seconds)}" if seconds > 0 else f"{text}, before the start"
