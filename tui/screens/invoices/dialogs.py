"""Questions about invoices: a change, deleting one, an export."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from tui.screens.asking import Asking
from tui.screens.saving import ask_path, tell_where
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.form_filled import Filled
from tui.widgets.form_values import FormField
from tui.widgets.outline_model import Node
from tui.words import counted
from tui.workspace.as_it_was import AsItWas, written_news
from tui.workspace.invoices.amounts import decimals, money
from tui.workspace.problems import ConnectionFailed
from tui.workspace.saved_files import save
from tui.workspace.times import day_of

if TYPE_CHECKING:
    from tui.workspace.invoices.book import Book
    from tui.workspace.invoices.invoices import Clients, Invoice, InvoiceDesk


async def change_invoice(asker: Asking, desk: InvoiceDesk, invoice: Invoice, book: Book) -> bool:
    """Another due date or amount; undo puts the old ones back."""
    sign = book.currency(invoice, asker.workspace.settings.deck.currency)

    async def change(values: Filled) -> str:
        news = values.news
        if not await desk.change(invoice, due=news.get("due"), amount=news.get("amount")):
            return "Nothing was changed."
        return f"Changed invoice {invoice.id}. {key_for('deck.undo')} puts it back."

    due, told = invoice.due_date, ""
    if invoice.id not in book.papers and invoice.client_id in book.on_top:
        told = ", without VAT"
    return await asker.ask_form(
        f"invoices.change.{invoice.id}",
        f"Change invoice {invoice.id}",
        [
            FormField(
                "amount", "Amount", "money", required=invoice.amount is not None,
                default=invoice.amount, minimum=Decimal(0),
                digits=decimals(invoice.amount, sign),
                help=f"What the service is told, in {sign}{told}." if sign or told else "",
            ),
            FormField(
                "due", "Due", "date", required=due is not None,
                default=None if due is None else day_of(due, asker.workspace.zone),
            ),
        ],
        change,
    )  # fmt: skip


async def delete_invoice(asker: Asking, desk: InvoiceDesk, invoice: Invoice, book: Book) -> bool:
    """Delete an invoice, after a question; what one of ours bills is known, and free then."""
    usual = asker.workspace.settings.deck.currency
    amount = money(book.asked(invoice), book.currency(invoice, usual))
    ours = invoice.id in book.papers
    loses = "Its work can be billed again." if ours else "Its entries can be billed again."
    sure = await asker.ask(
        Confirm(
            "Delete invoice",
            f"Delete invoice {invoice.id} of {amount}?",
            loses=f"The service keeps no copy. {loses}",
            yes="Delete",
        )
    )
    if sure:
        await desk.delete(invoice)
        asker.flash(f"Deleted invoice {invoice.id}.", "good")
    return bool(sure)


SERVICE, BOOKS, CLIENTS = "entries", "for-books", "clients"


async def export(
    asker: Asking,
    desk: InvoiceDesk,
    clients: Clients,
    entry_ids: list[int],
    priced: Callable[[list[int]], Awaitable[tuple[str, AsItWas | None, list[str]]]],
) -> None:
    """Entries or clients as CSV, to a file that is not overwritten unasked: as the service writes
    them, or entries as a bookkeeper reads them, which `priced` makes, with what is to be said of
    them. Where the service cannot be reached, what is kept of them, and how old that is.
    """
    count = f"{len(entry_ids):,} shown or marked"
    nodes = [
        Node(SERVICE, "Time entries", detail=count),
        Node(CLIENTS, "Clients", detail=f"{len(clients.clients):,}"),
        Node(BOOKS, "Entries for a bookkeeper", detail="names, local times, rate and price"),
    ]
    chosen = await asker.ask(Choice("Export as CSV", nodes))
    if chosen is None:
        return
    if chosen != CLIENTS and not entry_ids:
        asker.flash("Choose a client first: there are no entries to export.", "warn")
        return
    ready = await priced(entry_ids) if chosen == BOOKS else None
    path = await ask_path(asker, "Export as CSV", "hours.csv" if ready else f"{chosen}.csv")
    if path is None:
        return
    if ready is None:
        try:
            if chosen == SERVICE:
                lines = await desk.export_entries(path, entry_ids)
            else:
                lines = await desk.export_clients(path, clients)
        except ConnectionFailed:
            # What is shown is here: it is written as this program knows it, not as the service
            # would, whose columns nobody else knows.
            if chosen == SERVICE:
                ready = await priced(entry_ids)
            else:
                ready = *await desk.kept_as_csv(asker.workspace.zone), []
    old: AsItWas | None = None
    remarks: list[str] = []
    if ready is not None:
        text, old, remarks = ready
        lines = len(text.splitlines())
        await save(path, text.encode())
    count = counted(lines, "line")

    def news(where: str) -> str:
        return written_news(count, where, old, remarks=remarks)

    tell_where(asker, path, news, "good" if old is None and not remarks else "warn")
