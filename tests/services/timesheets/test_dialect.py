"""Logging in, refusals, money to the last digit, secrets, and answers that are none."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings

from tests.services.strategies import json_objects
from tests.services.timesheets.samples import BASE, client, encoded
from tui.services.errors import (
    AuthenticationFailed,
    ConnectionFailed,
    InvalidArgument,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    ProtocolViolation,
    RateLimited,
    Refused,
    ServiceError,
)
from tui.services.reading import read
from tui.services.transport import NotSent

ACCOUNT = {"email": "a@b.c", "password": "12345678", "token": ""}
NOT_SIGNED_IN = {"status": "ERROR", "message": "Auth token incorrect.", "error_code": 9}
CLIENT = {"status": "SUCCESS", "data": {"id": 1, "name": "x"}}


class Service:
    """Gives a new token at each log-in, and accepts only the newest."""

    def __init__(self) -> None:
        self.tokens = 0
        self.calls: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.removeprefix("/api/KIKKY/")
        self.calls.append(name)
        if name == "login":
            self.tokens += 1
            return encoded({"status": "SUCCESS", "message": "", "token": f"t{self.tokens}"})
        if request.headers["authorization"] != f"Bearer t{self.tokens}":
            return encoded(NOT_SIGNED_IN, 401)
        return encoded(CLIENT)


async def test_it_logs_in_by_itself_when_first_needed() -> None:
    service = Service()
    made, capture = client(service, **ACCOUNT)
    assert capture.requests == []
    await made.client.info(1)
    await made.client.info(1)
    assert service.calls == ["login", "client", "client"]
    assert json.loads(capture.requests[0].content) == {"email": "a@b.c", "password": "12345678"}


async def test_calls_that_run_side_by_side_log_in_once() -> None:
    service = Service()
    made, _ = client(service, **ACCOUNT)
    await asyncio.gather(*(made.client.info(1) for _ in range(5)))
    assert service.calls.count("login") == 1
    service.tokens += 1  # The session runs out.
    await asyncio.gather(*(made.client.info(1) for _ in range(5)))
    assert service.calls.count("login") == 2


async def test_an_expired_session_is_renewed_once() -> None:
    service = Service()
    made, _ = client(service, **{**ACCOUNT, "token": "old"})
    await made.client.info(1)
    assert service.calls == ["client", "login", "client"]


async def test_a_refusal_after_a_fresh_log_in_is_final() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("login"):
            return encoded({"status": "SUCCESS", "message": "", "token": "t"})
        return encoded(NOT_SIGNED_IN, 401)

    made, capture = client(answer, **ACCOUNT)
    with pytest.raises(AuthenticationFailed, match="Auth token"):
        await made.client.info(1)
    assert len(capture.requests) == 4


async def test_a_pasted_token_that_ran_out_says_to_log_in() -> None:
    made, capture = client(encoded(NOT_SIGNED_IN, 401))
    with pytest.raises(AuthenticationFailed) as caught:
        await made.client.info(1)
    assert "log in" in caught.value.advice
    assert len(capture.requests) == 1


async def test_nothing_to_log_in_with() -> None:
    made, capture = client({}, token="")
    with pytest.raises(AuthenticationFailed, match="no token"):
        await made.client.info(1)
    made, capture = client({}, app="")
    with pytest.raises(InvalidArgument, match="app code"):
        await made.client.info(1)
    assert capture.requests == []


async def test_a_wrong_password_and_an_account_that_waits() -> None:
    made, _ = client(encoded({"status": "ERROR", "message": "Wrong pair.", "error_code": 9}, 401))
    with pytest.raises(AuthenticationFailed, match="Wrong pair") as caught:
        await made.login("a@b.c", "wrongwrong")
    assert "password" in caught.value.advice
    made, _ = client({"status": "PENDING", "message": "", "token": ""}, **ACCOUNT)
    with pytest.raises(AuthenticationFailed, match="not activated"):
        await made.client.info(1)
    made, _ = client({"status": "SUCCESS", "message": ""}, **ACCOUNT)
    with pytest.raises(ProtocolViolation, match="no token"):
        await made.client.info(1)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (encoded({"status": "ERROR", "message": "m", "error_code": 5}, 404), NotFound, "m"),
        (encoded({"status": "ERROR", "message": "m", "error_code": 5}), NotFound, "m"),
        (encoded({"status": "ERROR", "message": "m", "error_code": 3}), Refused, "m"),
        (encoded({"status": "ERROR", "message": "m"}, 403), PermissionDenied, "m"),
        (encoded({"status": "ERROR", "message": "m"}, 400), Refused, "m"),
        (encoded({"status": "ERROR", "message": "m"}, 406), Refused, "m"),
        (encoded({"status": "ERROR"}), Refused, "said no"),
        (httpx.Response(429, headers={"retry-after": "99"}), RateLimited, "too many"),
        (httpx.Response(500, text="<html>oops</html>"), ConnectionFailed, "HTTP 500"),
        (httpx.Response(404, text="<html>nginx</html>"), NotFound, "HTTP 404"),
        (httpx.Response(200, text="<html>log in</html>"), ProtocolViolation, "web page"),
        (httpx.Response(200, text='{"status": "SUC'), ProtocolViolation, "cut off"),
        (httpx.Response(200, text="[]"), ProtocolViolation, "not an object"),
        (encoded({"data": {}}), ProtocolViolation, "status is missing"),
        (encoded({"status": "SUCCESS", "data": {"id": "x"}}), ProtocolViolation, "data.id"),
        (encoded({"status": "SUCCESS", "data": []}), NotFound, "data"),
        (httpx.Response(200, text="[" * 100_000), ProtocolViolation, "cut off"),
    ],
)
async def test_refusals(answer: httpx.Response, kind: type[ServiceError], words: str) -> None:
    made, _ = client(answer)
    with pytest.raises(kind, match=words) as caught:
        await made.client.info(1)
    assert caught.value.operation == "timesheets.client.info"


@pytest.mark.parametrize("status", ["FAIL", "FAILED", "nok", "", "WARNING", False, 0, True, 500])
async def test_a_status_that_is_neither_yes_nor_no_says_nothing_of_a_change(status: Any) -> None:
    answer = {"status": status, "message": "Could not save.", "id": 7}
    made, capture = client(answer)
    with pytest.raises(OutcomeUnknown, match="Could not save"):
        await made.task.create(3, "Cut")
    assert len(capture.requests) == 1
    made, _ = client({**answer, "data": [{"id": 1}], "count": 1})
    with pytest.raises(ProtocolViolation, match=r"answer\.status"):
        await made.client.search()


@pytest.mark.parametrize("new_id", [True, False])
async def test_what_is_no_id_is_not_what_was_made(new_id: Any) -> None:
    made, _ = client({"status": "SUCCESS", "message": "Created.", "id": new_id})
    with pytest.raises(OutcomeUnknown, match=r"answer\.id"):
        await made.task.create(3, "Cut")


@pytest.mark.parametrize("paid", ["paid", "Paid", "PAYED "])
async def test_paid_is_paid_in_capitals_too(paid: str) -> None:
    rows = [{"id": 1, "client_id": 1, "amount": 5, "status": paid}]
    made, _ = client({"status": "SUCCESS", "data": rows, "count": 1})
    (bill,) = (await made.invoice.search([1])).items
    assert bill.paid


@pytest.mark.parametrize("zero", [0, "0", 0.0, "0.0", "00"])
async def test_a_time_that_is_nought_is_none(zero: Any) -> None:
    rows = [{"id": 1, "start_time": 1_700_000_000, "end_time": zero, "approve_date": zero}]
    made, _ = client({"status": "SUCCESS", "data": rows, "count": 1})
    (entry,) = (await made.ts.search()).items
    assert (entry.end_time, entry.approve_date) == (None, None), "it runs, and not since 1970"
    assert entry.start_time is not None


@pytest.mark.parametrize(("yes", "no"), [("success", "error"), ("Success ", "Error")])
async def test_a_status_is_the_same_in_small_letters(yes: str, no: str) -> None:
    made, _ = client({"status": yes, "message": "Created.", "id": 7})
    assert (await made.task.create(3, "Cut")).id == 7
    made, _ = client({"status": no, "message": "Task not found.", "error_code": 5})
    with pytest.raises(NotFound):
        await made.task.delete(3)
    made, _ = client({"status": "not-modified"})
    assert not (await made.user.dashboard()).modified


async def test_a_list_where_an_object_came_is_no_empty_list() -> None:
    made, _ = client({"status": "SUCCESS", "data": {"id": 1}})
    with pytest.raises(ProtocolViolation, match="list"):
        await made.rate.search()


async def test_what_was_searched_for_is_not_also_related_to_itself() -> None:
    data = {"tasks": [{"id": 1}], "projects": [{"id": 2}], "users": []}
    made, _ = client({"status": "SUCCESS", "data": data})
    found = await made.task.search()
    assert [task.id for task in found.items] == [1]
    assert (list(found.related.projects), found.related.tasks) == ([2], {})


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (encoded(NOT_SIGNED_IN, 401), AuthenticationFailed),
        (encoded({"status": "ERROR", "message": "no"}), Refused),
        (encoded({"status": "SUCCESS", "message": ""}), ProtocolViolation),
        (httpx.Response(200, html="<html></html>"), ProtocolViolation),
        (httpx.Response(502, text="bad gateway"), ConnectionFailed),
    ],
)
async def test_what_comes_instead_of_a_csv_file(
    answer: httpx.Response, kind: type[ServiceError]
) -> None:
    made, _ = client(answer)
    with pytest.raises(kind):
        await made.ts.export()


async def test_where_three_calls_on_tasks_are() -> None:
    for prefix, path in (
        ("timesheets", "/timesheets/task"),
        ("/timesheets/", "/timesheets/task"),
        ("api/{app}", "/api/KIKKY/task"),
    ):
        made, capture = client({"status": "SUCCESS", "message": ""}, task_prefix=prefix)
        await made.task.update(1, name="x")
        await made.task.delete(1)
        await made.task.add_user(1, 2)
        assert [request.url.path for request in capture.requests] == [
            f"{path}/update",
            f"{path}/delete",
            "/api/KIKKY/task/add_user",
        ]


async def test_an_app_code_cannot_leave_its_place() -> None:
    made, capture = client(CLIENT, app="../x?")
    await made.client.info(1)
    assert capture.request.url.raw_path == b"/api/..%2Fx%3F/client"


@pytest.mark.parametrize("amount", ["0.1", "19.99", "12345678901234567.89", "100", "1E+3"])
async def test_money_keeps_every_digit_both_ways(amount: str) -> None:
    made, capture = client({"status": "SUCCESS", "message": "", "id": 1})
    await made.invoice.update(1, amount=Decimal(amount))
    written = json.loads(capture.request.content, parse_float=Decimal)["amount"]
    assert Decimal(written) == Decimal(amount)
    assert b'"amount":"' not in capture.request.content
    shown, _ = client({}, dry_run=True)
    with pytest.raises(NotSent) as preview:
        await shown.invoice.update(1, amount=Decimal(amount))
    assert preview.value.preview["json"]["amount"] == float(amount), "a number there too"
    body = b'{"status":"SUCCESS","data":{"id":1,"amount":%s}}' % amount.encode()
    made, _ = client(httpx.Response(200, content=body))
    assert (await made.invoice.info(1)).amount == Decimal(amount)


@pytest.mark.parametrize("text", ["1e999999999", "-1e999999999", "1e-999999999", "1e41"])
async def test_numbers_that_would_fill_the_memory_are_refused(text: str) -> None:
    for field in ("amount", "id"):
        body = f'{{"status":"SUCCESS","data":{{"id":1,"{field}":{text}}}}}'
        made, _ = client(httpx.Response(200, content=body))
        with pytest.raises(ProtocolViolation, match=field):
            await made.invoice.info(1)
    with pytest.raises(ProtocolViolation):
        read(int, text)
    made, _ = client({})
    with pytest.raises(InvalidArgument, match="amount"):
        await made.invoice.update(1, amount=Decimal("NaN"))


async def test_secrets_are_in_no_preview_error_or_record() -> None:
    made, capture = client(
        {}, dry_run=True, email="a@b.c", password="s3cretpw", token="s3crettoken"
    )
    for call in (
        made.client.info(1),
        made.login("a@b.c", "s3cretpw"),
        made.user.create("a@b.c", password="s3cretpw"),
        made.integration.update("qbo", client_secret="s3cretclient"),
    ):
        with pytest.raises(NotSent) as caught:
            await call
        assert "s3cret" not in repr(caught.value.preview)
    without, _ = client({}, dry_run=True, token="")
    with pytest.raises(NotSent) as sent:
        await without.client.info(1)
    assert sent.value.preview["url"] == f"{BASE}/api/KIKKY/client"
    assert capture.requests == []
    made, _ = client({"status": "SUCCESS", "message": "", "token": "s3cret"})
    entered = await made.login("a@b.c", "12345678")
    assert entered.token == "s3cret"
    assert "s3cret" not in repr(entered)


async def test_a_start_is_not_sent_twice() -> None:
    made, capture = client(httpx.Response(503), {"status": "SUCCESS", "message": ""})
    with pytest.raises(OutcomeUnknown):
        await made.ts.start(task_id=1)
    assert len(capture.requests) == 1
    made, capture = client(httpx.Response(503), CLIENT)
    await made.client.info(1)
    assert len(capture.requests) == 2


KEYS = [
    *("status", "message", "data", "id", "count", "timestamp", "error_code", "token", "groups"),
    *("value", "items", "tasks", "users", "entries", "time_entry", "breaks", "comments"),
    *("current_time_entry", "start_time", "amount", "projects", "imported", "sum", "settings"),
]
READS = {
    "user.info": {},
    "user.dashboard": {},
    "user.search_group": {},
    "client.search": {},
    "client.search_group": {},
    "task.info": {"task_id": 1},
    "ts.get": {"time_entry_id": 1},
    "ts.calc": {},
    "ts.approve": {},
    "ts.breaks": {"time_entry_id": 1},
    "schedule.info": {"schedule_id": 1},
    "integration.import_customers": {},
}


@given(answer=json_objects(KEYS))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
async def test_any_json_is_read_or_refused_with_a_typed_error(answer: dict[str, Any]) -> None:
    body = httpx.Response(200, content=json.dumps({"status": "SUCCESS", **answer}))
    made, _ = client(lambda request: httpx.Response(200, content=body.content))
    for name, arguments in READS.items():
        with suppress(ServiceError):
            await made.methods[f"timesheets.{name}"](**arguments)


async def test_every_read_survives_an_answer_cut_anywhere() -> None:
    whole = json.dumps({"status": "SUCCESS", "data": {"id": 1, "name": "x"}, "count": 1})
    for end in range(len(whole)):
        made, _ = client(httpx.Response(200, content=whole[:end]))
        with pytest.raises(ProtocolViolation):
            await made.client.info(1)
