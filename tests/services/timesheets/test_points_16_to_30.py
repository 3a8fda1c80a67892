"""The second half of the Timesheets document's thirty inconsistencies, and what the client does.

The number in a test's name is the point's number in the reference ("Inconsistent fields").
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.services.timesheets.samples import (
    DONE,
    MADE,
    MOMENT,
    UNIX,
    answers,
    client,
    encoded,
    sent,
    success,
)
from tui.services.errors import (
    AuthenticationFailed,
    InvalidArgument,
    PermissionDenied,
    ProtocolViolation,
    Refused,
)


async def test_16_a_phone_is_text_though_samples_have_a_number() -> None:
    made, capture = client(success({"id": 1, "phone": 12345678912}))
    assert (await made.client.info(1)).phone == "12345678912"
    made, capture = client(MADE)
    await made.client.create("John", phone="+49 30 1")
    assert sent(capture)["phone"] == "+49 30 1"


@pytest.mark.parametrize(
    "settings", [[{}], [], {}, {"datetime_format": "d.m.Y"}, None], ids=json.dumps
)
async def test_17_settings_and_empty_maps(settings: Any) -> None:
    made, _ = client(success({"id": 1, "settings": settings}))
    found = (await made.user.info()).settings
    assert found == (settings or {})
    empty = {"imported": [], "updated": [], "passed": [], "fail": [], "exported": []}
    made, _ = client(success({"customers": empty, "projects": empty, "tasks": []}))
    result = await made.integration.import_customers()
    assert (result.customers.imported, result.customers.passed) == ({}, {})
    made, _ = client(answers("timesheets.integration.export_timeentries")[0])
    exported = await made.integration.export_timeentries(time_entry_ids=[1, 2])
    assert exported.time_entries.exported == [{"1": "10"}]
    assert list(exported.time_entries.fail) == ["2"]


async def test_18_comments_and_breaks_are_nothing_a_count_or_a_list() -> None:
    for wire, count in (("", None), (3, 3), ("3", 3), (None, None)):
        entry = {"id": 3, "comments": wire, "breaks": wire}
        made, _ = client(success({"current_tasks": [], "current_time_entry": entry}))
        running = (await made.user.dashboard()).current_time_entry
        assert running
        assert (running.comments, running.breaks) == (count, count)
    made, _ = client(answers("timesheets.ts.get")[0])
    detail = await made.ts.get(1)
    assert detail.entry.breaks == 1
    assert [pause.duration for pause in detail.breaks] == [600]
    assert [comment.content for comment in detail.comments] == ["content"]


async def test_19_an_entry_may_be_done() -> None:
    made, capture = client(success({"time_entries": [{"id": 3, "status": "done"}]}, timestamp=UNIX))
    found = await made.user.history(filters={"status": "done"}, sorts={"task_id": "desc"})
    assert found.items[0].status == "done"
    assert found.timestamp == MOMENT
    assert sent(capture) == {"filters": {"status": "done"}, "sorts": {"task_id": "desc"}}


@pytest.mark.parametrize("value", [True, False, 0, 7, "active", "?", "", None, 1.5])
async def test_20_group_values_of_any_type(value: Any) -> None:
    made, _ = client(success({"groups": [{"value": value, "items": {"5": {"name": "x"}}}]}))
    [group] = (await made.client.search_group()).groups
    assert group.value == value
    assert type(group.value) is type(value) or isinstance(group.value, Decimal)
    assert (group.count, group.items[0].id) == (1, 5)


@pytest.mark.parametrize("unit", ["minutes", "hours", "days", "weeks", "months", "years"])
async def test_21_units_of_time(unit: Any) -> None:
    made, capture = client(success([{"id": 1, "duration_unit": unit, "amount": "10.10"}]))
    found = await made.rate.search(duration_unit=unit)
    assert sent(capture) == {"duration_unit": unit}
    assert (found.items[0].duration_unit, found.items[0].amount) == (unit, Decimal("10.10"))


async def test_22_a_default_limit_is_left_to_the_service_and_all_pages_can_be_had() -> None:
    from tui.services.timesheets.answers import pages

    made, capture = client(success([]))
    await made.client.search()
    assert sent(capture) == {}
    for wrong in ({"limit": 0}, {"offset": -1}):
        with pytest.raises(InvalidArgument):
            await made.client.search(**wrong)

    def page(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        rest = range(body["offset"], min(body["offset"] + body["limit"], 25))
        return encoded(success({"clients": [{"id": number} for number in rest]}, count=25))

    made, capture = client(page)
    every = pages(made.client.search, limit=10, keyword="x")
    assert [found.id for found in await every.collect()] == list(range(25))
    assert (every.total, every.cut_off, len(capture.requests)) == (25, False, 3)
    some = pages(made.client.search, limit=10, at_most=12)
    assert len(await some.collect()) == 12
    assert some.cut_off


async def test_23_the_current_user_is_never_changed_or_deleted_unasked() -> None:
    made, capture = client(DONE)
    with pytest.raises(InvalidArgument, match="delete the current user"):
        await made.user.delete()
    with pytest.raises(InvalidArgument, match="change the current user"):
        await made.user.update(first_name="x")
    assert capture.requests == []
    await made.user.delete(user_id=2)
    assert sent(capture) == {"user_id": 2}


@pytest.mark.parametrize("pack", [json.dumps, lambda data: data], ids=["packed", "plain"])
async def test_24_data_packed_into_a_text(pack: Any) -> None:
    made, _ = client(success(pack({"id": 1, "name": "x", "status": "active"})))
    assert (await made.client.info(1)).name == "x"
    made, _ = client(success(pack([{"id": 1, "amount": 0.1}])))
    assert (await made.invoice.search([1])).items[0].amount == Decimal("0.1")
    made, _ = client(success('{"id": 1'))
    with pytest.raises(ProtocolViolation, match="data"):
        await made.client.info(1)
    made, _ = client(success(json.dumps(json.dumps({"id": 1}))))
    with pytest.raises(ProtocolViolation, match="data"):
        await made.client.info(1)


async def test_25_the_bookkeeping_service_is_a_parameter() -> None:
    made, capture = client(success({}))
    await made.integration.import_employees()
    assert capture.request.url.path == "/api/KIKKY/integration/xero/import_employees"
    await made.integration.import_employees("adp")
    assert capture.request.url.path == "/api/KIKKY/integration/adp/import_employees"
    await made.integration.export_timeentries()
    assert capture.request.url.path == "/api/KIKKY/integration/qbo/export_timeentries"
    await made.integration.disconnect("xero")
    assert sent(capture) == {}
    with pytest.raises(InvalidArgument, match="client_id, client_secret, settings"):
        await made.integration.update("qbo")


async def test_26_words_are_shown_and_decide_nothing() -> None:
    for words in ("Starteed.", "Stopped.", "Error!", "Task not found."):
        made, _ = client({"status": "SUCCESS", "message": words})
        assert (await made.ts.start(task_id=1)).message == words
    for words in ("Found started TimeEntry.", "Successfully started."):
        made, _ = client({"status": "ERROR", "message": words})
        with pytest.raises(Refused, match=words.rstrip(".")):
            await made.ts.start(task_id=1)


async def test_27_the_running_entry_is_read_from_the_dashboard() -> None:
    made, _ = client(DONE, answers("timesheets.user.dashboard")[0])
    await made.ts.start(task_id=1)
    board = await made.user.dashboard()
    assert board.current_time_entry
    assert (board.current_time_entry.id, board.current_time_entry.end_time) == (3, None)
    assert board.current_tasks[0].name == "testTask"
    made, _ = client({"status": "NOT-MODIFIED", "message": ""})
    unchanged = await made.user.dashboard(last_update=MOMENT)
    assert (unchanged.modified, unchanged.current_time_entry) == (False, None)
    made, _ = client({"status": "NOT-MODIFIED", "message": "", "data": []})
    assert not (await made.user.history(last_update=MOMENT)).modified


async def test_28_an_invoice_takes_tasks_and_its_price_comes_from_entries() -> None:
    made, capture = client(success({"duration": "3600", "sum": 30.55}), MADE)
    cost = await made.ts.calc(time_entry_ids=[22, 23])
    assert (cost.duration, cost.sum) == (3600, Decimal("30.55"))
    assert sent(capture) == {"time_entry_ids": [22, 23]}
    await made.invoice.create(1, [5], amount=cost.sum, due_date=MOMENT)
    assert capture.request.content == (
        b'{"client_id":1,"task_ids":[5],"due_date":1587340800,"amount":30.55}'
    )
    with pytest.raises(InvalidArgument, match="task_ids"):
        await made.invoice.create(1, [])


async def test_29_marking_as_paid_is_for_administrators() -> None:
    made, capture = client(httpx.Response(403, json={"status": "ERROR", "message": "No admin."}))
    with pytest.raises(PermissionDenied, match="No admin"):
        await made.invoice.set_payed(1, MOMENT)
    assert len(capture.requests) == 1


async def test_30_dates_of_projects_are_sent_as_unix_seconds() -> None:
    made, capture = client(MADE)
    await made.project.create(1, "p", planned_start_date=MOMENT)
    assert sent(capture)["planned_start_date"] == UNIX
    await made.project.update(1, planned_start_date=MOMENT)
    assert sent(capture)["planned_start_date"] == UNIX
    with pytest.raises(InvalidArgument, match="planned_start_date"):
        await made.project.update(1, planned_start_date=MOMENT.replace(tzinfo=None))
    await made.user.create("a@b.c", birth_date=date(1988, 11, 22))
    assert sent(capture)["birth_date"] == "1988-11-22"


async def test_an_expired_session_and_a_missing_one_are_told_apart() -> None:
    """Not one of the thirty, but what they rest on: codes decide, not words."""
    made, _ = client(httpx.Response(200, json={"status": "ERROR", "message": "", "error_code": 9}))
    with pytest.raises(AuthenticationFailed):
        await made.client.info(1)


async def test_a_list_without_data_is_no_empty_list() -> None:
    made, _ = client(DONE)
    with pytest.raises(ProtocolViolation, match=r"answer\.data is missing"):
        await made.invoice.search([1])
    made, _ = client(DONE)
    with pytest.raises(ProtocolViolation, match=r"answer\.data is missing"):
        await made.invoice.search_group([1])
    for none in ({**DONE, "count": 0}, {**DONE, "data": None}, {**DONE, "status": "NOT-MODIFIED"}):
        made, _ = client(none)
        assert (await made.invoice.search([1])).items == []
