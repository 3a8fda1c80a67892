"""Every documented operation: its path is there, and its answer has the documented shape."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.embedded.timesheets.api import Api, owner
from tests.embedded.timesheets.conftest import WEDNESDAY
from tests.embedded.timesheets.shapes import parse, problems
from tests.harness import Clock, EmbeddedServer
from tui.embedded.timesheets.routes import OPERATIONS

_DATA = Path(__file__).parents[2] / "data" / "timesheets"
with (_DATA / "operations.tsv").open(encoding="utf-8", newline="") as _file:
    ROWS = {
        row["id"]: row
        for row in csv.DictReader(_file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if row["id"].startswith("timesheets.")
    }

EVERYTHING = ["users", "tasks", "projects"]
FULL_DAY = {"monday": True, "saturday": False}
CALLS: dict[str, dict[str, Any]] = {
    "login": {"email": "contract@example.org", "password": "long-enough"},
    "register": {"email": "contract@example.org", "password": "long-enough"},
    "user.info": {"user_id": 4},
    "user.create": {"email": "made@example.org"},
    "user.update": {"user_id": 4, "position": "Diver"},
    "user.search": {"is_active": True},
    "user.search_group": {"group_by": "is_active", "order": "asc", "first_name": "priya"},
    "user.delete": {"user_id": 8},
    "user.dashboard": {},
    "user.history": {"with": EVERYTHING},
    "group.info": {"group_id": 1},
    "group.create": {"name": "Night shift"},
    "group.update": {"group_id": 1, "name": "Drawing"},
    "group.search": {"keyword": ""},
    "group.add_user": {"group_id": 1, "user_id": 3},
    "group.delete_user": {"group_id": 1, "user_id": 3},
    "group.get_users": {"group_id": 2},
    "group.delete": {"group_id": 4},
    "client.info": {"client_id": 1},
    "client.create": {"name": "Somebody"},
    "client.update": {"client_id": 1, "city": "Laboe"},
    "client.search": {"client_ids": [1, 2], "with": ["projects"]},
    "client.search_group": {"group_by": "industry", "with": ["projects"]},
    "client.export_csv": {"city": "Oaktown", "with": ["projects"]},
    "client.delete": {"client_id": 14},
    "invoice.info": {"invoice_id": 1},
    "invoice.create": {"client_id": 1, "task_ids": [2]},
    "invoice.update": {"invoice_id": 3, "amount": 30.5},
    "invoice.set_payed": {"invoice_id": 3, "payed_date": 1767225600},
    "invoice.search": {"client_id": [1, 2, 3], "payed_date": 4102444800},
    "invoice.search_group": {"client_id": [1, 2], "group_by": "status", "payed_date": 4102444800},
    "invoice.delete": {"invoice_id": 25},
    "invoice.add_comment": {"invoice_id": 1, "content": "Thanks"},
    "invoice.comments": {"invoice_id": 1, "with": ["users"]},
    "task.info": {"task_id": 1, "with": ["users", "projects"]},
    "task.create": {"project_id": 1, "name": "Captions"},
    "task.update": {"task_id": 2, "estimate": 32, "estimate_unit": "hours"},
    "task.search": {"project_id": 1, "with": ["users", "projects"]},
    "task.search_group": {"project_id": 1, "with": ["users", "projects"], "group_by": "status"},
    "task.delete": {"task_id": 52},
    "task.add_user": {"task_id": 2, "user_id": 4},
    "task.delete_user": {"task_id": 2, "user_id": 4},
    "task.history": {"task_id": 1},
    "task.work_history": {"task_id": 1, "with": EVERYTHING},
    "task.add_comment": {"task_id": 1, "content": "Soon"},
    "task.comments": {"task_id": 1, "with": ["users"]},
    "project.info": {"project_id": 14},
    "project.create": {"client_id": 1, "name": "Poster"},
    "project.update": {"project_id": 1, "description": "With sound"},
    "project.search": {"status": "done", "with": ["tasks", "clients"]},
    "project.search_group": {"group_by": "client", "with": ["tasks", "clients"]},
    "project.delete": {"project_id": 27},
    "schedule.info": {"shedule_id": 1},
    "schedule.create": {
        "name": "Mornings",
        "days_of_week": FULL_DAY,
        "start_time": "06:00",
        "end_time": "09:59",
        "is_holiday": False,
        "is_overnight": False,
    },
    "schedule.update": {"schedule_id": 1, "name": "Office"},
    "schedule.search": {"keyword": "e"},
    "schedule.delete": {"schedule_id": 5},
    "rate.info": {"rate_id": 1},
    "rate.create": {"user_id": 1, "schedule_id": 1, "name": "R", "duration_unit": "days"},
    "rate.update": {"rate_id": 1, "name": "Late"},
    "rate.search": {"name": "lead"},
    "rate.delete": {"rate_id": 9},
    "ts.stop": {},
    "ts.start": {"task_id": 1, "location": [54.3, 10.1], "comment": "Go"},
    "ts.create": {"user_id": 1, "task_id": 1, "start_time": 100, "end_time": 200},
    "ts.get": {"time_entry_id": 2, "with": ["users", "projects", "comments", "breaks"]},
    "ts.update": {"time_entry_id": 854, "task_id": 2},
    "ts.search": {"status": "approved", "limit": 5, "with": EVERYTHING},
    "ts.search_group": {"status": "approved", "group_by": "user", "with": EVERYTHING},
    "ts.delete": {"time_entry_id": 853},
    "ts.history": {"time_entry_id": 1},
    "ts.breaks": {"time_entry_id": 2},
    "ts.approve": {"time_entry_ids": [850, 851]},
    "ts.export": {"time_entry_ids": [1, 2], "with_headers": True},
    "ts.calc": {"time_entry_ids": [1, 2]},
    "ts.add_comment": {"time_entry_id": 2, "content": "Fine"},
    "ts.comments": {"time_entry_id": 2, "with": ["users"]},
    "integration.update": {"settings": {"import_customers": False}},
    "integration.authorize": {},
    "integration.import_employees": {},
    "integration.import_customers": {},
    "integration.export_timeentries": {"time_entry_ids": [1, 2]},
    "integration.disconnect": {},
}
"""In an order in which each call finds what it needs."""

# Members that are answered only when they are set, as the documents say or show.
UNSET = {
    "exported": "only after an export",
    "birth_date": "the owner of a workspace may have none",
    "start_location": "only where it was sent",
    "end_location": "only where it was sent",
    "approve_date": "optional, if set",
    "end_time": "optional, if the entry has ended",
    "end_datetime": "optional, if the entry has ended",
    "actual_start_date": "only when begun",
    "actual_end_date": "only when ended",
    "actual_duration": "only when ended",
    "description": "only where there is one",
    "email": "a client may have none",
    "address": "a client may have none",
    "picture": "only where there is one",
    "notes": "only where there is one",
}


@pytest.fixture(scope="module")
def worker() -> Iterator[Api]:
    """The administrator of a workspace that only this module changes."""
    with EmbeddedServer(services=("timesheets",), clock=Clock(WEDNESDAY)) as running:
        yield owner(running)


def _path(row: dict[str, str]) -> str:
    path = row["path"]
    for mark, value in (("{APP_CODE}", "demo"), ("{app_path}", "demo"), ("{INTEGRATION}", "xero")):
        path = path.replace(mark, value)
    return f"/timesheets{path}"


def test_operations_are_those_of_the_table() -> None:
    assert sorted(operation.id for operation in OPERATIONS) == sorted(ROWS)
    assert len(ROWS) == 85


def test_every_operation_is_tried_here() -> None:
    tried = {f"timesheets.{name}" for name in CALLS}
    assert set(ROWS) - tried == {"timesheets.ts.break_start", "timesheets.ts.break_stop"}


def test_declared_parameters_are_the_documented_ones() -> None:
    """Each required parameter is refused when it is missing, and every name is known."""
    for operation in OPERATIONS:
        row = ROWS[operation.id]
        documented = f"{row['required']} {row['optional']}"
        for parameter in operation.parameters:
            assert parameter.name in documented, (operation.id, parameter.name)
        for part in row["required"].split(";"):
            name = part.split("(")[0].strip().split(" ")[0].rstrip(",")
            if name and name != "-" and "one-of" not in part:
                declared = {p.name: p for p in operation.parameters}
                assert declared[name].required, (operation.id, name)


def test_answers_have_the_documented_shape(worker: Api) -> None:
    found: dict[str, list[str]] = {}
    for name, body in CALLS.items():
        if name == "login":
            # The account is made by the call after it.
            continue
        found[name] = _try(worker, name, body)
    found["login"] = _try(worker, "login", CALLS["login"])
    assert {name: problem for name, problem in found.items() if problem} == {}


def _try(worker: Api, name: str, body: dict[str, Any]) -> list[str]:
    row = ROWS[f"timesheets.{name}"]
    path = _path(row)
    if name == "integration.export_timeentries":
        assert "/qbo/" in path
    answer = worker.send(path, body)
    if row["answer"].startswith("file"):
        right = answer.headers["content-type"].startswith("text/csv")
        return [] if right and answer.status == 200 else [answer.text]
    content = answer.json()
    if answer.status != 200 or content["status"] != "SUCCESS":
        return [answer.text]
    return [
        problem
        for problem in problems(parse(row["answer"]), content)
        if not _tolerated(problem.split(" ")[0].split(".")[-1], problem.endswith("is missing"))
    ]


def _tolerated(member: str, is_missing: bool) -> bool:
    # Point 20: the value of a group is of any type. Point 18: comments is "" in the sample of the
    # dashboard and an Integer in its list of fields.
    return member in UNSET if is_missing else member in ("value", "comments")


# The one sample that its own table forbids: a password of six characters.
FORBIDDEN_SAMPLE = "timesheets.user.create"


def test_sample_requests_are_understood() -> None:
    """The bodies that the document prints meet no complaint about a parameter."""
    lines = (_DATA / "document.jsonl").read_text(encoding="utf-8").splitlines()
    samples = [json.loads(line) for line in lines]
    refused = {}
    # These would take away what the others need.
    with EmbeddedServer(services=("timesheets",), clock=Clock(WEDNESDAY)) as server:
        worker = owner(server)
        for sample in samples:
            if sample["request"] is None or sample["id"].endswith((".delete", ".disconnect")):
                continue
            answer = worker.send(_path(ROWS[sample["id"]]), sample["request"])
            if sample["id"] == "timesheets.login":
                assert answer.status == 401
                continue
            if "Parameter" in answer.text or answer.status not in (200, 400, 404):
                refused[sample["id"]] = answer.json()["message"]
    assert len(samples) == 85
    assert refused == {
        FORBIDDEN_SAMPLE: "Parameter password must have 8 to 15 characters.",
    }


def test_shapes_can_fail() -> None:
    shape = parse("{status: str, data: {tasks: {<id>: {id: int, end?: str(unix)}}}, count: int}")
    good = {"status": "SUCCESS", "data": {"tasks": {"1": {"id": 1, "end": "7"}}}, "count": 1}
    assert problems(shape, good) == []
    assert problems(shape, {**good, "data": {"tasks": []}}) == []
    assert problems(shape, {"status": 1, "data": {"tasks": {"1": {"end": 7}}}}) == [
        ".status is 1, not str",
        ".data.tasks.1.id is missing",
        ".data.tasks.1.end is 7, not str(unix)",
        ".count is missing",
    ]


def test_the_left_over_family_answers_under_both_prefixes(worker: Api) -> None:
    for prefix in ("/timesheets/timesheets", "/timesheets/api/demo"):
        task = worker.call("task/create", project_id=3, name="To be changed")["id"]
        changed = worker.send(f"{prefix}/task/update", {"task_id": task, "name": prefix})
        assert changed.json()["message"] == "Successfully updated."
        shown = worker.send(f"{prefix}/task", {"task_id": task}).json()["data"]["tasks"]
        assert [item["name"] for item in shown] == [prefix]
        assert worker.send(f"{prefix}/task/delete", {"task_id": task}).status == 200
        assert worker.refused("task", task_id=task) == (404, 5, "Task not found.")
