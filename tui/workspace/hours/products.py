"""Toggl, Clockify, Harvest and Kimai: their CSV, each with the traps that its program sets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from tui.words import counted
from tui.workspace.hours import harvest_words, kimai_words
from tui.workspace.hours.entries import Entry, HoursError, LineError, Log, Reading, with_newlines
from tui.workspace.hours.tables import Order, Row, Table, day_in, order_of, parted, path_of, wall_in
from tui.workspace.hours.walls import clock_seconds, decimal_seconds, moment, stretch
from tui.workspace.hours.watson import LOG_NOTE

_NO_TIMES = "Harvest keeps no times of day and two decimals: a third of an hour is 0.33 there."


def _read(
    table: Table,
    form: str,
    order: Order,
    entry_of: Callable[[Row, Order], Entry | None],
) -> Log:
    log = table.log(form)
    for row in table.rows:
        try:
            entry = entry_of(row, order)
        except (LineError, OverflowError) as error:
            log.refuse(row.at, error)
        else:
            if entry is not None:
                log.entries.append(entry)
    log.problems.sort(key=lambda one: one.at)
    log.notes.extend(table.unused_note())
    return log


def _dates(table: Table, *names: str) -> list[str]:
    return [row.get(name) for row in table.rows for name in names]


# -- Toggl ----------------------------------------------------------------------------------------


def is_toggl(table: Table) -> bool:
    """Whether it is a detailed report of Toggl, of either age, or what Toggl itself imports."""
    old = table.has("start date", "start time", "end date", "end time", "duration")
    new = table.has("member", "start date", "start time", "stop date", "stop time")
    given = table.has("email", "description", "start date", "start time", "duration")
    return ((old or given) and "duration (h)" not in table.columns) or new


def read_toggl(table: Table, reading: Reading) -> Log:
    """Entries; the column Duration beats the times, and `-` stands for nothing since 2024."""
    order = order_of(_dates(table, "start date", "end date", "stop date"), reading)
    empty = "-" if "stop date" in table.columns else ""

    def entry_of(row: Row, order: Order) -> Entry:
        def cell(*names: str) -> str:
            found = row.get(*names)
            return "" if found == empty else found

        row.get("email")
        return _between(
            row,
            reading,
            order,
            ends=("end date", "end time") if not empty else ("stop date", "stop time"),
            seconds=clock_seconds(cell("duration")) if cell("duration") else None,
            names=path_of([cell("client"), cell("project"), cell("task")]),
            tags=parted(cell("tags"), ", "),
            text=with_newlines(cell("description")),
            person=cell("user", "member"),
        )

    return _read(table, "toggl", order, entry_of)


def _between(
    row: Row,
    reading: Reading,
    order: Order,
    *,
    ends: tuple[str, str],
    seconds: int | None,
    names: tuple[str, ...],
    tags: tuple[str, ...],
    text: str,
    person: str,
) -> Entry:
    """An entry of four cells of days and times."""
    begin = (row.get("start date"), row.get("start time"))
    end = (row.get(ends[0]), row.get(ends[1]))
    first = wall_in(*begin, order)
    last = wall_in(end[0] or begin[0], end[1], order) if end[1] else None
    start, stop, lost = _ended(first, last, reading, seconds)
    return Entry(
        at=row.at,
        start=start,
        stop=stop,
        names=names,
        tags=tags,
        text=text,
        person=person,
        wrote=" ".join([*begin, "to", *end]),
        lost=lost,
    )


def _ended(
    first: datetime, last: datetime | None, reading: Reading, seconds: int | None
) -> tuple[datetime, datetime | None, tuple[str, ...]]:
    """Start and end; without a time of its end it is over where it has a length, else open."""
    if last is not None:
        return stretch(first, last, reading, seconds=seconds)
    start = moment(first, reading)
    return start, start + timedelta(seconds=seconds) if seconds else None, ()


# -- Clockify -------------------------------------------------------------------------------------


BREAK = "break"
"""The type of an entry that is no work."""


def is_clockify(table: Table) -> bool:
    """Whether it is a detailed report of Clockify.

    Raises HoursError for its summary, which has no entries.
    """
    if table.columns[:1] == ["summary report"]:
        raise HoursError(
            "this is a summary report of Clockify, which has sums and no entries:"
            " export the detailed report instead"
        )
    return table.has("duration (h)", "start date")


def read_clockify(table: Table, reading: Reading) -> Log:
    """Entries, without the row of totals; hours on the clock beat the decimal ones."""
    # When an entry was made is not taken over, but it is written as the other days are.
    made = [row.cells.get("date of creation", "").strip() for row in table.rows]
    order = order_of([*_dates(table, "start date", "end date"), *made], reading)

    def entry_of(row: Row, order: Order) -> Entry | None:
        if not row.get("start date") and _is_total(row):
            return None
        if row.get("type").casefold() == BREAK:
            breaks.append(row)
            return None
        row.get("email"), row.get("duration (decimal)")
        seconds = _hours(row.get("duration (h)"), row.get("duration (decimal)"))
        names = path_of([row.get("client"), row.get("project"), row.get("task")])
        tags, text = parted(row.get("tags"), ", "), with_newlines(row.get("description"))
        if not row.get("start time"):
            # Reports may be exported without times: at midnight it was not.
            return Entry(
                at=row.at,
                day=day_in(row.get("start date"), order),
                seconds=seconds or 0,
                names=names,
                tags=tags,
                text=text,
                person=row.get("user"),
                wrote=f"{row.get('start date')} {row.get('duration (h)')}",
            )
        return _between(
            row, reading, order, ends=("end date", "end time"), seconds=seconds, names=names,
            tags=tags, text=text, person=row.get("user"),
        )  # fmt: skip

    breaks: list[Row] = []
    log = _read(table, "clockify", order, entry_of)
    if breaks:
        log.notes.insert(0, f"{counted(len(breaks), 'break')} passed over.")
    return log


def _is_total(row: Row) -> bool:
    return any(cell.strip().rstrip(":").casefold() == "total" for cell in row.cells.values())


def _hours(clock: str, decimal: str) -> int | None:
    if clock:
        return clock_seconds(clock) if ":" in clock else decimal_seconds(clock)
    return decimal_seconds(decimal) if decimal else None


# -- Harvest --------------------------------------------------------------------------------------


def is_harvest(table: Table) -> bool:
    """Whether it is a time report of Harvest, be it with few of its columns, or German ones."""
    table = Table(table.columns).called(harvest_words.ENGLISH)
    plain = table.has("client", "project", "task", "notes")
    return table.has("date", "hours") and (plain or table.has("billable?"))


def read_harvest(table: Table, reading: Reading) -> Log:
    """Lengths on days."""
    table = table.called(harvest_words.ENGLISH)
    order = order_of(_dates(table, "date"), reading)

    def entry_of(row: Row, order: Order) -> Entry:
        return Entry(
            at=row.at,
            day=day_in(row.get("date"), order),
            seconds=_hours(row.get("hours"), "") or 0,
            names=path_of([row.get("client"), row.get("project"), row.get("task")]),
            text=with_newlines(row.get("notes")),
            person=" ".join(filter(None, [row.get("first name"), row.get("last name")])),
            wrote=f"{row.get('date')} {row.get('hours')}",
        )

    log = _read(table, "harvest", order, entry_of)
    log.notes.insert(0, _NO_TIMES)
    return log


# -- Kimai ----------------------------------------------------------------------------------------


def is_kimai(table: Table) -> bool:
    """Whether it is an export of Kimai, with headers of any language that is known."""
    return (
        Table(table.columns)
        .called(kimai_words.ENGLISH)
        .has("date", "from", "to", "project", "activity")
    )


def read_kimai(table: Table, reading: Reading) -> Log:
    """Entries; an end before the start is of the next day, a plain length is of seconds."""
    table = table.called(kimai_words.ENGLISH)
    order = order_of(_dates(table, "date"), reading)

    def entry_of(row: Row, order: Order) -> Entry:
        day, begin, end = row.get("date"), row.get("from"), row.get("to")
        first = wall_in(day, begin, order)
        last = wall_in(day, end, order) if end else None
        if last is not None and last < first:
            last += timedelta(days=1)
        length = row.get("duration")
        seconds = _kimai_length(length) if length else None
        start, stop, lost = _ended(first, last, reading, seconds)
        row.get("email"), row.get("e-mail")
        return Entry(
            at=row.at,
            start=start,
            stop=stop,
            names=path_of([row.get("customer"), row.get("project"), row.get("activity")]),
            tags=parted(row.get("tags"), ","),
            text=with_newlines(row.get("description")),
            person=row.get("user", "username", "name"),
            wrote=f"{day} {begin} to {end}",
            lost=lost,
        )

    return _read(table, "kimai", order, entry_of)


def _kimai_length(text: str) -> int:
    if re.fullmatch(r"\d{1,9}", text):
        return int(text)
    return clock_seconds(text) if ":" in text else decimal_seconds(text)


# -- Watson's log as CSV --------------------------------------------------------------------------


def is_watson(table: Table) -> bool:
    """Whether it is what `watson log --csv` prints."""
    return table.has("id", "start", "stop", "project", "tags")


def read_watson(table: Table, reading: Reading) -> Log:
    """Frames with local times, and ids that are cut short: no key."""

    def entry_of(row: Row, order: Order) -> Entry:
        walls = [row.get(name).partition(" ") for name in ("start", "stop")]
        first, last = (wall_in(day, clock, order) for day, _, clock in walls)
        start, stop, lost = stretch(first, last, reading)
        row.get("id")
        return Entry(
            at=row.at,
            start=start,
            stop=stop,
            names=path_of([row.get("project")]),
            tags=parted(row.get("tags"), ", "),
            wrote=f"{row.get('start')} to {row.get('stop')}",
            lost=lost,
        )

    log = _read(table, "watson", "dmy", entry_of)
    log.notes.insert(0, LOG_NOTE)
    return log


PRODUCTS: tuple[tuple[str, Callable[[Table], bool], Callable[[Table, Reading], Log]], ...] = (
    ("clockify", is_clockify, read_clockify),
    ("toggl", is_toggl, read_toggl),
    ("harvest", is_harvest, read_harvest),
    ("kimai", is_kimai, read_kimai),
    ("watson", is_watson, read_watson),
)
"""Name, how it is recognised by its header, and how it is read."""
