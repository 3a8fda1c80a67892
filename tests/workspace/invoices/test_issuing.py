"""When an issued invoice is due, and a number that the service could not be told yet."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deck import at_work
from tests.harness import EmbeddedServer
from tests.workspace.invoices.billing import (
    DAY,
    TENTH,
    UNBILLED,
    billable_client,
    invoices,
    made,
    read,
)
from tui.services.errors import AuthenticationFailed, OutcomeUnknown, Refused, ServiceError
from tui.store.papers import Paper
from tui.workspace.changes.errors import Waiting
from tui.workspace.invoices.book import EMPTY
from tui.workspace.invoices.drafting import Chosen, billable
from tui.workspace.invoices.extras import Extra
from tui.workspace.invoices.issuing import Issued, due_of
from tui.workspace.invoices.since_drafted import THEN
from tui.workspace.workspace import Workspace

DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
TERMS = st.integers(0, 90).map(timedelta)


@given(DAYS, st.integers(0, 400).map(timedelta), TERMS)
def test_terms_count_from_the_day_of_issue(
    drafted: date, later: timedelta, terms: timedelta
) -> None:
    issued = drafted + later
    assert due_of(drafted + terms, drafted, issued, terms) == issued + terms


@given(DAYS, DAYS, DAYS, TERMS)
def test_a_day_that_was_set_by_hand_stays_unless_it_is_over(
    due: date, drafted: date, issued: date, terms: timedelta
) -> None:
    found = due_of(due, drafted, issued, terms)
    assert found >= issued
    if due - drafted != terms:
        assert found == (due if due >= issued else issued + terms)
    # Nobody knows when one that came from elsewhere was drafted.
    assert due_of(due, None, issued, terms) == (due if due >= issued else issued + terms)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Waiting("x", change="1"), "is kept and will be sent"),
        (OutcomeUnknown("x", service="timesheets"), "it is looked for"),
        (Refused("It is too long.", service="timesheets"), "too long."),
        (AuthenticationFailed("x", service="timesheets"), "told when they are read again."),
        (None, ""),
    ],
)
def test_what_the_service_does_not_know_yet_is_said(error: ServiceError | None, said: str) -> None:
    news = Issued("1", DAY, None, error).news
    assert news.endswith(said) or said in news
    assert ("another machine" in news.casefold()) == (error is not None)


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["timesheets"]) as running:
        yield running


async def comments(workspace: Workspace, invoice: int) -> list[str]:
    service = await workspace.connections.timesheets()
    return [one.content for one in (await service.invoice.comments(invoice)).items]


async def test_a_number_that_could_not_be_told_is_told_once_by_who_took_it(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_words: Any, **_more: Any) -> None:
        raise AuthenticationFailed("who are you", service="timesheets")

    async with at_work(server, tmp_path) as one, at_work(server, tmp_path) as other:
        number = await made(one)
        invoice, _ = await read(one, number)
        with monkeypatch.context() as here:
            here.setattr(one.history, "write", refused)
            issued = await one.papers.issue(invoice, DAY, DAY + timedelta(days=14))
        assert issued.number == "2026-0001"
        assert isinstance(issued.error, AuthenticationFailed)
        said: list[str] = []
        one.history.sender.told = other.history.sender.told = said.append
        ids = [each.id for each in await invoices(other)]
        await other.papers.seen(ids)
        assert (await comments(one, number), said) == ([], []), "who took it is there: it tells it"
        await one.papers.seen(ids)
        assert await comments(one, number) == ["Issued as 2026-0001."]
        assert "another machine is warned now" in said.pop()
        await one.papers.seen(ids)
        await other.papers.seen(ids)
        assert (len(await comments(one, number)), said) == (1, [])


async def test_a_number_that_was_taken_as_its_taker_gave_up_is_told_by_the_next_look(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(server, tmp_path) as workspace:
        number = await made(workspace)
        invoice, _ = await read(workspace, number)
        papers, loop = workspace.paper_file, asyncio.get_running_loop()
        take = papers.issue

        def given_up(*words: Any, **more: Any) -> Paper:
            taken = take(*words, **more)
            loop.call_soon_threadsafe(issuing.cancel)
            return taken

        monkeypatch.setattr(papers, "issue", given_up)
        due = DAY + timedelta(days=14)
        issuing = asyncio.ensure_future(workspace.papers.issue(invoice, DAY, due))
        with pytest.raises(asyncio.CancelledError):
            await issuing
        assert await comments(workspace, number) == []
        await read(workspace, number)
        assert await comments(workspace, number) == ["Issued as 2026-0001."]


@pytest.mark.parametrize("named", ["by id", "by name"])
async def test_the_terms_of_a_client_hold_whatever_it_is_called_on_its_documents(
    server: EmbeddedServer, tmp_path: Path, named: str
) -> None:
    async with at_work(server, tmp_path) as workspace:
        client, work = await billable_client(workspace, UNBILLED)
        folder = workspace.locations.config
        folder.mkdir(parents=True, exist_ok=True)
        key = client.id if named == "by id" else client.name
        table = f'["{key}"]\nname = "As it is registered"\ndue_days = 33\n'
        (folder / "clients.toml").write_text(table, encoding="utf-8")
        bill = await workspace.papers.bills.bill(client, work, Chosen(), "task")
        drafted, due = bill.document.issued, bill.document.due
        assert bill.document.buyer.name == "As it is registered"
        assert due == drafted + timedelta(days=33)
        number = await workspace.papers.bills.make(bill, due)
        invoice = (await read(workspace, number))[0]
        later = drafted + timedelta(days=10)
        found = await workspace.papers.due_when_issued(invoice, later)
        assert found == later + timedelta(days=33)


@pytest.mark.parametrize("rate", ["as it was", "0.01", "999.5"])
async def test_a_rate_that_changed_since_a_draft_is_told_before_it_is_issued(
    server: EmbeddedServer, tmp_path: Path, rate: str
) -> None:
    async with at_work(server, tmp_path) as workspace:
        client, work = await billable_client(workspace, UNBILLED)
        bill = await workspace.papers.bills.bill(
            client, work, Chosen(), "task", terms=TENTH, extras=[Extra("Train", Decimal(45))]
        )
        number = await workspace.papers.bills.make(bill, DAY + timedelta(days=14))
        invoice = (await read(workspace, number))[0]
        if rate != "as it was":
            with server.context.database.write() as connection:
                connection.execute("UPDATE timesheets_users SET hourly_rate = ?", (rate,))
                connection.execute("DELETE FROM timesheets_rates")
        bills = workspace.papers.bills
        ids = {one.id for one in bill.entries}
        now = await bills.priced(work, [one for one in work.entries if one.id in ids])
        exact = sum(
            (one.price.amount * (one.entry.duration or 0) / 3600 for one in now if one.price),
            Decimal(),
        )
        said = await workspace.papers.since_drafted(invoice)
        if rate == "as it was":
            assert said == ""
            return
        found = re.search(r"by the rates of now its work comes to EUR ([\d,.]+) (more|less)", said)
        assert found is not None, said
        more = Decimal(found[1].replace(",", "")) * (1 if found[2] == "more" else -1)
        # Each line of the draft is rounded, up to half a cent.
        assert abs(exact - bill.worked - more) <= Decimal("0.01") * len(bill.document.lines)
        assert THEN in said
        assert (await read(workspace, number))[1].asked(invoice) == bill.totals.gross


async def test_work_that_was_taken_for_an_invoice_is_free_once_its_taker_has_ended(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(server, tmp_path) as one, at_work(server, tmp_path) as other:
        taken = asyncio.Event()

        async def never(*_words: Any, **_more: Any) -> None:
            taken.set()
            await asyncio.Event().wait()

        client, work = await billable_client(one, UNBILLED)
        bill = await one.papers.bills.bill(client, work, Chosen(), "task")
        before = await one.papers.bills.make(bill, DAY)
        bound = set((await read(other, before))[1].billed.items())
        with monkeypatch.context() as here:
            # As if a kill came between the work being taken and the change being noted.
            here.setattr(one.history, "write", never)
            making = asyncio.ensure_future(made(one))
            await taken.wait()
        _, book = await read(other, before)
        taken_now = set(book.billed.items()) - bound
        assert taken_now, "who took it is there, and may still ask for it"
        assert max(invoice for _, invoice in taken_now) < 0
        one.history.changes.senders.close()
        _, book = await read(other, before)
        assert set(book.billed.items()) == bound, "and what was made before stands"
        number = await made(other)
        assert set((await read(other, number))[1].billed.values()) == {before, number}
        assert other.paper_file.untold.takers(other.papers.owner) == {}
        making.cancel()
        await asyncio.wait([making])
        found = (await read(other, number))[1].billed
        assert set(found.values()) == {before, number}, "it is not theirs"


@pytest.mark.parametrize("at", ["reserve", "write", "begin"])
async def test_who_gives_a_draft_up_before_it_is_asked_for_has_taken_no_work(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    async with at_work(server, tmp_path) as workspace:
        loop, wants = asyncio.get_running_loop(), workspace.history
        reserve, begin = workspace.paper_file.reserve, wants.changes.begin

        def given_up(work: Callable[..., Any]) -> Callable[..., Any]:
            def done(*words: Any, **more: Any) -> Any:
                result = work(*words, **more)
                loop.call_soon_threadsafe(making.cancel)
                return result

            return done

        async def never(*_words: Any, **_more: Any) -> None:
            making.cancel()
            await asyncio.Event().wait()

        with monkeypatch.context() as here:
            if at == "write":
                here.setattr(wants, "write", never)
            elif at == "reserve":
                here.setattr(workspace.paper_file, "reserve", given_up(reserve))
            else:
                here.setattr(wants.changes, "begin", given_up(begin))
            making = asyncio.ensure_future(made(workspace))
            await asyncio.wait([making])
        assert making.cancelled()
        found = await invoices(workspace)
        assert (await workspace.papers.seen([one.id for one in found])).billed == {}
        number = await made(workspace)
        assert set((await read(workspace, number))[1].billed.values()) == {number}


async def test_an_invoice_on_its_way_is_not_taken_for_one_that_was_made_before(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(server, tmp_path) as one, at_work(server, tmp_path) as other:
        _, work = await billable_client(one)
        number = await made(one, tasks=frozenset({billable(work, EMPTY)[0].task_id}))
        ids = [each.id for each in await invoices(one)]
        taken = asyncio.Event()

        async def never(*_words: Any, **_more: Any) -> None:
            taken.set()
            await asyncio.Event().wait()

        with monkeypatch.context() as here:
            here.setattr(one.history, "write", never)
            making = asyncio.ensure_future(made(one))
            await taken.wait()
        before = (await one.papers.book()).billed
        for each in (one, other):
            book = await each.papers.seen(ids)
            assert book.billed == before, "what is on its way stays taken, by itself"
        assert len(set(before.values()) - {number}) == 1
        making.cancel()
        await asyncio.wait([making])
        assert set((await one.papers.seen(ids)).billed.values()) == {number}, "given up: free"
