"""What of invoices is kept here alone is a change like any other: undo takes back what was last,
and never what was done before that.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.deck import at_work
from tests.harness import EmbeddedServer
from tests.workspace.invoices.billing import DAY, made, read
from tui.services.errors import Refused
from tui.services.timesheets.records import Invoice
from tui.store.changes import Change, State
from tui.store.papers import NumberTaken, Recurring, Reminded
from tui.workspace.changes.errors import ReadOnly
from tui.workspace.changes.undoing import NoWayBack
from tui.workspace.invoices.book import Book
from tui.workspace.invoices.kept_here import PAYMENT, with_payments
from tui.workspace.invoices.noted import SET_PAYED
from tui.workspace.invoices.paper_desk import new_payment
from tui.workspace.workspace import Workspace


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer(services=["timesheets"]) as running:
        yield running


class Ground(NamedTuple):
    """An invoice that is issued, with a payment and a reminder, and something that recurs."""

    workspace: Workspace
    invoice: Invoice
    book: Book
    recurring: Recurring
    taken_back: Invoice
    """Another one, by a credit note; its work stays billed."""


async def pays_a_part(on: Ground) -> None:
    await on.workspace.settling.pay(on.invoice, on.book, DAY, Decimal("12.50"))


async def pays_and_waives(on: Ground) -> None:
    pay = on.workspace.settling.pay
    assert await pay(on.invoice, on.book, DAY, Decimal("12.50"), settles=True) == 0


async def pays_all_with_a_text(on: Ground) -> None:
    whole = on.book.open(on.invoice)
    assert await on.workspace.settling.pay(on.invoice, on.book, DAY, whole, text="bank") == 0


async def takes_a_payment_back(on: Ground) -> None:
    await on.workspace.settling.unpay(on.invoice, on.book.payments_of(on.invoice), on.book)


async def reminds(on: Ground) -> None:
    await on.workspace.papers.remind(on.invoice.id, 1, Decimal("3.00"), "EUR")


async def takes_a_reminder_back(on: Ground) -> None:
    await on.workspace.papers.not_reminded(on.book.reminded[on.invoice.id][0])


async def passes_over(on: Ground) -> None:
    await on.workspace.recurring.pass_over(on.workspace.recurring.due()[1])


async def offers_again(on: Ground) -> None:
    await on.workspace.recurring.offer_again(on.recurring, on.recurring.first)


async def changes_what_recurs(on: Ground) -> None:
    await on.workspace.recurring.save(on.recurring, {"title": "Mooring"})


async def deletes_what_recurs(on: Ground) -> None:
    await on.workspace.recurring.delete(on.recurring)


async def frees_the_work(on: Ground) -> None:
    await on.workspace.papers.free_work(on.taken_back)


Act = Callable[[Ground], Awaitable[None]]
BACK: list[Act] = [
    pays_a_part, pays_and_waives, pays_all_with_a_text, takes_a_payment_back, reminds,
    takes_a_reminder_back, passes_over, offers_again, changes_what_recurs, deletes_what_recurs,
    frees_the_work,
]  # fmt: skip


async def laid(workspace: Workspace) -> Ground:
    number = await made(workspace)
    invoice, book = await read(workspace, number)
    await workspace.papers.issue(invoice, DAY)
    await workspace.settling.pay(invoice, book, DAY, Decimal("7.25"))
    await workspace.papers.remind(number, 0, Decimal("9.00"), "EUR")
    values = {"client": 1, "client_name": "Bayshore", "title": "Berth", "lines": "Berth: 120.00"}
    first = DAY - timedelta(days=70)
    one = await workspace.recurring.save(None, {**values, "work": False, "first": first})
    await workspace.recurring.pass_over(workspace.recurring.due()[0])
    # What a person did before, elsewhere: it is to stay.
    other = next(one for one in await all_of(workspace) if one.id != number and not one.paid)
    assert await workspace.invoices.change(other, amount=Decimal("77.00"))
    taken_back, _ = await read(workspace, await made(workspace))
    await workspace.papers.issue(taken_back, DAY)
    await workspace.papers.credit(taken_back, DAY, frees=False)
    invoice, book = await read(workspace, number)
    return Ground(workspace, invoice, book, one, taken_back)


async def all_of(workspace: Workspace) -> list[Invoice]:
    clients = (await workspace.invoices.clients()).value
    return (await workspace.invoices.invoices([one.id for one in clients.clients])).value.invoices


async def stands(workspace: Workspace) -> dict[str, Any]:
    """All that counts of money, here and at the service."""
    found = await all_of(workspace)
    book = await workspace.papers.seen([one.id for one in found])
    return {
        "service": sorted((one.id, one.paid, one.amount, one.due_date) for one in found),
        "open": {one.id: book.open(one) for one in found},
        "payments": {number: one.payments for number, one in book.payments.items()},
        "reminded": book.reminded,
        "papers": book.papers,
        "billed": book.billed,
        "recurring": workspace.recurring.all(),
    }


@pytest.mark.parametrize("act", BACK, ids=lambda act: act.__name__)
async def test_undo_takes_back_what_was_done_last_and_redo_makes_it_again(
    server: EmbeddedServer, tmp_path: Path, act: Act
) -> None:
    async with at_work(server, tmp_path) as workspace:
        on = await laid(workspace)
        before = await stands(workspace)
        await act(on)
        after = await stands(workspace)
        assert after != before
        await workspace.history.undo()
        assert await stands(workspace) == before
        await workspace.history.redo()
        assert await stands(workspace) == after
        await workspace.history.undo()
        assert await stands(workspace) == before


@pytest.mark.parametrize("act", ["issue", "credit"])
async def test_what_stands_says_so_and_nothing_older_is_taken_back_for_it(
    server: EmbeddedServer, tmp_path: Path, act: str
) -> None:
    async with at_work(server, tmp_path) as workspace:
        on = await laid(workspace)
        if act == "issue":
            draft, _ = await read(workspace, await made_again(workspace))
            await workspace.papers.issue(draft, DAY)
        else:
            await workspace.papers.credit(on.invoice, DAY, frees=False)
        after = await stands(workspace)
        with pytest.raises(NoWayBack, match="stands"):
            await workspace.history.undo()
        assert await stands(workspace) == after


async def made_again(workspace: Workspace) -> int:
    """A draft, and something else that could be undone in its place."""
    other = next(one for one in await all_of(workspace) if not one.paid)
    number = await made(workspace)
    await workspace.invoices.change(other, due=date(2027, 1, 2))
    return number


@pytest.mark.parametrize("noted", [False, True], ids=["before", "after"])
async def test_one_that_was_cut_short_is_as_it_stands_and_known_for_it(
    server: EmbeddedServer, tmp_path: Path, noted: bool
) -> None:
    async with at_work(server, tmp_path) as workspace:
        on = await laid(workspace)
        before = await stands(workspace)
        one = new_payment(on.invoice.id, DAY, Decimal("30.00"))
    async with at_work(server, tmp_path) as gone:
        change = Change(
            id="cut", sequence=0, time=gone.history.changes.newest(1)[0].time,
            owner=gone.papers.owner, operation=PAYMENT, title="Invoice: 30.00 paid",
            arguments=with_payments([one]),
        )  # fmt: skip
        gone.history.changes.begin([change])
        if noted:
            gone.paper_file.pay(gone.papers.owner, [one])
    async with at_work(server, tmp_path) as workspace:
        plan = await workspace.history.undoing.next_undo()
        assert plan is not None
        assert "being sent" in plan.cannot
        assert await workspace.history.outbox.recover() == [], "the file knows it"
        found = workspace.history.changes.get("cut")
        assert found is not None
        assert found.state == ("done" if noted else "dropped")
        if noted:
            assert (await stands(workspace))["payments"] != before["payments"]
            await workspace.history.undo()
        assert await stands(workspace) == before


async def test_one_that_could_not_be_looked_for_is_made_here_when_a_person_says_so(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    """No service knows it: to send it there lost it, and ended the deck."""
    async with at_work(server, tmp_path) as workspace:
        on = await laid(workspace)
        one = new_payment(on.invoice.id, DAY, Decimal("30.00"))
        change = Change(
            id="cut", sequence=0, time=workspace.history.changes.newest(1)[0].time,
            owner=workspace.papers.owner, operation=PAYMENT, title="Invoice: 30.00 paid",
            arguments=with_payments([one]), state="unknown",
        )  # fmt: skip
        workspace.history.changes.begin([change])
        before = await stands(workspace)
        assert await workspace.history.outbox.again("cut")
        found = workspace.history.changes.get("cut")
        assert found is not None
        assert found.state == "done"
        assert one in (await stands(workspace))["payments"][on.invoice.id]
        await workspace.history.undo()
        assert await stands(workspace) == before


async def test_a_number_that_another_deck_takes_meanwhile_is_the_reason_of_a_refused_change(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(server, tmp_path) as workspace:
        on = await laid(workspace)
        draft, _ = await read(workspace, await made_again(workspace))

        def taken(*_: Any, **__: Any) -> None:
            raise NumberTaken("The number stands on another invoice.")

        monkeypatch.setattr(workspace.paper_file, "issue", taken)
        for act, title in (
            (lambda: workspace.papers.issue(draft, DAY), f"Issue invoice {draft.id}"),
            (lambda: workspace.papers.credit(on.invoice, DAY, frees=False), "Credit note over"),
        ):
            with pytest.raises(Refused, match="stands on another"):
                await act()
            (noted,) = workspace.history.changes.newest(1)
            assert noted.title.startswith(title)
            assert noted.state == "refused"
            assert "stands on another invoice" in noted.reason


async def test_a_reminder_that_another_deck_notes_meanwhile_is_noted_once(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(server, tmp_path) as workspace:
        on = await laid(workspace)
        held, whole = workspace.paper_file.periodic, workspace.paper_file.periodic.remind

        def twice(owner: str, one: Reminded) -> None:
            whole(owner, one)
            whole(owner, one)

        monkeypatch.setattr(held, "remind", twice)
        await reminds(on)
        _, book = await read(workspace, on.invoice.id)
        assert [one.level for one in book.reminded[on.invoice.id]] == [0, 1]


@pytest.mark.parametrize(
    ("state", "words"),
    [("waiting", "that waits to be sent"), ("unknown", "nobody knows whether that arrived")],
)
@pytest.mark.parametrize("amount", [None, Decimal("12.50")], ids=["whole", "part"])
async def test_what_is_marked_paid_by_a_change_on_its_way_is_not_noted_once_more(
    server: EmbeddedServer, tmp_path: Path, state: State, words: str, amount: Decimal | None
) -> None:
    async with at_work(server, tmp_path) as workspace:
        on = await laid(workspace)
        before = await stands(workspace)
        on_its_way = Change(
            id="late", sequence=0, time=workspace.history.changes.newest(1)[0].time,
            owner=workspace.papers.owner, operation=SET_PAYED, title="Invoice paid",
            record=f"timesheets/invoice/{on.invoice.id}", state=state,
        )  # fmt: skip
        workspace.history.changes.begin([on_its_way])
        with pytest.raises(Refused, match=words):
            await workspace.settling.pay(on.invoice, on.book, DAY, amount)
        assert await stands(workspace) == before
        await workspace.history.outbox.drop("late")
        await workspace.settling.pay(on.invoice, on.book, DAY, amount)


async def test_a_deck_that_changes_nothing_notes_nothing_here_either(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with at_work(server, tmp_path) as workspace:
        on = await laid(workspace)
        before = await stands(workspace)
        workspace.history.read_only = True
        del workspace.history.here
        for act in (*BACK, lambda on: on.workspace.papers.credit(on.invoice, DAY, frees=True)):
            with pytest.raises((ReadOnly, Refused)):
                await act(on)
        assert await stands(workspace) == before
