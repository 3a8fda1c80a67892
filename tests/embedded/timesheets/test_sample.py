"""The sample workspace: the same for the same moment, and in itself true."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.embedded.timesheets.api import Api
from tests.embedded.timesheets.conftest import WEDNESDAY
from tests.harness import CREDENTIALS, Clock
from tui.embedded.context import Context, Options
from tui.embedded.database import Database
from tui.embedded.timesheets import SERVICE

SUNDAY_NIGHT = datetime(2026, 3, 1, 0, 10, tzinfo=UTC)
NEW_YEAR = datetime(2025, 1, 1, 23, 50, tzinfo=UTC)


def _seeded(moment: datetime, timezone: str = "UTC") -> Context:
    database = Database(None)
    database.script(SERVICE.schema)
    options = Options(data=Path(), timezone=timezone)
    context = Context(database, CREDENTIALS, options, Clock(moment))
    with database.write():
        SERVICE.ground(context)
        SERVICE.seed(context)
    return context


@pytest.fixture(scope="module", params=[WEDNESDAY, SUNDAY_NIGHT, NEW_YEAR], ids=str)
def seeded(request: pytest.FixtureRequest) -> Iterator[Context]:
    context = _seeded(request.param, "Pacific/Auckland")
    yield context
    context.database.close()


def _all(context: Context, table: str) -> list[Any]:
    return context.database.read(f"SELECT * FROM timesheets_{table} ORDER BY 1, 2")


def test_there_is_enough_to_look_at(seeded: Context) -> None:
    sizes = {
        table: len(_all(seeded, table))
        for table in ("users", "groups", "clients", "projects", "schedules", "invoices")
    }
    assert sizes == {
        "users": 8,
        "groups": 4,
        "clients": 14,
        "projects": 30,
        "schedules": 5,
        "invoices": 26,
    }
    assert 100 <= len(_all(seeded, "tasks")) <= 120
    assert 800 <= len(_all(seeded, "entries")) <= 1000
    states = Counter(entry["status"] for entry in _all(seeded, "entries"))
    assert min(states["approved"], states["in-progress"], states["rejected"]) > 15
    now = int(seeded.now().timestamp())
    overdue = [i for i in _all(seeded, "invoices") if i["status"] == "new" and i["due_date"] < now]
    later = [i for i in _all(seeded, "invoices") if i["status"] == "new" and i["due_date"] >= now]
    assert overdue
    assert later
    names = [client["name"] for client in _all(seeded, "clients")]
    assert max(map(len, names)) == 300
    assert any("[" in name and "\x1b" in name for name in names)


def test_the_same_moment_gives_the_same_sample() -> None:
    first, second = _seeded(WEDNESDAY), _seeded(WEDNESDAY)
    tables = first.database.read(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'timesheets%'"
    )
    assert len(tables) == 19
    for row in tables:
        table = row["name"].removeprefix("timesheets_")
        rows = [[tuple(row) for row in _all(context, table)] for context in (first, second)]
        assert rows[0] == rows[1], table
    first.database.close()
    second.database.close()


def test_it_is_written_quickly() -> None:
    # The fastest of three: the others are the machine's, not ours.
    times = []
    for _ in range(3):
        began = time.process_time()
        _seeded(WEDNESDAY).database.close()
        times.append(time.process_time() - began)
    assert min(times) < 0.3


def test_time_is_in_order(seeded: Context) -> None:
    now = int(seeded.now().timestamp())
    entries = {entry["id"]: entry for entry in _all(seeded, "entries")}
    running = [entry for entry in entries.values() if entry["end_time"] is None]
    assert [entry["user_id"] for entry in running] == [1, 2]
    by_user: dict[int, int] = {}
    for entry in sorted(entries.values(), key=lambda entry: entry["start_time"]):
        assert by_user.get(entry["user_id"], 0) <= entry["start_time"], "entries overlap"
        by_user[entry["user_id"]] = entry["end_time"] or now
        assert entry["start_time"] < (entry["end_time"] or now) <= now
        assert (entry["approve_date"] or 0) <= now
    latest = dict.fromkeys(entries, 0)
    for pause in _all(seeded, "breaks"):
        entry = entries[pause["entry_id"]]
        assert entry["start_time"] <= pause["start_time"] < (pause["end_time"] or now)
        assert (pause["end_time"] or 0) <= (entry["end_time"] or now)
        assert pause["start_time"] >= latest[entry["id"]], "breaks overlap"
        latest[entry["id"]] = pause["end_time"] or now


def test_invoices_and_entries_agree(seeded: Context) -> None:
    owners = {
        row["id"]: row["client_id"]
        for row in seeded.database.read(
            "SELECT t.id, p.client_id FROM timesheets_tasks t "
            "JOIN timesheets_projects p ON p.id = t.project_id"
        )
    }
    invoices = {invoice["id"]: invoice for invoice in _all(seeded, "invoices")}
    linked = {(row["invoice_id"], row["task_id"]) for row in _all(seeded, "invoice_tasks")}
    for entry in _all(seeded, "entries"):
        if entry["invoice_id"] is None:
            assert entry["payment_status"] == "pending"
            continue
        invoice = invoices[entry["invoice_id"]]
        assert entry["status"] == "approved"
        assert owners[entry["task_id"]] == invoice["client_id"]
        assert (invoice["id"], entry["task_id"]) in linked
        assert (entry["payment_status"] == "payed") == (invoice["status"] == "paid")
        assert (invoice["payed_date"] is not None) == (invoice["status"] == "paid")


def test_amounts_are_what_the_service_itself_calculates(api: Api) -> None:
    database = api.server.context.database
    for invoice in range(1, 27):
        held = database.read("SELECT id FROM timesheets_entries WHERE invoice_id = ?", (invoice,))
        amount = api.call("invoice", invoice_id=invoice)["data"]["amount"]
        calculated = api.call("ts/calc", time_entry_ids=[row["id"] for row in held])["data"]
        assert Decimal(str(calculated["sum"])) == Decimal(str(amount)) > 0, invoice


def test_there_is_work_to_bill(api: Api) -> None:
    billable = 0
    for project in api.call("project/search", client_id=1)["data"]["projects"]:
        made = api.call("invoice/create", client_id=1, task_ids=project["tasks"])["id"]
        billable += api.call("invoice", invoice_id=made)["data"]["amount"]
    assert billable > 100


def test_the_owner_has_something_to_do(api: Api) -> None:
    shown = api.call("user/dashboard")["data"]
    assert shown["current_tasks"]
    assert shown["current_time_entry"]["duration"] == 47 * 60
