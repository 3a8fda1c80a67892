"""The days of invoices that recur, what of them is due, and drafting each once."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deck import at_work
from tests.harness import EmbeddedServer
from tui.services.errors import Refused
from tui.store.papers import PeriodKey, Recurring
from tui.workspace.invoices.book import Book
from tui.workspace.invoices.recurring import day_at, due, next_day, periods, rhythm
from tui.workspace.invoices.recurring_desk import RecurringDesk
from tui.workspace.times import today_in
from tui.workspace.workspace import Workspace

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@st.composite
def recurring(draw: st.DrawFn) -> Recurring:
    first = draw(DAYS)
    ends = st.integers(0, 3000).map(lambda days: first + timedelta(days=days))
    return Recurring(
        id="a",
        client=1,
        every=draw(st.integers(1, 30)),
        unit=draw(st.sampled_from(["weeks", "months"])),
        first=first,
        last=draw(st.none() | ends),
    )


@given(recurring(), st.integers(-40, 4000))
def test_the_days_rise_keep_their_place_and_leave_no_work_out(one: Recurring, after: int) -> None:
    until = one.first + timedelta(days=after)
    found = list(periods(one, until))
    days = [period.day for period in found]
    assert days == sorted(set(days))
    assert all(one.first <= day <= min(until, one.last or until) for day in days)
    for before, period in pairwise(found):
        assert period.first == before.day == before.last + timedelta(days=1)
    for place, day in enumerate(days):
        if one.unit == "weeks":
            assert (day - one.first).days == place * one.every * 7
        else:
            assert day.day == min(one.first.day, monthrange(day.year, day.month)[1])
            months = (day.year - one.first.year) * 12 + day.month - one.first.month
            assert months == place * one.every
    following = next_day(one, until)
    if following is None:
        assert one.last is not None
        assert day_at(one, len(days)) > one.last
    else:
        assert following > until
        assert following == day_at(one, len(days))


@given(recurring(), st.lists(st.integers(0, 400), max_size=12), st.data())
def test_what_was_missed_is_offered_each_once(
    one: Recurring, steps: list[int], data: st.DataObject
) -> None:
    """Whatever the days on which a person looks, and whichever of what is due they take first."""
    today, settled = one.first, set[PeriodKey]()
    for step in steps:
        today += timedelta(days=step)
        while (offered := due(one, today, settled)) and data.draw(st.booleans()):
            taken = data.draw(st.sampled_from(offered))
            assert taken.key not in settled
            settled.add(taken.key)
    everything = {period.key for period in periods(one, today)}
    left = [period.key for period in due(one, today, settled)]
    assert settled | set(left) == everything
    assert not settled & set(left)


def test_the_31st_is_the_last_day_of_a_shorter_month_and_the_31st_again() -> None:
    one = Recurring(id="a", client=1, first=date(2027, 10, 31))
    days = [f"{period.day:%m-%d}" for period in periods(one, date(2028, 4, 1))]
    assert days == ["10-31", "11-30", "12-31", "01-31", "02-29", "03-31"]
    assert rhythm(one) == "every month"
    assert rhythm(Recurring(id="a", client=1, first=one.first, every=2, unit="weeks")) == (
        "every 2 weeks"
    )
    beyond = Recurring(id="a", client=1, first=date(9999, 12, 31))
    assert [period.day for period in periods(beyond, date.max)] == [date(9999, 12, 31)]
    assert next_day(beyond, date.max) is None


async def put(desk: RecurringDesk, **values: object) -> Recurring:
    held = {"client": 1, "client_name": "Bayshore", "title": "Berth", "lines": "Berth: 120.00"}
    return await desk.save(None, {**held, "work": False, **values})


async def drafted(workspace: Workspace, one: Recurring) -> int:
    """The oldest of what is due, drafted as the deck does it."""
    desk = workspace.recurring
    period = next(each for each in desk.all() if each.recurring.id == one.id).due[0]
    clients = (await workspace.invoices.clients()).value
    client = next(each for each in clients.clients if each.id == one.client)
    work = (await workspace.invoices.work.of_client(1, clients.projects_of(1))).value
    bill = await desk.bill(period, client, work, await seen(workspace))
    return await desk.draft(bill, period, work)


async def seen(workspace: Workspace) -> Book:
    clients = (await workspace.invoices.clients()).value
    found = await workspace.invoices.invoices([one.id for one in clients.clients])
    return await workspace.papers.seen([one.id for one in found.value.invoices])


async def test_a_due_day_is_drafted_once_and_undo_and_redo_are_exact(tmp_path: Path) -> None:
    with EmbeddedServer(services=["timesheets"]) as server:
        async with at_work(server, tmp_path) as workspace:
            desk, today = workspace.recurring, today_in(workspace.zone)
            assert desk.all() == []
            assert not workspace.paper_file.database.path.exists(), "to look makes no file"  # type: ignore[union-attr]
            first = today - timedelta(weeks=5)
            one = await put(desk, every=2, unit="weeks", first=first)
            assert [each.day for each in desk.due()] == [
                first, first + timedelta(weeks=2), first + timedelta(weeks=4),
            ]  # fmt: skip
            number = await drafted(workspace, one)
            book = await seen(workspace)
            assert book.papers[number].state == "draft"
            assert str(book.sums[number].net) == "120.00"
            assert len(desk.due()) == 2, "it is dealt with"
            assert desk.all()[0].settled == {first: number}
            await workspace.history.undo()
            await seen(workspace)
            assert len(desk.due()) == 3, "the draft is gone, so it is due"
            await workspace.history.redo()
            book = await seen(workspace)
            assert len(desk.due()) == 2
            assert desk.all()[0].settled[first] in book.papers
            await desk.pass_over(desk.due()[0])
            assert len(desk.due()) == 1
            await desk.offer_again(one, first + timedelta(weeks=2))
            assert len(desk.due()) == 2
            changed = await desk.save(one, {"every": 1})
            assert changed.since == first + timedelta(days=1)
            assert desk.due()[0].day == first + timedelta(weeks=1)
            taken = await workspace.history.undo()
            assert taken is not None
            assert taken.title == "Change recurring invoice Berth"
            assert desk.all()[0].recurring == one
            await desk.delete(one)
            assert desk.all() == []
            await workspace.history.undo()
            assert desk.all()[0].settled.keys() == {first}


async def test_work_of_the_period_is_billed_and_no_other(tmp_path: Path) -> None:
    with EmbeddedServer(services=["timesheets"]) as server:
        await bills_the_period(server, tmp_path)


async def bills_the_period(server: EmbeddedServer, folder: Path) -> None:
    async with at_work(server, folder) as workspace:
        desk, today = workspace.recurring, today_in(workspace.zone)
        clients = (await workspace.invoices.clients()).value
        work = (await workspace.invoices.work.of_client(1, clients.projects_of(1))).value
        client = next(each for each in clients.clients if each.id == 1)
        await put(desk, first=today, work=True, lines="", every=12)
        (period,) = desk.due()
        bill = await desk.bill(period, client, work, await seen(workspace))
        days = [one.start_time.date() for one in bill.entries if one.start_time is not None]
        assert days
        assert all(period.first <= day <= period.last for day in days)
        nothing = await put(
            desk, first=date(2000, 1, 1), last=date(2000, 1, 1), lines="", work=True
        )
        period = next(each for each in desk.due() if each.recurring.id == nothing.id)
        with pytest.raises(Refused, match="nothing is to be billed"):
            await desk.bill(period, client, work, await seen(workspace))
