"""What entries cost: in the list, of one in words, and of many for a bookkeeper."""

from __future__ import annotations

from asyncio import to_thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.screens.invoices.ledger import Ledger
    from tui.screens.invoices.rows import Costs
    from tui.workspace.invoices.work import Client, TimeEntry, Work
    from tui.workspace.workspace import Workspace


async def costs(workspace: Workspace, client: Client, work: Work) -> Costs:
    """Rate and price of every entry that has one."""
    from tui.workspace.invoices.entry_table import costs_of

    bills = workspace.papers.bills
    currency = await to_thread(bills.currency, client)
    return costs_of(await bills.priced(work, work.entries), currency)


async def price_text(
    workspace: Workspace, client: Client | None, work: Work, entry: TimeEntry
) -> str:
    """What an entry costs and how that is reckoned; empty without a rate."""
    from tui.workspace.invoices.drafting import working
    from tui.workspace.invoices.entry_table import price_of

    bills = workspace.papers.bills
    if client is None:
        return ""
    (found,) = await bills.priced(work, [entry])
    if found.price is None:
        return ""
    currency, seconds = await to_thread(bills.currency, client), entry.duration or 0
    amount = price_of(seconds, found.price, currency)
    return f"{currency} {working(seconds, found.price, amount, currency)}"


async def for_books(workspace: Workspace, ledger: Ledger, entry_ids: list[int]) -> str:
    """Entries of the chosen client as CSV that a bookkeeper reads."""
    from tui.workspace.invoices.entry_table import entries_csv

    work, client, bills = ledger.work, ledger.client, workspace.papers.bills
    assert work is not None
    assert client is not None
    wanted = set(entry_ids)
    priced = await bills.priced(work, [one for one in work.entries if one.id in wanted])
    currency = await to_thread(bills.currency, client)
    return entries_csv(priced, work, client.name, ledger.kept, currency, workspace.zone)
