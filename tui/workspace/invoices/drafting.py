"""From approved entries to the lines of an invoice: grouped, each with its working.

Entries of one group at different prices are lines of their own: a line has one price.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from typing import Literal, NamedTuple

from msgspec.structs import replace

from tui.services.timesheets.records import TimeEntry
from tui.workspace.invoices.amounts import plain
from tui.workspace.invoices.book import Book
from tui.workspace.invoices.documents.document import Line, Vat
from tui.workspace.invoices.documents.reckoning import work_line
from tui.workspace.invoices.pricing import Price, Priced
from tui.workspace.invoices.work import Work
from tui.workspace.times import day_of

Grouping = Literal["project", "task", "day", "entry"]
GROUPINGS: Mapping[Grouping, str] = {
    "task": "One line a task",
    "project": "One line a project",
    "day": "One line a day",
    "entry": "One line an entry",
}
PLAIN_UNITS: Mapping[str, str] = {
    "MIN": "min", "HUR": "h", "DAY": "d", "WEE": "week", "MON": "month",
}  # fmt: skip
RULE = (
    "A line is its exact time at its price, rounded half up; the invoice is the sum of its lines."
)


@dataclass(frozen=True)
class Chosen:
    """Which of a client's entries are to be billed."""

    project: int | None = None
    tasks: frozenset[int] | None = None
    """None for all."""
    first: date | None = None
    last: date | None = None

    def holds(self, entry: TimeEntry, work: Work, zone: tzinfo) -> bool:
        """Whether an entry is one of them; its day is the one on which it began."""
        task = work.tasks.get(entry.task_id or 0)
        if self.project is not None and (task is None or task.project != self.project):
            return False
        if self.tasks is not None and entry.task_id not in self.tasks:
            return False
        if self.first is None and self.last is None:
            return True
        if entry.start_time is None:
            return False
        day = day_of(entry.start_time, zone)
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def billable(work: Work, book: Book) -> list[TimeEntry]:
    """Approved entries that neither the service nor our own notes know as billed, oldest first;
    those too that the service only took for paid with others of their tasks.
    """
    found = [
        one
        for one in work.entries
        if one.status == "approved"
        and book.holder(one) is None
        and (not one.paid or one.id in book.left_open)
    ]
    return sorted(found, key=lambda one: (one.start_time is None, one.start_time, one.id))


def marked_beside(
    work: Work, tasks: Collection[int | None], chosen: Collection[int], book: Book
) -> list[TimeEntry]:
    """Entries that were not chosen, but that the service links as well: it is told tasks, and
    links what is approved and on no invoice of them.
    """
    return [
        one
        for one in billable(work, book)
        if one.task_id in tasks and one.id not in chosen and one.invoice_id is None and not one.paid
    ]


class Drafted(NamedTuple):
    """The lines of an invoice, and what of the work has no price and is in none of them."""

    lines: tuple[Line, ...]
    seconds: int
    amount: Decimal
    unpriced: list[TimeEntry]


def drafted(
    priced: Iterable[Priced],
    work: Work,
    grouping: Grouping,
    *,
    currency: str,
    vat: Vat,
    zone: tzinfo,
) -> Drafted:
    """The lines for entries, in the order in which their groups begin."""
    groups: dict[tuple[tuple[object, str], Price], list[TimeEntry]] = {}
    unpriced: list[TimeEntry] = []
    for entry, price in ((one.entry, one.price) for one in priced):
        if price is None:
            unpriced.append(entry)
        else:
            groups.setdefault((_group(entry, work, grouping, zone), price), []).append(entry)
    lines = tuple(
        _line(text, price, entries, currency=currency, vat=vat, zone=zone)
        for ((_, text), price), entries in groups.items()
    )
    return Drafted(
        lines,
        sum(_seconds(entry) for entries in groups.values() for entry in entries),
        sum((line.amount for line in lines), Decimal()),
        unpriced,
    )


def _group(entry: TimeEntry, work: Work, grouping: Grouping, zone: tzinfo) -> tuple[object, str]:
    """Which line an entry is in, and what that is called: two tasks may have one name."""
    task = work.tasks.get(entry.task_id or 0)
    name = task.name if task is not None else "Work"
    project = work.projects.get(task.project or 0) if task is not None else None
    if grouping == "project" and project is not None:
        return project.id, project.name
    if grouping in ("project", "task"):
        return entry.task_id, f"{project.name}: {name}" if project is not None else name
    day = "" if entry.start_time is None else f"{day_of(entry.start_time, zone)}"
    if grouping == "day":
        return day, day or "Without a day"
    return ("entry", entry.id), f"{day} {name}".strip()


def _line(
    text: str,
    price: Price,
    entries: list[TimeEntry],
    *,
    currency: str,
    vat: Vat,
    zone: tzinfo,
) -> Line:
    seconds = sum(_seconds(one) for one in entries)
    line = work_line(text, seconds, price.amount, currency, vat=vat, unit=price.unit)
    days = [day_of(one.start_time, zone) for one in entries if one.start_time is not None]
    return replace(
        line,
        working=working(seconds, price, line.amount, currency),
        start=min(days, default=None),
        end=max(days, default=None),
    )


def _seconds(entry: TimeEntry) -> int:
    return entry.duration or 0


def working(seconds: int, price: Price, amount: Decimal, currency: str) -> str:
    """How an amount was reckoned: `2:15 h × 62.50 = 140.63`."""
    unit = PLAIN_UNITS.get(price.unit, price.unit)
    rate = plain(price.amount, currency)
    hours, rest = divmod(seconds, 3600)
    exact = f"{hours}:{rest // 60:02}" + (f":{rest % 60:02}" if rest % 60 else "")
    each = "" if unit == "h" else f" / {unit}"
    return f"{exact} h × {rate}{each} = {plain(amount, currency)}"
