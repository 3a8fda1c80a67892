"""What entries cost: in the list, of one in words, and of many for a bookkeeper."""

from __future__ import annotations

from asyncio import to_thread
from typing import TYPE_CHECKING

from tui.workspace.as_it_was import AsItWas, as_it_was
from tui.workspace.problems import ConnectionFailed

if TYPE_CHECKING:
    from tui.screens.invoices.ledger import Ledger
    from tui.screens.invoices.rows import Costs
    from tui.workspace.invoices.work import Client, TimeEntry, Work
    from tui.workspace.workspace import Workspace


NO_RATES = "their rates were not read yet, and are not in it"


async def costs(workspace: Workspace, ledger: Ledger, client: Client, work: Work) -> Costs:
    """Rate and price of every entry that has one; the ledger keeps what an hour of each costs."""
    from tui.workspace.invoices.entry_table import costs_of

    bills = workspace.papers.bills
    currency = await to_thread(bills.currency, client)
    priced = await bills.priced(work, work.entries)
    ledger.prices[client.id] = {one.entry.id: one.price for one in priced}
    return costs_of(priced, currency)


def rates_note(ledger: Ledger, work: Work) -> str:
    """How many of the entries that are shown with prices were billed at another rate; "" for none,
    and where no prices were read.
    """
    prices = ledger.prices.get(work.client_id)
    if not prices or not ledger.kept.papers:
        return ""
    from tui.workspace.invoices.entry_table import at_other_rates
    from tui.workspace.invoices.pricing import Priced

    shown = [Priced(one, prices.get(one.id)) for one in work.entries]
    count = at_other_rates(shown, ledger.kept)
    return f"{count:,} billed at another rate" if count else ""


async def price_text(workspace: Workspace, ledger: Ledger, work: Work, entry: TimeEntry) -> str:
    """What an entry costs and how that is reckoned, and whether it was billed at another rate;
    empty without a rate.
    """
    from tui.workspace.invoices.drafting import working
    from tui.workspace.invoices.entry_table import billed_otherwise, price_of

    bills, client = workspace.papers.bills, ledger.client
    if client is None:
        return ""
    (found,) = await bills.priced(work, [entry])
    if found.price is None:
        return ""
    currency, seconds = await to_thread(bills.currency, client), entry.duration or 0
    amount = price_of(seconds, found.price, currency)
    text = f"{currency} {working(seconds, found.price, amount, currency)}"
    otherwise = billed_otherwise([found], ledger.kept)
    return f"{text} ({otherwise})" if otherwise else text


async def for_books(
    workspace: Workspace, ledger: Ledger, entry_ids: list[int]
) -> tuple[str, AsItWas | None, list[str]]:
    """Entries of the chosen client as CSV that a bookkeeper reads; where the service cannot be
    reached as they are shown, and then how old they are and what else is to be said of that.
    """
    from tui.workspace.invoices.entry_table import billed_otherwise, entries_csv
    from tui.workspace.invoices.pricing import Priced

    work, client, bills = ledger.work, ledger.client, workspace.papers.bills
    assert work is not None
    assert client is not None
    wanted, remarks, old = set(entry_ids), list[str](), None
    entries = [one for one in work.entries if one.id in wanted]
    try:
        priced = await bills.priced(work, entries)
    except ConnectionFailed:
        known = ledger.prices.get(client.id, {})
        priced = [Priced(one, known.get(one.id)) for one in entries]
        kept = await workspace.invoices.work.kept(client.id)
        if kept is None:
            raise
        old = as_it_was("the entries", kept.as_of, workspace.zone)
        if not wanted <= known.keys():
            remarks.append(NO_RATES)
    currency = await to_thread(bills.currency, client)
    if billed := billed_otherwise(priced, ledger.kept):
        remarks.append(billed)
    text = entries_csv(priced, work, client.name, ledger.kept, currency, workspace.zone)
    return text, old, remarks
