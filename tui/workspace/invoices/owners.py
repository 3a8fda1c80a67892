"""Invoices with the client that each is for, which the service's lists leave out.

Source: iBuildApp Timesheets document, INVOICE: an invoice has no field for its client; searches
are by client, and grouping is by "field for grouping", of which only `status` is shown.
"""

from __future__ import annotations

import msgspec

from tui.services.errors import InvalidArgument, NotFound, ProtocolViolation, Refused
from tui.services.timesheets import Timesheets
from tui.services.timesheets.answers import pages
from tui.services.timesheets.records import Invoice
from tui.workspace.side_by_side import each

FEW = 24
"""So many clients are asked for one by one where the service does not group by client."""
GROUPED_BY = "client_id"


async def all_invoices(service: Timesheets, client_ids: list[int]) -> list[Invoice]:
    """Every invoice of these clients, each with its `client_id` where that can be found out.

    With one client that is known, else one grouped search tells. A service that refuses to group
    so is asked client by client while they are few; of many, the client stays None.
    """
    if not client_ids:
        return []
    found = await pages(service.invoice.search, client_id=client_ids).collect()
    if len(client_ids) == 1:
        return [_owned(one, client_ids[0]) for one in found]
    missing = {one.id for one in found if one.client_id is None}
    owners = await _grouped(service, client_ids, len(found)) if missing else {}
    if missing - owners.keys() and len(client_ids) <= FEW:
        owners |= await _one_by_one(service, client_ids)
    return [_owned(one, owners.get(one.id)) for one in found]


def _owned(invoice: Invoice, client_id: int | None) -> Invoice:
    if invoice.client_id is not None or client_id is None:
        return invoice
    return msgspec.structs.replace(invoice, client_id=client_id)


async def _grouped(service: Timesheets, client_ids: list[int], count: int) -> dict[int, int]:
    """Clients by invoice id, from one grouped search; empty where the service does not do that."""
    try:
        # Whether the limit is one of groups or of invoices is not documented: this holds both.
        answer = await service.invoice.search_group(
            client_ids, group_by=GROUPED_BY, limit=max(len(client_ids), count)
        )
    except (Refused, InvalidArgument, NotFound, ProtocolViolation):
        return {}
    known = {str(one): one for one in client_ids}
    return {
        invoice.id: known[str(group.value)]
        for group in answer.groups
        if str(group.value) in known
        for invoice in group.items
    }


async def _one_by_one(service: Timesheets, client_ids: list[int]) -> dict[int, int]:
    async def of(client_id: int) -> dict[int, int]:
        found = await pages(service.invoice.search, client_id=[client_id]).collect()
        return {one.id: client_id for one in found}

    owners: dict[int, int] = {}
    for part in await each("clients' invoices", client_ids, of, str):
        owners |= part
    return owners
