"""Periods as a person types them: `last week`, `2026-03`, `1 to 15 Nov`."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo

from tui.workspace.timers.periods import Period, Span
from tui.workspace.times import TimeTextError, day_text, month_named, read_day, today_in

NAMED = ("today", "yesterday", "this week", "last week", "this month", "last month")
"""The periods that have a name, as they are offered."""
_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{4})")
_MONTH_NAME = re.compile(r"([a-z]{3,})\.?(?: ((?:19|20)[0-9]{2}))?")
_WEEK = re.compile(r"([0-9]{4})-?w([0-9]{1,2})")
_OF_THE_SAME_MONTH = re.compile(r"[0-9]{1,2}")
"""A day before another one, as in `23 to 29 Nov`."""
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_WRITE = "Write a period as last week, October, 2026-03, 2026-W12, or 1 to 15 Nov"


def read_period(text: str, where: tzinfo, now: datetime | None = None) -> Span:
    """A period of whole days: a name of NAMED, a day, a week, a month, a year, or from one of them
    to another.

    A month is `2026-10`, `10/2026`, `October 2026`, or `oct`: the latest one that has begun.

    Raises TimeTextError.
    """
    ends = re.split(r" (?:to|until|-|–) | ?\.\.\.? ?", " ".join(text.casefold().split()))
    if len(ends) > 2:
        raise TimeTextError(f"{_WRITE}.")
    spans = [_one(end, text, where, now) for end in ends[1:]]
    if _OF_THE_SAME_MONTH.fullmatch(ends[0]) and spans and spans[0].days == 1:
        ends[0] = f"{spans[0].last:%Y-%m}-{int(ends[0]):02}"
    spans.insert(0, _one(ends[0], text, where, now))
    if spans[-1].last < spans[0].first:
        raise TimeTextError(f"{spans[-1].last} is before {spans[0].first}.")
    return Span(spans[0].first, spans[-1].last)


def _one(words: str, text: str, where: tzinfo, now: datetime | None) -> Span:
    today = today_in(where, now)
    named = re.fullmatch(r"(?:(this|last) )?(day|week|month|year)", words)
    if named:
        return _named(named[2], -1 if named[1] == "last" else 0, today)
    try:
        if month := _MONTH.fullmatch(words):
            return Span.of("month", date(int(month[1]), int(month[2]), 1))
        if month := _MONTH_FIRST.fullmatch(words):
            return Span.of("month", date(int(month[2]), int(month[1]), 1))
        if week := _WEEK.fullmatch(words):
            return Span.of("week", date.fromisocalendar(int(week[1]), int(week[2]), 1))
    except (ValueError, OverflowError):
        raise TimeTextError(f"{text.strip()!r} does not exist.") from None
    if _YEAR.fullmatch(words):
        return Span(date(int(words), 1, 1), date(int(words), 12, 31))
    by_name = _MONTH_NAME.fullmatch(words)
    number = month_named(by_name[1]) if by_name else None
    if by_name and number is not None:
        year = int(by_name[2] or today.year - (number > today.month))
        return Span.of("month", date(year, number, 1))
    try:
        day = read_day(words, where, now)
    except TimeTextError as error:
        raise TimeTextError(f"{_WRITE}. {error}") from None
    return Span(day, day)


def _named(what: str, steps: int, today: date) -> Span:
    if what == "year":
        year = today.year + steps
        return Span(date(year, 1, 1), date(year, 12, 31))
    period: Period = "day" if what == "day" else "week" if what == "week" else "month"
    this = Span.of(period, today)
    return this.beside(period, steps) if steps else this


def typed_period(span: Span) -> str:
    """A period as it would be typed, and is read as the same on any day."""
    if span.first == span.last:
        return span.first.isoformat()
    if span.period == "month":
        return f"{span.first:%Y-%m}"
    return f"{span.first} to {span.last}"


def period_words(span: Span, today: date) -> str:
    """A period by its days: `today`, `23 to 29 Nov`, `24 Aug to 6 Sep 2025`."""
    first, last = span.first, span.last
    if first == last:
        return day_text(first, today)
    year = "" if last.year == today.year else f" {last.year}"
    year_before = "" if first.year == last.year else f" {first.year}"
    month_before = "" if f"{first:%Y%m}" == f"{last:%Y%m}" else f" {first:%b}{year_before}"
    return f"{first.day}{month_before} to {last.day} {last:%b}{year}"


def column_words(column: Span, span: Span) -> str:
    """What a column of a table is called: `Mo 23`, `23-29`, `Nov`, by how long it is."""
    first, last = column.first, column.last
    if first == last:
        return f"{f'{first:%a}'[:2]} {first.day}"
    whole = Span.of("month", first)
    if column == whole or (last - first) > timedelta(days=6):
        return f"{first:%b}" + (f" {first.year % 100:02}" if span.days > 366 else "")
    return f"{first.day}-{last.day}"
