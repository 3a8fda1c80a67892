"""One agenda over all sources, by day: what is overdue first, then today and the days to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Literal, NamedTuple

from tui.store.reminders import Reminder
from tui.workspace.invoices.amounts import money, totals_text
from tui.workspace.invoices.due import days_late
from tui.workspace.times import clock, day_of, day_text, today_in
from tui.workspace.today.items import Item, Items, Part

Kind = Literal["tock", "event", "session", "invoice", "reminder"]
KIND_OF: Mapping[Part, Kind] = {
    "tocks": "tock",
    "events": "event",
    "sessions": "session",
    "invoices": "invoice",
}
SCREEN_OF: Mapping[Kind, str] = {
    "tock": "tocks",
    "event": "books",
    "session": "sessions",
    "invoice": "invoices",
    "reminder": "today",
}
OVERDUE, UNTOLD = "overdue", "untold"
WEEK = timedelta(days=6)
NEVER = datetime.max.replace(tzinfo=UTC)


class Entry(NamedTuple):
    """One line: what is when and where."""

    kind: Kind
    key: str
    """What the screen of its kind calls it; of a reminder its number."""
    title: str
    where: str
    time: str
    """`15:10`, `until 15:25`, `33 d late`; empty where only the day is told."""
    late: bool
    """Whether its time is over and something is to be done about it."""
    goes_on: bool
    amount: str = ""


class Day(NamedTuple):
    """A heading, and what stands under it in the order of time."""

    key: str
    title: str
    note: str
    entries: list[Entry]


class _Placed(NamedTuple):
    day: str
    order: datetime
    entry: Entry
    amount: tuple[str, Decimal] | None = None
    """Of an invoice, with its currency."""
    until: datetime = NEVER
    """When what goes on ends."""


def agenda(
    parts: Mapping[Part, Items],
    reminders: Iterable[Reminder],
    where: tzinfo,
    now: datetime,
    sign: str = "",
) -> list[Day]:
    """The days that have something, what is overdue before all; money is after its currency,
    or after `sign` where nobody knows that.
    """
    placed = [*_reminders(reminders, where, now), *_of_parts(parts, where, now, sign)]
    placed.sort(key=_place)
    days: dict[str, list[_Placed]] = {}
    for one in placed:
        days.setdefault(one.day, []).append(one)
    ranked = sorted(days, key=lambda day: {OVERDUE: "0", UNTOLD: "9" * 10}.get(day, day))
    return [
        Day(day, _title(day, where, now), _note(day, days[day]),
            [one.entry for one in days[day]])
        for day in ranked
    ]  # fmt: skip


def _of_parts(
    parts: Mapping[Part, Items], where: tzinfo, now: datetime, sign: str
) -> Iterator[_Placed]:
    for part, kind in KIND_OF.items():
        for item in parts[part].items if part in parts else ():
            if kind == "invoice":
                yield _invoice(item, where, now, sign)
            elif item.until is None or item.until > now:
                # What has ended since it was told is no more of today.
                yield _event(kind, item, where, now)


def _event(kind: Kind, item: Item, where: tzinfo, now: datetime) -> _Placed:
    begin, until = item.when, item.until
    if begin is None:
        entry = Entry(kind, item.key, item.title, item.detail, "", late=False, goes_on=False)
        return _Placed(UNTOLD, NEVER, entry)
    goes_on = begin <= now
    time = _until(until, where, now) if goes_on else clock(begin, where)
    day = today_in(where, now) if goes_on else day_of(begin, where)
    entry = Entry(kind, item.key, item.title, item.detail, time, late=False, goes_on=goes_on)
    if goes_on:
        # It stands where now is, and what ends first comes first: that is the time that is told.
        return _Placed(day.isoformat(), now, entry, until=until or NEVER)
    return _Placed(day.isoformat(), begin, entry)


def _until(until: datetime | None, where: tzinfo, now: datetime) -> str:
    if until is None:
        return "goes on"
    if day_of(until, where) == today_in(where, now):
        return f"until {clock(until, where)}"
    return f"to {until.astimezone(where):%a %H:%M}"


def _invoice(item: Item, where: tzinfo, now: datetime, sign: str) -> _Placed:
    late = days_late(item.when, where, now)
    time = f"{late} d late" if late else ""
    if item.when is None:
        day = UNTOLD
    else:
        day = OVERDUE if late else day_of(item.when, where).isoformat()
    currency, amount = item.currency or sign, item.amount or Decimal()
    entry = Entry(
        "invoice", item.key, item.title, item.detail, time, late=late > 0, goes_on=False,
        amount=money(amount, currency),
    )  # fmt: skip
    order = datetime.combine(day_of(item.when, where), datetime.min.time(), where) if (
        item.when is not None) else NEVER  # fmt: skip
    return _Placed(day, order, entry, (currency, amount))


def _reminders(reminders: Iterable[Reminder], where: tzinfo, now: datetime) -> Iterator[_Placed]:
    for one in reminders:
        due = one.is_due(now)
        near = now - one.moment < WEEK
        time = _short(one.moment, where, now, near=near) if due else clock(one.moment, where)
        day = OVERDUE if due else day_of(one.moment, where).isoformat()
        entry = Entry("reminder", str(one.id), one.text, "", time, late=due, goes_on=False)
        yield _Placed(day, one.moment, entry)


def _place(placed: _Placed) -> tuple[bool, datetime, datetime, str, str, str]:
    """What is sorted by: of what is overdue reminders come first, as they were for an hour."""
    entry = placed.entry
    later = not (entry.late and entry.kind == "reminder")
    return later, placed.order, placed.until, entry.kind, entry.title, entry.key


def _short(moment: datetime, where: tzinfo, now: datetime, *, near: bool) -> str:
    """When something was due: `14:00` today, `Sat 14:00` within a week, else its day."""
    there = moment.astimezone(where)
    if there.date() == today_in(where, now):
        return clock(moment, where)
    return f"{there:%a %H:%M}" if near else f"{there.day} {there:%b}"


def _title(day: str, where: tzinfo, now: datetime) -> str:
    if day == OVERDUE:
        return "Overdue"
    if day == UNTOLD:
        return "No time told"
    on, today = date.fromisoformat(day), today_in(where, now)
    near = day_text(on, today)
    whole = f"{on:%a} {on.day} {on:%b}"
    return near if near.startswith(f"{on:%a}") else f"{near.capitalize()}, {whole}"


def _note(day: str, placed: Sequence[_Placed]) -> str:
    """How many stand there, and of what is overdue how much money it comes to."""
    amounts = [one.amount for one in placed if one.amount is not None]
    money_late = f"{totals_text(amounts)} · " if day == OVERDUE and amounts else ""
    return f"{money_late}{len(placed)}"
