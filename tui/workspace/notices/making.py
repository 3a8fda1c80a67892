"""How the notices are made, when they are first asked for: from where they know what they know."""

from __future__ import annotations

import asyncio
from collections.abc import ItemsView
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tui.config.locations import Locations
    from tui.config.settings import Settings
    from tui.store.reminders import Reminders
    from tui.workspace.changes.history import History
    from tui.workspace.connections.connections import Connections
    from tui.workspace.hooks import Hooks
    from tui.workspace.invoices.invoices import InvoiceDesk
    from tui.workspace.invoices.paper_desk import PaperDesk
    from tui.workspace.notices.notices import Notices
    from tui.workspace.reads import Answer, Reads
    from tui.workspace.today.items import Items

FILE = "told.json"
"""In the state directory."""
ENDING = frozenset(
    {"timesheets.invoice.set_payed", "timesheets.invoice.delete", "timesheets.here.credit_note"}
)
"""After one of these nobody owes an invoice, whatever an earlier answer says."""
MOST_LOOKED_THROUGH = 500
"""Changes that are looked through for them."""


class Parts(Protocol):
    """What they are made of: the workspace has it."""

    settings: Settings
    locations: Locations
    connections: Connections
    reads: Reads
    history: History
    reminders: Reminders
    hooks: Hooks
    invoices: InvoiceDesk
    papers: PaperDesk
    zone: tzinfo


def notices(parts: Parts) -> Notices:
    """Notices of what a workspace knows."""
    from tui.store.changes import Wanted
    from tui.store.told import Told
    from tui.workspace.notices.notices import Known, Notices
    from tui.workspace.today.items import Items, kept_under

    def account() -> str:
        return parts.connections.account("timesheets")

    async def unpaid() -> Answer[Items] | None:
        today: Answer[Items] | None = await parts.reads.kept(
            kept_under(account(), "invoices"), Items
        )
        read = await parts.invoices.read_at()
        if read is None or (today is not None and read <= today.as_of.timestamp()):
            return today
        # The list of invoices was read since, as by who never opens Today.
        from msgspec.structs import replace

        from tui.workspace.reads import Answer
        from tui.workspace.today.unpaid import unpaid_of

        kept, clients = await parts.invoices.kept_invoices(), await parts.invoices.kept_clients()
        if kept is None:
            return today
        known = [] if clients is None else clients.value.clients
        names = {one.id: one.name for one in known}
        again = {one for one, over in await asyncio.to_thread(since, kept.as_of) if not over}
        invoices = [
            replace(one, status="new", payed_date=None) if f"{one.id}" in again else one
            for one in kept.value.invoices
        ]
        items = unpaid_of(invoices, names, await parts.papers.book(known))
        found = Items(items=items, total=len(items))
        return Answer(found, kept.as_of, kept=True, left_out=kept.left_out)

    def since(moment: datetime) -> ItemsView[str, bool]:
        """The invoices that were paid or ended since, or marked unpaid again, and which it is."""
        done = Wanted(service="timesheets", states=("done",))
        ended: dict[str, bool] = {}
        for one in parts.history.changes.newest(MOST_LOOKED_THROUGH, done):
            again = one.operation == "timesheets.invoice.update" and "status" in one.arguments
            # What took back a change that never left was not sent to the service either.
            invoice = one.arguments.get("invoice_id")
            if invoice is None or not (one.operation in ENDING or again):
                continue
            if (one.settled or one.time) >= moment:
                # The newest comes first, and holds.
                ended.setdefault(f"{invoice}", not again)
        return ended.items()

    def not_owed_since(moment: datetime) -> set[str]:
        return {invoice for invoice, over in since(moment) if over}

    known = Known(
        parts.reminders,
        Told(parts.locations.state / FILE),
        parts.locations.state / "status.json",
        lambda: parts.history.changes.still_open(),
        unpaid,
        not_owed_since,
        account,
    )
    long = timedelta(hours=parts.settings.deck.long_hours)
    return Notices(known, parts.hooks, parts.zone, long)
