"""Every Timesheets operation against the document: what is sent, and what is read.

The request is the document's sample body, given as typed arguments; the answer is its sample
answer. Each row names the chapter. Where the document has no sample, the row says so.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.services.leaves import lost, unknown_keys
from tests.services.timesheets.samples import BASE, DOCUMENT, TOKEN, answers, client
from tui.services.errors import AuthenticationFailed, NotFound
from tui.services.operation import Operation
from tui.services.reading import read
from tui.services.timesheets import Timesheets

OPERATIONS = Timesheets.operations()

DOCUMENTED_PATHS = {
    "timesheets.task.info": "/timesheets/task",
    "timesheets.task.update": "/timesheets/task/update",
    "timesheets.task.delete": "/timesheets/task/delete",
    "timesheets.ts.get": "/api/KIKKY/ts/get",
    **{
        f"timesheets.integration.{name}": f"/api/KIKKY/integration/{integration}/{name}"
        for name, integration in (
            ("update", "qbo"),
            ("authorize", "qbo"),
            ("disconnect", "qbo"),
            ("import_employees", "xero"),
            ("import_customers", "xero"),
            ("export_timeentries", "qbo"),
        )
    },
}
"""Where the path is not /api/{APP_CODE}/ and the id. Log-in: the edition of July 2020."""

SENT_INSTEAD: dict[str, dict[str, Any]] = {
    # The sample misspells the key; the table has it right.
    "timesheets.schedule.info": {"schedule_id": 1},
    # The sample has schedule_1 for what the table calls schedule_id.
    "timesheets.rate.create": {
        "user_id": 1,
        "schedule_id": 1,
        "name": "test_rate",
        "duration_unit": "days",
        "amount": 100,
    },
    # The sample's password is shorter than the document allows.
    "timesheets.user.create": {
        **DOCUMENT["timesheets.user.create"]["request"],
        "password": "12345678",
    },
    # The sample has a number for the phone, the table says String.
    "timesheets.client.create": {
        **DOCUMENT["timesheets.client.create"]["request"],
        "phone": "12345678912",
    },
}

MORE_ARGUMENTS: dict[str, dict[str, Any]] = {
    "timesheets.integration.update": {"integration": "qbo"},
    "timesheets.integration.authorize": {"integration": "qbo"},
    "timesheets.integration.disconnect": {"integration": "qbo"},
}

NO_SAMPLE_ANSWER = {"timesheets.client.export_csv", "timesheets.ts.export"}
"""Both answer a CSV file, which the document describes but does not show."""


def path_of(id: str) -> str:
    call = id.removeprefix("timesheets.").replace(".", "/").removesuffix("/info")
    return DOCUMENTED_PATHS.get(id, f"/api/KIKKY/{call}")


def arguments(operation: Operation, body: dict[str, Any]) -> dict[str, Any]:
    """The sample's values as the types that the method declares."""
    hints = {parameter.documented_name: parameter for parameter in operation.parameters}
    return {
        hints[name].name: read(hints[name].hint, value, name) for name, value in body.items()
    } | MORE_ARGUMENTS.get(operation.id, {})


def sample_request(id: str) -> dict[str, Any]:
    body: dict[str, Any] = SENT_INSTEAD.get(id, DOCUMENT[id]["request"])
    return body


async def call(made: Timesheets, id: str) -> Any:
    return await made.methods[id](**arguments(OPERATIONS[id], sample_request(id)))


def test_the_document_has_every_row() -> None:
    assert sorted(DOCUMENT) == sorted(OPERATIONS)
    assert {row for row in DOCUMENT if not answers(row)} == NO_SAMPLE_ANSWER
    refusals = Counter(status for row in DOCUMENT.values() for status, _ in row["answers"])
    assert refusals == {200: 83, 401: 19, 404: 45}


@pytest.mark.parametrize("id", DOCUMENT)
async def test_the_request_is_the_documents(id: str) -> None:
    text_answer = httpx.Response(200, content="id\n1\n", headers={"content-type": "text/csv"})
    made, capture = client(text_answer if id in NO_SAMPLE_ANSWER else answers(id)[0])
    await call(made, id)
    request = capture.request
    assert request.method == "POST"
    assert str(request.url) == BASE + path_of(id)
    assert request.headers["content-type"] == "application/json"
    sent = json.loads(request.content, parse_float=Decimal)
    assert sent == sample_request(id)
    if id in ("timesheets.login", "timesheets.register"):
        assert "authorization" not in request.headers
    else:
        assert request.headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("id", [row for row in DOCUMENT if row not in NO_SAMPLE_ANSWER])
async def test_nothing_of_the_documents_answer_is_lost(id: str) -> None:
    """Every value of the sample is in the typed result, and no documented key is unknown."""
    answer = answers(id)[0]
    made, _ = client(answer)
    result = await call(made, id)
    shown = {name: answer[name] for name in ("data", "id", "token", "count") if name in answer}
    if id in COUNT_OF_ONE_RESULT:
        del shown["count"]
    if "comments" in id:
        # The count is of all comments, and they are all there.
        assert result.count == answer["count"]
    assert not lost(shown, result)
    assert unknown_keys(result) == []


COUNT_OF_ONE_RESULT = {"timesheets.ts.approve", "timesheets.ts.get"}
"""Their results are no lists, so that the count says nothing more."""

REFUSED = [
    (name, status)
    for name, row in DOCUMENT.items()
    for status, _ in row["answers"]
    if status != 200
]


@pytest.mark.parametrize(("id", "status"), REFUSED)
async def test_the_documents_refusals(id: str, status: int) -> None:
    body = answers(id, status)[0]
    made, _ = client(httpx.Response(status, json=body))
    kind = {401: AuthenticationFailed, 404: NotFound}[status]
    with pytest.raises(kind) as caught:
        await call(made, id)
    error = caught.value
    assert error.message == body["message"]
    assert error.code == {401: "9", 404: "5"}[status] == str(body["error_code"])
    assert (error.service, error.operation, error.status) == ("timesheets", id, status)
    assert error.advice


@pytest.mark.parametrize("id", sorted(NO_SAMPLE_ANSWER))
async def test_csv_comes_as_text(id: str) -> None:
    file = "\ufeffid,name\r\n1,Ærø\r\n"
    made, capture = client(
        httpx.Response(200, content=file.encode(), headers={"content-type": "text/csv"})
    )
    assert await call(made, id) == "id,name\r\n1,Ærø\r\n"
    assert capture.request.headers["accept"] == "text/csv, application/json"
