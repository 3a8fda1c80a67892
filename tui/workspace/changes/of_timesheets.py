"""The changes of Timesheets: clients, projects, tasks, entries, invoices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.services.errors import NotFound
from tui.services.timesheets import Timesheets
from tui.store.changes import Change, Step
from tui.workspace.changes.arguments import as_data, from_data
from tui.workspace.changes.kinds import Data, Kind, Performer, put_back

WAYS: Mapping[str, Performer] = {}


def _id(answer: Any) -> Data:
    return {"id": answer.id}


def _deletion(of: str, argument: str) -> Any:
    def inverse(change: Change) -> Step | str:
        number = change.answer.get("id")
        if number is None:
            return "The service did not tell the id of what it made."
        return Step(
            operation=f"timesheets.{of}.delete",
            arguments={argument: number},
            title=f"{of} {number} is deleted",
        )

    return inverse


# -- invoices -------------------------------------------------------------------------------------


async def _invoice(client: Timesheets, arguments: Data) -> Data | None:
    try:
        invoice = await client.invoice.info(arguments["invoice_id"])
    except NotFound:
        return None
    fields: Data = as_data(
        {
            "due_date": invoice.due_date,
            "amount": invoice.amount,
            "payed_date": invoice.payed_date,
            "status": "paid" if invoice.paid else "new",
        }
    )
    return fields


def _paid(_change: Change) -> Data:
    return {"status": "paid"}


def _not_paid_again(change: Change) -> Step | str:
    if (change.before or {}).get("status") == "paid":
        return put_back(change)
    return Step(
        operation="timesheets.invoice.update",
        arguments={"invoice_id": change.arguments["invoice_id"], "status": "new"},
        title=f"invoice {change.arguments['invoice_id']} is not paid again",
    )


def _invoice_as_it_was(change: Change) -> Step | str:
    """What made it not paid is taken back by the day on which it was paid."""
    before = change.before or {}
    if change.wanted.get("status") != "new" or before.get("status") != "paid":
        return put_back(change)
    if before.get("payed_date") is None:
        return "The service did not tell on which day it was paid."
    if len(change.wanted) > 1:
        return "The service takes the payment and the other fields only one after the other."
    return Step(
        operation="timesheets.invoice.set_payed",
        arguments={
            "invoice_id": change.arguments["invoice_id"],
            "payed_date": before["payed_date"],
        },
        title=f"invoice {change.arguments['invoice_id']} is paid again",
    )


async def _made_invoice(client: Timesheets, change: Change) -> Data | None:
    """The invoice of this client, amount and due day that was made since; None where several."""
    found = await client.invoice.search(client_id=change.arguments["client_id"], limit=500)
    wanted = from_data(change.arguments)
    like = [
        one
        for one in found.items
        if one.amount == wanted.get("amount") and one.due_date == wanted.get("due_date")
    ]
    return {"id": like[0].id} if len(like) == 1 else None


KINDS: tuple[Kind, ...] = (
    Kind(
        "timesheets.invoice.create",
        record="invoice/{invoice_id}",
        id_argument="invoice_id",
        answer=_id,
        inverse=_deletion("invoice", "invoice_id"),
        find=_made_invoice,
    ),
    Kind(
        "timesheets.invoice.update",
        record="invoice/{invoice_id}",
        id_argument="invoice_id",
        fields=("due_date", "status", "amount"),
        read=_invoice,
        inverse=_invoice_as_it_was,
    ),
    Kind(
        "timesheets.invoice.set_payed",
        record="invoice/{invoice_id}",
        id_argument="invoice_id",
        fields=("payed_date",),
        read=_invoice,
        inverse=_not_paid_again,
        made=_paid,
    ),
    Kind(
        "timesheets.invoice.delete",
        record="invoice/{invoice_id}",
        id_argument="invoice_id",
    ),
)
