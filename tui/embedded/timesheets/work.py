"""Time entries as the store holds them: worked seconds, prices, selection by filters."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from decimal import Decimal

from tui.embedded.context import Context
from tui.embedded.database import Database
from tui.embedded.timesheets.calls import Call
from tui.embedded.timesheets.pricing import Price, Shift, cost, shift_at
from tui.embedded.zones import zone

# The seconds of an entry without its breaks. What still runs counts up to :now.
_BREAK_SECONDS = (
    "(SELECT COALESCE(SUM(COALESCE(b.end_time, :now) - b.start_time), 0) "
    "FROM timesheets_breaks b WHERE b.entry_id = e.id)"
)
SECONDS = f"MAX(0, COALESCE(e.end_time, :now) - e.start_time - {_BREAK_SECONDS})"

_SELECT = (
    f"SELECT e.*, {SECONDS} AS duration, p.id AS project_id, "
    "(SELECT COUNT(*) FROM timesheets_breaks b WHERE b.entry_id = e.id) AS breaks, "
    "(SELECT COUNT(*) FROM timesheets_comments c "
    "WHERE c.subject = 'entry' AND c.subject_id = e.id) AS comments "
    "FROM timesheets_entries e "
    "LEFT JOIN timesheets_tasks t ON t.id = e.task_id "
    "LEFT JOIN timesheets_projects p ON p.id = t.project_id"
)


def ids(values: Iterable[object]) -> str:
    """Ids for `IN (SELECT value FROM json_each(...))`: no limit on how many."""
    return json.dumps(sorted({value for value in values if isinstance(value, int)}))


class Filter:
    """Conditions of a search, joined by AND. Columns are this program's own names."""

    def __init__(self, call: Call) -> None:
        self.arguments = call.arguments
        self.conditions: list[str] = []
        self.values: dict[str, object] = {"now": call.now}

    def add(self, condition: str, **values: object) -> Filter:
        """A condition with its named values."""
        self.conditions.append(condition)
        self.values.update(values)
        return self

    def equal(self, **columns: str) -> Filter:
        """Parameter = column, for those that were sent."""
        for name, column in columns.items():
            if name in self.arguments:
                value = self.arguments.get(name, object)
                self.add(f"{column} = :{name}", **{name: value})
        return self

    def contains(self, **columns: str) -> Filter:
        """The parameter's text occurs in one of the columns (separated by spaces).

        Capital and small letters of ASCII are the same. `instr`, unlike LIKE, has no wildcards
        and no limit on the length of what is looked for.
        """
        for name, among in columns.items():
            wanted = self.arguments.get(name, str)
            if wanted is not None:
                places = [
                    f"instr(lower(COALESCE({column}, '')), lower(:{name})) > 0"
                    for column in among.split()
                ]
                self.add(f"({' OR '.join(places)})", **{name: wanted})
        return self

    def among(self, **columns: str) -> Filter:
        """The column holds one of the ids of the parameter."""
        for name, column in columns.items():
            wanted = self.arguments.get(name, list)
            if wanted is not None:
                clause = f"{column} IN (SELECT value FROM json_each(:{name}))"
                self.add(clause, **{name: ids(wanted)})
        return self

    @property
    def where(self) -> str:
        """The WHERE clause, or nothing."""
        return f" WHERE {' AND '.join(self.conditions)}" if self.conditions else ""


def entries(call: Call, chosen: Filter, order: str = "e.id") -> list[sqlite3.Row]:
    """The entries of a filter, each with duration, breaks, comments and project_id."""
    return call.read(f"{_SELECT}{chosen.where} ORDER BY {order}", chosen.values)


def entry(call: Call, entry_id: int, what: str = "TimeEntry") -> sqlite3.Row:
    """One entry that the actor may see; raises 404 in the words of the operation, or 403."""
    found = entries(call, Filter(call).add("e.id = :entry", entry=entry_id))
    if not found:
        call.find("entries", entry_id, what)
    row = found[0]
    call.own_or_admin(row["user_id"])
    return row


def running(call: Call, user_id: int) -> sqlite3.Row | None:
    """The user's one entry that has not ended, or None."""
    found = entries(
        call, Filter(call).add("e.user_id = :user AND e.end_time IS NULL", user=user_id)
    )
    return found[0] if found else None


def task_seconds(call: Call, task_ids: Iterable[object]) -> dict[int, int]:
    """Worked seconds of each task that has entries."""
    rows = call.read(
        f"SELECT e.task_id, SUM({SECONDS}) AS seconds FROM timesheets_entries e "
        "WHERE e.task_id IN (SELECT value FROM json_each(:tasks)) GROUP BY e.task_id",
        {"now": call.now, "tasks": ids(task_ids)},
    )
    return {row["task_id"]: row["seconds"] for row in rows}


def schedule_for(call: Call, user_id: int, moment: int) -> int | None:
    """The schedule that an entry of this user falls under when it starts at this moment."""
    context = call.context
    return _falls_under(context.database, zone(context.options.timezone))(user_id, moment)


def _falls_under(database: Database, where: tzinfo) -> Callable[[int, int], int | None]:
    """Given a user and a moment: the schedule of an entry of theirs that starts then."""
    shifts = [
        Shift(
            row["id"],
            row["days"],
            row["start_time"],
            row["end_time"],
            bool(row["is_overnight"]),
            bool(row["is_holiday"]),
        )
        for row in database.read("SELECT * FROM timesheets_schedules")
    ]
    rated: dict[int, set[int]] = {}
    for row in database.read("SELECT DISTINCT user_id, schedule_id FROM timesheets_rates"):
        rated.setdefault(row["user_id"], set()).add(row["schedule_id"])
    return lambda user_id, moment: shift_at(shifts, rated.get(user_id, set()), moment, where)


def move(context: Context, name: str) -> None:
    """What is on no invoice falls under the schedules by the clocks of another zone."""
    schedule = _falls_under(context.database, zone(name))
    open_ones = "invoice_id IS NULL AND payment_status = 'pending'"
    with context.database.write() as connection:
        connection.executemany(
            "UPDATE timesheets_entries SET schedule_id = ? WHERE id = ?",
            [
                (schedule(row["user_id"], row["start_time"]), row["id"])
                for row in context.database.read(
                    f"SELECT id, user_id, start_time FROM timesheets_entries WHERE {open_ones}"
                )
            ],
        )


def price_list(call: Call) -> dict[tuple[int, int | None], Price]:
    """Prices by user and schedule; a user's hourly rate is under schedule None.

    Of several rates for the same user and schedule the one made last holds.
    """
    prices: dict[tuple[int, int | None], Price] = {
        (row["id"], None): Price(Decimal(row["hourly_rate"]))
        for row in call.read("SELECT id, hourly_rate FROM timesheets_users")
    }
    for row in call.read("SELECT * FROM timesheets_rates ORDER BY id"):
        key = (row["user_id"], row["schedule_id"])
        prices[key] = Price(Decimal(row["amount"]), row["duration_unit"])
    return prices


def total(call: Call, worked: Sequence[sqlite3.Row]) -> tuple[int, Decimal]:
    """Seconds and cost of entries, breaks taken off."""
    prices = price_list(call)
    seconds, money = 0, Decimal(0)
    for row in worked:
        user = row["user_id"]
        price = prices.get((user, row["schedule_id"])) or prices[(user, None)]
        seconds += row["duration"]
        money += cost(row["duration"], price)
    return seconds, money
