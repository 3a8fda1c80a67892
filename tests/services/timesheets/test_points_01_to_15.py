"""The first half of the Timesheets document's thirty inconsistencies, and what the client does.

The number in a test's name is the point's number in the reference ("Inconsistent fields").
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.services.timesheets.samples import (
    DOCUMENT,
    DONE,
    MADE,
    MOMENT,
    UNIX,
    client,
    sent,
    success,
)
from tui.services.errors import InvalidArgument


@pytest.mark.parametrize(
    ("status", "account"), [("SUCCESS", None), ("ACTIVE", "ACTIVE"), ("PENDING", "PENDING")]
)
async def test_01_status_is_the_calls_or_the_accounts(status: str, account: str | None) -> None:
    made, _ = client({"status": status, "message": "m", "token": "t0ken"}, token="")
    entered = await made.login("test@test.com", "12345678")
    assert (entered.account, entered.token) == (account, "t0ken")


async def test_02_password_lengths() -> None:
    made, capture = client(MADE)
    for length in (7, 17):
        with pytest.raises(InvalidArgument, match="8 to 16"):
            await made.register("a@b.c", "x" * length)
    for length in (7, 16):
        with pytest.raises(InvalidArgument, match="8 to 15"):
            await made.user.create("a@b.c", password="x" * length)
        with pytest.raises(InvalidArgument, match="8 to 15"):
            await made.user.update(user_id=1, password="x" * length)
    assert capture.requests == []
    await made.user.create("a@b.c", password="x" * 15)
    made, _ = client({**DONE, "token": "t"})
    await made.register("a@b.c", "x" * 16)


@pytest.mark.parametrize("word", ["paid", "payed"])
async def test_03_payed_and_paid(word: str) -> None:
    made, _ = client(success({"id": 1, "status": word, f"{word}_date": UNIX}))
    invoice = await made.invoice.info(1)
    assert (invoice.paid, invoice.payed_date) == (True, MOMENT)
    made, _ = client(success([{"id": 1, "payment_status": word}]))
    assert (await made.ts.search()).items[0].paid
    made, _ = client(success({"id": 1, f"{word}_hours": 2.5}))
    assert (await made.user.info()).paid_hours == Decimal("2.5")
    made, capture = client(DONE)
    await made.invoice.set_payed(1, MOMENT)
    assert capture.request.url.path == "/api/KIKKY/invoice/set_payed"
    assert sent(capture) == {"invoice_id": 1, "payed_date": UNIX}


@pytest.mark.parametrize(
    "wire", [UNIX, str(UNIX), "2020-04-20 00:00:00", "2020-04-20T02:00:00+02:00", UNIX + 0.0]
)
async def test_04_times_in_three_forms(wire: Any) -> None:
    made, _ = client(success({"id": 1, "due_date": wire}))
    assert (await made.invoice.info(1)).due_date == MOMENT
    made, _ = client(success([{"status": "approved", "event_date": wire}]))
    assert (await made.ts.history(1)).items[0].date == MOMENT


async def test_05_start_time_and_start_datetime() -> None:
    for name in ("time", "datetime"):
        entry = {"id": 1, f"start_{name}": UNIX, f"end_{name}": UNIX}
        made, _ = client(success([entry]))
        [found] = (await made.ts.search()).items
        assert (found.start_time, found.end_time) == (MOMENT, MOMENT)
        made, _ = client(success([entry]))
        [pause] = (await made.ts.breaks(1)).items
        assert (pause.start_time, pause.end_time) == (MOMENT, MOMENT)
    made, capture = client(MADE)
    await made.ts.create(1, start_time=MOMENT)
    assert sent(capture) == {"user_id": 1, "start_time": UNIX}
    await made.ts.update(1, start_datetime=MOMENT)
    assert sent(capture) == {"time_entry_id": 1, "start_datetime": UNIX}
    made, capture = client(DONE)
    await made.schedule.update(1, start_time="09:00")
    assert sent(capture) == {"schedule_id": 1, "start_time": "09:00"}
    for wrong in ("9:00", "24:00", "09:60", "09:00:00"):
        with pytest.raises(InvalidArgument, match="HH:MM"):
            await made.schedule.update(1, end_time=wrong)


async def test_06_what_comes_along_has_its_id_of_its_key() -> None:
    along = {"users": {"3": {"first_name": "A"}, "4": {"id": 4}}, "projects": {"9": {"name": "p"}}}
    made, _ = client(success({"tasks": [{"id": 1}], **along}))
    related = (await made.task.search(with_=["users"])).related
    assert [one.id for one in related.users.values()] == [3, 4]
    assert related.projects[9].id == 9


async def test_06_entries_as_a_list_or_a_map() -> None:
    listed = {"id": 1, "entries": [{"id": 7, "start_time": UNIX, "duration": 60}]}
    mapped = {"id": 1, "entries": {"7": {"start_datetime": UNIX, "duration": "60"}}}
    found = []
    for task in (listed, mapped):
        made, _ = client(success({"tasks": [task]}))
        found.append((await made.task.search()).items[0].time_entries)
    assert found[0] == found[1]
    assert (found[0][0].id, found[0][0].start_time, found[0][0].duration) == (7, MOMENT, 60)
    made, _ = client(success({"tasks": [mapped]}))
    [entry] = dict((await made.task.search()).items[0].entries).values()  # type: ignore[arg-type]
    assert entry.id == 7, "what is read of the record itself has the id, too"
    made, _ = client(success({"tasks": [{"id": 1, "entries": []}]}))
    assert (await made.task.info(1)).task.time_entries == []


@pytest.mark.parametrize(
    ("answer", "count"),
    [
        (success({"tasks": [{"id": 1}]}, count=40), 40),
        (success({"tasks": [{"id": 1}], "count": 40}), 40),
        (success({"tasks": [{"id": 1}], "count": "40"}), 40),
        (success({"tasks": [{"id": 1}]}), 1),
    ],
)
async def test_07_count_in_either_place_or_nowhere(answer: dict[str, Any], count: int) -> None:
    made, _ = client(answer)
    assert (await made.task.search()).count == count
    data = {**answer["data"], "groups": [{"value": 1, "items": []}]}
    made, _ = client({**answer, "data": data})
    assert (await made.task.search_group()).count == count


async def test_08_misspelt_keys_of_the_samples_are_not_sent() -> None:
    assert DOCUMENT["timesheets.schedule.info"]["request"] == {"shedule_id": 1}
    assert "schedule_1" in DOCUMENT["timesheets.rate.create"]["request"]
    made, capture = client(success({"id": 1}))
    await made.schedule.info(1)
    assert sent(capture) == {"schedule_id": 1}
    made, capture = client(MADE)
    await made.rate.create(1, 2, "r", "days")
    assert sent(capture)["schedule_id"] == 2


@pytest.mark.parametrize(
    ("wire", "active"),
    [("active", True), ("inactive", False), (True, True), (False, False), ("new", None), (1, True)],
)
async def test_09_status_of_groups_and_clients(wire: Any, active: bool | None) -> None:
    for ask in ("group", "client"):
        made, _ = client(success({"id": 1, "status": wire}))
        assert (await getattr(made, ask).info(1)).active is active
    made, _ = client(success({"id": 1}))
    assert (await made.client.info(1)).active is None
    made, capture = client(MADE)
    await made.group.create("g", status=True)
    assert sent(capture)["status"] is True
    await made.group.update(1, status="inactive")
    assert sent(capture)["status"] == "inactive"
    await made.client.update(1, status=False)
    assert sent(capture)["status"] is False


async def test_10_order_for_users_and_order_by_for_the_others() -> None:
    made, capture = client(success({"groups": []}))
    await made.user.search_group(group_by="is_active", order="asc")
    assert sent(capture) == {"group_by": "is_active", "order": "asc"}
    await made.client.search_group(group_by="city", order_by="desc")
    assert sent(capture) == {"group_by": "city", "order_by": "desc"}


async def test_11_a_project_is_changed_by_its_own_id() -> None:
    made, capture = client(DONE)
    await made.project.update(1, description="my project")
    assert sent(capture) == DOCUMENT["timesheets.project.update"]["request"]
    with pytest.raises(TypeError):
        await made.project.update(client_id=1)  # type: ignore[call-arg]


async def test_12_grouped_task_search_sends_what_is_given() -> None:
    made, capture = client(success({"groups": []}))
    await made.task.search_group(client_id=1, project_id=2, category="c", duration_unit="days")
    assert sent(capture) == {
        "client_id": 1,
        "project_id": 2,
        "category": "c",
        "duration_unit": "days",
    }


async def test_13_parameters_that_only_samples_have() -> None:
    made, capture = client(success({"groups": [], "time_entry": {"id": 1}}, id=1))
    await made.ts.create(1, location=[52.5, 13.4])
    assert sent(capture)["location"] == [Decimal("52.5"), Decimal("13.4")]
    await made.ts.get(1, with_=["users", "projects", "comments", "breaks"])
    assert sent(capture)["with"] == ["users", "projects", "comments", "breaks"]
    await made.ts.search_group(project_id=3)
    assert sent(capture) == {"project_id": 3}
    await made.task.search_group(project_id=3)
    assert sent(capture) == {"project_id": 3}
    made, capture = client(success([]))
    await made.ts.search(project_id=3, payment_status="pending")
    assert sent(capture) == {"project_id": 3, "payment_status": "pending"}
    made, capture = client(httpx.Response(200, text="", headers={"content-type": "text/csv"}))
    await made.client.export_csv(with_=["projects"])
    assert sent(capture) == {"with": ["projects"]}
    for wrong in ([1.0], [91.0, 0.0], [0.0, 181.0], []):
        with pytest.raises(InvalidArgument, match="latitude"):
            await made.ts.start(location=wrong)


async def test_14_keyword_and_keywords() -> None:
    made, capture = client(success([]))
    await made.client.search(keyword="x")
    assert sent(capture) == {"keyword": "x"}
    await made.ts.search(keywords="x")
    assert sent(capture) == {"keywords": "x"}


async def test_15_an_invoice_search_takes_a_list_of_clients() -> None:
    made, capture = client(success([]))
    await made.invoice.search([1, 2])
    assert sent(capture) == {"client_id": [1, 2]}
    await made.client.search(client_ids=[1])
    assert sent(capture) == {"client_ids": [1]}
    with pytest.raises(InvalidArgument, match="client_id"):
        await made.invoice.search([])
    with pytest.raises(InvalidArgument, match="client_id"):
        await made.invoice.search_group([])
