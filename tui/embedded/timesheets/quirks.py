"""What `--quirks` adds: inconsistencies that a client must survive, but that are doubtful.

Everything that the samples show beyond doubt (digit strings for dates, `[]` for empty maps,
swapped field names) is answered always, by the operations themselves. Here the plain answer is
changed after the fact. Source: reference page, section 3.7; each rule names its point.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

from tui.embedded.timesheets.answers import Record

# Point 24: `data` is typed "Object packed to JSON string" for these, but never shown so.
_PACKED = frozenset(
    {
        "timesheets.user.info",
        "timesheets.user.dashboard",
        "timesheets.group.search",
        "timesheets.client.info",
        "timesheets.client.search_group",
        "timesheets.invoice.info",
        "timesheets.invoice.search_group",
        "timesheets.task.info",
        "timesheets.task.work_history",
        "timesheets.project.search",
        "timesheets.schedule.info",
        "timesheets.rate.search",
        "timesheets.ts.get",
        "timesheets.ts.search",
        "timesheets.ts.history",
    }
)

# Typed Float, so that a server which keeps decimal text answers text.
_AMOUNTS = frozenset(
    {
        "amount",
        "hourly_rate",
        "pay_rate",
        "sum",
        "estimate",
        "estimate_hours",
        "estimated_duration",
        "actual_duration",
        "paid_hours",
        "unapproved_hours",
    }
)
# Point 4, and the July page for created, updated and exported.
_TIMES = frozenset({"created", "updated", "exported", "planned_start_date", "actual_start_date"})


def with_quirks(operation: str, answer: Record) -> Record:
    """The answer of an operation as the most inconsistent server would give it."""
    shown = dict(answer)
    if operation in ("timesheets.login", "timesheets.register") and "token" in shown:
        # Point 1: the state of the account takes the place of the call's result.
        shown["status"] = "ACTIVE"
    if "data" not in shown:
        return shown
    data = _changed(shown["data"])
    if operation.endswith(".search_group") and isinstance(data, dict):
        # Point 7: the field lists put count inside data.
        data["count"] = shown.pop("count")
    if operation == "timesheets.user.dashboard" and isinstance(data, dict):
        # Point 18: no comments is an empty text in the sample.
        started = data["current_time_entry"]
        if isinstance(started, dict) and not started["comments"]:
            started["comments"] = ""
    if operation == "timesheets.user.history" and isinstance(data, dict):
        # Point 19: what has ended and waits for approval is "done" in the sample.
        for entry in data["time_entries"]:
            if entry["status"] == "in-progress" and "end_time" in entry:
                entry["status"] = "done"
    shown["data"] = json.dumps(data) if operation in _PACKED else data
    return shown


def _changed(value: object) -> object:
    if isinstance(value, list):
        return [_changed(member) for member in value]
    if not isinstance(value, dict):
        return value
    changed: Record = {name: _member(name, member) for name, member in value.items()}
    if "payed_date" in changed:
        # Point 3: both spellings.
        changed["paid_date"] = changed["payed_date"]
    return changed


def _member(name: str, value: object) -> object:
    if name in _AMOUNTS and isinstance(value, int | float):
        return str(Decimal(str(value)))
    if name in _TIMES and isinstance(value, int):
        return str(value)
    rule = _RULES.get(name)
    return _changed(value) if rule is None else rule(value)


def _paid(value: object) -> object:
    return "paid" if value == "payed" else value


def _as_flag(value: object) -> object:
    return int(value) if isinstance(value, bool) else value


_RULES: dict[str, Callable[[object], object]] = {
    "payment_status": _paid,  # Point 3.
    "activated": _as_flag,
    "settings": lambda value: value or [{}],  # Point 17.
}
