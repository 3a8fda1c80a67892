"""The chapters SCHEDULE and RATE: when work is done, and what it costs then.

Source: documents, chapters SCHEDULE and RATE; reference page 3.7, points 5, 8, 21.
"""

from __future__ import annotations

import sqlite3
from decimal import Decimal

from tui.embedded.timesheets.answers import Record, number, success
from tui.embedded.timesheets.calls import Call, Operation, operation
from tui.embedded.timesheets.listing import page
from tui.embedded.timesheets.parameters import (
    DAYS,
    LIMIT,
    OFFSET,
    UNITS,
    Parameter,
    boolean,
    choice,
    clock_time,
    days_of_week,
    filled,
    integer,
    optional,
    rate,
    required,
    text,
)
from tui.embedded.timesheets.views import pick
from tui.embedded.timesheets.work import Filter

_FIELDS = ("name", "start_time", "end_time", "is_holiday", "is_overnight")


def _schedule(row: sqlite3.Row) -> Record:
    return {
        **pick(row, "id", "name"),
        "days_of_week": {name: bool(row["days"] >> bit & 1) for bit, name in enumerate(DAYS)},
        **pick(row, "start_time", "end_time"),
        "is_holiday": bool(row["is_holiday"]),
        "is_overnight": bool(row["is_overnight"]),
    }


def _chosen_schedule(call: Call) -> sqlite3.Row:
    return call.find("schedules", call.arguments.need("schedule_id", int))


def _schedule_values(call: Call) -> Record:
    values = call.arguments.sent(*_FIELDS)
    days = call.arguments.get("days_of_week", int)
    return values if days is None else {**values, "days": days}


def schedule_info(call: Call) -> Record:
    """One schedule; its key is read as schedule_id (table) and as shedule_id (sample)."""
    return success(data=_schedule(_chosen_schedule(call)))


def schedule_create(call: Call) -> Record:
    """A new schedule. Entries that start from now on can fall under it."""
    return success("Successfully created.", id=call.insert("schedules", **_schedule_values(call)))


def schedule_update(call: Call) -> Record:
    """Change a schedule. Entries keep the schedule that they started under."""
    call.change("schedules", _chosen_schedule(call)["id"], _schedule_values(call))
    return success("Successfully updated.")


def schedule_search(call: Call) -> Record:
    """Schedules by name or keyword; an empty keyword finds all of them."""
    chosen = Filter(call).contains(name="name", keyword="name")
    found = call.read(
        f"SELECT * FROM timesheets_schedules{chosen.where} ORDER BY id", chosen.values
    )
    data = [_schedule(row) for row in page(call, found)]
    return success(f"{len(found)} schedule(s) found.", data=data, count=len(found))


def schedule_delete(call: Call) -> Record:
    """Delete a schedule with its rates; entries go back to the hourly rate (assumption)."""
    schedule_id = _chosen_schedule(call)["id"]
    call.run("DELETE FROM timesheets_rates WHERE schedule_id = ?", (schedule_id,))
    call.run(
        "UPDATE timesheets_entries SET schedule_id = NULL WHERE schedule_id = ?", (schedule_id,)
    )
    call.run("DELETE FROM timesheets_schedules WHERE id = ?", (schedule_id,))
    return success("Successfully deleted.")


def _rate(row: sqlite3.Row) -> Record:
    return {
        **pick(row, "id", "name", "schedule_id", "user_id"),
        "amount": number(row["amount"]),
        "duration_unit": row["duration_unit"],
    }


def _chosen_rate(call: Call) -> sqlite3.Row:
    return call.find("rates", call.arguments.need("rate_id", int))


def _rate_values(call: Call) -> Record:
    values = call.arguments.sent("user_id", "schedule_id", "name", "duration_unit")
    if "user_id" in values:
        call.find("users", call.arguments.need("user_id", int))
    if "schedule_id" in values:
        _chosen_schedule(call)
    if "amount" in call.arguments:
        values["amount"] = str(call.arguments.need("amount", Decimal))
    return values


def rate_info(call: Call) -> Record:
    """One rate."""
    return success(data=_rate(_chosen_rate(call)))


def rate_create(call: Call) -> Record:
    """What a user costs under a schedule; nothing unless an amount is given."""
    return success("Successfully created.", id=call.insert("rates", **_rate_values(call)))


def rate_update(call: Call) -> Record:
    """Change a rate."""
    call.change("rates", _chosen_rate(call)["id"], _rate_values(call))
    return success("Successfully updated.")


def rate_search(call: Call) -> Record:
    """Rates by any of their fields; amounts are compared as numbers, so 5.50 finds 5.5."""
    chosen = (
        Filter(call)
        .equal(user_id="user_id", schedule_id="schedule_id", duration_unit="duration_unit")
        .contains(name="name")
    )
    found = call.read(f"SELECT * FROM timesheets_rates{chosen.where} ORDER BY id", chosen.values)
    amount = call.arguments.get("amount", Decimal)
    if amount is not None:
        found = [row for row in found if Decimal(row["amount"]) == amount]
    data = [_rate(row) for row in page(call, found)]
    return success(f"{len(found)} rate(s) found.", data=data, count=len(found))


def rate_delete(call: Call) -> Record:
    """Delete a rate; the user's hourly rate holds again."""
    call.run("DELETE FROM timesheets_rates WHERE id = ?", (_chosen_rate(call)["id"],))
    return success("Successfully deleted.")


_SCHEDULE_ID = required("schedule_id", integer)
_RATE_ID = required("rate_id", integer)
_UNIT = choice(*UNITS)

OPERATIONS: tuple[Operation, ...] = (
    operation(
        "schedule.info",
        "schedule",
        schedule_info,
        required("schedule_id", integer, "shedule_id"),
    ),
    operation(
        "schedule.create",
        "schedule/create",
        schedule_create,
        required("name", filled),
        required("days_of_week", days_of_week),
        required("start_time", clock_time),
        required("end_time", clock_time),
        required("is_holiday", boolean),
        required("is_overnight", boolean),
        writes=True,
    ),
    operation(
        "schedule.update",
        "schedule/update",
        schedule_update,
        _SCHEDULE_ID,
        *optional(
            name=filled,
            days_of_week=days_of_week,
            start_time=clock_time,
            end_time=clock_time,
            is_holiday=boolean,
            is_overnight=boolean,
        ),
        writes=True,
    ),
    operation(
        "schedule.search",
        "schedule/search",
        schedule_search,
        *optional(name=text, keyword=text),
        LIMIT,
        OFFSET,
        one_of=("name", "keyword"),
    ),
    operation("schedule.delete", "schedule/delete", schedule_delete, _SCHEDULE_ID, writes=True),
    operation("rate.info", "rate", rate_info, _RATE_ID),
    operation(
        "rate.create",
        "rate/create",
        rate_create,
        required("user_id", integer),
        required("schedule_id", integer, "schedule_1"),
        required("name", filled),
        required("duration_unit", _UNIT),
        Parameter("amount", rate),
        writes=True,
        admin=True,  # Assumption: members do not set what they cost.
    ),
    operation(
        "rate.update",
        "rate/update",
        rate_update,
        _RATE_ID,
        *optional(
            user_id=integer, schedule_id=integer, name=filled, amount=rate, duration_unit=_UNIT
        ),
        writes=True,
        admin=True,
    ),
    operation(
        "rate.search",
        "rate/search",
        rate_search,
        *optional(user_id=integer, schedule_id=integer, name=text, amount=rate),
        # The one list of units without years.
        *optional(duration_unit=choice(*UNITS[:-1])),
        LIMIT,
        OFFSET,
    ),
    operation("rate.delete", "rate/delete", rate_delete, _RATE_ID, writes=True, admin=True),
)
