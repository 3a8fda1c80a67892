"""What recurs, people, groups, schedules, rates and links as lines of a grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from tui.widgets.grid_model import Cell, CellValue, Column, ListSource
from tui.words import counted
from tui.workspace.invoices.amounts import plain
from tui.workspace.invoices.recurring import rhythm
from tui.workspace.office.office import LINKS, MOVES
from tui.workspace.times import day_text

if TYPE_CHECKING:
    from tui.workspace.invoices.recurring_desk import Recurs
    from tui.workspace.office.office import Office

View = Literal["recurring", "users", "groups", "schedules", "rates", "links"]
VIEWS: tuple[View, ...] = ("recurring", "users", "groups", "schedules", "rates", "links")
KINDS: Mapping[str, View] = {
    "recurring": "recurring", "user": "users", "group": "groups", "schedule": "schedules",
    "rate": "rates", "link": "links",
}  # fmt: skip
"""The views by what a line of each is called."""
TITLES: Mapping[View, str] = {
    "recurring": "Recurring invoices", "users": "Users", "groups": "Groups",
    "schedules": "Schedules", "rates": "Rates", "links": "Links to bookkeeping",
}  # fmt: skip
EMPTY: Mapping[View, str] = {
    "recurring": (
        "No invoice recurs. <office.add> makes one: every so many weeks or months, from a day."
    ),
    "users": "No user. <office.add> makes one.",
    "groups": "No group. <office.add> makes one.",
    "schedules": "No schedule. <office.add> makes one.",
    "rates": "No rate: a user's own rate an hour holds. <office.add> makes one.",
    "links": "No link.",
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def columns_of(view: View, *, narrow: bool) -> list[Column]:
    """The columns; in a narrow window those that matter most."""

    def name(title: str, most: int = 30) -> Column:
        return Column("name", title, minimum=10, maximum=most, flexible=True)

    def text(key: str, title: str, least: int = 8, most: int = 24) -> Column:
        return Column(key, title, minimum=least, maximum=most)

    def number(key: str, title: str) -> Column:
        return Column(key, title, kind="number", minimum=6, maximum=14)

    wide = {
        "recurring": [name("What"), text("client", "Client"), text("every", "Every"),
                      text("due", "Due", 14, 20), text("next", "Next", 10, 15),
                      text("last", "Until", 10, 15)],
        "users": [name("Name"), text("email", "E-mail", 12, 34), text("position", "Position"),
                  number("rate", "An hour"), text("state", "State", 10, 10)],
        "groups": [name("Name"), number("rate", "Pay rate"), text("state", "State", 10, 10)],
        "schedules": [name("Name"), text("days", "Days", 8, 24), text("hours", "Hours", 11, 13),
                      text("kind", "Kind", 8, 20)],
        "rates": [name("Name"), text("user", "User"), text("schedule", "Schedule"),
                  number("amount", "Amount"), text("unit", "Per", 6, 8)],
        "links": [name("Service"), text("moves", "What it moves", 20, 50)],
    }  # fmt: skip
    left_out = {"recurring": ("every", "last"), "users": ("email", "position"),
                "rates": ("schedule",), "schedules": ("kind",)}  # fmt: skip
    skipped = left_out.get(view, ()) if narrow else ()
    return [one for one in wide[view] if one.key not in skipped]


def source_of(
    view: View, office: Office | None, recurs: Sequence[Recurs], today: date, *, narrow: bool
) -> ListSource:
    """The rows of a view."""
    rows = dict(_rows(view, office, recurs, today))
    keys = [one.key for one in columns_of(view, narrow=narrow)]
    return ListSource([[row[key] for key in keys] for row in rows.values()], list(rows))


def _rows(
    view: View, office: Office | None, recurs: Sequence[Recurs], today: date
) -> list[tuple[str, dict[str, CellValue]]]:
    if view == "recurring":
        return [(one.recurring.id, _recurring_row(one, today)) for one in recurs]
    if view == "links":
        return [
            (key, {"name": title, "moves": ", ".join(map(move_words, MOVES[key])) or "nothing"})
            for key, title in LINKS.items()
        ]
    if office is None:
        return []
    if view == "users":
        return [
            (f"{one.id}", {
                "name": one.name, "email": one.email, "position": one.position,
                "rate": _amount(one.hourly_rate), "state": _state(one.activated),
            })
            for one in office.users
        ]  # fmt: skip
    if view == "groups":
        return [
            (f"{one.id}", {"name": one.name, "rate": _amount(one.pay_rate),
                           "state": _state(one.active)})
            for one in office.groups
        ]  # fmt: skip
    if view == "schedules":
        return [
            (f"{one.id}", {
                "name": one.name, "days": days_text(one.days_of_week),
                "hours": f"{one.start_time}-{one.end_time}".strip("-"),
                "kind": _kind(one.is_holiday, one.is_overnight),
            })
            for one in office.schedules
        ]  # fmt: skip
    return [
        (f"{one.id}", {
            "name": one.name, "user": office.user_name(one.user_id),
            "schedule": office.schedule_name(one.schedule_id),
            "amount": _amount(one.amount), "unit": one.duration_unit,
        })
        for one in office.rates
    ]  # fmt: skip


def move_words(move: str) -> str:
    """`import_employees` as a person says it."""
    return move.replace("_", " ").replace("timeentries", "time entries")


def _amount(value: Decimal | None) -> CellValue:
    return "" if value is None else plain(value)


def _state(active: bool | None) -> CellValue:
    if active is None:
        return ""
    return "active" if active else Cell("∅ inactive", "muted")


def _kind(holiday: bool, overnight: bool) -> str:
    return ", ".join(word for word, so in (("holiday", holiday), ("overnight", overnight)) if so)


def days_text(days: Mapping[str, bool]) -> str:
    """The days that count: `mon tue wed`, or `every day`."""
    counts = [day for day in WEEKDAYS if days.get(day)]
    return "every day" if len(counts) == len(WEEKDAYS) else " ".join(day[:3] for day in counts)


def due_text(one: Recurs, today: date) -> str:
    """What of it is due: the oldest day, and how many there are."""
    if not one.due:
        return ""
    more = f" +{len(one.due) - 1:,}" if len(one.due) > 1 else ""
    return f"{day_text(one.due[0].day, today)}{more}"


def _recurring_row(one: Recurs, today: date) -> dict[str, CellValue]:
    recurring, due = one.recurring, due_text(one, today)
    ended = Cell("ended", "muted")
    return {
        "name": recurring.title,
        "client": recurring.client_name or f"client {recurring.client}",
        "every": rhythm(recurring).removeprefix("every "),
        "due": Cell(f"! {due}", "warn") if due else "",
        "next": day_text(one.next, today) if one.next is not None else ended,
        "last": day_text(recurring.last, today) if recurring.last is not None else "",
    }


def note_of(view: View, shown: int, total: int, recurs: Sequence[Recurs], partly: bool) -> str:
    """How many there are, and what of it waits."""
    count = f"{shown:,} of {total:,}" if shown < total else f"{total:,}"
    if view == "recurring" and (waits := sum(len(one.due) for one in recurs)):
        return f"{counted(waits, 'invoice')} due · {count}"
    if partly and view in ("groups", "schedules"):
        return f"those that people and rates name · {count}"
    return count
