"""The chapter INVOICE: what is asked for, and what was paid.

An invoice holds the approved entries of its tasks that were on no invoice before. All its times
are strings of digits. Source: documents, chapter INVOICE; reference page 3.7, points 3, 4, 15,
22, 28, 29.
"""

from __future__ import annotations

import sqlite3
from decimal import Decimal

from tui.embedded.timesheets.answers import (
    Record,
    forbidden,
    invalid,
    not_found,
    number,
    present,
    success,
)
from tui.embedded.timesheets.calls import Call, Operation, operation
from tui.embedded.timesheets.listing import group_list, grouped, page
from tui.embedded.timesheets.parameters import (
    LIMIT,
    LIMIT_TEN,
    OFFSET,
    ORDER,
    Parameter,
    choice,
    integer,
    list_of,
    money,
    optional,
    required,
    timestamp,
)
from tui.embedded.timesheets.removal import remove_comments
from tui.embedded.timesheets.work import Filter, entries, ids, total

_COLUMNS = {
    "status": "status",
    "client": "client_id",
    "client_id": "client_id",
    "due_date": "due_date",
    "payed_date": "payed_date",
    "amount": "amount",
}


def _view(row: sqlite3.Row) -> Record:
    return present(
        {
            "id": row["id"],
            "due_date": str(row["due_date"]),
            "payed_date": None if row["payed_date"] is None else str(row["payed_date"]),
            "amount": number(row["amount"]),
            "status": row["status"],
        }
    )


def _chosen(call: Call) -> sqlite3.Row:
    return call.find("invoices", call.arguments.need("invoice_id", int))


def info(call: Call) -> Record:
    """One invoice; payed_date only when it is paid."""
    return success("Successfully found.", data=_view(_chosen(call)))


def billable(call: Call, task_ids: list[object]) -> list[sqlite3.Row]:
    """The approved entries of tasks that are on no invoice yet."""
    within = "e.task_id IN (SELECT value FROM json_each(:tasks))"
    chosen = Filter(call).add(within, tasks=ids(task_ids))
    chosen.add("e.status = 'approved' AND e.payment_status = 'pending' AND e.invoice_id IS NULL")
    return entries(call, chosen)


def _tasks_of_client(call: Call, client_id: int, wanted: list[object]) -> list[object]:
    owners = {
        row["id"]: row["client_id"]
        for row in call.read(
            "SELECT t.id, p.client_id FROM timesheets_tasks t "
            "JOIN timesheets_projects p ON p.id = t.project_id "
            "WHERE t.id IN (SELECT value FROM json_each(?))",
            (ids(wanted),),
        )
    }
    for task_id in wanted:
        if task_id not in owners:
            raise not_found("Task")
        if owners[task_id] != client_id:
            raise invalid(f"Task {task_id} belongs to another client.")
    return list(owners)


def create(call: Call) -> Record:
    """A new invoice over tasks of one client.

    Without `amount` it is what the linked entries cost, which is nothing when none is approved
    and unbilled. An invoice that starts as paid needs an administrator, as set_payed does.
    """
    client = call.find("clients", call.arguments.need("client_id", int))
    wanted = call.arguments.need("task_ids", list)
    if not wanted:
        raise invalid("Parameter task_ids must name at least one task.")
    task_ids = _tasks_of_client(call, client["id"], wanted)
    worked = billable(call, task_ids)
    amount = call.arguments.get("amount", Decimal)
    if amount is None:
        amount = total(call, worked)[1]
    due = call.arguments.get("due_date", int)
    invoice_id = call.insert(
        "invoices",
        client_id=client["id"],
        due_date=call.now if due is None else due,
        amount=str(amount),
        created=call.now,
        updated=call.now,
    )
    for task_id in task_ids:
        call.insert("invoice_tasks", invoice_id=invoice_id, task_id=task_id)
    call.run(
        "UPDATE timesheets_entries SET invoice_id = ? WHERE id IN (SELECT value FROM json_each(?))",
        (invoice_id, ids(row["id"] for row in worked)),
    )
    if call.arguments.need("status", str) == "paid":
        _pay(call, invoice_id, call.now)
    return success("Successfully created.", id=invoice_id)


def _pay(call: Call, invoice_id: int, moment: int | None) -> None:
    """Paid at a moment, or not paid at all (None); the entries always agree with the invoice."""
    if not call.actor.is_admin:
        raise forbidden()
    call.change(
        "invoices",
        invoice_id,
        {
            "status": "new" if moment is None else "paid",
            "payed_date": moment,
            "updated": call.now,
        },
    )
    call.run(
        "UPDATE timesheets_entries SET payment_status = ?, updated = ? WHERE invoice_id = ?",
        ("pending" if moment is None else "payed", call.now, invoice_id),
    )
    concerned = call.read(
        "SELECT DISTINCT user_id FROM timesheets_entries WHERE invoice_id = ?", (invoice_id,)
    )
    call.touch(row["user_id"] for row in concerned)


def update(call: Call) -> Record:
    """Change an invoice. A change of status is a payment, or takes one back."""
    row = _chosen(call)
    values = call.arguments.sent("due_date")
    if "amount" in call.arguments:
        values["amount"] = str(call.arguments.need("amount", Decimal))
    call.change("invoices", row["id"], {**values, "updated": call.now})
    status = call.arguments.get("status", str)
    if status is not None and status != row["status"]:
        _pay(call, row["id"], call.now if status == "paid" else None)
    return success("Successfully updated.")


def set_payed(call: Call) -> Record:
    """Administrators only: the invoice and all its entries are paid."""
    _pay(call, _chosen(call)["id"], call.arguments.need("payed_date", int))
    return success("Successfully payed.")


def delete(call: Call) -> Record:
    """Delete an invoice; its entries can be billed again.

    Assumption: a paid one is refused (400), because its entries would be billed twice.
    """
    row = _chosen(call)
    if row["status"] == "paid":
        raise invalid("A paid invoice cannot be deleted; set its status to new first.")
    call.run("UPDATE timesheets_entries SET invoice_id = NULL WHERE invoice_id = ?", (row["id"],))
    call.run("DELETE FROM timesheets_invoice_tasks WHERE invoice_id = ?", (row["id"],))
    remove_comments(call, "invoice", row["id"])
    call.run("DELETE FROM timesheets_invoices WHERE id = ?", (row["id"],))
    return success("Successfully deleted.")


def _found(call: Call) -> list[sqlite3.Row]:
    chosen = Filter(call).among(client_id="client_id")
    for name in ("due_date", "payed_date"):
        until = call.arguments.get(name, int)
        if until is not None:
            chosen.add(f"{name} <= :{name}", **{name: until})
    return call.read(f"SELECT * FROM timesheets_invoices{chosen.where} ORDER BY id", chosen.values)


def search(call: Call) -> Record:
    """Invoices of clients, up to a due date or a day of payment; ten unless `limit` says more."""
    found = _found(call)
    data = [_view(row) for row in page(call, found)]
    return success(f"{len(found)} invoice(s) found.", data=data, count=len(found))


def search_group(call: Call) -> Record:
    """Invoices in groups."""
    field = call.arguments.need("group_by", str)
    count, groups = grouped(
        call,
        _found(call),
        lambda row: number(row["amount"]) if field == "amount" else row[_COLUMNS[field]],
    )
    data: Record = {"groups": group_list(groups, _view)}
    return success(f"{count} group(s) found.", data=data, count=count)


_ID = required("invoice_id", integer)
_STATUS = choice("new", "paid")
_FILTERS = (
    required("client_id", list_of(integer)),
    *optional(due_date=timestamp, payed_date=timestamp),
)

OPERATIONS: tuple[Operation, ...] = (
    operation("invoice.info", "invoice", info, _ID),
    operation(
        "invoice.create",
        "invoice/create",
        create,
        required("client_id", integer),
        required("task_ids", list_of(integer)),
        *optional(due_date=timestamp, amount=money),
        Parameter("status", _STATUS, default="new"),
        writes=True,
    ),
    operation(
        "invoice.update",
        "invoice/update",
        update,
        _ID,
        *optional(due_date=timestamp, status=_STATUS, amount=money),
        writes=True,
    ),
    operation(
        "invoice.set_payed",
        "invoice/set_payed",
        set_payed,
        _ID,
        # The other spelling is read as well, as a client may send either.
        required("payed_date", timestamp, "paid_date"),
        writes=True,
        admin=True,
    ),
    operation("invoice.search", "invoice/search", search, *_FILTERS, LIMIT_TEN, OFFSET),
    operation(
        "invoice.search_group",
        "invoice/search_group",
        search_group,
        *_FILTERS,
        LIMIT,
        OFFSET,
        Parameter("group_by", choice(*_COLUMNS), default="status"),
        Parameter("order_by", ORDER),
    ),
    operation("invoice.delete", "invoice/delete", delete, _ID, writes=True),
)
