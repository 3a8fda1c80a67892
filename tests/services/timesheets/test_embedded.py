"""The Timesheets client over real sockets against the embedded service, orderly and quirky.

Each chapter works on what it made itself; together they call every operation there is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.harness import Clock, EmbeddedServer
from tui.services.errors import (
    AuthenticationFailed,
    InvalidArgument,
    NotFound,
    Refused,
    ServiceError,
)
from tui.services.timesheets import Timesheets
from tui.services.timesheets.answers import pages
from tui.services.transport import Transport

NOON = datetime(2026, 1, 14, 12, tzinfo=UTC)


@pytest.fixture(scope="module", params=["orderly", "quirky"])
def server(request: pytest.FixtureRequest) -> Iterator[EmbeddedServer]:
    """The sample workspace as of a Wednesday noon."""
    quirks = request.param == "quirky"
    with EmbeddedServer(services=("timesheets",), clock=Clock(NOON), quirks=quirks) as running:
        yield running


def connect(server: EmbeddedServer, **options: Any) -> Timesheets:
    known = server.credentials
    given = {
        "app": known.timesheets_app,
        "email": known.timesheets_email,
        "password": known.timesheets_password,
        **options,
    }
    return Timesheets(Transport("timesheets", server.url("/timesheets")), **given)


@pytest.fixture
async def made(server: EmbeddedServer) -> AsyncIterator[Timesheets]:
    """The administrator's client on a fresh workspace."""
    server.reset()
    async with connect(server) as client:
        yield client


async def a_task(made: Timesheets) -> tuple[int, int, int]:
    """A new client, project and task."""
    client = await made.client.create("Fjord Films", city="Bergen", status=True)
    project = await made.project.create(client.id, "Trailer", planned_start_date=NOON)
    task = await made.task.create(project.id, "Cut", estimate=Decimal("1.5"), estimate_unit="hours")
    return client.id, project.id, task.id


async def test_from_a_running_timer_to_a_paid_invoice(
    made: Timesheets, server: EmbeddedServer
) -> None:
    client, _, task = await a_task(made)
    board = await made.user.dashboard()
    if board.current_time_entry:
        await made.ts.stop()
    await made.ts.start(task_id=task, location=[60.39, 5.32], comment="off we go")
    with pytest.raises(Refused):
        await made.ts.start(task_id=task)
    running = (await made.user.dashboard()).current_time_entry
    assert running
    assert (running.task_id, running.end_time, running.start_time) == (task, None, NOON)
    server.clock.advance(minutes=30)
    pause = await made.ts.break_start(running.id)
    server.clock.advance(minutes=10)
    await made.ts.break_stop(running.id)
    server.clock.advance(minutes=50)
    await made.ts.stop(task_id=task, comment="done")
    [taken] = (await made.ts.breaks(running.id)).items
    assert (taken.id, taken.duration) == (pause.id, 600)

    approved = await made.ts.approve(time_entry_ids=[running.id])
    assert approved.ids == [running.id]
    cost = await made.ts.calc(time_entry_ids=[running.id])
    assert cost.duration in (80 * 60, 90 * 60)
    assert cost.sum > 0
    bill = await made.invoice.create(client, [task], amount=cost.sum, due_date=NOON)
    await made.invoice.update(bill.id, amount=cost.sum + Decimal("0.01"))
    found = await made.invoice.info(bill.id)
    assert (found.amount, found.due_date, found.paid) == (cost.sum + Decimal("0.01"), NOON, False)
    await made.invoice.set_payed(bill.id, NOON)
    assert (await made.invoice.info(bill.id)).paid
    assert (await made.ts.search(task_id=task)).items[0].paid, "its entries are paid too"
    assert [one.id for one in (await made.invoice.search([client])).items] == [bill.id]
    by_status = await made.invoice.search_group([client], group_by="status", order_by="asc")
    assert [[one.id for one in group.items] for group in by_status.groups] == [[bill.id]]
    remark = await made.invoice.add_comment(bill.id, "Thanks & bye")
    talk = await made.invoice.comments(bill.id, with_=["users"])
    assert [(one.id, one.content) for one in talk.items] == [(remark.id, "Thanks & bye")]
    assert talk.items[0].commentator in talk.related.users
    with pytest.raises(Refused):
        await made.invoice.delete(bill.id)
    await made.invoice.update(bill.id, status="new")
    await made.invoice.delete(bill.id)
    with pytest.raises(NotFound):
        await made.invoice.info(bill.id)


async def test_time_entries(made: Timesheets) -> None:
    _, project, task = await a_task(made)
    me = (await made.user.info()).id
    start = NOON - timedelta(hours=5)
    entry = await made.ts.create(
        me, task_id=task, start_time=start, end_time=start + timedelta(hours=2), comment="Draft"
    )
    await made.ts.update(entry.id, end_datetime=start + timedelta(hours=3))
    detail = await made.ts.get(entry.id, with_=["users", "projects", "comments", "breaks"])
    assert detail.entry.duration == 3 * 3600
    assert set(detail.related.tasks) == {task}
    assert set(detail.related.projects) == {project}
    assert set(detail.related.users) == {me}
    found = await made.ts.search(
        task_id=task, start_datetime=start, with_=["users", "tasks", "projects"]
    )
    assert ([one.id for one in found.items], found.count) == ([entry.id], 1)
    assert found.related.tasks[task].name == "Cut"
    for group_by in ("user", "task", "status", "payment_status", "schedule"):
        grouped = await made.ts.search_group(project_id=project, group_by=group_by)
        assert [one.id for group in grouped.groups for one in group.items] == [entry.id]
    remark = await made.ts.add_comment(entry.id, "Looks fine")
    talk = await made.ts.comments(entry.id, with_=["users"])
    assert remark.id in [one.id for one in talk.items]
    table = list(
        csv.reader(io.StringIO(await made.ts.export(time_entry_ids=[entry.id], with_headers=True)))
    )
    assert len(table) == 2
    assert str(entry.id) in table[1]
    changes = (await made.ts.history(entry.id)).items
    assert all(change.date for change in changes)
    mine = await made.user.history(with_=["tasks", "projects"], filters={"task_id": task})
    assert [one.id for one in mine.items] == [entry.id]
    done = await made.task.work_history(task, with_=["users", "tasks", "projects"])
    assert [one.start_time for one in done.items] == [start]
    await made.ts.delete(entry.id)
    with pytest.raises(NotFound):
        await made.ts.get(entry.id)


async def test_clients_projects_and_tasks(made: Timesheets, server: EmbeddedServer) -> None:
    client, project, task = await a_task(made)
    await made.client.update(client, phone="+47 55 00", industry="Film", status=False)
    shown = await made.client.info(client)
    assert (shown.name, shown.phone) == ("Fjord Films", "+47 55 00")
    assert not shown.active
    found = await made.client.search(client_ids=[client], with_=["projects"])
    assert found.items[0].projects == [project]
    assert found.related.projects[project].name == "Trailer"
    grouped = await made.client.search_group(client_ids=[client], group_by="city")
    assert [group.value for group in grouped.groups] == ["Bergen"]
    text = await made.client.export_csv(client_ids=[client], with_=["projects"])
    assert "Fjord Films" in text

    await made.project.update(project, description="Two minutes", status="in-progress")
    plan = await made.project.info(project)
    assert (plan.description, plan.planned_start_date) == ("Two minutes", NOON)
    with_tasks = await made.project.search(client_id=client, with_=["tasks", "clients"])
    assert (with_tasks.items[0].tasks, set(with_tasks.related.clients)) == ([task], {client})
    by_client = await made.project.search_group(client_id=client, group_by="client")
    assert [str(group.value) for group in by_client.groups] == [str(client)]

    me = (await made.user.info()).id
    await made.task.add_user(task, me)
    await made.task.update(task, name="Final cut", status="in-progress")
    detail = await made.task.info(task, with_=["users", "projects"])
    assert (detail.task.name, detail.task.users) == ("Final cut", [me])
    assert detail.task.estimate_hours == Decimal("1.5")
    assert detail.related.users[me].email == server.credentials.timesheets_email
    assert [one.id for one in (await made.task.search(project_id=project)).items] == [task]
    by_status = await made.task.search_group(project_id=project, group_by="status")
    assert [group.value for group in by_status.groups] == ["in-progress"]
    assert [change.status for change in (await made.task.history(task)).items]
    remark = await made.task.add_comment(task, "Soon")
    assert [one.id for one in (await made.task.comments(task)).items] == [remark.id]
    await made.task.delete_user(task, me)
    assert (await made.task.info(task)).task.users == []
    await made.task.delete(task)
    await made.project.delete(project)
    await made.client.delete(client)
    with pytest.raises(NotFound):
        await made.client.info(client)


async def test_users_groups_schedules_and_rates(made: Timesheets) -> None:
    person = await made.user.create(
        "ada@example.org",
        password="long-enough",
        first_name="Ada",
        birth_date=date(1988, 11, 22),
        hourly_rate=Decimal("10.05"),
    )
    await made.user.update(user_id=person.id, last_name="Lind", position="Editor")
    shown = await made.user.info(user_id=person.id)
    assert (shown.name, shown.birth_date) == ("Ada Lind", date(1988, 11, 22))
    assert shown.hourly_rate == Decimal("10.05")
    assert [one.id for one in (await made.user.search(email="ada@")).items] == [person.id]
    grouped = await made.user.search_group(group_by="is_active", order="desc")
    assert person.id in [one.id for group in grouped.groups for one in group.items]

    team = await made.group.create("Night shift", pay_rate=Decimal("5.5"), status=True)
    await made.group.add_user(team.id, person.id)
    assert [one.id for one in (await made.group.get_users(team.id)).items] == [person.id]
    await made.group.update(team.id, name="Late shift", status="inactive")
    assert [one.name for one in (await made.group.search(group_id=team.id)).items] == ["Late shift"]
    about = await made.group.info(team.id)
    assert (about.pay_rate, about.active) == (Decimal("5.5"), False)
    await made.group.delete_user(team.id, person.id)
    assert (await made.group.get_users(team.id)).items == []
    await made.group.delete(team.id)

    days: Any = {"monday": True, "sunday": False}
    hours = await made.schedule.create(
        "Mornings", days, "06:00", "09:59", is_holiday=False, is_overnight=False
    )
    await made.schedule.update(hours.id, name="Early")
    plan = await made.schedule.info(hours.id)
    assert (plan.name, plan.start_time, plan.days_of_week["monday"]) == ("Early", "06:00", True)
    assert hours.id in [one.id for one in (await made.schedule.search(keyword="Earl")).items]

    price = await made.rate.create(person.id, hours.id, "Early Ada", "hours", amount=Decimal("9.9"))
    await made.rate.update(price.id, amount=Decimal("12.35"))
    assert (await made.rate.info(price.id)).amount == Decimal("12.35")
    assert [one.id for one in (await made.rate.search(user_id=person.id)).items] == [price.id]
    await made.rate.delete(price.id)
    await made.schedule.delete(hours.id)
    await made.user.delete(user_id=person.id)
    with pytest.raises(ServiceError):
        await made.rate.info(price.id)


async def test_bookkeeping(made: Timesheets) -> None:
    await made.integration.update(
        "qbo", client_id="abc", client_secret="def", settings={"import_customers": True}
    )
    link = await made.integration.authorize("qbo")
    assert link.url.startswith("http")
    people = await made.integration.import_employees()
    assert isinstance(people.imported, dict)
    moved = await made.integration.import_customers()
    assert isinstance(moved.customers.passed, dict)
    entry = (await made.ts.search(status="approved", limit=1)).items[0]
    exported = await made.integration.export_timeentries(time_entry_ids=[entry.id])
    assert exported.time_entries.exported or exported.time_entries.fail
    await made.integration.disconnect("qbo")


async def test_every_page_of_a_search(made: Timesheets) -> None:
    total = (await made.ts.search(limit=1)).count
    assert total > 300
    every = pages(made.ts.search, limit=100)
    items = await every.collect()
    assert len({one.id for one in items}) == total == len(items)
    assert not every.cut_off


async def test_who_may_and_who_may_not(made: Timesheets, server: EmbeddedServer) -> None:
    await made.user.info()
    async with connect(server, token="stale") as stale:
        assert (await stale.user.info()).email == server.credentials.timesheets_email
    async with connect(server, email="", password="", token="stale") as pasted:
        with pytest.raises(AuthenticationFailed):
            await pasted.user.info()
    async with connect(server, password="wrong-one") as wrong:
        with pytest.raises(AuthenticationFailed):
            await wrong.user.info()
    async with connect(server, app="nobody") as lost:
        with pytest.raises(NotFound):
            await lost.user.info()
    async with connect(server, email="", password="") as nobody:
        with pytest.raises(AuthenticationFailed):
            await nobody.register("new@example.org", "long-enough", first_name="New")
    entered = await made.register("new@example.org", "long-enough", first_name="New")
    assert entered.token or entered.account == "PENDING"
    assert (await made.user.info()).email == server.credentials.timesheets_email
    known = server.credentials
    async with connect(server, email="", password="") as fresh:
        entered = await fresh.login(known.timesheets_email, known.timesheets_password)
        assert (await fresh.user.info()).email == known.timesheets_email
    with pytest.raises(InvalidArgument):
        await made.user.delete()


def test_together_they_call_every_operation() -> None:
    source = Path(__file__).read_text("utf-8")
    calls = [f".{name.removeprefix('timesheets.')}(" for name in Timesheets.operations()]
    assert [call for call in calls if call not in source] == []
