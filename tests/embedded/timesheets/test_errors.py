"""What is refused, in the service's own form, whatever is sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.embedded.timesheets.api import PREFIX, Api
from tests.harness import Answer
from tui.embedded.timesheets.routes import OPERATIONS


def _is_error(answer: Answer, status: int) -> None:
    assert answer.status == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    content = answer.json()
    assert content["status"] == "ERROR"
    assert content["message"]
    assert content["error_code"] == {401: 9, 404: 5}.get(status, status)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_405(api: Api, method: str) -> None:
    answer = api.server.http(method, f"{PREFIX}/user", bearer=api.token)
    _is_error(answer, 405)


def test_unknown_paths_and_apps_are_404(api: Api) -> None:
    _is_error(api.send("nothing/here"), 404)
    _is_error(api.send("/timesheets/api/other/user"), 404)
    _is_error(api.send("/timesheets/timesheets/task/search"), 404)
    _is_error(api.send("integration/sage/disconnect"), 404)


def test_formats_other_than_json_are_406(api: Api) -> None:
    sent_as = {"Content-Type": "application/x-www-form-urlencoded"}
    _is_error(api.send("user", headers=sent_as), 406)
    _is_error(api.send("user", headers={"Accept": "application/xml"}), 406)
    assert api.send("user", headers={"Accept": "text/html, */*;q=0.1"}).status == 200
    _is_error(api.send("user", headers={"Accept": "text/csv"}), 406)
    assert api.send("ts/export", headers={"Accept": "text/csv"}).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"nonsense",
        b'"text"',
        b"[1]",
        b"7",
        b"null",
        b"\xff\xfe{}",
        b'{"user_id": NaN}',
        b'{"user_id": 1e999999999}',
        b'{"user_id": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b" " * 1_000_001,
    ],
    ids=range(13),
)
def test_bodies_that_are_no_object_are_400(api: Api, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = api.server.http("POST", f"{PREFIX}/user", body=body, headers=headers, bearer=api.token)
    _is_error(answer, 400)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"  "])
def test_no_body_is_an_empty_one(api: Api, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = api.server.http("POST", f"{PREFIX}/user", body=body, headers=headers, bearer=api.token)
    assert answer.status == 200


@pytest.mark.parametrize(
    ("path", "body", "complaint"),
    [
        ("client", {}, "client_id is required"),
        ("client", {"client_id": None}, "client_id is required"),
        ("client", {"client_id": "1"}, "client_id must be an integer"),
        ("client", {"client_id": True}, "client_id must be an integer"),
        ("client", {"client_id": 1.5}, "client_id must be an integer"),
        ("client", {"client_id": -1}, "client_id must not be negative"),
        ("client", {"client_id": 2**63}, "beyond 64 bits"),
        ("client/create", {"name": "  "}, "name must not be empty"),
        ("client/create", {"name": "\ud800"}, "name must be valid Unicode"),
        ("client/create", {"name": "n" * 20_001}, "name must have at most"),
        ("client/create", {"name": "n", "status": "active"}, "status must be true or false"),
        ("client/search", {"with": ["tasks"]}, "with must be one of projects"),
        ("client/search", {"with": "projects"}, "with must be an array"),
        ("client/search", {"limit": -1}, "limit must not be negative"),
        ("client/search_group", {"group_by": "name"}, "group_by must be one of status, industry"),
        ("client/search_group", {"order_by": "up"}, "order_by must be one of asc, desc"),
        ("user/search_group", {"order": "up"}, "order must be one of asc, desc"),
        ("user/create", {"email": "nobody"}, "email must be an e-mail address"),
        ("user/create", {"email": "a@b", "sex": "x"}, "sex must be one of male, female"),
        ("user/create", {"email": "a@b", "birth_date": "1988-02-30"}, "must be a date that exists"),
        ("user/create", {"email": "a@b", "birth_date": "22.11.1988"}, "must be a date as YYYY"),
        ("user/create", {"email": "a@b", "hourly_rate": -1}, "hourly_rate must be a number from 0"),
        ("user/create", {"email": "a@b", "hourly_rate": 1.00001}, "at most 4 decimals"),
        (
            "user/create",
            {"email": "a@b", "settings": "x"},
            "settings must be an array or an object",
        ),
        ("invoice/create", {"client_id": 1, "task_ids": []}, "must name at least one task"),
        (
            "invoice/create",
            {"client_id": 1, "task_ids": [1], "amount": 1.005},
            "at most 2 decimals",
        ),
        ("invoice/create", {"client_id": 1, "task_ids": [1], "amount": 1e12}, "from 0 to"),
        ("invoice/create", {"client_id": 2, "task_ids": [1]}, "belongs to another client"),
        ("invoice/search", {"client_id": 1}, "client_id must be an array"),
        ("invoice/set_payed", {"invoice_id": 1}, "payed_date is required"),
        ("group/update", {"group_id": 1, "notes": "x"}, "At least one of name, description"),
        ("group/update", {"group_id": 1, "name": "x", "status": True}, "status must be one of"),
        ("group/search", {}, "At least one of group_id, name, keyword"),
        ("schedule/search", {}, "At least one of name, keyword"),
        ("integration/qbo/update", {}, "At least one of client_id, client_secret, settings"),
        ("integration/qbo/update", {"settings": {"x": True}}, "settings may hold import_employees"),
        ("ts/start", {"location": [91, 0]}, "location must be degrees"),
        ("ts/start", {"location": [1]}, "location must be [latitude, longitude]"),
        ("ts/create", {"user_id": 1, "start_time": 20, "end_time": 10}, "not be before start_time"),
        ("ts/create", {"user_id": 1, "start_time": 1767225600000}, "in seconds, not milliseconds"),
        (
            "project/create",
            {"client_id": 1, "name": "x", "planned_start_date": "x"},
            "as YYYY-MM-DD",
        ),
        ("rate/search", {"duration_unit": "years"}, "must be one of minutes"),
        ("user/history", {"filters": {"secret": 1}}, "filters cannot name secret"),
        ("user/history", {"filters": {"task_id": {"value": 1, "operand": ";"}}}, "must use one of"),
        ("user/history", {"filters": {"task_id": "x"}}, "task_id must be an integer"),
        ("user/history", {"sorts": {"task_id": "up"}}, "sorts must map fields"),
    ],
)
def test_invalid_input_is_named(api: Api, path: str, body: dict[str, Any], complaint: str) -> None:
    answer = api.send(path, body)
    _is_error(answer, 400)
    assert complaint in answer.json()["message"]


@pytest.mark.parametrize(
    ("path", "key", "words"),
    [
        ("user", "user_id", "User not found."),
        ("user/dashboard", "user_id", "User not found."),
        ("group", "group_id", "Group not found."),
        ("client", "client_id", "Client not found."),
        ("invoice", "invoice_id", "Invoice not found."),
        ("task", "task_id", "Task not found."),
        ("task/history", "task_id", "Task not found."),
        ("project", "project_id", "Project not found."),
        ("schedule", "schedule_id", "Schedule not found."),
        ("rate", "rate_id", "Rate not found."),
        ("ts/get", "time_entry_id", "TimeEntry not found."),
        ("ts/delete", "time_entry_id", "Time entry not found."),
        ("ts/comments", "time_entry_id", "Time Entry not found."),
        ("ts/break_start", "time_entry_id", "Started TimeEntry not found."),
        ("ts/break_stop", "time_entry_id", "Started Break not found."),
    ],
)
def test_what_is_not_there_is_404_with_code_5(api: Api, path: str, key: str, words: str) -> None:
    assert api.refused(path, **{key: 999_999}) == (404, 5, words)


def test_references_are_checked(api: Api) -> None:
    rate = {"name": "r", "duration_unit": "hours"}
    for path, body, words in (
        ("project/create", {"client_id": 9999, "name": "x"}, "Client not found."),
        ("task/create", {"project_id": 9999, "name": "x"}, "Project not found."),
        ("task/add_user", {"task_id": 1, "user_id": 9999}, "User not found."),
        ("group/add_user", {"group_id": 1, "user_id": 9999}, "User not found."),
        ("rate/create", {"user_id": 9999, "schedule_id": 1, **rate}, "User not found."),
        ("rate/create", {"user_id": 1, "schedule_id": 9999, **rate}, "Schedule not found."),
        ("rate/update", {"rate_id": 1, "user_id": 9999}, "User not found."),
        ("ts/create", {"user_id": 9999}, "User not found."),
        ("ts/create", {"user_id": 1, "task_id": 9999}, "Task not found."),
        ("ts/update", {"time_entry_id": 850, "task_id": 9999}, "Task not found."),
        ("invoice/create", {"client_id": 9999, "task_ids": [1]}, "Client not found."),
        ("invoice/create", {"client_id": 1, "task_ids": [9999]}, "Task not found."),
    ):
        assert api.refused(path, **body) == (404, 5, words), path


def test_unknown_members_are_ignored(api: Api) -> None:
    assert api.call("client", client_id=1, colour="green")["data"]["id"] == 1


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
_HARMLESS = [op for op in OPERATIONS if op.id not in ("timesheets.user.delete", "timesheets.login")]


@settings(max_examples=250, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_arbitrary_values_never_break_an_operation(api: Api, data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(_HARMLESS))
    names = [parameter.name for parameter in operation.parameters]
    near = st.sampled_from([1, 2, 3, 50, "x", [1, 2], [], {}, 0, True, "done", "desc"])
    body = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(names, near | _VALUES)))
    path = operation.paths[0].format(app="demo", integration="qbo")
    answer = api.send(f"/timesheets{path}", body)
    assert answer.status in (200, 400, 404), (operation.id, body, answer.text)
    if "csv" not in answer.headers["content-type"]:
        assert answer.json()["status"] in ("SUCCESS", "ERROR", "NOT-MODIFIED")
