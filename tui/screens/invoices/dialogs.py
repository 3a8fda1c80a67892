"""Questions about invoices: a new one, a payment, a change, a comment, an export."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tui.screens.asking import Asking
from tui.screens.saving import ask_path, shown
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.form_filled import Filled
from tui.widgets.form_values import FormField
from tui.widgets.outline_model import Node
from tui.words import counted
from tui.workspace.invoices.amounts import decimals, money, plain
from tui.workspace.times import column_text, day_of, length_text, today_in

if TYPE_CHECKING:
    from tui.workspace.invoices.invoices import Clients, Draft, Invoice, InvoiceDesk
    from tui.workspace.invoices.work import Work

PAYMENT_DAYS = 30
ENTRIES_MAY_STAY = "The service does not say whether its entries become unpaid too: look at them."


async def make_invoice(
    asker: Asking, desk: InvoiceDesk, client_id: int, name: str, work: Work, unpaid: Decimal
) -> bool:
    """Tasks, then the price that the service reckons, then due date and amount.

    `unpaid` is what the client's invoices still come to: the service does not tell which
    entries an unpaid invoice bills, so the person is warned of billing them twice.
    """
    sums: dict[int, int] = {}
    for entry in work.billable():
        if entry.task_id is not None:
            sums[entry.task_id] = sums.get(entry.task_id, 0) + (entry.duration or 0)
    if not sums:
        asker.flash(f"{name} has no approved work that is not paid. v approves entries.", "warn")
        return False
    choices = [
        (
            str(task),
            f"{work.tasks[task].name if task in work.tasks else task} · {column_text(sum_)}",
        )
        for task, sum_ in sorted(sums.items(), key=lambda pair: -pair[1])
    ]
    drafts: list[Draft] = []

    async def reckon(values: Mapping[str, Any]) -> str:
        drafts.append(await desk.draft(work, [int(task) for task in values["tasks"]]))
        return ""

    chosen = await asker.ask_form(
        f"invoices.tasks.{client_id}",
        f"New invoice for {name}",
        [
            FormField(
                "tasks", "Tasks", "choices", required=True, choices=choices,
                default=[value for value, _ in choices],
                help="Their approved entries that are not paid yet are billed.",
            )
        ],
        reckon,
        save="Reckon the price",
    )  # fmt: skip
    if not chosen or not drafts:
        return False
    draft = drafts[-1]
    sign = asker.workspace.settings.deck.currency
    intro = f"{counted(len(draft.task_ids), 'task')}, {length_text(draft.seconds)} approved work."
    if unpaid:
        intro += (
            f"\n! {name} has unpaid invoices of {money(unpaid, sign)}. The service does not tell"
            " which entries they bill: check that nothing is billed twice."
        )

    async def create(values: Mapping[str, Any]) -> str:
        number = await desk.create(client_id, draft, values["due"], values["amount"])
        return f"Made invoice {number} of {money(values['amount'], sign)}. u deletes it again."

    return await asker.ask_form(
        f"invoices.new.{client_id}.{'-'.join(map(str, draft.task_ids))}",
        f"New invoice for {name}",
        [
            FormField(
                "amount", "Amount", "money", required=True, default=plain(draft.amount, sign),
                minimum=Decimal(0), digits=decimals(draft.amount, sign),
                help=f"The service reckons {money(draft.amount, sign)}.",
            ),
            FormField(
                "due", "Due", "date", required=True,
                default=today_in(asker.workspace.zone) + timedelta(days=PAYMENT_DAYS),
            ),
        ],
        create,
        save="Make the invoice",
        intro=intro,
    )  # fmt: skip


async def pay_invoice(asker: Asking, desk: InvoiceDesk, invoice: Invoice) -> bool:
    """When it was paid; of one that is paid, whether it is not."""
    if invoice.paid:
        return await _unpay(asker, desk, invoice)

    async def pay(values: Mapping[str, Any]) -> str:
        await desk.pay(invoice, values["when"])
        return f"Invoice {invoice.id} is paid. u takes it back."

    sign = asker.workspace.settings.deck.currency
    return await asker.ask_form(
        f"invoices.pay.{invoice.id}",
        f"Invoice {invoice.id}: {money(invoice.amount, sign)}",
        [FormField("when", "Paid on", "date", required=True, default="today")],
        pay,
        save="Mark paid",
        intro="Its time entries become paid too.",
    )


async def _unpay(asker: Asking, desk: InvoiceDesk, invoice: Invoice) -> bool:
    """Mark a paid invoice not paid, after a question."""
    sure = await asker.ask(
        Confirm(
            "Mark unpaid",
            f"Invoice {invoice.id} is paid. Mark it not paid?",
            loses=ENTRIES_MAY_STAY,
            yes="Mark unpaid",
        )
    )
    if not sure:
        return False
    await desk.unpay(invoice)
    back = " u marks it paid again." if invoice.payed_date is not None else ""
    asker.flash(f"Invoice {invoice.id} is not paid.{back}", "good")
    return True


async def change_invoice(asker: Asking, desk: InvoiceDesk, invoice: Invoice) -> bool:
    """Another due date or amount; undo puts the old ones back."""
    sign = asker.workspace.settings.deck.currency

    async def change(values: Filled) -> str:
        news = values.news
        if not await desk.change(invoice, due=news.get("due"), amount=news.get("amount")):
            return "Nothing was changed."
        return f"Changed invoice {invoice.id}. u puts it back."

    due = invoice.due_date
    return await asker.ask_form(
        f"invoices.change.{invoice.id}",
        f"Change invoice {invoice.id}",
        [
            FormField(
                "amount", "Amount", "money", required=invoice.amount is not None,
                default=invoice.amount, minimum=Decimal(0),
                digits=decimals(invoice.amount, sign),
            ),
            FormField(
                "due", "Due", "date", required=due is not None,
                default=None if due is None else day_of(due, asker.workspace.zone),
            ),
        ],
        change,
    )  # fmt: skip


async def delete_invoice(asker: Asking, desk: InvoiceDesk, invoice: Invoice) -> bool:
    """Delete an invoice, after a question."""
    amount = money(invoice.amount, asker.workspace.settings.deck.currency)
    sure = await asker.ask(
        Confirm(
            "Delete invoice",
            f"Delete invoice {invoice.id} of {amount}?",
            loses="The service keeps no copy; its entries can be billed again.",
            yes="Delete",
        )
    )
    if sure:
        await desk.delete(invoice)
        asker.flash(f"Deleted invoice {invoice.id}.", "good")
    return bool(sure)


async def export(asker: Asking, desk: InvoiceDesk, clients: Clients, entry_ids: list[int]) -> None:
    """Entries or clients as the service's own CSV, to a file that is not overwritten unasked."""
    chosen = await asker.ask(
        Choice(
            "Export as CSV",
            [
                Node("entries", "Time entries", detail=f"{len(entry_ids):,} shown or marked"),
                Node("clients", "Clients", detail=f"{len(clients.clients):,}"),
            ],
        )
    )
    if chosen is None:
        return
    if chosen == "entries" and not entry_ids:
        asker.flash("Choose a client first: there are no entries to export.", "warn")
        return
    path = await ask_path(asker, "Export as CSV", f"{chosen}.csv")
    if path is None:
        return
    if chosen == "entries":
        lines = await desk.export_entries(path, entry_ids)
    else:
        lines = await desk.export_clients(path, clients)
    asker.flash(f"Wrote {counted(lines, 'line')} to {shown(path)}.", "good")
