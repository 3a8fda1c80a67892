"""What waits for a person, in the order of urgency."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.store.changes import Change
from tui.store.reminders import Reminder
from tui.words import counted
from tui.workspace.invoices.amounts import totals_text
from tui.workspace.invoices.due import days_late, meant_day_text
from tui.workspace.problems import SERVICE_TITLES
from tui.workspace.times import day_text, length_text, moment_text, today_in
from tui.workspace.today.items import Item, Items, Part

if TYPE_CHECKING:
    from tui.workspace.invoices.recurring import Period

OPEN = "open"
"""What the Changes screen calls all that is open."""


class Place(NamedTuple):
    """Where something is opened: a screen, and what that calls the thing (see `Go`)."""

    scope: str
    key: str = ""
    kind: str = ""


class Wait(NamedTuple):
    """One line of what waits, or one thing of it."""

    title: str
    badge: str
    detail: str
    place: Place
    role: Literal["bad", "warn", "accent", "text"] = "text"
    mark: str = ""
    parts: Sequence[Wait] = ()


def left_open(changes: Iterable[Change]) -> list[Change]:
    """Those of open changes that are told on Today: what is said of the timer is none of them,
    as it waits for its stop by its nature.
    """
    from tui.workspace.changes.standing import RUNNING

    return [one for one in changes if one.record != RUNNING]


def waits(
    parts: Mapping[Part, Items],
    changes: Iterable[Change],
    reminders: Iterable[Reminder],
    where: tzinfo,
    now: datetime,
    sign: str = "",
    recurring: Sequence[Period] = (),
) -> list[Wait]:
    """The most urgent first: what nobody knows, what could not be sent, what is due, money that
    is late, work and invoices that are to be billed, what was not read, money that is still to
    come. `recurring` are the due days of invoices that recur, oldest first.
    """
    open_ones = left_open(changes)
    invoices = parts["invoices"].items if "invoices" in parts else []
    late = [one for one in invoices if days_late(one.when, where, now)]
    still = [one for one in invoices if not days_late(one.when, where, now)]
    found = [
        _changes([one for one in open_ones if one.state == "unknown"], "not known", where, now),
        _changes([one for one in open_ones if one.state == "waiting"], "to be sent", where, now),
        _due([one for one in reminders if one.is_due(now)], where, now),
        _overdue(late, where, now, sign),
        _recurring(recurring, where, now),
        _work(parts.get("work")),
        _unread(parts.get("books")),
        _unpaid(still, where, now, sign),
    ]
    return [one for one in found if one is not None]


def _changes(changes: Sequence[Change], what: str, where: tzinfo, now: datetime) -> Wait | None:
    if not changes:
        return None
    unknown = what == "not known"
    newest = max(changes, key=lambda one: one.sequence)
    title = f"{counted(len(changes), 'change')} {what}"
    return Wait(
        title, "" if unknown else "waits", newest.title, Place("changes", OPEN),
        "bad" if unknown else "warn", "?" if unknown else "↑",
        [
            Wait(one.title, moment_text(one.time, where, now),
                 one.reason or SERVICE_TITLES.get(one.service, one.service),
                 Place("changes", one.record or OPEN))
            for one in changes
        ],
    )  # fmt: skip


def _due(reminders: Sequence[Reminder], where: tzinfo, now: datetime) -> Wait | None:
    if not reminders:
        return None
    lines = [
        Wait(one.text, moment_text(one.moment, where, now), "reminder",
             Place("today", str(one.id), "reminder"), "bad", "!")
        for one in reminders
    ]  # fmt: skip
    if len(lines) == 1:
        return lines[0]
    title = f"{counted(len(lines), 'reminder')} due"
    return lines[0]._replace(title=title, detail=lines[0].title, parts=lines)


def _overdue(late: Sequence[Item], where: tzinfo, now: datetime, sign: str) -> Wait | None:
    if not late:
        return None
    oldest = late[0]
    days = days_late(oldest.when, where, now)
    return Wait(
        f"{counted(len(late), 'invoice')} overdue", _sum(late, sign),
        f"{oldest.title}, {days} d", Place("invoices", oldest.key), "bad", "!",
    )  # fmt: skip


def _recurring(due: Sequence[Period], where: tzinfo, now: datetime) -> Wait | None:
    if not due:
        return None
    today = today_in(where, now)
    lines = [
        Wait(one.recurring.title, day_text(one.day, today), one.recurring.client_name,
             Place("office", one.recurring.id, "recurring"), "warn", "◷")
        for one in due
    ]  # fmt: skip
    title = f"{counted(len(due), 'recurring invoice')} due"
    return lines[0]._replace(title=title, detail=lines[0].title, parts=lines)


def _work(work: Items | None) -> Wait | None:
    if work is None or not work.items:
        return None
    seconds = sum(one.count or 0 for one in work.items)
    lines = [
        Wait(one.title, length_text(one.count or 0), "", Place("invoices", one.key, "entry"))
        for one in work.items
    ]
    clients = counted(len(work.items), "client")
    return Wait(
        "Approved, not paid", length_text(seconds), work.asked or clients, lines[0].place,
        "warn", "◷", lines,
    )  # fmt: skip


def _unread(books: Items | None) -> Wait | None:
    if books is None or not books.items:
        return None
    count = sum(one.count or 0 for one in books.items)
    lines = [
        Wait(one.title, f"{one.count or 0:,}", one.detail, Place("books", one.key))
        for one in books.items
    ]
    return Wait(
        f"{counted(count, 'message')} unread", f"{count:,}",
        f"in {counted(len(lines), 'book')}", lines[0].place, "accent", "✉", lines,
    )  # fmt: skip


def _unpaid(still: Sequence[Item], where: tzinfo, now: datetime, sign: str) -> Wait | None:
    if not still:
        return None
    due = meant_day_text(still[0].when, where, now)
    detail = f"the first due {due}" if due else ""
    title = f"{counted(len(still), 'invoice')} to be paid"
    return Wait(title, _sum(still, sign), detail, Place("invoices", still[0].key), "text", "·")


def _sum(items: Sequence[Item], sign: str) -> str:
    return totals_text((one.currency or sign, one.amount or Decimal()) for one in items)
